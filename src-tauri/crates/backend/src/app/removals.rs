//! Removals and replacements: begun, undone, and carried out when the time to undo them is over.

use millrace_engine::{DownloadId, Phase, RemoveMode};
use tokio::time::Instant;

use super::App;
use super::pending_removals::Removal;
use super::platform_services::PlatformServices;
use crate::request::RequestError;

impl<S: PlatformServices> App<S> {
    /// Hides the downloads and pauses running ones: otherwise one could complete before the removal is carried out.
    pub(super) async fn remove(
        &mut self,
        ids: Vec<u64>,
        leftover: RemoveMode,
    ) -> Result<(), RequestError> {
        let engine = self.state.engine.handle()?;
        for id in &ids {
            self.known(DownloadId(*id))?;
        }
        self.state.hub.hide(ids.clone()).await?;
        for id in ids {
            let pauses = self.known(DownloadId(id))?.pauses;
            let stopped = pauses && engine.pause(DownloadId(id)).await.is_ok();
            let removal = Removal { leftover, stopped };
            self.removals.begin(id, removal, Instant::now());
        }
        Ok(())
    }

    /// Resumes downloads that were paused by their removal, or by another one that was to take their place.
    pub(super) async fn undo(&mut self, ids: &[u64]) -> Result<(), RequestError> {
        let engine = self.state.engine.handle()?;
        let mut back = Vec::new();
        for &id in ids {
            if self.replacements.contains(id) {
                engine.undo_replace(DownloadId(id)).await?;
                continue;
            }
            let Some(removal) = self.removals.undo(id) else {
                continue;
            };
            back.push(id);
            if removal.stopped
                && let Err(error) = engine.resume(DownloadId(id)).await
            {
                tracing::warn!("kept, but paused: {error}");
            }
        }
        self.state.hub.unhide(back);
        Ok(())
    }

    /// Carries out removals that are due. A download that cannot be removed is shown again.
    pub(super) async fn commit_removals(&mut self) {
        for (id, leftover) in self.removals.due(Instant::now()) {
            let done = match self.state.engine.handle() {
                Ok(engine) => engine.remove(DownloadId(id), leftover).await,
                // the engine is stopping: the downloads are kept
                Err(_) => return,
            };
            if let Err(error) = done {
                tracing::warn!("not removed: {error}");
                self.state.hub.unhide(vec![id]);
            }
        }
    }

    /// Whether a download that replaces another one is complete, and stays.
    pub(super) fn is_complete(&self, new: u64) -> bool {
        let done = self
            .tracked
            .get(&new)
            .is_some_and(|one| one.phase == Phase::Done);
        done && !self.removals.contains(new)
    }

    /// Removes the downloads whose successors are complete; their files are discarded, and the engine hands their names on.
    pub(super) async fn commit_replacements(&mut self) {
        let mut replacements = std::mem::take(&mut self.replacements);
        let due = replacements.due(Instant::now(), |new| self.is_complete(new));
        self.replacements = replacements;
        for old in due {
            let Ok(engine) = self.state.engine.handle() else {
                // the engine is stopping: it is carried out after the next start
                return;
            };
            if let Err(error) = engine.remove(DownloadId(old), RemoveMode::Trash).await {
                tracing::warn!("not replaced: {error}");
            }
        }
    }
}
