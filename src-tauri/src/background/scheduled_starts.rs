//! Scheduled starts of paused downloads, so that the phone is woken for the next one. Pure: does not depend on a clock,
//! which the phone reads.

use std::collections::BTreeMap;

use millrace_backend::i18n::{MessageKey, Messages};
use millrace_engine::{DownloadId, Phase, Snapshot};
use tauri_plugin_transfer::Wake;

use super::{BackgroundHost, BackgroundWork};

#[derive(Debug, Default)]
pub(super) struct ScheduledStarts {
    /// Start times in milliseconds since 1970.
    times: BTreeMap<u64, u64>,
    /// The last call of `wake` by this process; `None` before the first one. An earlier process may have set another
    /// time.
    told: Option<Option<Wake>>,
    /// A download has started by itself while no work was kept alive, and the app was not in the foreground since: the
    /// phone may refuse to keep it alive.
    started_unseen: bool,
}

impl ScheduledStarts {
    /// `held`: whether work is kept alive now.
    pub(super) fn update(&mut self, snapshot: &Snapshot, held: bool) {
        if let (Phase::Paused, Some(at)) = (snapshot.phase, snapshot.start_at) {
            self.times.insert(snapshot.id.0, at);
        } else if self.times.remove(&snapshot.id.0).is_some() {
            let begins = matches!(
                snapshot.phase,
                Phase::Queued | Phase::Probing | Phase::Running
            );
            self.started_unseen |= begins && !held;
        }
    }

    /// The app is in the foreground, or the work is over.
    pub(super) fn mark_seen(&mut self) {
        self.started_unseen = false;
    }

    /// If the phone gives no more time: whether it refused to let work start, rather than ended work that had started.
    pub(super) fn started_unseen(&self) -> bool {
        self.started_unseen
    }

    pub(super) fn forget(&mut self, id: DownloadId) {
        self.times.remove(&id.0);
    }

    /// The next start time, and the number of downloads that start then.
    fn next(&self) -> Option<(u64, usize)> {
        let at = *self.times.values().min()?;
        let then = self.times.values().filter(|time| **time == at);
        Some((at, then.count()))
    }

    fn wake(&self, messages: &Messages) -> Option<Wake> {
        let (at, count) = self.next()?;
        Some(Wake {
            at,
            title: match count {
                1 => messages.get(MessageKey::Due),
                many => messages.format(MessageKey::ManyDue, &[("count", &many.to_string())]),
            },
            text: messages.get(MessageKey::DueTap),
            channel: messages.get(MessageKey::WorkChannel),
        })
    }
}

impl<C: BackgroundHost> BackgroundWork<C> {
    /// Sends the next start time to the phone if it has changed.
    pub(super) async fn wake(&mut self) {
        let wake = self.scheduled.wake(self.active_work.messages());
        if self.scheduled.told.as_ref() == Some(&wake) {
            return;
        }
        self.scheduled.told = Some(wake.clone());
        self.call(move |host| host.wake(wake.as_ref())).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_backend::fixtures::snapshot;

    fn starts(id: u64, at: u64) -> Snapshot {
        Snapshot {
            phase: Phase::Paused,
            start_at: Some(at),
            ..snapshot(id)
        }
    }

    #[test]
    fn the_next_moment_is_the_earliest_with_all_that_start_then() {
        let mut scheduled = ScheduledStarts::default();
        assert_eq!(scheduled.next(), None);
        for (id, at) in [(1, 3_000), (2, 2_000), (3, 2_000), (4, 9_000)] {
            scheduled.update(&starts(id, at), false);
        }
        assert_eq!(scheduled.next(), Some((2_000, 2)));
        scheduled.forget(DownloadId(2));
        assert_eq!(scheduled.next(), Some((2_000, 1)));
        scheduled.update(&starts(3, 5_000), false);
        assert_eq!(scheduled.next(), Some((3_000, 1)), "it was put off");
    }

    #[test]
    fn what_goes_on_or_is_paused_without_a_time_starts_at_none() {
        let mut scheduled = ScheduledStarts::default();
        let paused = Snapshot {
            start_at: None,
            ..starts(1, 0)
        };
        scheduled.update(&paused, false);
        assert_eq!(scheduled.next(), None);
        for after in [paused, snapshot(1)] {
            scheduled.update(&starts(1, 2_000), false);
            assert_eq!(scheduled.next(), Some((2_000, 1)));
            scheduled.update(&after, false);
            assert_eq!(scheduled.next(), None, "{:?}", after.phase);
        }
    }

    #[test]
    fn what_starts_by_itself_while_nothing_is_held_has_begun_until_somebody_looks() {
        let begins = |held, after: Snapshot| {
            let mut scheduled = ScheduledStarts::default();
            scheduled.update(&starts(1, 2_000), held);
            scheduled.update(&after, held);
            let begun = scheduled.started_unseen();
            scheduled.mark_seen();
            assert!(!scheduled.started_unseen());
            begun
        };
        let paused = Snapshot {
            start_at: None,
            ..starts(1, 0)
        };
        assert!(begins(false, snapshot(1)));
        assert!(!begins(true, snapshot(1)), "it goes on with other work");
        assert!(!begins(false, paused));
        assert!(!begins(false, snapshot(2)), "it had no time");
    }

    #[test]
    fn one_and_many_are_told_in_every_language() {
        for (language, one, many) in [
            (
                "en",
                "A scheduled download is ready to start",
                "2 scheduled downloads are ready to start",
            ),
            (
                "de",
                "Ein geplanter Download kann jetzt starten",
                "2 geplante Downloads können jetzt starten",
            ),
            ("zh", "计划的下载可以开始了", "2 个计划的下载可以开始了"),
        ] {
            let messages = Messages::for_locales([language]);
            let mut scheduled = ScheduledStarts::default();
            scheduled.update(&starts(1, 2_000), false);
            assert_eq!(scheduled.wake(&messages).unwrap().title, one);
            scheduled.update(&starts(2, 2_000), false);
            let wake = scheduled.wake(&messages).unwrap();
            assert_eq!((wake.at, wake.title.as_str()), (2_000, many));
            assert!(!wake.text.is_empty() && !wake.channel.is_empty());
        }
    }
}
