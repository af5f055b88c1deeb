//! Scenarios: a real engine, a real loopback server, a real folder. Each test's name is the contract that it checks.
//! Knows only the engine's public API.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "scenarios look at real files and real time"
)]

mod additional_connections;
mod auth;
mod bounded_requests;
mod checksum_search;
mod codings;
mod completion;
mod connections;
mod constraints;
mod crash_recovery;
mod digest_proxy;
mod digests;
mod disk;
mod disk_space;
mod error_responses;
mod fake_background_session;
mod file_names;
mod host_limits;
mod hostile;
mod http2;
mod http2_server;
mod https;
#[cfg(unix)]
mod hung_disk;
mod limited_by;
mod mismatch;
mod offline;
mod offload;
mod offload_ingest;
mod options;
mod other_link;
mod part_file_changed;

mod probes;
mod proxies;
mod proxy_errors;
mod proxy_server;
mod quarantine;
mod queue;
mod range_responses;
mod rate_limits;
mod raw_server;
mod redirects;
mod relocation;
mod removal;
mod replacement;
mod request_headers;
mod response_heads;
mod resume;
mod reverification;
mod rig;
mod scheduled_start;
mod scripted_server;
mod server;
mod server_model;
mod slow_disk;
mod small_files;
mod store;
mod timeouts;
mod tls_front;
mod unranged;
mod unusual_responses;
mod validators;
mod verdict;
mod verification;
mod versions;
mod volumes;
mod wrong_responses;
