//! The hub's whole state and its transitions. Synchronous; the time is passed in.

mod watches;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use millrace_engine::{Snapshot, UnixMillis, Update};
use tokio::time::Instant;

pub use self::watches::Document;
use self::watches::each_lease;
use super::early_events::EarlyEvents;
use super::error::HubError;
use super::lease::Lease;
use super::list::{List, RowChange};
use super::log::Logs;
use super::session::{Session, SessionAction};
use super::sink::{BoxedSink, ChannelClosed};
use crate::settings::SettingsChange;
use crate::view::{Activity, Frame, Offered, Page, Settings};

/// Rows in the response to `attach`.
const FIRST_PAGE: u32 = 200;
/// Open sessions over all windows.
const MAX_SESSIONS: usize = 8;
/// Attaches per second.
const MAX_ATTACHES: usize = 5;
/// Bytes of offered links that wait for a page.
const MAX_LINK_BYTES: usize = 4_000;
/// The first downloads of the queue, whose position changes are all sent.
const EXACT_POSITIONS: u32 = 100;

/// The time on the monotonic and on the wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp {
    pub(crate) at: Instant,
    pub(crate) wall: UnixMillis,
}

/// A window's label.
type Window = String;

#[derive(Default)]
pub(crate) struct HubState {
    list: List,
    logs: Logs,
    arrivals: EarlyEvents,
    sessions: BTreeMap<Window, (Session, BoxedSink<Frame>)>,
    leases: BTreeMap<Window, VecDeque<(u64, Lease)>>,
    attaches: VecDeque<Instant>,
    /// Number of closed documents per window.
    closed_documents: BTreeMap<Window, u64>,
    /// The download to show, pending until a page attaches.
    open: Option<u64>,
    /// Links to offer to the user, pending until a page attaches.
    add: Option<Vec<Offered>>,
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
                let change = self.list.put(snapshot);
                let Some(snapshot) = self.list.get(id) else {
                    return;
                };
                self.arrivals.record(snapshot, change == RowChange::New);
                for (session, _) in self.sessions.values_mut() {
                    session.dirty.mark(id, change);
                }
                let quiet = matches!(change, RowChange::Numbers | RowChange::Details);
                each_lease(&mut self.leases, id, |lease| {
                    if quiet {
                        lease.defer();
                        return Ok(());
                    }
                    lease.send_events(snapshot, now.wall)
                });
            }
            Update::Removed(id) => {
                let id = id.0;
                self.close_removed(id, now);
                self.list.remove(id);
                self.logs.forget(id);
                self.arrivals.forget(id);
            }
            Update::Log(id, line) => self.logs.push(id.0, line),
            Update::Kept(..) => {}
        }
    }

    /// Ends all leases of a removed download, and removes its row from the sessions.
    fn close_removed(&mut self, id: u64, now: Timestamp) {
        if let Some(snapshot) = self.list.get(id) {
            let logs = &self.logs;
            each_lease(&mut self.leases, id, |lease| {
                lease.send_log(id, logs)?;
                lease.send_events(snapshot, now.wall)?;
                lease.end(id)?;
                Err(ChannelClosed)
            });
        }
        for (session, _) in self.sessions.values_mut() {
            session.dirty.remove(id);
        }
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
                for (session, _) in self.sessions.values_mut() {
                    session.dirty.mark(id, RowChange::New);
                }
            }
        }
    }

    /// All downloads visible to pages, oldest first.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        self.list.snapshots()
    }

    /// When [`HubState::tick`] has something to do next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let sessions = self.sessions.values();
        let leases = self.leases.iter().flat_map(|(window, leases)| {
            let activity = self.activity(window);
            leases
                .iter()
                .filter_map(move |(id, lease)| lease.deadline(*id, &self.logs, activity))
        });
        sessions
            .filter_map(|(session, _)| session.deadline())
            .chain(leases)
            .min()
    }

    /// Sends what is due, and closes sessions that timed out or whose channel is closed.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let mut sessions = self.sessions.values();
        if sessions.any(|(session, _)| session.deadline().is_some_and(|due| due <= now.at)) {
            self.count_places();
        }
        let (list, leases) = (&self.list, &mut self.leases);
        let mut closed = Vec::new();
        for (window, (session, sink)) in &mut self.sessions {
            let open = match session.due(now.at) {
                SessionAction::Nothing => true,
                SessionAction::Close => false,
                SessionAction::Frame => sink.send(session.frame(list, now.at)).is_ok(),
            };
            if !open {
                // a page that does not take list frames does not take events either
                leases.remove(window);
                closed.push(window.clone());
            }
        }
        for window in closed {
            self.close(&window);
        }
        let mut leases = std::mem::take(&mut self.leases);
        for (window, leases) in &mut leases {
            let activity = self.activity(window);
            leases.retain_mut(|(id, lease)| {
                let due = lease.deadline(*id, &self.logs, activity);
                if due.is_none_or(|due| now.at < due) {
                    return true;
                }
                let snapshot = self.list.get(*id);
                let told = lease.catch_up(snapshot, *id, &self.logs, now.at, now.wall);
                told.is_ok()
            });
        }
        self.leases = leases;
    }

    /// Marks rows whose queue position changed if they are on screen or among the first of the queue. The others are
    /// sent when they become visible or are requested; otherwise each start of a download would send the whole queue.
    fn count_places(&mut self) {
        let shifted = self.list.update_positions();
        for (session, _) in self.sessions.values_mut() {
            for &id in &shifted {
                if session.shows(id) || self.list.is_soon(id, EXACT_POSITIONS) {
                    session.dirty.mark(id, RowChange::Details);
                }
            }
        }
    }

    fn activity(&self, window: &str) -> Activity {
        self.sessions
            .get(window)
            .map_or_else(Activity::default, |(session, _)| session.activity())
    }

    /// Opens a session and closes the window's previous one. Frames begin after its `ack(0)`.
    pub(crate) fn attach(
        &mut self,
        window: &str,
        session: String,
        sink: BoxedSink<Frame>,
        now: Timestamp,
    ) -> Result<Page, HubError> {
        self.attaches
            .retain(|at| now.at.duration_since(*at) < Duration::from_secs(1));
        if self.attaches.len() >= MAX_ATTACHES {
            return Err(HubError::TooManyAttaches);
        }
        self.close(window);
        if self.sessions.len() >= MAX_SESSIONS {
            return Err(HubError::TooManySessions);
        }
        self.attaches.push_back(now.at);
        let mut session = Session::new(session, now.at);
        session.dirty.open = self.open.take();
        session.dirty.add = self.add.take();
        let opened = (session, sink);
        self.sessions.insert(window.to_owned(), opened);
        self.count_places();
        Ok(self.list.page(0, FIRST_PAGE))
    }

    /// Sends changed settings to every page except the one that changed them.
    pub(crate) fn settings(&mut self, set: SettingsChange) {
        let shown = Settings::from(&set.settings);
        for (window, (session, _)) in &mut self.sessions {
            if set.by.as_ref() != Some(window) {
                session.dirty.settings = Some(Box::new(shown.clone()));
            }
        }
    }

    /// Has all attached pages show this download; without any, the next one that attaches.
    pub(crate) fn open(&mut self, id: u64) {
        for (session, _) in self.sessions.values_mut() {
            session.dirty.open = Some(id);
        }
        self.open = Some(id).filter(|_| self.sessions.is_empty());
    }

    /// Offers these links on one page; without any, on the next one that attaches. Links beyond what fits into one
    /// frame are dropped.
    pub(crate) fn add(&mut self, links: Vec<Offered>) {
        let waiting = match self.sessions.values_mut().next() {
            Some((session, _)) => &mut session.dirty.add,
            None => &mut self.add,
        };
        let waiting = waiting.get_or_insert_default();
        for link in links {
            let length: usize = waiting.iter().map(Offered::length).sum();
            let known = waiting.iter().any(|one| one.url == link.url);
            if length + link.length() <= MAX_LINK_BYTES && !known {
                waiting.push(link);
            }
        }
    }

    /// Stores what the page reports. Also marks rows that have just become visible, whose position it may not know.
    pub(crate) fn set_visible_rows(
        &mut self,
        window: &str,
        id: &str,
        seen: &[u64],
        activity: Activity,
    ) -> Result<(), HubError> {
        let queued = seen.iter().filter(|id| self.list.is_queued(**id));
        let queued: Vec<u64> = queued.copied().collect();
        let session = self.session(window, id)?;
        for id in queued {
            if !session.shows(id) {
                session.dirty.mark(id, RowChange::Details);
            }
        }
        session.see(seen, activity);
        Ok(())
    }

    /// The window's session, if its id is `id`.
    pub(crate) fn session(&mut self, window: &str, id: &str) -> Result<&mut Session, HubError> {
        match self.sessions.get_mut(window) {
            Some((session, _)) if session.id == id => Ok(session),
            Some(_) | None => Err(HubError::StaleSession),
        }
    }

    pub(crate) fn page(
        &mut self,
        window: &str,
        session: &str,
        first: u32,
        count: u32,
    ) -> Result<Page, HubError> {
        self.session(window, session)?;
        self.count_places();
        Ok(self.list.page(first, count))
    }

    pub(crate) fn detach(&mut self, window: &str, session: &str) -> Result<(), HubError> {
        self.session(window, session)?;
        self.window_closed(window);
        Ok(())
    }

    /// Closes the session. Its unacknowledged requests to show or add something are kept for the next one.
    fn close(&mut self, window: &str) {
        if let Some((session, _)) = self.sessions.remove(window) {
            let (open, add) = session.undelivered();
            self.open = self.open.or(open);
            if let Some(add) = add {
                self.add.get_or_insert_default().extend(add);
            }
        }
    }

    /// The window's document was unloaded: ends its session and leases.
    pub(crate) fn window_closed(&mut self, window: &str) {
        self.close(window);
        self.leases.remove(window);
        *self.closed_documents.entry(window.to_owned()).or_default() += 1;
    }

    /// The system reports the window hidden or shown. Only a hint: what its page reports later overrides it.
    pub(crate) fn set_window_hidden(&mut self, window: &str, away: bool) {
        if let Some((session, _)) = self.sessions.get_mut(window) {
            session.put_away(away);
        }
    }
}
