//! What the driver and the engine's process say to each other: one line of JSON each way. Values only.

use serde::{Deserialize, Serialize};

/// One intent of the driver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Operation {
    Add(Vec<AddItem>),
    Pause(u64),
    Resume(u64),
    Retry(u64),
    /// `true`: a finished file is thrown away too.
    Remove(u64, bool),
    Link(u64, String),
    Limit(Option<u64>),
    LimitOne(u64, Option<u64>),
    PauseAll,
    ResumeAll,
    /// The disk takes nothing and refuses nothing, or is there again.
    Away(bool),
    List,
    Health,
    /// The clean end of the process.
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

/// What comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Reply {
    Well,
    Ids(Vec<u64>),
    /// The engine said no, which is its right.
    Refused(String),
    List(Vec<DownloadStatus>),
    Health(Health),
}

/// One download as it stands.
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

/// What the engine's process holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Health {
    /// What each open descriptor is of, sorted.
    pub(crate) descriptors: Vec<String>,
    pub(crate) threads: u64,
    pub(crate) tasks: u64,
    pub(crate) resident_kib: u64,
    pub(crate) peak_kib: u64,
}
