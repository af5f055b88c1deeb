//! The part of the door that concerns order: how many run, who runs next and how wide, by which way, and when to
//! try at once.

use tokio::sync::oneshot;

use super::{Command, CommandError, Handle};
use crate::domain::constraints::{Constraints, DeviceStatus};
use crate::domain::download::DownloadId;
use crate::domain::proxy::ProxyChoice;
use crate::domain::queue_key::{Priority, QueueMove};

/// One intent about order.
#[derive(Debug)]
pub(crate) enum ControlCommand {
    Parallel { all: u32, per_host: Option<u32> },
    Priority(DownloadId, Priority),
    Move(DownloadId, QueueMove),
    Connections(u32),
    ConnectionsOne(DownloadId, Option<u32>),
    Proxy(ProxyChoice),
    NetworkChanged,
    Rules(Constraints),
    Conditions(DeviceStatus),
    UnmeteredOnly(DownloadId, bool),
    LocalNetwork(bool),
    Quarantine(bool),
}

impl Handle {
    /// Downloads that run at once, and how many of them from one host. More are admitted at once; when fewer are
    /// allowed, those that run go on to their end.
    pub async fn set_parallel(&self, all: u32, per_host: Option<u32>) -> Result<(), CommandError> {
        self.order(ControlCommand::Parallel { all, per_host }).await
    }

    /// Kept in the list. Does not stop what runs.
    pub async fn set_priority(
        &self,
        id: DownloadId,
        priority: Priority,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::Priority(id, priority)).await
    }

    /// Another place in its line, kept in the list; of what is not queued, the place it will have. A finished one has
    /// none.
    pub async fn move_in_queue(
        &self,
        id: DownloadId,
        place: QueueMove,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::Move(id, place)).await
    }

    /// Connections at most, for every download that has no number of its own. Also for those that run, at once.
    pub async fn set_connections(&self, most: u32) -> Result<(), CommandError> {
        self.order(ControlCommand::Connections(most)).await
    }

    /// Connections of one download at most, kept in the list; `None` for the engine's default. At once.
    pub async fn set_connections_of(
        &self,
        id: DownloadId,
        most: Option<u32>,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::ConnectionsOne(id, most)).await
    }

    /// The way of every download that has none of its own, for connections that are made from now on.
    pub async fn set_proxy(&self, proxy: ProxyChoice) -> Result<(), CommandError> {
        self.order(ControlCommand::Proxy(proxy)).await
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
        self.order(ControlCommand::NetworkChanged).await
    }

    /// On which networks and batteries downloads may run. What may not stops where it stands, and goes on by itself.
    pub async fn set_constraints(&self, rules: Constraints) -> Result<(), CommandError> {
        self.order(ControlCommand::Rules(rules)).await
    }

    /// What the network and the battery are like from now on.
    pub async fn set_device_status(&self, conditions: DeviceStatus) -> Result<(), CommandError> {
        self.order(ControlCommand::Conditions(conditions)).await
    }

    /// Whether this one waits for a network that does not cost by the byte, whatever the rules are. Kept in the list.
    pub async fn set_unmetered_only(&self, id: DownloadId, only: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::UnmeteredOnly(id, only)).await
    }

    /// Whether files are marked as come from the internet: those that begin from now on.
    pub async fn set_quarantine(&self, marked: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::Quarantine(marked)).await
    }

    /// Whether the system lets this app reach the local network: where it does not, that is what explains a server there that
    /// does not answer.
    pub async fn set_local_network(&self, reached: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::LocalNetwork(reached)).await
    }

    async fn order(&self, order: ControlCommand) -> Result<(), CommandError> {
        self.request(|reply| Command::Control(order, reply)).await
    }
}
