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

pub use config::{Config, StoreMode};
pub use core::checksum::{Algorithm, Checksum, ParseChecksumError};
pub use core::credentials::{Credentials, HostCredentials};
pub use core::document_id::{document_id, document_of};
pub use core::download::{
    AllowedActions, DownloadId, LogLevel, LogLine, NewDownload, Phase, ProbeResult, Snapshot,
    UnixMillis, Update,
};
pub use core::given_name::{FileNameError, check_file_name};
pub use core::lend::{OffloadedRange, OffloadedResponse};
pub use core::name::file_name_for;
pub use core::offline::is_local_host;
pub use core::origin::Origin;
pub use core::policy::{Constraints, DeviceStatus, UnmetConstraint};
pub use core::problem::{Fix, Problem, Remedy, RetryPolicy, TlsFailure};
pub use core::proxy::{ParseProxyError, ProxyChoice, ProxyUrl};
pub use core::segments::{ActiveSegment, Segments};
pub use core::turn::{Priority, QueueKey, QueueMove};
pub use core::verdict::Verdict;
pub use disk::{
    FileInfo, FileSystem, NativeFileSystem, OpenMode, Renamed, create_state_dir,
    raise_descriptor_limit,
};
pub use engine::{Engine, StartError, StartNotice};
pub use handle::{CommandError, Handle, RemoveMode, Subscription};
pub use http::{Cookie, is_reserved_header, is_sendable_header};
pub use network::{Connectivity, ConnectivitySource, RouteTable};
pub use stream::{StreamError, Streamed, stream};
