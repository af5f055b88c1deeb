//! Which downloads keep a phone awake, which only wait for another network, and how they are shown. Pure.

use std::collections::BTreeMap;

use millrace_backend::i18n::{MessageKey, Messages};
use millrace_engine::{Constraints, DownloadId, Phase, Snapshot, UnmetConstraint};
use tauri_plugin_transfer::{Needs, OngoingWork};

/// A download that continues, or would with another network.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WorkItem {
    name: String,
    received: u64,
    total: Option<u64>,
    speed: u64,
    unmetered_only: bool,
    /// The text for what it waits for; `None` while it continues.
    waits: Option<MessageKey>,
}

#[derive(Debug)]
pub(crate) struct ActiveWork {
    messages: Messages,
    rules: Constraints,
    all: BTreeMap<u64, WorkItem>,
}

impl ActiveWork {
    pub(crate) fn new(messages: Messages, rules: Constraints) -> Self {
        Self {
            messages,
            rules,
            all: BTreeMap::new(),
        }
    }

    /// Applies another language and other constraints.
    pub(crate) fn set(&mut self, messages: Messages, rules: Constraints) {
        self.messages = messages;
        self.rules = rules;
    }

    pub(crate) fn messages(&self) -> &Messages {
        &self.messages
    }

    pub(crate) fn update(&mut self, snapshot: &Snapshot) {
        let waits = match standing(snapshot) {
            Standing::GoesOn => None,
            Standing::WaitsForNetwork(text) => Some(text),
            Standing::Rests => return self.forget(snapshot.id),
        };
        let one = WorkItem {
            name: snapshot.name.clone(),
            received: snapshot.received,
            total: snapshot.total,
            speed: snapshot.speed,
            unmetered_only: snapshot.unmetered_only,
            waits,
        };
        self.all.insert(snapshot.id.0, one);
    }

    pub(crate) fn forget(&mut self, id: DownloadId) {
        self.all.remove(&id.0);
    }

    /// Ids of the work shown.
    pub(crate) fn ids(&self) -> Vec<DownloadId> {
        let shown = self.shown().into_iter();
        shown.map(|(id, _)| DownloadId(*id)).collect()
    }

    /// The downloads that continue; if there are none, those that wait for a network.
    fn shown(&self) -> Vec<(&u64, &WorkItem)> {
        let going = self.all.iter().filter(|(_, one)| one.waits.is_none());
        let going: Vec<_> = going.collect();
        if going.is_empty() {
            self.all.iter().collect()
        } else {
            going
        }
    }

    /// Summary of the work; `None` if nothing continues or would with another network.
    pub(crate) fn work(&self) -> Option<OngoingWork> {
        let shown = self.shown();
        let ones = || shown.iter().map(|(_, one)| *one);
        let first = ones().next()?;
        let title = match shown.len() {
            1 => first.name.clone(),
            many => {
                let count = many.to_string();
                self.messages.format(MessageKey::Many, &[("count", &count)])
            }
        };
        let total = ones().map(|one| one.total).sum::<Option<u64>>();
        let received: u64 = ones().map(|one| one.received).sum();
        let speed: u64 = ones().map(|one| one.speed).sum();
        let share = |total: u64| (total > 0).then(|| received.min(total) as f64 / total as f64);
        Some(OngoingWork {
            title,
            text: match first.waits {
                None => self.messages.speed(speed),
                Some(waits) => self.messages.get(waits),
            },
            fraction: total.and_then(share),
            received,
            expected: total.map(|total| total.saturating_sub(received)),
            pause: self.messages.get(MessageKey::WorkPause),
            cancel: self.messages.get(MessageKey::WorkCancel),
            channel: self.messages.get(MessageKey::WorkChannel),
            // the least demanding of them is enough to start with
            needs: ones().map(|one| self.needs(one)).min().unwrap_or_default(),
            waits: first.waits.is_some(),
        })
    }

    fn needs(&self, one: &WorkItem) -> Needs {
        if self.rules.unmetered_only || one.unmetered_only {
            Needs::NotMetered
        } else if self.rules.pause_on_roaming {
            Needs::NotRoaming
        } else {
            Needs::Any
        }
    }
}

enum Standing {
    /// It runs, or will without the user or an external event.
    GoesOn,
    /// It waits only for another network, which the phone can wait for in place of the app.
    WaitsForNetwork(MessageKey),
    /// It waits for a charger or the user, which does not justify keeping a phone awake; continues when the app is in
    /// the foreground or other work keeps it alive.
    Rests,
}

fn standing(snapshot: &Snapshot) -> Standing {
    match (snapshot.phase, snapshot.waits_for) {
        // a stopping download may wait for a network next: once released, the process cannot be kept alive again in
        // the background
        (Phase::Probing | Phase::Running | Phase::Finishing | Phase::Stopping, _)
        | (Phase::Queued | Phase::Waiting, None) => Standing::GoesOn,
        (Phase::Queued | Phase::Waiting, Some(waits_for)) => match waits_for {
            UnmetConstraint::Network => Standing::WaitsForNetwork(MessageKey::WaitsNetwork),
            UnmetConstraint::Unmetered => Standing::WaitsForNetwork(MessageKey::WaitsUnmetered),
            UnmetConstraint::Roaming => Standing::WaitsForNetwork(MessageKey::WaitsRoaming),
            UnmetConstraint::Battery | UnmetConstraint::Charging => Standing::Rests,
        },
        (Phase::Paused | Phase::Failed | Phase::Done, _) => Standing::Rests,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_backend::fixtures::snapshot;

    #[test]
    fn work_is_shown_in_every_language_with_its_own_numbers() {
        for (language, title, pause, speed) in [
            ("en", "2 downloads", "Pause", "1.24 MB/s"),
            ("de", "2 Downloads", "Pausieren", "1,24 MB/s"),
            ("zh", "2 个下载", "暂停", "1.24 MB/s"),
        ] {
            let mut going =
                ActiveWork::new(Messages::for_locales([language]), Constraints::default());
            for id in [1, 2] {
                let mut one = snapshot(id);
                one.speed = 620_000;
                going.update(&one);
            }
            let work = going.work().unwrap();
            let shown = (work.title.as_str(), work.pause.as_str(), work.text.as_str());
            assert_eq!(shown, (title, pause, speed));
            assert!(!work.cancel.is_empty() && !work.channel.is_empty());
        }
    }

    /// A download that waits for this constraint.
    fn waits(id: u64, waits_for: UnmetConstraint) -> Snapshot {
        let mut one = snapshot(id);
        one.phase = Phase::Waiting;
        one.waits_for = Some(waits_for);
        one
    }

    #[test]
    fn what_only_waits_for_a_network_is_work_that_waits_and_what_waits_for_a_charger_is_none() {
        let mut going = ActiveWork::new(Messages::for_locales(["en"]), Constraints::default());
        going.update(&waits(1, UnmetConstraint::Charging));
        assert_eq!(going.work(), None);
        going.update(&waits(2, UnmetConstraint::Unmetered));
        let work = going.work().unwrap();
        assert!(work.waits);
        assert_eq!(work.text, "Waiting for an unmetered network");
        going.update(&snapshot(3));
        let work = going.work().unwrap();
        assert!(!work.waits, "one goes on");
        assert_eq!(going.ids(), [DownloadId(3)]);
    }

    #[test]
    fn the_network_that_is_needed_is_the_least_with_which_some_of_the_work_goes_on() {
        let rules = |unmetered_only, pause_on_roaming| Constraints {
            unmetered_only,
            pause_on_roaming,
            ..Constraints::default()
        };
        for (rules, own, needs) in [
            (rules(false, false), [false, false], Needs::Any),
            (rules(true, false), [false, false], Needs::NotMetered),
            (rules(false, true), [false, false], Needs::NotRoaming),
            (rules(false, false), [true, true], Needs::NotMetered),
            (rules(false, true), [true, false], Needs::NotRoaming),
        ] {
            let mut going = ActiveWork::new(Messages::for_locales(["en"]), rules);
            for (id, own) in [1, 2].into_iter().zip(own) {
                let mut one = snapshot(id);
                one.unmetered_only = own;
                going.update(&one);
            }
            assert_eq!(going.work().unwrap().needs, needs, "{rules:?} {own:?}");
        }
    }
}
