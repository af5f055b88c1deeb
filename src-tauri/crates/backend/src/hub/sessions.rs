//! The sessions of all windows, one each, and what waits for one. Does not know leases.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::error::HubError;
use super::list::{List, RowChange};
use super::session::{Session, SessionAction};
use super::sink::BoxedSink;
use crate::view::{Activity, Frame, Offered, Settings};

/// Open sessions over all windows.
const MAX_SESSIONS: usize = 8;
/// Attaches per second.
const MAX_ATTACHES: usize = 5;
/// Bytes of offered links that wait for a page.
const MAX_LINK_BYTES: usize = 4_000;
/// The first downloads of the queue, whose position changes are all sent.
const EXACT_POSITIONS: u32 = 100;

#[derive(Default)]
pub(crate) struct Sessions {
    /// By the window's label.
    sessions: BTreeMap<String, (Session, BoxedSink<Frame>)>,
    /// When the last ones attached.
    attaches: VecDeque<Instant>,
    /// The download to show, pending until a page attaches.
    open: Option<u64>,
    /// Links to offer to the user, pending until a page attaches.
    add: Option<Vec<Offered>>,
}

impl Sessions {
    /// A row has changed, or is there again.
    pub(crate) fn mark(&mut self, id: u64, change: RowChange) {
        for (session, _) in self.sessions.values_mut() {
            session.dirty.mark(id, change);
        }
    }

    pub(crate) fn remove(&mut self, id: u64) {
        for (session, _) in self.sessions.values_mut() {
            session.dirty.remove(id);
        }
    }

    /// Marks rows whose queue position changed if they are on screen or among the first of the queue. The others are
    /// sent when they become visible or are requested; otherwise each start of a download would send the whole queue.
    pub(crate) fn mark_positions(&mut self, list: &mut List) {
        let shifted = list.update_positions();
        for (session, _) in self.sessions.values_mut() {
            for &id in &shifted {
                if session.shows(id) || list.is_soon(id, EXACT_POSITIONS) {
                    session.dirty.mark(id, RowChange::Details);
                }
            }
        }
    }

    /// When [`Sessions::send_due`] has something to do next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let sessions = self.sessions.values();
        sessions.filter_map(|(session, _)| session.deadline()).min()
    }

    /// Sends what is due, and closes sessions that timed out or whose channel is closed. Returns the windows of these.
    pub(crate) fn send_due(&mut self, list: &List, now: Instant) -> Vec<String> {
        let mut closed = Vec::new();
        for (window, (session, sink)) in &mut self.sessions {
            let open = match session.due(now) {
                SessionAction::Nothing => true,
                SessionAction::Close => false,
                SessionAction::Frame => sink.send(session.frame(list, now)).is_ok(),
            };
            if !open {
                closed.push(window.clone());
            }
        }
        for window in &closed {
            self.close(window);
        }
        closed
    }

    /// How much of the window's page the user sees.
    pub(crate) fn activity(&self, window: &str) -> Activity {
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
        now: Instant,
    ) -> Result<(), HubError> {
        self.attaches
            .retain(|at| now.duration_since(*at) < Duration::from_secs(1));
        if self.attaches.len() >= MAX_ATTACHES {
            return Err(HubError::TooManyAttaches);
        }
        self.close(window);
        if self.sessions.len() >= MAX_SESSIONS {
            return Err(HubError::TooManySessions);
        }
        self.attaches.push_back(now);
        let mut session = Session::new(session, now);
        session.dirty.open = self.open.take();
        session.dirty.add = self.add.take();
        self.sessions.insert(window.to_owned(), (session, sink));
        Ok(())
    }

    /// Sends changed settings to every page except that of the window `by`, which changed them.
    pub(crate) fn settings(&mut self, shown: &Settings, by: Option<&str>) {
        for (window, (session, _)) in &mut self.sessions {
            if by != Some(window) {
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
        (window, id): (&str, &str),
        seen: &[u64],
        activity: Activity,
        list: &List,
    ) -> Result<(), HubError> {
        let session = self.get(window, id)?;
        for &id in seen {
            if list.is_queued(id) && !session.shows(id) {
                session.dirty.mark(id, RowChange::Details);
            }
        }
        session.see(seen, activity);
        Ok(())
    }

    /// The window's session, if its id is `id`.
    pub(crate) fn get(&mut self, window: &str, id: &str) -> Result<&mut Session, HubError> {
        match self.sessions.get_mut(window) {
            Some((session, _)) if session.id == id => Ok(session),
            Some(_) | None => Err(HubError::StaleSession),
        }
    }

    /// Closes the session. Its unacknowledged requests to show or add something are kept for the next one.
    pub(crate) fn close(&mut self, window: &str) {
        if let Some((session, _)) = self.sessions.remove(window) {
            let (open, add) = session.undelivered();
            self.open = self.open.or(open);
            if let Some(add) = add {
                self.add.get_or_insert_default().extend(add);
            }
        }
    }

    /// The system reports the window hidden or shown. Only a hint: what its page reports later overrides it.
    pub(crate) fn set_hidden(&mut self, window: &str, away: bool) {
        if let Some((session, _)) = self.sessions.get_mut(window) {
            session.put_away(away);
        }
    }
}
