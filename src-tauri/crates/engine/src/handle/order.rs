//! The part of the door that concerns order: how many run, who runs next, and when to try at once.

use tokio::sync::oneshot;

use super::{Command, CommandError, Handle};
use crate::core::download::DownloadId;
use crate::core::turn::{Place, Priority};

/// One intent about order.
#[derive(Debug)]
pub(crate) enum Order {
    Parallel { all: u32, per_host: Option<u32> },
    Priority(DownloadId, Priority),
    Move(DownloadId, Place),
    NetworkChanged,
}

impl Handle {
    /// Downloads that run at once, and how many of them from one host. More are admitted at once; when fewer are
    /// allowed, those that run go on to their end.
    pub async fn set_parallel(&self, all: u32, per_host: Option<u32>) -> Result<(), CommandError> {
        self.order(Order::Parallel { all, per_host }).await
    }

    /// Kept in the list. Does not stop what runs.
    pub async fn set_priority(
        &self,
        id: DownloadId,
        priority: Priority,
    ) -> Result<(), CommandError> {
        self.order(Order::Priority(id, priority)).await
    }

    /// Another place in its line, kept in the list; of what is not queued, the place it will have. A finished one has
    /// none.
    pub async fn move_to(&self, id: DownloadId, place: Place) -> Result<(), CommandError> {
        self.order(Order::Move(id, place)).await
    }

    /// Everything that is queued, the next one first.
    pub async fn queue(&self) -> Result<Vec<DownloadId>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Queue(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// For platforms that say so: the network is another one, or the machine woke up. What waits for the way to its
    /// server is tried at once, and connections that bring nothing are replaced.
    pub async fn network_changed(&self) -> Result<(), CommandError> {
        self.order(Order::NetworkChanged).await
    }

    async fn order(&self, order: Order) -> Result<(), CommandError> {
        self.ask(|reply| Command::Order(order, reply)).await
    }
}
