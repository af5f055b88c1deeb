//! The hub's whole state: the list, the sessions that show it, and the watches of single downloads. Passes each change to
//! all of them in order. Synchronous; the time is passed in.

use millrace_engine::{Snapshot, Update};
use tokio::time::Instant;

use super::error::HubError;
use super::lease::WatchChannels;
use super::list::{List, RowChange};
use super::session::Session;
use super::sessions::Sessions;
use super::sink::BoxedSink;
use super::timestamp::Timestamp;
use super::watches::{Document, Watches};
use crate::settings::SettingsChange;
use crate::view::{Activity, Frame, Offered, Page, Settings};

/// Rows in the response to `attach`.
const FIRST_PAGE: u32 = 200;

#[derive(Default)]
pub(crate) struct HubState {
    list: List,
    sessions: Sessions,
    watches: Watches,
}

impl HubState {
    pub(crate) fn new(first: Vec<Snapshot>) -> Self {
        let mut hub_state = Self::default();
        for snapshot in first {
            hub_state.list.put(snapshot);
        }
        hub_state
    }

    /// Applies an update of the engine.
    pub(crate) fn apply(&mut self, update: Update, now: Timestamp) {
        match update {
            Update::Changed(snapshot) => {
                let id = snapshot.id.0;
                if snapshot.replaced_by.is_some() && self.list.get(id).is_some() {
                    // pages treat it as removed
                    self.close_removed(id, now);
                }
                let change = self.list.put(snapshot);
                let Some(snapshot) = self.list.get(id) else {
                    return;
                };
                self.sessions.mark(id, change);
                self.watches.changed(snapshot, change, now);
            }
            Update::Removed(id) => {
                let id = id.0;
                self.close_removed(id, now);
                self.list.remove(id);
                self.watches.forget(id);
            }
            Update::Log(id, line) => self.watches.log(id.0, line),
            Update::Kept(..) => {}
        }
    }

    /// Ends all leases of a removed download, and removes its row from the sessions.
    fn close_removed(&mut self, id: u64, now: Timestamp) {
        if let Some(snapshot) = self.list.get(id) {
            self.watches.end(snapshot, now);
        }
        self.sessions.remove(id);
    }

    /// Hides downloads that the user removed and can still restore: pages treat them as removed.
    pub(crate) fn hide(&mut self, ids: &[u64], now: Timestamp) {
        for &id in ids {
            self.close_removed(id, now);
            self.list.hide(id, true);
        }
    }

    /// Shows hidden downloads again, as new rows.
    pub(crate) fn unhide(&mut self, ids: &[u64]) {
        for &id in ids {
            if self.list.hide(id, false) {
                self.sessions.mark(id, RowChange::New);
            }
        }
    }

    /// All downloads visible to pages, oldest first.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        self.list.snapshots()
    }

    /// When [`HubState::tick`] has something to do next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let sessions = self.sessions.deadline();
        let watches = self
            .watches
            .deadline(|window| self.sessions.activity(window));
        sessions.into_iter().chain(watches).min()
    }

    /// Sends what is due, and closes sessions that timed out or whose channel is closed.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        if self.sessions.deadline().is_some_and(|due| due <= now.at) {
            self.sessions.mark_positions(&mut self.list);
        }
        for window in self.sessions.send_due(&self.list, now.at) {
            // a page that does not take list frames does not take events either
            self.watches.end_all(&window);
        }
        let sessions = &self.sessions;
        self.watches
            .send_due(&self.list, now, |window| sessions.activity(window));
    }

    /// Opens a session and closes the window's previous one. Frames begin after its `ack(0)`.
    pub(crate) fn attach(
        &mut self,
        window: &str,
        session: String,
        sink: BoxedSink<Frame>,
        now: Timestamp,
    ) -> Result<Page, HubError> {
        self.sessions.attach(window, session, sink, now.at)?;
        self.sessions.mark_positions(&mut self.list);
        Ok(self.list.page(0, FIRST_PAGE))
    }

    /// Sends changed settings to every page except the one that changed them.
    pub(crate) fn settings(&mut self, set: &SettingsChange) {
        let shown = Settings::from(&set.settings);
        self.sessions.settings(&shown, set.by.as_deref());
    }

    /// Has all attached pages show this download; without any, the next one that attaches.
    pub(crate) fn open(&mut self, id: u64) {
        self.sessions.open(id);
    }

    /// Offers these links on one page; without any, on the next one that attaches.
    pub(crate) fn add(&mut self, links: Vec<Offered>) {
        self.sessions.add(links);
    }

    /// Stores what the page reports.
    pub(crate) fn set_visible_rows(
        &mut self,
        window: &str,
        session: &str,
        seen: &[u64],
        activity: Activity,
    ) -> Result<(), HubError> {
        let session = (window, session);
        self.sessions
            .set_visible_rows(session, seen, activity, &self.list)
    }

    /// The window's session, if its id is `id`.
    pub(crate) fn session(&mut self, window: &str, id: &str) -> Result<&mut Session, HubError> {
        self.sessions.get(window, id)
    }

    pub(crate) fn page(
        &mut self,
        window: &str,
        session: &str,
        first: u32,
        count: u32,
    ) -> Result<Page, HubError> {
        self.session(window, session)?;
        self.sessions.mark_positions(&mut self.list);
        Ok(self.list.page(first, count))
    }

    pub(crate) fn detach(&mut self, window: &str, session: &str) -> Result<(), HubError> {
        self.session(window, session)?;
        self.window_closed(window);
        Ok(())
    }

    /// The window's document was unloaded: ends its session and leases.
    pub(crate) fn window_closed(&mut self, window: &str) {
        self.sessions.close(window);
        self.watches.document_closed(window);
    }

    /// The system reports the window hidden or shown. Only a hint: what its page reports later overrides it.
    pub(crate) fn set_window_hidden(&mut self, window: &str, away: bool) {
        self.sessions.set_hidden(window, away);
    }

    /// The window's current document starts adding a download.
    pub(crate) fn begin_add(&mut self, window: &str) -> Document {
        self.watches.begin_add(window)
    }

    /// Watches the added download from its first event on; `added` is `None` if none was added.
    pub(crate) fn finish_add(
        &mut self,
        document: (&str, Document),
        added: Option<(u64, WatchChannels)>,
        now: Timestamp,
    ) {
        self.watches.finish_add(document, added, &self.list, now);
    }

    pub(crate) fn watch(
        &mut self,
        window: &str,
        id: u64,
        channels: WatchChannels,
        now: Timestamp,
    ) -> Result<(), HubError> {
        self.watches.watch(window, id, channels, &self.list, now)
    }

    pub(crate) fn unwatch(&mut self, window: &str, id: u64) {
        self.watches.unwatch(window, id);
    }
}
