//! Messages between the driver and the engine's process: one line of JSON each way. Values only.

use serde::{Deserialize, Serialize};

/// A request of the driver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Operation {
    Add(Vec<AddItem>),
    Pause(u64),
    Resume(u64),
    Retry(u64),
    /// `true`: a finished file is removed too.
    Remove(u64, bool),
    Link(u64, String),
    Limit(Option<u64>),
    LimitOne(u64, Option<u64>),
    PauseAll,
    ResumeAll,
    /// The disk becomes unresponsive (`true`) or works again.
    Away(bool),
    List,
    Health,
    /// Clean shutdown of the process.
    Quit,
}

/// A download to add; its folder is the process's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AddItem {
    pub(crate) url: String,
    pub(crate) connections: u32,
    /// As `ALGORITHM:HEX`.
    pub(crate) checksum: Option<String>,
}

/// A reply to the driver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Reply {
    Well,
    Ids(Vec<u64>),
    /// The engine refused, which it may.
    Refused(String),
    List(Vec<DownloadStatus>),
    Health(Health),
}

/// Current state of one download.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DownloadStatus {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) phase: String,
    pub(crate) problem: Option<String>,
    pub(crate) received: u64,
    pub(crate) total: Option<u64>,
}

impl DownloadStatus {
    pub(crate) fn done(&self) -> bool {
        self.phase == "done"
    }

    pub(crate) fn failed(&self) -> bool {
        self.phase == "failed"
    }

    pub(crate) fn paused(&self) -> bool {
        self.phase == "paused"
    }
}

/// Resources that the engine's process holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Health {
    /// What each open descriptor refers to, sorted.
    pub(crate) descriptors: Vec<String>,
    pub(crate) threads: u64,
    pub(crate) tasks: u64,
    pub(crate) resident_kib: u64,
    pub(crate) peak_kib: u64,
}
