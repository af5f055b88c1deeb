//! Which downloads are work that a phone must not sleep over, and how that work is shown. Pure.

use std::collections::BTreeMap;

use millrace_engine::{DownloadId, Phase, Snapshot};
use tauri_plugin_transfer::Work;

use crate::words::{Text, Words};

/// One download that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct One {
    name: String,
    received: u64,
    total: Option<u64>,
    speed: u64,
}

#[derive(Debug)]
pub(crate) struct Going {
    words: Words,
    going: BTreeMap<u64, One>,
}

impl Going {
    pub(crate) fn new(words: Words) -> Self {
        Self {
            words,
            going: BTreeMap::new(),
        }
    }

    /// In other words from now on.
    pub(crate) fn speak(&mut self, words: Words) {
        self.words = words;
    }

    pub(crate) fn see(&mut self, snapshot: &Snapshot) {
        if goes_on(snapshot) {
            let one = One {
                name: snapshot.name.clone(),
                received: snapshot.received,
                total: snapshot.total,
                speed: snapshot.speed,
            };
            self.going.insert(snapshot.id.0, one);
        } else {
            self.forget(snapshot.id);
        }
    }

    pub(crate) fn forget(&mut self, id: DownloadId) {
        self.going.remove(&id.0);
    }

    pub(crate) fn ids(&self) -> Vec<DownloadId> {
        self.going.keys().copied().map(DownloadId).collect()
    }

    /// All of it as one; none when nothing goes on.
    pub(crate) fn work(&self) -> Option<Work> {
        let first = self.going.values().next()?;
        let title = match self.going.len() {
            1 => first.name.clone(),
            many => {
                let count = many.to_string();
                self.words.fill(Text::Many, &[("count", &count)])
            }
        };
        let totals = self.going.values().map(|one| one.total);
        let total = totals.sum::<Option<u64>>();
        let received: u64 = self.going.values().map(|one| one.received).sum();
        let speed: u64 = self.going.values().map(|one| one.speed).sum();
        let share = |total: u64| (total > 0).then(|| received.min(total) as f64 / total as f64);
        Some(Work {
            title,
            text: self.words.speed(speed),
            fraction: total.and_then(share),
            received,
            expected: total.map(|total| total.saturating_sub(received)),
            pause: self.words.say(Text::WorkPause),
            cancel: self.words.say(Text::WorkCancel),
            channel: self.words.say(Text::WorkChannel),
        })
    }
}

/// What runs, and what will without anybody or anything coming: not what waits for a network, a charger or a person. For
/// those no phone is kept awake; they go on when it is looked at, or when other work keeps it.
fn goes_on(snapshot: &Snapshot) -> bool {
    match snapshot.phase {
        Phase::Probing | Phase::Running | Phase::Finishing => true,
        Phase::Queued | Phase::Waiting => snapshot.waits_for.is_none(),
        Phase::Stopping | Phase::Paused | Phase::Failed | Phase::Done => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::snapshot;

    #[test]
    fn work_is_shown_in_every_language_with_its_own_numbers() {
        for (language, title, pause, speed) in [
            ("en", "2 downloads", "Pause", "1.24 MB/s"),
            ("de", "2 Downloads", "Anhalten", "1,24 MB/s"),
            ("zh", "2 个下载", "暂停", "1.24 MB/s"),
        ] {
            let mut going = Going::new(Words::in_one_of([language]));
            for id in [1, 2] {
                let mut one = snapshot(id);
                one.speed = 620_000;
                going.see(&one);
            }
            let work = going.work().unwrap();
            let shown = (work.title.as_str(), work.pause.as_str(), work.text.as_str());
            assert_eq!(shown, (title, pause, speed));
            assert!(!work.cancel.is_empty() && !work.channel.is_empty());
        }
    }
}
