//! Streams the engine's changes to the pages, each at its own rate.
//!
//! A channel is a view's lease and never owns a download. The engine never sends to a page, and nothing here can slow
//! the engine. Knows what carries messages only as [`FrameSink`]. The rules are in
//! `docs/channels.md`; `session` implements those of the list, `lease` those of a single download. `state` passes each
//! change to the list, to all `sessions` and to all `watches`.

mod early_events;
mod error;
mod lease;
mod list;
mod log;
mod pending_changes;
mod session;
mod sessions;
mod sink;
mod state;
#[cfg(test)]
mod tests;
mod timestamp;
mod watches;

use std::time::Duration;

use millrace_engine::{Snapshot, Subscription, unix_now};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub use self::error::HubError;
pub use self::lease::WatchChannels;
pub use self::sink::{BoxedSink, ChannelClosed, FrameSink};
use self::state::HubState;
use self::timestamp::Timestamp;
pub use self::watches::Document;
use crate::settings::SettingsChange;
use crate::view::{Activity, Frame, Offered, Page};

/// Updates are batched for this long: waking for each of a thousand updates a second would cost more than handling
/// them.
const COALESCE_DELAY: Duration = Duration::from_millis(20);

type HubTask = Box<dyn FnOnce(&mut HubState, Timestamp) + Send>;

/// Cloneable handle to the hub. The hub ends with the engine, or when the last handle is dropped.
#[derive(Debug, Clone)]
pub struct Hub {
    asks: mpsc::UnboundedSender<HubTask>,
}

impl Hub {
    /// Returns the handle and the hub's future, which the caller spawns.
    pub fn start(updates: Subscription) -> (Self, impl Future<Output = ()> + Send) {
        let (asks, inbox) = mpsc::unbounded_channel();
        (Self { asks }, run(updates, inbox))
    }

    /// Opens a session for the window and returns the first page; frames begin after `ack(0)`.
    ///
    /// # Errors
    ///
    /// [`HubError::TooManyAttaches`]; [`HubError::TooManySessions`]; [`HubError::Stopped`].
    pub async fn attach(
        &self,
        window: String,
        session: String,
        sink: BoxedSink<Frame>,
    ) -> Result<Page, HubError> {
        self.request(move |hub_state, now| hub_state.attach(&window, session, sink, now))
            .await?
    }

    /// Rows from the place `first` on, newest first.
    ///
    /// # Errors
    ///
    /// [`HubError::StaleSession`]; [`HubError::Stopped`].
    pub async fn page(
        &self,
        window: String,
        session: String,
        first: u32,
        count: u32,
    ) -> Result<Page, HubError> {
        self.request(move |hub_state, _| hub_state.page(&window, &session, first, count))
            .await?
    }

    /// Frame `seq` is on the screen; the next may be sent.
    ///
    /// # Errors
    ///
    /// [`HubError::StaleSession`]; [`HubError::Stopped`].
    pub async fn ack(&self, window: String, session: String, seq: u32) -> Result<(), HubError> {
        self.request(move |hub_state, _| {
            hub_state.session(&window, &session)?.ack(seq);
            Ok(())
        })
        .await?
    }

    /// Ids of the rows on screen, and how much of the page the user sees.
    ///
    /// # Errors
    ///
    /// [`HubError::StaleSession`]; [`HubError::Stopped`].
    pub async fn view(
        &self,
        window: String,
        session: String,
        seen: Vec<u64>,
        activity: Activity,
    ) -> Result<(), HubError> {
        self.request(move |hub_state, _| {
            hub_state.set_visible_rows(&window, &session, &seen, activity)
        })
        .await?
    }

    /// Ends the session and the window's leases.
    ///
    /// # Errors
    ///
    /// [`HubError::StaleSession`]; [`HubError::Stopped`].
    pub async fn detach(&self, window: String, session: String) -> Result<(), HubError> {
        self.request(move |hub_state, _| hub_state.detach(&window, &session))
            .await?
    }

    /// The window's document was unloaded: ends its session and leases. Does not wait.
    pub fn leave(&self, window: String) {
        self.post(move |hub_state| hub_state.window_closed(&window));
    }

    /// Sends changed settings to all pages except that of `set.by`. Does not wait.
    pub fn settings(&self, set: SettingsChange) {
        self.post(move |hub_state| hub_state.settings(&set));
    }

    /// Has the page show this download; without a page, the next one that attaches. Does not wait.
    pub fn open(&self, id: u64) {
        self.post(move |hub_state| hub_state.open(id));
    }

    /// The system reports that the window was hidden or shown. Does not wait.
    pub fn put_away(&self, window: String, away: bool) {
        self.post(move |hub_state| hub_state.set_window_hidden(&window, away));
    }

    /// Call before adding a download that is to be watched from its first event; [`Hub::settle`] must follow.
    ///
    /// # Errors
    ///
    /// [`HubError::Stopped`].
    pub async fn expect(&self, window: String) -> Result<Document, HubError> {
        self.request(move |hub_state, _| hub_state.begin_add(&window))
            .await
    }

    /// Ends [`Hub::expect`]: `added` is the id of the download and its channels, `None` if none was added.
    ///
    /// # Errors
    ///
    /// [`HubError::Stopped`].
    pub async fn settle(
        &self,
        window: String,
        document: Document,
        added: Option<(u64, WatchChannels)>,
    ) -> Result<(), HubError> {
        self.request(move |hub_state, now| {
            hub_state.finish_add((&window, document), added, now);
        })
        .await
    }

    /// Watches an existing download: its current state is sent immediately.
    ///
    /// # Errors
    ///
    /// [`HubError::UnknownDownload`]; [`HubError::Stopped`].
    pub async fn watch(
        &self,
        window: String,
        id: u64,
        channels: WatchChannels,
    ) -> Result<(), HubError> {
        self.request(move |hub_state, now| hub_state.watch(&window, id, channels, now))
            .await?
    }

    /// Ends the window's watch of this download.
    ///
    /// # Errors
    ///
    /// [`HubError::Stopped`].
    pub async fn unwatch(&self, window: String, id: u64) -> Result<(), HubError> {
        self.request(move |hub_state, _| hub_state.unwatch(&window, id))
            .await
    }

    /// Hides downloads that the user removed and can still restore: pages treat them as removed.
    ///
    /// # Errors
    ///
    /// [`HubError::Stopped`].
    pub async fn hide(&self, ids: Vec<u64>) -> Result<(), HubError> {
        self.request(move |hub_state, now| hub_state.hide(&ids, now))
            .await
    }

    /// Shows hidden downloads that still exist again, as new rows.
    pub fn unhide(&self, ids: Vec<u64>) {
        self.post(move |hub_state| hub_state.unhide(&ids));
    }

    /// All downloads visible to pages, oldest first.
    ///
    /// # Errors
    ///
    /// [`HubError::Stopped`].
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, HubError> {
        self.request(|hub_state, _| hub_state.snapshots()).await
    }

    /// Offers links that did not come from the user: the page asks for confirmation. An empty list opens the add form.
    pub fn add(&self, links: Vec<Offered>) {
        self.post(move |hub_state| hub_state.add(links));
    }

    fn post(&self, what: impl FnOnce(&mut HubState) + Send + 'static) {
        // a stopped hub has no state to change
        let _ = self
            .asks
            .send(Box::new(move |hub_state, _| what(hub_state)));
    }

    /// Runs `ask` on the hub's task and waits for the result.
    async fn request<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut HubState, Timestamp) -> T + Send + 'static,
    ) -> Result<T, HubError> {
        let (reply, answer) = oneshot::channel();
        let ask: HubTask = Box::new(move |hub_state, now| {
            // the caller may have stopped waiting
            let _ = reply.send(ask(hub_state, now));
        });
        self.asks.send(ask).map_err(|_| HubError::Stopped)?;
        answer.await.map_err(|_| HubError::Stopped)
    }
}

async fn run(mut updates: Subscription, mut inbox: mpsc::UnboundedReceiver<HubTask>) {
    let mut hub_state = HubState::new(std::mem::take(&mut updates.first));
    let mut rested = Instant::now();
    loop {
        let deadline = hub_state.deadline();
        let news = async {
            tokio::time::sleep_until(rested).await;
            updates.next().await
        };
        let ask = tokio::select! {
            update = news => {
                let Some(update) = update else { return };
                hub_state.apply(update, now());
                rested = Instant::now() + COALESCE_DELAY;
                None
            }
            ask = inbox.recv() => {
                let Some(ask) = ask else { return };
                Some(ask)
            }
            () = sleep_until(deadline) => None,
        };
        // apply all pending updates before a reply or a frame
        while let Some(update) = updates.try_next() {
            hub_state.apply(update, now());
        }
        if let Some(ask) = ask {
            ask(&mut hub_state, now());
        }
        hub_state.tick(now());
    }
}

/// Waits forever without a deadline.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn now() -> Timestamp {
    Timestamp {
        at: Instant::now(),
        wall: unix_now(),
    }
}
