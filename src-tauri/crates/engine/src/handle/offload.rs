//! Commands of the [`Handle`] for systems that suspend the process and fetch by themselves meanwhile: ranges are
//! offloaded to them, and their responses are ingested.

use super::{Command, CommandError, Handle, Reply};
use crate::domain::offload::{OffloadedRange, OffloadedResponse};

/// A command about offloaded ranges.
#[derive(Debug)]
pub(crate) enum OffloadCommand {
    Offload(Reply<Vec<OffloadedRange>>),
    Ingest(OffloadedResponse, Reply<u64>),
    Cancel(Reply<()>),
}

impl Handle {
    /// Offloads the missing ranges of every download that runs, is queued or retries by itself, if its server accepts
    /// ranges and gave an `ETag` or a date. These downloads start no worker until each range has been ingested, or
    /// until [`Handle::cancel_offload`].
    ///
    /// Left out are ranges that are offloaded already, downloads that wait for a network or a battery, and those with a
    /// condition that the system's transfer could not keep: a rate limit, a proxy, a battery constraint, credentials
    /// that a redirect could carry to another origin.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn offload(&self) -> Result<Vec<OffloadedRange>, CommandError> {
        self.lending(OffloadCommand::Offload).await
    }

    /// Ingests the response to an offloaded range, also to one that an earlier process offloaded. It is checked as a
    /// response to the engine's own request would be; the bytes still missing are copied into the part file, synced and
    /// stored. A running or queued download continues, a paused one stays paused.
    ///
    /// Returns the number of new bytes: 0 if the response was rejected or is no longer needed, with the reason in the
    /// download's log. The handed file is deleted in either case.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn ingest(&self, fetched: OffloadedResponse) -> Result<u64, CommandError> {
        self.lending(|reply| OffloadCommand::Ingest(fetched, reply))
            .await
    }

    /// Ends the offload: the engine fetches these ranges itself. A response that still arrives may be ingested.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn cancel_offload(&self) -> Result<(), CommandError> {
        self.lending(OffloadCommand::Cancel).await
    }

    async fn lending<T>(
        &self,
        lending: impl FnOnce(Reply<T>) -> OffloadCommand,
    ) -> Result<T, CommandError> {
        self.request(|reply| Command::Offload(lending(reply))).await
    }
}
