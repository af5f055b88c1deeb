//! Decides which outcomes of downloads the user is notified of, and when: each one singly, a burst as one summary.
//! Pure.

use std::collections::VecDeque;
use std::time::Duration;

use millrace_engine::{Phase, Snapshot};
use tokio::time::Instant;

use crate::i18n::{MessageKey, Messages};
use crate::settings::{ReplacedFile, Settings};

/// Maximum number of single notifications within one [`BURST`].
const MAX_SINGLE: usize = 3;
const BURST: Duration = Duration::from_secs(5);

/// Reason for a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Finished {
        id: u64,
        name: String,
    },
    Failed {
        id: u64,
        name: String,
        why: String,
    },
    /// A link that was rejected.
    Refused {
        link: String,
        why: String,
    },
    /// A file that was to be deleted but was kept, because it could not be verified to be the downloaded one.
    Kept {
        name: String,
    },
}

/// A notification as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub title: String,
    pub body: String,
    pub about: NotificationSubject,
}

/// What a notification is about; decides its actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationSubject {
    /// Actions: open the file, show it in its folder.
    Finished(u64),
    /// Action: retry.
    Failed(u64),
    /// Action: show the window.
    Window,
}

impl Outcome {
    /// Outcome of a download whose phase has just changed; `None` while it continues.
    pub(crate) fn of(snapshot: &Snapshot, messages: &Messages) -> Option<Self> {
        let (id, name) = (snapshot.id.0, snapshot.name.clone());
        match snapshot.phase {
            Phase::Done => Some(Self::Finished { id, name }),
            Phase::Failed => {
                let problem = snapshot.problem.as_ref();
                let why = problem.map(|problem| messages.problem(problem));
                let why = why.unwrap_or_default();
                Some(Self::Failed { id, name, why })
            }
            Phase::Queued
            | Phase::Probing
            | Phase::Running
            | Phase::Stopping
            | Phase::Waiting
            | Phase::Finishing
            | Phase::Paused => None,
        }
    }
}

impl Outcome {
    /// Whether the settings allow notifications of this outcome.
    pub(crate) fn is_enabled(&self, settings: &Settings) -> bool {
        match self {
            Self::Finished { .. } => settings.notify_finished,
            Self::Failed { .. } => settings.notify_failed,
            Self::Refused { .. } | Self::Kept { .. } => true,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct NotificationQueue {
    shown: VecDeque<Instant>,
    held: Vec<Outcome>,
    /// When the held outcomes are summarized.
    until: Option<Instant>,
}

impl NotificationQueue {
    /// The notification to show immediately, unless this outcome is held back.
    pub(crate) fn offer(
        &mut self,
        outcome: Outcome,
        messages: &Messages,
        now: Instant,
    ) -> Option<Notification> {
        self.shown
            .retain(|shown| now.duration_since(*shown) < BURST);
        if self.until.is_some() || self.shown.len() >= MAX_SINGLE {
            self.until.get_or_insert(now + BURST);
            self.held.push(outcome);
            return None;
        }
        self.shown.push_back(now);
        Some(single(outcome, messages))
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.until
    }

    /// The summary of the held outcomes, if it is due.
    pub(crate) fn due(&mut self, messages: &Messages, now: Instant) -> Option<Notification> {
        if self.until.is_none_or(|until| now < until) {
            return None;
        }
        self.until = None;
        self.shown.push_back(now);
        let mut held = std::mem::take(&mut self.held);
        match held.len() {
            0 => None,
            1 => held.pop().map(|outcome| single(outcome, messages)),
            _ => Some(summary(&held, messages)),
        }
    }
}

/// Notification of a list that was restored or replaced by the engine at the start.
pub fn store_recovered(notice: &millrace_engine::StartNotice, messages: &Messages) -> Notification {
    match notice {
        millrace_engine::StartNotice::StoreRecovered { place, taken_over } => {
            let body = match taken_over {
                0 => MessageKey::ListEmpty,
                1 => MessageKey::ListOne,
                _ => MessageKey::ListSome,
            };
            let (place, count) = (place.display().to_string(), taken_over.to_string());
            Notification {
                title: messages.get(MessageKey::ListTitle),
                body: messages.format(body, &[("place", &place), ("count", &count)]),
                about: NotificationSubject::Window,
            }
        }
    }
}

/// Notification of unreadable settings.
pub fn settings_reset(ReplacedFile(place): &ReplacedFile, messages: &Messages) -> Notification {
    let place = place.display().to_string();
    Notification {
        title: messages.get(MessageKey::SettingsTitle),
        body: messages.format(MessageKey::SettingsAside, &[("place", &place)]),
        about: NotificationSubject::Window,
    }
}

fn single(outcome: Outcome, messages: &Messages) -> Notification {
    match outcome {
        Outcome::Finished { id, name } => Notification {
            title: name,
            body: messages.get(MessageKey::Finished),
            about: NotificationSubject::Finished(id),
        },
        Outcome::Failed { id, name, why } => Notification {
            title: name,
            body: messages.format(MessageKey::Stopped, &[("why", &why)]),
            about: NotificationSubject::Failed(id),
        },
        Outcome::Refused { link, why } => Notification {
            title: link,
            body: messages.format(MessageKey::Refused, &[("why", &why)]),
            about: NotificationSubject::Window,
        },
        Outcome::Kept { name } => Notification {
            title: name,
            body: messages.get(MessageKey::Kept),
            about: NotificationSubject::Window,
        },
    }
}

fn summary(held: &[Outcome], messages: &Messages) -> Notification {
    let count = |wanted: fn(&Outcome) -> bool| held.iter().filter(|one| wanted(one)).count();
    let parts = [
        (
            count(|one| matches!(one, Outcome::Finished { .. })),
            MessageKey::ManyFinished,
        ),
        (
            count(|one| matches!(one, Outcome::Failed { .. })),
            MessageKey::ManyStopped,
        ),
        (
            count(|one| matches!(one, Outcome::Refused { .. })),
            MessageKey::ManyRefused,
        ),
        (
            count(|one| matches!(one, Outcome::Kept { .. })),
            MessageKey::ManyKept,
        ),
    ];
    let say = |number: usize, text| messages.format(text, &[("count", &number.to_string())]);
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, text)| say(number, text))
        .collect();
    Notification {
        title: say(held.len(), MessageKey::Many),
        body: parts.join(", "),
        about: NotificationSubject::Window,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(id: u64) -> Outcome {
        Outcome::Finished {
            id,
            name: format!("{id}.bin"),
        }
    }

    #[test]
    fn more_than_three_in_five_seconds_become_one_summary() {
        let messages = Messages::for_locales(["en"]);
        let mut notices = NotificationQueue::default();
        let start = Instant::now();
        for id in 1..=3 {
            assert!(notices.offer(finished(id), &messages, start).is_some());
        }
        for id in 4..=9 {
            assert_eq!(notices.offer(finished(id), &messages, start), None);
        }
        let failed = Outcome::Failed {
            id: 10,
            name: "x".into(),
            why: "not found".into(),
        };
        assert_eq!(notices.offer(failed, &messages, start + BURST / 2), None);
        assert_eq!(notices.due(&messages, start + BURST / 2), None);
        let summary = notices.due(&messages, start + BURST).unwrap();
        assert_eq!(summary.title, "7 downloads");
        assert_eq!(summary.body, "6 complete, 1 failed");
        assert_eq!(notices.deadline(), None);
        assert_eq!(notices.due(&messages, start + BURST * 2), None);
        assert!(
            notices
                .offer(finished(11), &messages, start + BURST * 2)
                .is_some()
        );
    }

    #[test]
    fn one_that_was_held_alone_is_shown_as_itself() {
        let messages = Messages::for_locales(["en"]);
        let mut notices = NotificationQueue::default();
        let start = Instant::now();
        for id in 1..=4 {
            notices.offer(finished(id), &messages, start);
        }
        let notice = notices.due(&messages, start + BURST).unwrap();
        assert_eq!(notice.about, NotificationSubject::Finished(4));
    }

    #[test]
    fn what_was_found_at_the_start_is_said_in_every_language() {
        for (language, list, settings) in [
            ("en", "7 downloads were recovered", "was moved to"),
            ("de", "7 Downloads wurden wiederhergestellt", "wurde nach"),
            ("zh", "已恢复 7 个下载", "已移至"),
        ] {
            let messages = Messages::for_locales([language]);
            let damaged = |taken_over| {
                let place = "/state/list.db.broken-1".into();
                store_recovered(
                    &millrace_engine::StartNotice::StoreRecovered { place, taken_over },
                    &messages,
                )
            };
            let notice = damaged(7);
            assert!(notice.body.contains(list), "{}", notice.body);
            assert!(notice.body.contains("/state/list.db.broken-1"));
            assert_ne!(damaged(0).body, damaged(1).body);
            let notice = settings_reset(&ReplacedFile("/state/settings.bad".into()), &messages);
            assert!(notice.body.contains(settings), "{}", notice.body);
            assert!(notice.body.contains("/state/settings.bad"));
            assert!(!notice.title.is_empty());
        }
    }
}
