//! A rename or move of a download's file, as far as it exists only while the process runs. Values.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::disk::RelocationControl;
use crate::domain::relocation::RelocationProgress;
use crate::domain::removal::RemoveMode;
use crate::handle::Reply;

/// What exists of a rename or move only while the process runs.
#[derive(Debug, Default)]
pub(super) struct RelocationState {
    /// Set while a thread works on it.
    pub(super) control: Option<Arc<RelocationControl>>,
    /// To whoever asked for it.
    pub(super) reply: Option<Reply<()>>,
    /// The download is removed when the step has ended.
    pub(super) removal: Option<RemoveMode>,
    /// Bytes in the last published snapshot.
    pub(super) published: u64,
}

impl RelocationState {
    pub(super) fn is_running(&self) -> bool {
        self.control.is_some()
    }

    /// How far a copy is; `None` unless one is being made.
    pub(super) fn progress(&self) -> Option<RelocationProgress> {
        let control = self.control.as_ref()?;
        let total = control.total.load(Ordering::Relaxed);
        let copied = control.copied.load(Ordering::Relaxed);
        (total > 0).then_some(RelocationProgress { copied, total })
    }

    pub(super) fn cancel(&self) {
        if let Some(control) = &self.control {
            control.cancelled.store(true, Ordering::Relaxed);
        }
    }
}
