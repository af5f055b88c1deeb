//! The other addresses of a file: when one fails, the download goes on with the next.

use std::collections::{HashMap, HashSet, VecDeque};

use millrace_engine::{CommandError, DownloadId, Fix, Handle, Snapshot};

/// Those of every download that has any left.
#[derive(Debug, Default)]
pub(crate) struct Mirrors {
    left: HashMap<DownloadId, VecDeque<String>>,
    /// Downloads that got a new address: their failure is told once more before they go on.
    changed: HashSet<DownloadId>,
}

impl Mirrors {
    pub(crate) fn add(&mut self, id: DownloadId, urls: Vec<String>) {
        if !urls.is_empty() {
            self.left.insert(id, urls.into());
        }
    }

    /// Whether a download that has failed goes on all the same. A failure of this machine's disk is none of the address.
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
                // Not an address that can be fetched from: the next one may be.
                Err(CommandError::InvalidUrl(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(false)
    }
}
