//! Whether the network is metered and how the battery is, as reported by a desktop's services. Does not depend on
//! downloads.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "unsupported.rs")]
mod own;

use millrace_backend::app_state::Says;
use millrace_engine::DeviceStatus;

pub(crate) use self::own::watch;

/// The current status, and what can be reported at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) conditions: DeviceStatus,
    pub(crate) says: Says,
}
