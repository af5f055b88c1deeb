//! Whether the network costs by the byte and how the battery is, where a desktop's own services say so. Knows no downloads.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "unsupported.rs")]
mod own;

use millrace_engine::DeviceStatus;

pub(crate) use self::own::watch;
use crate::ipc::Says;

/// What is said now, and what can be said at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) conditions: DeviceStatus,
    pub(crate) says: Says,
}
