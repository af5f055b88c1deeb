//! Millrace's download engine.
//!
//! `core` decides and knows nothing; `http`, `disk` and `store` touch the world; a worker moves the bytes of one
//! download; the actor in `engine` owns all of them and carries out what `core` decided.

mod config;
mod core;
mod disk;
mod engine;
mod handle;
mod http;
mod store;
mod worker;

pub use config::{Adopt, Config};
pub use core::download::{
    Allows, DownloadId, Level, LogLine, Millis, NewDownload, Phase, Snapshot, Update,
};
pub use core::problem::{Fix, Patience, Problem, Remedy};
pub use disk::{Files, Open, PlainFiles};
pub use engine::{Engine, Notice, StartError};
pub use handle::{CommandError, Handle, Leftover, Subscription};
