//! Scenarios: a real engine, a real server on loopback, a real folder. Each test's name is the contract it holds the
//! engine to. Knows only the engine's public API.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "scenarios look at real files and real time"
)]

mod additional;
mod answers;
mod arriving;
mod bounds;
mod codings;
mod connections;
mod crowd;
mod digest_proxy;
mod digests;
mod disk;
mod files;
mod heads;
mod held;
mod hostile;
mod http2;
mod http2_server;
#[cfg(unix)]
mod hung_disk;
mod identity;
mod impostors;
mod lending;
mod limits;
mod looks;
mod mismatch;
mod named;
mod names;
mod odd;
mod offline;
mod order;
mod other_link;
mod patience;
mod proxies;
mod proxy;
mod quarantine;
mod redirects;
mod refusals;
mod remeasured;
mod request_headers;
mod resuming;
mod returning;
mod rig;
mod scheduled;
mod script;
mod secure;
mod server;
mod signing_in;
mod site;
mod slow_disk;
mod small;
mod space;
mod store;
mod system;
mod tls;
mod unranged;
mod vanishing;
mod verdict;
mod versions;
mod volumes;
mod wire;
