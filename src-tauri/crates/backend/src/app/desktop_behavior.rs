//! Behavior beside the window: contents of tray and taskbar, whether the machine is kept awake, whether closing the
//! window quits the app, and the language.

use std::time::Duration;

use tokio::time::Instant;

use super::App;
use super::desktop_status::DesktopStatus;
use super::platform_services::PlatformServices;
use super::summary::SummaryTracker;
use crate::i18n::{MessageKey, Messages};
use crate::settings::Settings;

/// How long the app may run with neither window nor tray: a desktop that starts or restarts has its tray by then.
const NO_WINDOW_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct DesktopBehavior {
    pub(super) summary_tracker: SummaryTracker,
    pub(super) messages: Messages,
    /// The system's languages, preferred first.
    languages: Vec<String>,
    tray_available: bool,
    /// When a window is opened because nothing else shows that the app runs.
    shown_by: Option<Instant>,
    /// Last value sent to the platform.
    awake: bool,
    outlives: bool,
    start_with_system: bool,
    /// The setting.
    keep_awake: bool,
    close_to_tray: bool,
}

impl DesktopBehavior {
    pub(super) fn new(settings: &Settings, languages: Vec<String>) -> Self {
        let mut summary_tracker = SummaryTracker::default();
        summary_tracker.slow(settings.slow);
        Self {
            summary_tracker,
            messages: Messages::for_settings(settings, &languages),
            languages,
            tray_available: false,
            shown_by: None,
            awake: false,
            outlives: false,
            start_with_system: settings.start_with_system,
            keep_awake: settings.keep_awake,
            close_to_tray: settings.close_to_tray,
        }
    }
}

#[cfg(test)]
impl DesktopBehavior {
    pub(super) fn show_window_at(&self) -> Option<Instant> {
        self.shown_by
    }
}

impl<S: PlatformServices> App<S> {
    /// Starts without a window; one is opened if no tray becomes available in time.
    pub fn start_hidden(mut self) -> Self {
        self.behavior.shown_by = Some(Instant::now() + NO_WINDOW_TIMEOUT);
        self
    }

    /// Applies changed settings.
    pub(super) fn update_behavior(&mut self, settings: &Settings) {
        let behavior = &mut self.behavior;
        behavior.summary_tracker.slow(settings.slow);
        behavior.keep_awake = settings.keep_awake;
        behavior.close_to_tray = settings.close_to_tray;
        let messages = Messages::for_settings(settings, &behavior.languages);
        if messages != behavior.messages {
            self.platform.set_messages(&messages);
            behavior.messages = messages;
            behavior.summary_tracker.invalidate();
        }
        if settings.start_with_system != behavior.start_with_system {
            behavior.start_with_system = settings.start_with_system;
            self.platform.start_with_system(settings.start_with_system);
        }
    }

    /// A tray that shows the icon became available or went away.
    pub(super) fn set_tray_available(&mut self, there: bool) {
        let behavior = &mut self.behavior;
        behavior.tray_available = there;
        if there {
            behavior.shown_by = None;
        } else if !self.platform.has_window() {
            behavior
                .shown_by
                .get_or_insert(Instant::now() + NO_WINDOW_TIMEOUT);
        }
    }

    pub(super) fn show_window(&mut self) {
        self.behavior.shown_by = None;
        self.platform.show_window();
    }

    /// When [`App::refresh`] has something to do next, if nothing else happens.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.notices.deadline(),
            self.removals.deadline(),
            self.replacements.deadline(|new| self.is_complete(new)),
            self.behavior.summary_tracker.deadline(),
            self.behavior.shown_by,
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Does what is due now.
    pub(super) fn refresh(&mut self) {
        let now = Instant::now();
        if let Some(notice) = self.notices.due(&self.behavior.messages, now) {
            self.platform.notify(&notice);
        }
        let behavior = &mut self.behavior;
        if let Some(standing) = behavior.summary_tracker.next_summary(now) {
            self.platform
                .show_status(DesktopStatus::of(&standing, &behavior.messages));
        }
        let awake = behavior.summary_tracker.awake(now) && behavior.keep_awake;
        if awake != behavior.awake {
            behavior.awake = awake;
            let why = behavior.messages.get(MessageKey::Awake);
            self.platform.keep_awake(awake.then_some(why));
        }
        let outlives = behavior.tray_available && behavior.close_to_tray;
        if outlives != behavior.outlives {
            behavior.outlives = outlives;
            self.platform.set_outlives_window(outlives);
        }
        if behavior.shown_by.is_some_and(|at| now >= at) {
            self.show_window();
        }
    }
}
