//! The command line as a script meets it: the real binary, a real loopback server, real folders.
//! Knows nothing of the engine's inside; where a test looks into the store, it says so.

mod failures;
#[cfg(target_os = "linux")]
mod full_disk;
mod kill;
mod listing;
#[cfg(target_os = "linux")]
mod mounts;
mod naming;
mod networks;
#[cfg(target_os = "linux")]
mod no_network;
mod other_link;
#[cfg(target_os = "linux")]
mod passwords;
#[cfg(unix)]
mod pipes;
#[cfg(target_os = "linux")]
mod progress;
mod raw_server;
mod redirected_credentials;
mod requests;
mod rerunning;
mod run;
mod server;
#[cfg(unix)]
mod stopping;
mod streaming;
mod success;
mod tls_server;
mod verification;
mod waits;
#[cfg(windows)]
mod windows;
mod wording;
