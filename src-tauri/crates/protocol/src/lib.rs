//! What Millrace says of one download, event by event, in the words of the product's first document:
//! `started`, `progress`, `finished`, and what was added to them. Shared by the command line (`--json`)
//! and the window (`download`, `watch`). Knows neither of them.

mod event_tracker;

pub use event_tracker::EventTracker;

use millrace_engine::{DownloadId, LogLine, Problem, Verdict};
use serde::{Deserialize, Serialize};

/// One thing that happened to a download. Camel case, tag `event`, content `data`.
///
/// Events of one download come in order. From one `started` (or `restarted`) on, its `received` plus every
/// `chunkLength` after it is exactly the number of bytes that are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "event",
    content = "data"
)]
pub enum DownloadEvent {
    /// The server has answered, or a view attached to a download that is known already.
    Started {
        url: String,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        /// Bytes of the whole file; null when the server does not say.
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        content_length: Option<u64>,
        /// Bytes that were here before this event.
        #[cfg_attr(feature = "specta", specta(type = f64))]
        received: u64,
        name: String,
    },
    /// So many bytes more.
    Progress {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        chunk_length: u64,
    },
    /// The file has the digest that was given or that the server stated; `finished` comes next. Without this, its
    /// length alone was measured, as far as the server told it.
    Verified {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        verdict: Verdict,
    },
    /// The file is whole, synced, and has its final name.
    Finished {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
    },
    /// What was here could not be used; the count begins again at `received`.
    Restarted {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        #[cfg_attr(feature = "specta", specta(type = f64))]
        received: u64,
    },
    /// The file has another name than `started` said.
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
    /// It stopped; only the person can mend it. What is here is kept.
    Failed {
        #[cfg_attr(feature = "specta", specta(type = f64))]
        download_id: u64,
        problem: Problem,
    },
    /// It left the list; nothing comes after this.
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
