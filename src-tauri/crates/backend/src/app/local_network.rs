//! Permission for servers in the local network, which some phones require: the user is asked when a download needs it.

use std::sync::Arc;

use millrace_engine::{CommandError, Phase, Problem, Snapshot, is_local_host};

use super::App;
use super::platform_services::PlatformServices;
use crate::request::Request;

impl<S: PlatformServices> App<S> {
    /// Asks when a local download is started or retried, which the user sees. `before` is the previous phase.
    pub(super) fn ask_if_local(&mut self, before: Option<Phase>, snapshot: &Snapshot) {
        let begins = matches!(
            snapshot.phase,
            Phase::Queued | Phase::Probing | Phase::Running
        );
        if begins && matches!(before, None | Some(Phase::Failed)) && is_local_host(&snapshot.host) {
            self.ask_for_local_network();
        }
    }

    /// One request at a time, and only while there is a window to ask in.
    pub(super) fn ask_for_local_network(&mut self) {
        if !self.platform.has_window() || std::mem::replace(&mut self.asks_for_local, true) {
            return;
        }
        let (platform, requests) = (Arc::clone(&self.platform), self.state.requests.clone());
        // waits until the user has decided
        tokio::task::spawn_blocking(move || {
            let _ = requests.send(Request::LocalNetwork(platform.reach_local_network()));
        });
    }

    /// Applies the user's decision; `None` where the system requires no permission.
    pub(super) async fn local_network(&mut self, reached: Option<bool>) {
        self.asks_for_local = false;
        if let Some(reached) = reached
            && let Err(failure) = self.reach_local_network(reached).await
        {
            tracing::warn!("access to the local network was not applied: {failure}");
        }
    }

    async fn reach_local_network(&mut self, reached: bool) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        engine.set_local_network(reached).await?;
        if !reached {
            return Ok(());
        }
        let list = engine.list().await?;
        let kept_out = list
            .iter()
            .filter(|one| matches!(one.problem, Some(Problem::LocalNetwork { .. })));
        for one in kept_out {
            if let Err(error) = engine.retry(one.id).await {
                // it was removed or retried meanwhile
                tracing::warn!("not retried: {error}");
            }
        }
        Ok(())
    }
}
