//! The actor.

use crate::config::Config;
use crate::handle::Handle;

/// A started engine: keep the handle, run the future.
pub struct Engine;

/// Why an engine could not start. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("another Millrace already uses {0}; close it first")]
    InUse(String),
    #[error("the list in {path} could not be opened: {reason}; it was left as it is")]
    Store { path: String, reason: String },
}

impl Engine {
    /// Opens the store and takes up what is unfinished. The future runs the engine until the last handle is
    /// dropped (or it is asked to stop) and everything is flushed; spawn it, and await it before the process ends.
    pub fn start(
        _config: Config,
    ) -> Result<(Handle, impl Future<Output = ()> + Send + 'static), StartError> {
        let (commands, mut inbox) = tokio::sync::mpsc::channel(64);
        Ok((Handle { commands }, async move {
            while inbox.recv().await.is_some() {}
        }))
    }
}
