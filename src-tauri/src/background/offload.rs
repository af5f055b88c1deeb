//! Ranges of downloads that the phone itself fetches while the app sleeps: offloaded when the app goes to the
//! background, cancelled when it comes back to the foreground.
//!
//! The engine decides which ranges can be offloaded, and ingests the bytes. Nothing is lost if the app is killed
//! meanwhile: the phone reports what it has fetched to the next process.

use std::collections::BTreeSet;

use millrace_engine::{CommandError, OffloadedRange};
use tauri_plugin_transfer::{RangeFetch, RangeFetched};
use tokio::task::JoinSet;

use super::{BackgroundHost, BackgroundWork};

#[derive(Default)]
pub(super) struct OffloadSession {
    /// The app is in the background.
    enter_background: bool,
    /// Tokens of the ranges that the phone is fetching.
    outstanding: BTreeSet<String>,
    /// Whether another round is worthwhile: the app has gone to the background, or the last round brought new bytes.
    round_due: bool,
    /// Responses being ingested; each returns the number of new bytes.
    ingesting: JoinSet<Result<u64, CommandError>>,
}

impl OffloadSession {
    /// The next ingested response; waits forever while there is none.
    pub(super) async fn next(&mut self) -> Result<u64, CommandError> {
        match self.ingesting.join_next().await {
            Some(Ok(taken)) => taken,
            // an aborted task has logged the reason already
            Some(Err(_)) => Ok(0),
            None => std::future::pending().await,
        }
    }
}

impl<C: BackgroundHost> BackgroundWork<C> {
    pub(super) async fn enter_background(&mut self) -> Result<(), CommandError> {
        self.sleep.enter_background = true;
        self.sleep.round_due = true;
        self.offload_next().await
    }

    /// The app downloads by itself again; responses that the phone has completed still arrive.
    pub(super) async fn enter_foreground(&mut self) -> Result<(), CommandError> {
        self.sleep.enter_background = false;
        self.sleep.outstanding.clear();
        if self.host.supports_offload() {
            self.call(|host| host.offload(&[])).await;
            self.state.engine.handle()?.cancel_offload().await?;
        }
        Ok(())
    }

    /// Ingests a response, including one offloaded by an earlier process.
    pub(super) fn on_fetched(&mut self, fetched: RangeFetched) -> Result<(), CommandError> {
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

    /// `new` bytes were ingested: if there were any, another round for the missing bytes is worthwhile.
    pub(super) async fn on_ingested(&mut self, new: u64) -> Result<(), CommandError> {
        self.sleep.round_due |= new > 0;
        self.offload_next().await
    }

    /// Starts the next round if none is running: it replaces all ranges offloaded before.
    async fn offload_next(&mut self) -> Result<(), CommandError> {
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
        tracing::info!("{} ranges are offloaded to the system", lent.len());
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
