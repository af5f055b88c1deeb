//! The events of one download: `started`, `progress` and `finished` as in the product's first document, and those added
//! since. Shared by the command line (`--json`) and the app's page (`download`, `watch`). Depends on neither of them.

mod event_tracker;

pub use event_tracker::EventTracker;

use millrace_engine::{DownloadId, LogLine, Problem, Verdict};
use serde::{Deserialize, Serialize};

/// An event of a download. Camel case, tag `event`, content `data`.
///
/// Events of one download come in order. After a `started` (or `restarted`), its `received` plus every
/// `chunkLength` since then is exactly the number of bytes received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "event",
    content = "data"
)]
pub enum DownloadEvent {
    /// The server has responded, or a view attached to a download that is already known.
    Started {
        url: String,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        /// Bytes of the whole file; null if the server does not state it.
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        content_length: Option<u64>,
        /// Bytes received before this event.
        #[cfg_attr(feature = "specta", specta(type = f64))]
        received: u64,
        name: String,
    },
    /// More bytes were received.
    Progress {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        chunk_length: u64,
    },
    /// The file has the digest that was given or that the server stated; `finished` comes next. Without this event,
    /// only its length was checked, if the server stated it.
    Verified {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        verdict: Verdict,
    },
    /// The file is complete, synced, and has its final name.
    Finished {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
    },
    /// The bytes received before could not be used; the count restarts at `received`.
    Restarted {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        received: u64,
    },
    /// The file has another name than in `started`.
    Renamed {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        name: String,
    },
    Paused {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
    },
    Resumed {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
    },
    /// An attempt ended; the next starts by itself in `wait` milliseconds.
    Retrying {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        problem: Problem,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        wait: u64,
    },
    /// The download stopped and needs the user. The bytes received are kept.
    Failed {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        problem: Problem,
    },
    /// The download was removed from the list; this is the last event.
    Removed {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
    },
}

/// Lines of a download's log, oldest first; `dropped` lines before them are no longer kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LogBatch {
    pub dropped: u32,
    pub lines: Vec<LogLine>,
}

pub(crate) fn number(id: DownloadId) -> u64 {
    id.0
}
