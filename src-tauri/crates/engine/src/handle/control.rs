//! Commands of the [`Handle`] for scheduling, connections, proxy and constraints.

use tokio::sync::oneshot;

use super::{Command, CommandError, Handle};
use crate::domain::constraints::{Constraints, DeviceStatus};
use crate::domain::download::DownloadId;
use crate::domain::proxy::ProxyChoice;
use crate::domain::queue_key::{Priority, QueueMove};

/// A scheduling or configuration command.
#[derive(Debug)]
pub(crate) enum ControlCommand {
    Parallel { all: u32, per_host: Option<u32> },
    Priority(DownloadId, Priority),
    Move(DownloadId, QueueMove),
    Connections(u32),
    ConnectionsOne(DownloadId, Option<u32>),
    Proxy(ProxyChoice),
    NetworkChanged,
    Constraints(Constraints),
    DeviceStatus(DeviceStatus),
    UnmeteredOnly(DownloadId, bool),
    SlowMode(bool),
    Tags(Vec<DownloadId>, Vec<String>),
    LocalNetwork(bool),
    Quarantine(bool),
}

impl Handle {
    /// Downloads that run in parallel, in all and per host. A higher limit starts more of them immediately; a lower one
    /// does not stop those that run.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_parallel(&self, all: u32, per_host: Option<u32>) -> Result<(), CommandError> {
        self.order(ControlCommand::Parallel { all, per_host }).await
    }

    /// Persisted. Does not preempt running downloads.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is finished; [`CommandError::Stopped`].
    pub async fn set_priority(
        &self,
        id: DownloadId,
        priority: Priority,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::Priority(id, priority)).await
    }

    /// Moves it to another position in the queue; persisted. A download that is not queued takes the position when it
    /// is queued again.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`] and [`CommandError::NotNow`] (finished), both also for the download that
    /// `place` names; [`CommandError::Stopped`].
    pub async fn move_in_queue(
        &self,
        id: DownloadId,
        place: QueueMove,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::Move(id, place)).await
    }

    /// Maximum of connections of every download without a value of its own. Applied to running downloads immediately.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_connections(&self, most: u32) -> Result<(), CommandError> {
        self.order(ControlCommand::Connections(most)).await
    }

    /// Maximum of connections of one download, persisted; `None` for the engine's default. Applied immediately.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is finished; [`CommandError::Stopped`].
    pub async fn set_connections_of(
        &self,
        id: DownloadId,
        most: Option<u32>,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::ConnectionsOne(id, most)).await
    }

    /// Proxy of every download without a setting of its own. Applied to new connections only.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_proxy(&self, proxy: ProxyChoice) -> Result<(), CommandError> {
        self.order(ControlCommand::Proxy(proxy)).await
    }

    /// The ids of all queued downloads, the next one first.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn queue(&self) -> Result<Vec<DownloadId>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Queue(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// For platforms that report it: the network changed, or the machine resumed from sleep. Downloads that wait
    /// because of a network error are retried immediately, and connections that receive nothing are replaced.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn network_changed(&self) -> Result<(), CommandError> {
        self.order(ControlCommand::NetworkChanged).await
    }

    /// Network and battery conditions under which downloads may run. Where they are not met, a download is preempted;
    /// it continues by itself once they are.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_constraints(&self, rules: Constraints) -> Result<(), CommandError> {
        self.order(ControlCommand::Constraints(rules)).await
    }

    /// The current state of network and battery, as the platform reports it.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_device_status(&self, conditions: DeviceStatus) -> Result<(), CommandError> {
        self.order(ControlCommand::DeviceStatus(conditions)).await
    }

    /// Whether this download waits for an unmetered network whatever the constraints are. Persisted.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is finished; [`CommandError::Stopped`].
    pub async fn set_unmetered_only(&self, id: DownloadId, only: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::UnmeteredOnly(id, only)).await
    }

    /// Whether the limit of all downloads is that of a slow mode, which [`crate::LimitedBy`] then says. Limits nothing by
    /// itself.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_slow_mode(&self, on: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::SlowMode(on)).await
    }

    /// Replaces the tags of these downloads, of all or of none; persisted. Tags beyond [`crate::MAX_TAGS`], and characters
    /// beyond [`crate::MAX_TAG_CHARS`] of each, are dropped.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn set_tags(
        &self,
        ids: Vec<DownloadId>,
        tags: Vec<String>,
    ) -> Result<(), CommandError> {
        self.order(ControlCommand::Tags(ids, tags)).await
    }

    /// Whether files are marked as downloaded from the internet. Applied to downloads that start from now on.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_quarantine(&self, marked: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::Quarantine(marked)).await
    }

    /// Whether the system grants this app access to the local network. If it does not, that is reported as the reason
    /// why a server there does not respond.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_local_network(&self, reached: bool) -> Result<(), CommandError> {
        self.order(ControlCommand::LocalNetwork(reached)).await
    }

    async fn order(&self, order: ControlCommand) -> Result<(), CommandError> {
        self.request(|reply| Command::Control(order, reply)).await
    }
}
