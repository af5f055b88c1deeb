//! How Millrace behaves on the desktop beside its window: what tray and taskbar show, whether the machine stays awake,
//! whether the end of the window is the end of the app, and in which language it speaks.

use std::time::Duration;

use tokio::time::Instant;

use super::App;
use super::panel::Panel;
use super::standing::Tally;
use crate::shell::Shell;
use crate::view::Settings;
use crate::words::{Text, Words};

/// So long the app may run with neither a window nor a tray: a desktop that starts, or starts anew, has its tray by then.
const UNSEEN: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Manners {
    pub(super) tally: Tally,
    pub(super) words: Words,
    /// The system's languages, the one liked most first.
    languages: Vec<String>,
    tray: bool,
    /// When a window opens because nothing else shows that the app runs.
    seen_at: Option<Instant>,
    /// What the shell was told last.
    awake: bool,
    outlives: bool,
    start_with_system: bool,
    /// What is wished for.
    keep_awake: bool,
    close_to_tray: bool,
}

impl Manners {
    pub(super) fn new(settings: &Settings, languages: Vec<String>) -> Self {
        let mut tally = Tally::default();
        tally.slow(settings.slow);
        Self {
            tally,
            words: Words::spoken(settings, &languages),
            languages,
            tray: false,
            seen_at: None,
            awake: false,
            outlives: false,
            start_with_system: settings.start_with_system,
            keep_awake: settings.keep_awake,
            close_to_tray: settings.close_to_tray,
        }
    }
}

#[cfg(test)]
impl Manners {
    pub(super) fn seen_at(&self) -> Option<Instant> {
        self.seen_at
    }
}

impl<S: Shell> App<S> {
    /// Starts without a window: the tray is enough, if there is one.
    pub(crate) fn unseen(mut self) -> Self {
        self.manners.seen_at = Some(Instant::now() + UNSEEN);
        self
    }

    /// Other settings hold from now on.
    pub(super) fn behave(&mut self, settings: &Settings) {
        let manners = &mut self.manners;
        manners.tally.slow(settings.slow);
        manners.keep_awake = settings.keep_awake;
        manners.close_to_tray = settings.close_to_tray;
        let words = Words::spoken(settings, &manners.languages);
        if words != manners.words {
            self.shell.speak(&words);
            manners.words = words;
            manners.tally.again();
        }
        if settings.start_with_system != manners.start_with_system {
            manners.start_with_system = settings.start_with_system;
            self.shell.start_with_system(settings.start_with_system);
        }
    }

    /// Somebody shows our icon, or nobody does any more.
    pub(super) fn tray(&mut self, there: bool) {
        let manners = &mut self.manners;
        manners.tray = there;
        if there {
            manners.seen_at = None;
        } else if !self.shell.has_window() {
            manners.seen_at.get_or_insert(Instant::now() + UNSEEN);
        }
    }

    pub(super) fn come_to_front(&mut self) {
        self.manners.seen_at = None;
        self.shell.come_to_front();
    }

    /// When [`App::attend`] has something to do, if nothing happens meanwhile.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.notices.deadline(),
            self.removals.deadline(),
            self.manners.tally.deadline(),
            self.manners.seen_at,
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Does what is due now.
    pub(super) fn attend(&mut self) {
        let now = Instant::now();
        if let Some(notice) = self.notices.due(&self.manners.words, now) {
            self.shell.notify(&notice);
        }
        let manners = &mut self.manners;
        if let Some(standing) = manners.tally.look(now) {
            self.shell.show(Panel::of(&standing, &manners.words));
        }
        let awake = manners.tally.awake(now) && manners.keep_awake;
        if awake != manners.awake {
            manners.awake = awake;
            let why = manners.words.say(Text::Awake);
            self.shell.keep_awake(awake.then_some(why));
        }
        let outlives = manners.tray && manners.close_to_tray;
        if outlives != manners.outlives {
            manners.outlives = outlives;
            self.shell.outlive_window(outlives);
        }
        if manners.seen_at.is_some_and(|at| now >= at) {
            self.come_to_front();
        }
    }
}
