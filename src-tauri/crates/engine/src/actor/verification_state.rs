//! A verification of a finished file on request, as far as it exists only while the process runs. Values.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use crate::domain::verification::VerificationProgress;

/// Shared with the task that verifies.
#[derive(Debug, Default)]
pub(super) struct VerificationControl {
    /// Bytes read so far, and bytes of the file; 0 until it is read.
    pub(super) read: AtomicU64,
    pub(super) total: AtomicU64,
    pub(super) stop: CancellationToken,
}

/// What exists of a verification only while the process runs.
#[derive(Debug, Default)]
pub(super) struct VerificationState {
    /// Set while one is under way.
    pub(super) control: Option<Arc<VerificationControl>>,
    /// Bytes in the last published snapshot.
    pub(super) published: u64,
}

impl VerificationState {
    pub(super) fn is_running(&self) -> bool {
        self.control.is_some()
    }

    pub(super) fn progress(&self) -> Option<VerificationProgress> {
        let control = self.control.as_ref()?;
        Some(VerificationProgress {
            read: control.read.load(Ordering::Relaxed),
            total: control.total.load(Ordering::Relaxed),
        })
    }

    pub(super) fn cancel(&self) {
        if let Some(control) = &self.control {
            control.stop.cancel();
        }
    }
}
