//! What the phone itself fetches while the app sleeps: parts of downloads, handed over when nobody looks any more, and called
//! back when somebody does.
//!
//! What may be handed over, and what becomes of the bytes, the engine decides. An app that is killed meanwhile loses none
//! of them: the phone tells the next process what it has fetched.

use std::collections::BTreeSet;

use millrace_engine::{CommandError, OffloadedRange};
use tauri_plugin_transfer::{RangeFetch, RangeFetched};
use tokio::task::JoinSet;

use super::{BackgroundHost, BackgroundWork};
use crate::ipc::IpcError;

#[derive(Default)]
pub(super) struct OffloadSession {
    /// Nobody looks.
    enter_background: bool,
    /// What the phone fetches now.
    outstanding: BTreeSet<String>,
    /// Whether there is a reason to hand something over: nobody looks any more, or what was handed over has helped.
    round_due: bool,
    /// What has come back and is being taken in: bytes that were new.
    ingesting: JoinSet<Result<u64, CommandError>>,
}

impl OffloadSession {
    /// The next that was taken in; waits for ever while there is none.
    pub(super) async fn next(&mut self) -> Result<u64, CommandError> {
        match self.ingesting.join_next().await {
            Some(Ok(taken)) => taken,
            // one that is gone has told why already
            Some(Err(_)) => Ok(0),
            None => std::future::pending().await,
        }
    }
}

impl<C: BackgroundHost> BackgroundWork<C> {
    pub(super) async fn enter_background(&mut self) -> Result<(), IpcError> {
        self.sleep.enter_background = true;
        self.sleep.round_due = true;
        self.offload_next().await
    }

    /// The app goes on by itself; what the phone has fetched by now still comes.
    pub(super) async fn enter_foreground(&mut self) -> Result<(), IpcError> {
        self.sleep.enter_background = false;
        self.sleep.outstanding.clear();
        if self.host.supports_offload() {
            self.call(|host| host.offload(&[])).await;
            self.state.engine.handle()?.cancel_offload().await?;
        }
        Ok(())
    }

    /// Also what an earlier process had handed over.
    pub(super) fn on_fetched(&mut self, fetched: RangeFetched) -> Result<(), IpcError> {
        let engine = self.state.engine.handle()?;
        self.sleep.outstanding.remove(&fetched.token);
        let fetched = millrace_engine::OffloadedResponse {
            token: fetched.token,
            file: fetched.file.map(Into::into),
            status: fetched.status,
            headers: fetched.headers,
        };
        let taken = async move { engine.ingest(fetched).await };
        self.sleep.ingesting.spawn(taken);
        Ok(())
    }

    /// So many bytes were new: where they were any, what is still missing is worth another round.
    pub(super) async fn on_ingested(&mut self, new: u64) -> Result<(), IpcError> {
        self.sleep.round_due |= new > 0;
        self.offload_next().await
    }

    /// One round at a time: what is handed over takes the place of what was before.
    async fn offload_next(&mut self) -> Result<(), IpcError> {
        let sleep = &mut self.sleep;
        let idle = sleep.outstanding.is_empty() && sleep.ingesting.is_empty();
        let ready =
            sleep.enter_background && idle && sleep.round_due && self.host.supports_offload();
        if !ready {
            return Ok(());
        }
        sleep.round_due = false;
        let engine = self.state.engine.handle()?;
        let lent = engine.offload().await?;
        if lent.is_empty() {
            return Ok(());
        }
        self.state
            .log
            .write(&format!("{} parts are left to the phone", lent.len()));
        self.sleep.outstanding = lent.iter().map(|part| part.token.clone()).collect();
        let fetches: Vec<RangeFetch> = lent.into_iter().map(to_fetch).collect();
        if !self.call(move |host| host.offload(&fetches)).await {
            self.sleep.outstanding.clear();
            engine.cancel_offload().await?;
        }
        Ok(())
    }
}

fn to_fetch(lent: OffloadedRange) -> RangeFetch {
    RangeFetch {
        token: lent.token,
        url: lent.url,
        headers: lent.headers,
        from: lent.from,
        to: Some(lent.to),
        unmetered_only: lent.unmetered_only,
    }
}
