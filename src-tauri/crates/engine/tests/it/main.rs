//! Scenarios: a real engine, a real server on loopback, a real folder. Each test's name is the contract it holds the
//! engine to. Knows only the engine's public API.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "scenarios look at real files and real time"
)]

mod answers;
mod arriving;
mod connections;
mod disk;
mod files;
mod identity;
mod limits;
mod names;
mod redirects;
mod refusals;
mod resuming;
mod rig;
mod script;
mod server;
mod site;
mod space;
mod vanishing;
