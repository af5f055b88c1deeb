//! Reads the whole list in the form in which it can be added elsewhere.

use tokio::sync::oneshot;

use super::{Command, CommandError, Handle};
use crate::domain::stored_download::StoredDownload;

impl Handle {
    /// Every download in the order of the queue, with what adds it again. Without `secrets` it has no credentials, no
    /// proxy, and of the headers only those that identify nobody. A link may contain a secret all the same.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn export(&self, secrets: bool) -> Result<Vec<StoredDownload>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Export { secrets, reply }).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }
}
