//! Between the engine and the pages: samples what changed, and streams it at each page's own pace.
//!
//! A channel is a view's lease; it never owns a download. The engine never sends to a page, and nothing here can
//! slow the engine. The only module that touches Tauri's channels, behind `FrameSink`. The rules are in
//! `docs/channels.md`; `session` holds those of the list, `lease` those of one download.

mod arrivals;
mod board;
mod dirty;
mod lease;
mod list;
mod log;
mod session;
mod sink;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use millrace_engine::{Millis, Snapshot, Subscription};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use self::board::{Board, Document, Now};
pub(crate) use self::lease::Ears;
use self::sink::Sink;
use crate::settings::Set;
use crate::view::{Activity, CommandFailure, Frame, Offered, Page};

/// How long news may wait for more of it: waking for each of a thousand a second would cost more than all of them do.
const BREATH: Duration = Duration::from_millis(20);

type Ask = Box<dyn FnOnce(&mut Board, Now) + Send>;

/// The door to the hub: a cheap clone. The hub ends with the engine, or when the last door is dropped.
#[derive(Clone)]
pub(crate) struct Hub {
    asks: mpsc::UnboundedSender<Ask>,
}

impl Hub {
    /// The future runs the hub; spawn it.
    pub(crate) fn start(updates: Subscription) -> (Self, impl Future<Output = ()> + Send) {
        let (asks, inbox) = mpsc::unbounded_channel();
        (Self { asks }, run(updates, inbox))
    }

    pub(crate) async fn attach(
        &self,
        window: String,
        session: String,
        sink: Sink<Frame>,
    ) -> Result<Page, CommandFailure> {
        self.ask(move |board, now| board.attach(&window, session, sink, now))
            .await?
    }

    pub(crate) async fn page(
        &self,
        window: String,
        session: String,
        first: u32,
        count: u32,
    ) -> Result<Page, CommandFailure> {
        self.ask(move |board, _| board.page(&window, &session, first, count))
            .await?
    }

    pub(crate) async fn ack(
        &self,
        window: String,
        session: String,
        seq: u32,
    ) -> Result<(), CommandFailure> {
        self.ask(move |board, _| {
            board.session(&window, &session)?.ack(seq);
            Ok(())
        })
        .await?
    }

    pub(crate) async fn view(
        &self,
        window: String,
        session: String,
        seen: Vec<u64>,
        activity: Activity,
    ) -> Result<(), CommandFailure> {
        self.ask(move |board, _| board.see(&window, &session, &seen, activity))
            .await?
    }

    pub(crate) async fn detach(
        &self,
        window: String,
        session: String,
    ) -> Result<(), CommandFailure> {
        self.ask(move |board, _| board.detach(&window, &session))
            .await?
    }

    /// The window's document is gone or going; what it held ends. Does not wait.
    pub(crate) fn leave(&self, window: String) {
        self.tell(move |board| board.leave(&window));
    }

    /// Something else than the page of `set.by` has changed the settings. Does not wait; so below.
    pub(crate) fn settings(&self, set: Set) {
        self.tell(move |board| board.settings(set));
    }

    /// The person wants to see this download: the page is told, or the next one that there is.
    pub(crate) fn open(&self, id: u64) {
        self.tell(move |board| board.open(id));
    }

    /// The system says that the window is put away, or back. Does not wait.
    pub(crate) fn put_away(&self, window: String, away: bool) {
        self.tell(move |board| board.put_away(&window, away));
    }

    /// Before adding a download that shall be watched from its first moment; [`Hub::settle`] must follow.
    pub(crate) async fn expect(&self, window: String) -> Result<Document, CommandFailure> {
        self.ask(move |board, _| board.expect(&window)).await
    }

    /// The download was added under this id, or not at all.
    pub(crate) async fn settle(
        &self,
        window: String,
        document: Document,
        added: Option<(u64, Ears)>,
    ) -> Result<(), CommandFailure> {
        self.ask(move |board, now| {
            board.settle((&window, document), added, now);
        })
        .await
    }

    pub(crate) async fn watch(
        &self,
        window: String,
        id: u64,
        ears: Ears,
    ) -> Result<(), CommandFailure> {
        self.ask(move |board, now| board.watch(&window, id, ears, now))
            .await?
    }

    pub(crate) async fn unwatch(&self, window: String, id: u64) -> Result<(), CommandFailure> {
        self.ask(move |board, _| board.unwatch(&window, id)).await
    }

    /// The person removed these, and may still want them back: to every page they are gone.
    pub(crate) async fn hide(&self, ids: Vec<u64>) -> Result<(), CommandFailure> {
        self.ask(move |board, now| board.hide(&ids, now)).await
    }

    /// What was hidden and is still there is back, as news.
    pub(crate) fn unhide(&self, ids: Vec<u64>) {
        self.tell(move |board| board.unhide(&ids));
    }

    /// All that pages see, oldest first.
    pub(crate) async fn snapshots(&self) -> Result<Vec<Snapshot>, CommandFailure> {
        self.ask(|board, _| board.snapshots()).await
    }

    /// Somebody else than the person wants these links added: the page asks. Without any, the person wants to add one.
    pub(crate) fn add(&self, links: Vec<Offered>) {
        self.tell(move |board| board.add(links));
    }

    fn tell(&self, what: impl FnOnce(&mut Board) + Send + 'static) {
        // a hub that has ended holds nothing any more
        let _ = self.asks.send(Box::new(move |board, _| what(board)));
    }

    /// Has the one owner of the board do something, and waits for its answer.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Board, Now) -> T + Send + 'static,
    ) -> Result<T, CommandFailure> {
        let (reply, answer) = oneshot::channel();
        let ask: Ask = Box::new(move |board, now| {
            // the page may have stopped waiting
            let _ = reply.send(ask(board, now));
        });
        self.asks.send(ask).map_err(|_| CommandFailure::stopped())?;
        answer.await.map_err(|_| CommandFailure::stopped())
    }
}

async fn run(mut updates: Subscription, mut inbox: mpsc::UnboundedReceiver<Ask>) {
    let mut board = Board::new(std::mem::take(&mut updates.first));
    let mut rested = Instant::now();
    loop {
        let deadline = board.deadline();
        let news = async {
            tokio::time::sleep_until(rested).await;
            updates.next().await
        };
        let ask = tokio::select! {
            update = news => {
                let Some(update) = update else { return };
                board.apply(update, now());
                rested = Instant::now() + BREATH;
                None
            }
            ask = inbox.recv() => {
                let Some(ask) = ask else { return };
                Some(ask)
            }
            () = sleep_until(deadline) => None,
        };
        // all that the engine has said so far counts before an answer, and before a frame
        while let Some(update) = updates.try_next() {
            board.apply(update, now());
        }
        if let Some(ask) = ask {
            ask(&mut board, now());
        }
        board.tick(now());
    }
}

/// Without a deadline nothing wakes the hub but news.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn now() -> Now {
    Now {
        at: Instant::now(),
        wall: wall(),
    }
}

fn wall() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
    })
}
