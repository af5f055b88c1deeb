//! What a phone does for the downloads: it is told which work goes on, so that it keeps the process alive and shows it, and
//! it tells of networks, batteries, buttons and links. What it fetches by itself is `sleep`.
//!
//! Decides what counts as work. Knows the phone only as a [`Carrier`]; loses nothing when that refuses or dies.

mod appointed;
mod carrier;
mod handed;
mod mark;
mod paused;
mod phone;
mod sleep;
#[cfg(test)]
mod tests;
mod work;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use millrace_engine::{Conditions, Leftover, Subscription, Update};
use tauri_plugin_transfer::{Heard, Intent, Surroundings, Work};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use self::appointed::Appointed;
pub(crate) use self::carrier::Carrier;
pub(crate) use self::handed::handed;
use self::mark::Mark;
use self::paused::Paused;
pub(crate) use self::phone::{Phone, conditions_at_start, listen};
use self::sleep::Sleep;
use self::work::Going;
use crate::app::Request;
use crate::desk::Desk;
use crate::home::Home;
use crate::settings::Set;
use crate::shell;
use crate::view::CommandFailure;
use crate::words::Words;

/// The least time between two words to the phone about the same work.
const PACE: Duration = Duration::from_secs(1);

pub(crate) struct Carried<C> {
    carrier: Arc<C>,
    desk: Desk,
    settings: watch::Receiver<Set>,
    /// The system's, the one liked most first.
    languages: Vec<String>,
    going: Going,
    mark: Mark,
    paused: Paused,
    appointed: Appointed,
    /// What the phone was told last.
    told: Option<Work>,
    /// When it may be told again.
    due: Option<Instant>,
    connected: Option<bool>,
    sleep: Sleep,
}

impl<C: Carrier> Carried<C> {
    /// `languages` are the system's, the one liked most first.
    pub(crate) fn new(carrier: Arc<C>, desk: Desk, home: &Home, languages: Vec<String>) -> Self {
        let settings = desk.settings.subscribe();
        let now = settings.borrow().settings.clone();
        let going = Going::new(Words::spoken(&now, &languages), now.network.into());
        Self {
            carrier,
            desk,
            settings,
            languages,
            going,
            mark: Mark::at(home.held()),
            paused: Paused::at(home.paused()),
            appointed: Appointed::default(),
            told: None,
            due: None,
            connected: None,
            sleep: Sleep::default(),
        }
    }

    /// Until the engine ends.
    pub(crate) async fn run(
        mut self,
        mut updates: Subscription,
        mut heard: UnboundedReceiver<Heard>,
    ) {
        let first = std::mem::take(&mut updates.first);
        self.paused.keep(&first, self.going.words());
        for snapshot in &first {
            self.going.see(snapshot);
            self.appointed.see(snapshot, false);
        }
        if self.mark.left() && self.going.work().is_some_and(|work| !work.waits) {
            self.ended("the process before this one died while its work was held");
        }
        self.tell().await;
        self.rest().await;
        self.wake().await;
        let mut settings = self.settings.clone();
        loop {
            tokio::select! {
                update = updates.next() => match update {
                    Some(Update::Changed(snapshot)) => {
                        self.going.see(&snapshot);
                        self.paused.see(&snapshot);
                        self.appointed.see(&snapshot, self.told.is_some());
                    }
                    Some(Update::Removed(id)) => {
                        self.going.forget(id);
                        self.paused.forget(id);
                        self.appointed.forget(id);
                    }
                    Some(Update::Log(..) | Update::Kept(..)) => continue,
                    None => break,
                },
                Some(heard) = heard.recv() => {
                    let done = self.hear(heard).await;
                    self.note(done);
                }
                taken = self.sleep.next() => {
                    let done = match taken {
                        Ok(new) => self.taken(new).await,
                        Err(error) => Err(error.into()),
                    };
                    self.note(done);
                }
                Ok(()) = settings.changed() => {
                    let now = &settings.borrow_and_update().settings;
                    let words = Words::spoken(now, &self.languages);
                    self.going.set(words, now.network.into());
                }
                () = wait(self.due) => self.due = None,
            }
            self.tell().await;
            self.rest().await;
            self.wake().await;
        }
        self.release().await;
    }

    fn note(&self, done: Result<(), CommandFailure>) {
        if let Err(failure) = done {
            let line = format!("the phone's word: {failure}");
            self.desk.journal.line(&line);
        }
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), CommandFailure> {
        match heard {
            Heard::Surroundings(now) => self.surroundings(now).await,
            Heard::Intent(Intent::Pause) => self.pause().await,
            Heard::Intent(Intent::Resume) => self.resume().await,
            Heard::Intent(Intent::Cancel) => self.cancel().await,
            Heard::Links { how, links } => {
                // an app that is ending takes no more links
                let _ = self.desk.requests.send(handed(how, links));
                Ok(())
            }
            Heard::Paste => {
                // nor does it open a dialog
                let _ = self.desk.requests.send(Request::Paste);
                Ok(())
            }
            Heard::Away => {
                self.appointed.looked();
                self.away().await
            }
            Heard::Back { work_ended } => {
                if work_ended {
                    self.desk.journal.line("the work was ended meanwhile");
                }
                // It may be held again from now on.
                self.told = None;
                self.appointed.looked();
                self.carrier.be_seen();
                self.back().await
            }
            Heard::TimeUp if self.appointed.begun() => {
                // nothing was ended, and a notice of the phone says what is to start
                self.mark.set(false);
                self.desk
                    .journal
                    .line("the phone lets nothing begin unseen");
                Ok(())
            }
            Heard::TimeUp => {
                // What is synced counts, whatever becomes of the process now.
                self.ended("the phone gives no more time");
                Ok(())
            }
            Heard::Stopped => {
                // nobody wonders about it, not even when the process dies now
                self.mark.set(false);
                self.desk.journal.line("the work was stopped");
                Ok(())
            }
            Heard::Due => {
                // whatever it is asked, it looks at the time of day first
                self.desk.door.engine()?.list().await?;
                Ok(())
            }
            Heard::Fetched(fetched) => self.fetched(fetched),
            Heard::Clicked { id, button } => {
                let click = shell::click(&button, u64::try_from(id).ok());
                // an app that is ending has no ear for it
                let _ = self.desk.requests.send(Request::Clicked(click));
                Ok(())
            }
        }
    }

    /// The person is told once they look.
    fn ended(&self, how: &str) {
        self.desk.journal.line(how);
        self.desk.work_ended.store(true, Ordering::Relaxed);
    }

    async fn surroundings(&mut self, now: Surroundings) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        engine.set_conditions(conditions(now)).await?;
        let before = std::mem::replace(&mut self.connected, now.connected);
        if now.connected == Some(true) && before == Some(false) {
            engine.network_changed().await?;
        }
        Ok(())
    }

    /// Takes what is going on off the list. Finished files stay.
    async fn cancel(&mut self) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        for id in self.going.ids() {
            engine.remove(id, Leftover::Keep).await?;
        }
        Ok(())
    }

    /// Says what is new, at the phone's pace; the beginning and the end of work at once.
    async fn tell(&mut self) {
        let work = self.going.work();
        let work = work.filter(|work| !work.waits || self.carrier.waits_for_network());
        let goes_on = work.is_some() && self.told.is_some();
        if work == self.told || (goes_on && self.due.is_some()) {
            return;
        }
        match work {
            Some(work) => {
                self.due = Some(Instant::now() + PACE);
                let before = self.told.replace(work.clone());
                if before.is_none_or(|before| before.waits != work.waits) {
                    // nobody wonders about the end of what only waited
                    self.mark.set(!work.waits);
                }
                self.call(move |carrier| carrier.hold(&work)).await;
            }
            None => self.release().await,
        }
    }

    async fn release(&mut self) {
        if self.told.take().is_some() {
            self.appointed.looked();
            self.mark.set(false);
            self.call(C::release).await;
        }
    }

    /// Whether the phone did it. What it refuses is shown nowhere: the work goes on as long as the process lives.
    async fn call(&self, act: impl FnOnce(&C) -> Result<(), String> + Send + 'static) -> bool {
        let carrier = Arc::clone(&self.carrier);
        let done = tokio::task::spawn_blocking(move || act(&carrier)).await;
        if let Ok(Err(why)) = &done {
            self.desk.journal.line(&format!("the phone refused: {why}"));
        }
        matches!(done, Ok(Ok(())))
    }
}

/// As the engine's rules are about them.
pub(crate) fn conditions(now: Surroundings) -> Conditions {
    Conditions {
        metered: now.metered,
        roaming: now.roaming,
        charging: now.charging,
        battery: now.battery,
    }
}

async fn wait(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
