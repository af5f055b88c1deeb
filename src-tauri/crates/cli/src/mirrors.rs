//! Mirrors of a file: when one URL fails, the download continues with the next.

use std::collections::{HashMap, HashSet, VecDeque};

use millrace_engine::{CommandError, DownloadId, Fix, Handle, Snapshot};

/// The remaining mirrors, for every download that has any.
#[derive(Debug, Default)]
pub(crate) struct Mirrors {
    left: HashMap<DownloadId, VecDeque<String>>,
    /// Downloads that got a new URL: their failure is reported once more before they continue.
    changed: HashSet<DownloadId>,
}

impl Mirrors {
    pub(crate) fn add(&mut self, id: DownloadId, urls: Vec<String>) {
        if !urls.is_empty() {
            self.left.insert(id, urls.into());
        }
    }

    /// Switches a failed download to its next mirror; returns whether it continues. Does nothing for a failure of the
    /// local disk, which no other URL can solve.
    pub(crate) async fn go_on(
        &mut self,
        engine: &Handle,
        failed: &Snapshot,
    ) -> Result<bool, CommandError> {
        if self.changed.remove(&failed.id) {
            return Ok(true);
        }
        if matches!(failed.fix, Some(Fix::FreeSpace | Fix::OtherFolder)) {
            return Ok(false);
        }
        while let Some(url) = self.left.get_mut(&failed.id).and_then(VecDeque::pop_front) {
            match engine.change_url(failed.id, url).await {
                Ok(()) => {
                    self.changed.insert(failed.id);
                    return Ok(true);
                }
                // Not a URL that can be used, but the next one may be.
                Err(CommandError::InvalidUrl(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(false)
    }
}
