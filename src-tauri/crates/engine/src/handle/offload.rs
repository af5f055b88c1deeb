//! The part of the door for systems that put the process to sleep and fetch by themselves meanwhile: parts of files are
//! lent to them, and what they bring is taken back.

use super::{Command, CommandError, Handle, Reply};
use crate::domain::offload::{OffloadedRange, OffloadedResponse};

/// One intent about what is lent.
#[derive(Debug)]
pub(crate) enum OffloadCommand {
    Offload(Reply<Vec<OffloadedRange>>),
    Ingest(OffloadedResponse, Reply<u64>),
    Cancel(Reply<()>),
}

impl Handle {
    /// Everything that goes on and that somebody else could fetch: what is missing of files that the server gives in parts
    /// and under a tag or a date. These downloads do nothing themselves until each of their parts has been taken back, or
    /// [`Handle::cancel_offload`]. Left out is what is lent already, what waits for a network or a battery, and what nobody else
    /// could be held to: a limit of speed, a proxy, a rule about batteries, a secret where redirects may lead elsewhere.
    pub async fn offload(&self) -> Result<Vec<OffloadedRange>, CommandError> {
        self.lending(OffloadCommand::Offload).await
    }

    /// Takes what was fetched of a lent part, also one that an earlier process had lent. It is judged as an answer to the
    /// engine itself would be, and what of it is still missing is put into the unfinished file, synced and stored. The
    /// download goes on, or stays paused, as it was. Answers with the number of bytes that were new: none when it could
    /// not be used or is of no use any more, which the log of the download says. The handed file is gone then.
    pub async fn ingest(&self, fetched: OffloadedResponse) -> Result<u64, CommandError> {
        self.lending(|reply| OffloadCommand::Ingest(fetched, reply))
            .await
    }

    /// Nothing is lent any more: the engine goes on by itself. What comes all the same may be taken back.
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
