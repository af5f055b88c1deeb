//! Between the engine and the pages: samples what changed, and streams it at each page's own pace.
//!
//! A channel is a view's lease; it never owns a download. The engine never sends to a page, and nothing here can
//! slow the engine. The only module that touches Tauri's channels, behind `FrameSink`. The rules are in
//! `docs/channels.md`; `session` holds those of the list, `lease` those of one download.

mod early_events;
mod lease;
mod list;
mod log;
mod pending_changes;
mod session;
mod sink;
mod state;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use millrace_engine::{Snapshot, Subscription, UnixMillis};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub(crate) use self::lease::WatchChannels;
use self::sink::BoxedSink;
use self::state::{Document, HubState, Timestamp};
use crate::ipc::{Activity, Frame, IpcError, Offered, Page};
use crate::settings::SettingsChange;

/// How long news may wait for more of it: waking for each of a thousand a second would cost more than all of them do.
const COALESCE_DELAY: Duration = Duration::from_millis(20);

type HubTask = Box<dyn FnOnce(&mut HubState, Timestamp) + Send>;

/// The door to the hub: a cheap clone. The hub ends with the engine, or when the last door is dropped.
#[derive(Clone)]
pub(crate) struct Hub {
    asks: mpsc::UnboundedSender<HubTask>,
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
        sink: BoxedSink<Frame>,
    ) -> Result<Page, IpcError> {
        self.request(move |board, now| board.attach(&window, session, sink, now))
            .await?
    }

    pub(crate) async fn page(
        &self,
        window: String,
        session: String,
        first: u32,
        count: u32,
    ) -> Result<Page, IpcError> {
        self.request(move |board, _| board.page(&window, &session, first, count))
            .await?
    }

    pub(crate) async fn ack(
        &self,
        window: String,
        session: String,
        seq: u32,
    ) -> Result<(), IpcError> {
        self.request(move |board, _| {
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
    ) -> Result<(), IpcError> {
        self.request(move |board, _| board.set_visible_rows(&window, &session, &seen, activity))
            .await?
    }

    pub(crate) async fn detach(&self, window: String, session: String) -> Result<(), IpcError> {
        self.request(move |board, _| board.detach(&window, &session))
            .await?
    }

    /// The window's document is gone or going; what it held ends. Does not wait.
    pub(crate) fn leave(&self, window: String) {
        self.post(move |board| board.window_closed(&window));
    }

    /// Something else than the page of `set.by` has changed the settings. Does not wait; so below.
    pub(crate) fn settings(&self, set: SettingsChange) {
        self.post(move |board| board.settings(set));
    }

    /// The person wants to see this download: the page is told, or the next one that there is.
    pub(crate) fn open(&self, id: u64) {
        self.post(move |board| board.open(id));
    }

    /// The system says that the window is put away, or back. Does not wait.
    pub(crate) fn put_away(&self, window: String, away: bool) {
        self.post(move |board| board.set_window_hidden(&window, away));
    }

    /// Before adding a download that shall be watched from its first moment; [`Hub::settle`] must follow.
    pub(crate) async fn expect(&self, window: String) -> Result<Document, IpcError> {
        self.request(move |board, _| board.begin_add(&window)).await
    }

    /// The download was added under this id, or not at all.
    pub(crate) async fn settle(
        &self,
        window: String,
        document: Document,
        added: Option<(u64, WatchChannels)>,
    ) -> Result<(), IpcError> {
        self.request(move |board, now| {
            board.finish_add((&window, document), added, now);
        })
        .await
    }

    pub(crate) async fn watch(
        &self,
        window: String,
        id: u64,
        ears: WatchChannels,
    ) -> Result<(), IpcError> {
        self.request(move |board, now| board.watch(&window, id, ears, now))
            .await?
    }

    pub(crate) async fn unwatch(&self, window: String, id: u64) -> Result<(), IpcError> {
        self.request(move |board, _| board.unwatch(&window, id))
            .await
    }

    /// The person removed these, and may still want them back: to every page they are gone.
    pub(crate) async fn hide(&self, ids: Vec<u64>) -> Result<(), IpcError> {
        self.request(move |board, now| board.hide(&ids, now)).await
    }

    /// What was hidden and is still there is back, as news.
    pub(crate) fn unhide(&self, ids: Vec<u64>) {
        self.post(move |board| board.unhide(&ids));
    }

    /// All that pages see, oldest first.
    pub(crate) async fn snapshots(&self) -> Result<Vec<Snapshot>, IpcError> {
        self.request(|board, _| board.snapshots()).await
    }

    /// Somebody else than the person wants these links added: the page asks. Without any, the person wants to add one.
    pub(crate) fn add(&self, links: Vec<Offered>) {
        self.post(move |board| board.add(links));
    }

    fn post(&self, what: impl FnOnce(&mut HubState) + Send + 'static) {
        // a hub that has ended holds nothing any more
        let _ = self.asks.send(Box::new(move |board, _| what(board)));
    }

    /// Has the one owner of the board do something, and waits for its answer.
    async fn request<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut HubState, Timestamp) -> T + Send + 'static,
    ) -> Result<T, IpcError> {
        let (reply, answer) = oneshot::channel();
        let ask: HubTask = Box::new(move |board, now| {
            // the page may have stopped waiting
            let _ = reply.send(ask(board, now));
        });
        self.asks.send(ask).map_err(|_| IpcError::stopped())?;
        answer.await.map_err(|_| IpcError::stopped())
    }
}

async fn run(mut updates: Subscription, mut inbox: mpsc::UnboundedReceiver<HubTask>) {
    let mut board = HubState::new(std::mem::take(&mut updates.first));
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
                rested = Instant::now() + COALESCE_DELAY;
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

fn now() -> Timestamp {
    Timestamp {
        at: Instant::now(),
        wall: wall(),
    }
}

fn wall() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
    })
}
