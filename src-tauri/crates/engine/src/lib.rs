//! Millrace's download engine.
//!
//! `domain` makes the decisions and does no IO; `http`, `disk` and `store` do the IO; a worker transfers one download;
//! the actor in `actor` owns all of them and carries out what `domain` decides.

#[expect(clippy::disallowed_methods, reason = "the actor has the clock")]
mod actor;
#[expect(clippy::disallowed_methods, reason = "this is the wall clock")]
mod clock;
mod config;
mod connectivity;
#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this is the module that touches files"
)]
mod disk;
mod domain;
mod handle;
#[expect(
    clippy::disallowed_types,
    reason = "this is the module that speaks HTTP"
)]
mod http;
#[expect(
    clippy::disallowed_types,
    reason = "this is the module that talks to SQLite"
)]
mod store;
mod stream;
#[expect(clippy::disallowed_methods, reason = "workers have a clock")]
mod worker;

pub use actor::{Engine, StartError, StartNotice};
pub use clock::unix_now;
pub use config::{Config, DOWNLOADS_VAR, HOME_VAR, StoreMode};
pub use connectivity::{Connectivity, ConnectivitySource, RouteTable};
pub use disk::{
    FileInfo, FileSystem, FinishedFile, NativeFileSystem, OpenMode, Renamed, atomic_write,
    create_state_dir, move_aside, raise_descriptor_limit,
};
pub use domain::checksum::{Algorithm, Checksum, ParseChecksumError};
pub use domain::checksum_file::pasted_checksum;
pub use domain::constraints::{Constraints, DeviceStatus, UnmetConstraint};
pub use domain::credentials::{Credentials, HostCredentials};
pub use domain::document_id::{document_id, document_of};
pub use domain::download::{
    AllowedActions, DownloadId, LogLevel, LogLine, NewDownload, Phase, PhaseGroup, ProbeResult,
    Snapshot, UnixMillis, Update,
};
pub use domain::file_name::{PART_SUFFIX, file_name_for, numbered};
pub use domain::limited_by::LimitedBy;
pub use domain::offline::is_local_host;
pub use domain::offload::{OffloadedRange, OffloadedResponse};
pub use domain::option_change::{OptionChange, OptionsPatch, StoredOptions};
pub use domain::origin::Origin;
pub use domain::problem::{Fix, Problem, Remedy, TlsFailure};
pub use domain::proxy::{ParseProxyError, ProxyChoice, ProxyUrl};
pub use domain::queue_key::{Priority, QueueKey, QueueMove};
pub use domain::relocation::RelocationProgress;
pub use domain::removal::RemoveMode;
pub use domain::retry_policy::RetryPolicy;
pub use domain::segments::{ActiveSegment, ConnectionState, HttpVersion, Segments};
pub use domain::speed_history::{SpeedEvent, SpeedHistory, SpeedMark, SpeedRun};
pub use domain::stored_download::StoredDownload;
pub use domain::tags::{MAX_TAG_CHARS, MAX_TAGS, normalize as normalize_tags};
pub use domain::user_file_name::{FileNameError, check_file_name};
pub use domain::verdict::Verdict;
pub use domain::verification::{
    Comparison, DigestSource, Verification, VerificationProgress, VerifyOutcome,
};
pub use handle::{CommandError, Handle, Subscription};
pub use http::{Cookie, is_reserved_header, is_sendable_header};
pub use store::{HistoryEntry, HistoryError, HistoryStore, Traffic};
pub use stream::{StreamError, Streamed, stream};
