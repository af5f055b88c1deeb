//! Which commands a download accepts in each state. Pure.

use super::download::AllowedActions;
use super::state::{AfterStop, State};

impl State {
    /// Whether its bytes are discarded before it continues.
    fn begins_again(&self) -> bool {
        match self {
            Self::Waiting { restart, .. } | Self::Failed { restart, .. } => *restart,
            Self::Queued
            | Self::Probing
            | Self::Running
            | Self::Finishing
            | Self::Stopping { .. }
            | Self::Paused
            | Self::Done { .. }
            | Self::Removed => false,
        }
    }

    /// The commands that apply now.
    pub(crate) fn allows(&self) -> AllowedActions {
        let idle = match self {
            Self::Queued | Self::Waiting { .. } | Self::Paused | Self::Failed { .. } => true,
            Self::Probing
            | Self::Running
            | Self::Finishing
            | Self::Stopping { .. }
            | Self::Done { .. }
            | Self::Removed => false,
        };
        let allowed = AllowedActions {
            change_link: idle,
            change_folder: idle,
            set_options: idle || self.has_worker(),
            set_request: idle || matches!(self, Self::Probing | Self::Running),
            set_name: idle,
            relocate: !self.begins_again(),
            ..AllowedActions::default()
        };
        match self {
            Self::Queued
            | Self::Probing
            | Self::Running
            | Self::Stopping {
                then: AfterStop::Queue,
            } => AllowedActions {
                pause: true,
                set_start: true,
                ..allowed
            },
            Self::Stopping {
                then: AfterStop::Pause,
            }
            | Self::Paused => AllowedActions {
                resume: true,
                set_start: true,
                ..allowed
            },
            Self::Waiting { .. } => AllowedActions {
                pause: true,
                retry: true,
                set_start: true,
                ..allowed
            },
            Self::Failed { .. } => AllowedActions {
                retry: true,
                verify: self.kept_file().is_some(),
                ..allowed
            },
            Self::Done { .. } => AllowedActions {
                open: true,
                locate: true,
                download_again: true,
                verify: true,
                ..allowed
            },
            Self::Finishing => allowed,
            Self::Stopping {
                then: AfterStop::RemoveKeep | AfterStop::RemoveTrash,
            }
            | Self::Removed => AllowedActions::default(),
        }
    }
}
