//! Millrace's download engine.
//!
//! `core` decides and knows nothing; `http`, `disk` and `store` touch the world; a worker moves the bytes of one
//! download; the actor in `engine` owns all of them and carries out what `core` decided.

mod config;
mod core;
#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this is the module that touches files"
)]
mod disk;
#[expect(clippy::disallowed_methods, reason = "the actor has the clock")]
mod engine;
mod handle;
#[expect(
    clippy::disallowed_types,
    reason = "this is the module that speaks HTTP"
)]
mod http;
mod network;
#[expect(
    clippy::disallowed_types,
    reason = "this is the module that talks to SQLite"
)]
mod store;
mod stream;
#[expect(clippy::disallowed_methods, reason = "workers have a clock")]
mod worker;

pub use config::{Adopt, Config};
pub use core::checksum::{Algorithm, BadChecksum, Checksum};
pub use core::credentials::{Credentials, HostCredentials};
pub use core::document_id::{document_id, document_of};
pub use core::download::{
    Allows, DownloadId, Level, LogLine, Look, Millis, NewDownload, Phase, Snapshot, Update,
};
pub use core::given_name::{FileNameError, check_file_name};
pub use core::lend::{Fetched, Lent};
pub use core::name::name_for;
pub use core::offline::is_local_host;
pub use core::origin::Origin;
pub use core::policy::{Conditions, Rules, WaitsFor};
pub use core::problem::{Fix, Patience, Problem, Remedy, TlsFailure};
pub use core::proxy::{BadProxy, ProxyChoice, ProxyLink};
pub use core::segments::{Active, Segments};
pub use core::turn::{Place, Priority, Turn};
pub use core::verdict::Verdict;
pub use disk::{
    Files, Open, PlainFiles, Renamed, Standing, create_state_dir, raise_descriptor_limit,
};
pub use engine::{Engine, Notice, StartError};
pub use handle::{CommandError, Handle, Leftover, Subscription};
pub use http::{Cookie, is_reserved_header, is_sendable_header};
pub use network::{Network, Routes, Way};
pub use stream::{StreamError, Streamed, stream};
