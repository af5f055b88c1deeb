//! What the phone itself fetches while the app sleeps: parts of downloads, handed over when nobody looks any more, and called
//! back when somebody does.
//!
//! What may be handed over, and what becomes of the bytes, the engine decides. An app that is killed meanwhile loses none
//! of them: the phone tells the next process what it has fetched.

use std::collections::BTreeSet;

use millrace_engine::{CommandError, Lent};
use tauri_plugin_transfer::{Fetch, Fetched};
use tokio::task::JoinSet;

use super::{Carried, Carrier};
use crate::view::CommandFailure;

#[derive(Default)]
pub(super) struct Sleep {
    /// Nobody looks.
    away: bool,
    /// What the phone fetches now.
    out: BTreeSet<String>,
    /// Whether there is a reason to hand something over: nobody looks any more, or what was handed over has helped.
    wanted: bool,
    /// What has come back and is being taken in: bytes that were new.
    coming: JoinSet<Result<u64, CommandError>>,
}

impl Sleep {
    /// The next that was taken in; waits for ever while there is none.
    pub(super) async fn next(&mut self) -> Result<u64, CommandError> {
        match self.coming.join_next().await {
            Some(Ok(taken)) => taken,
            // one that is gone has told why already
            Some(Err(_)) => Ok(0),
            None => std::future::pending().await,
        }
    }
}

impl<C: Carrier> Carried<C> {
    pub(super) async fn away(&mut self) -> Result<(), CommandFailure> {
        self.sleep.away = true;
        self.sleep.wanted = true;
        self.hand_over().await
    }

    /// The app goes on by itself; what the phone has fetched by now still comes.
    pub(super) async fn back(&mut self) -> Result<(), CommandFailure> {
        self.sleep.away = false;
        self.sleep.out.clear();
        if self.carrier.fetches() {
            self.call(|carrier| carrier.hand_over(&[])).await;
            self.desk.door.engine()?.recall().await?;
        }
        Ok(())
    }

    /// Also what an earlier process had handed over.
    pub(super) fn fetched(&mut self, fetched: Fetched) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        self.sleep.out.remove(&fetched.token);
        let fetched = millrace_engine::Fetched {
            token: fetched.token,
            file: fetched.file.map(Into::into),
            status: fetched.status,
            headers: fetched.headers,
        };
        let taken = async move { engine.take_back(fetched).await };
        self.sleep.coming.spawn(taken);
        Ok(())
    }

    /// So many bytes were new: where they were any, what is still missing is worth another round.
    pub(super) async fn taken(&mut self, new: u64) -> Result<(), CommandFailure> {
        self.sleep.wanted |= new > 0;
        self.hand_over().await
    }

    /// One round at a time: what is handed over takes the place of what was before.
    async fn hand_over(&mut self) -> Result<(), CommandFailure> {
        let sleep = &mut self.sleep;
        let idle = sleep.out.is_empty() && sleep.coming.is_empty();
        let ready = sleep.away && idle && sleep.wanted && self.carrier.fetches();
        if !ready {
            return Ok(());
        }
        sleep.wanted = false;
        let engine = self.desk.door.engine()?;
        let lent = engine.lend().await?;
        if lent.is_empty() {
            return Ok(());
        }
        self.desk
            .journal
            .line(&format!("{} parts are left to the phone", lent.len()));
        self.sleep.out = lent.iter().map(|part| part.token.clone()).collect();
        let fetches: Vec<Fetch> = lent.into_iter().map(fetch).collect();
        if !self.call(move |carrier| carrier.hand_over(&fetches)).await {
            self.sleep.out.clear();
            engine.recall().await?;
        }
        Ok(())
    }
}

fn fetch(lent: Lent) -> Fetch {
    Fetch {
        token: lent.token,
        url: lent.url,
        headers: lent.headers,
        from: lent.from,
        to: Some(lent.to),
        unmetered_only: lent.unmetered_only,
    }
}
