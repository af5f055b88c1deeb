//! Which downloads are work that a phone must not sleep over, and how that work is shown. Pure.

use std::collections::BTreeMap;

use millrace_engine::{DownloadId, Phase, Snapshot};
use tauri_plugin_transfer::Work;

/// What the notice says, in the person's language.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    pub(crate) pause: String,
    pub(crate) cancel: String,
    /// The name of this kind of notices.
    pub(crate) channel: String,
    /// With the number of downloads.
    pub(crate) many: fn(usize) -> String,
    /// With bytes per second.
    pub(crate) speed: fn(u64) -> String,
}

#[cfg(mobile)]
impl Texts {
    pub(crate) fn spoken() -> Self {
        Self {
            pause: "Pause".into(),
            cancel: "Cancel".into(),
            channel: "Downloads".into(),
            many: |count| format!("{count} downloads"),
            speed: |speed| format!("{:.2} MB/s", speed as f64 / 1e6),
        }
    }
}

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
    texts: Texts,
    going: BTreeMap<u64, One>,
}

impl Going {
    pub(crate) fn new(texts: Texts) -> Self {
        Self {
            texts,
            going: BTreeMap::new(),
        }
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
            many => (self.texts.many)(many),
        };
        let totals = self.going.values().map(|one| one.total);
        let total = totals.sum::<Option<u64>>();
        let received: u64 = self.going.values().map(|one| one.received).sum();
        let speed: u64 = self.going.values().map(|one| one.speed).sum();
        let share = |total: u64| (total > 0).then(|| received.min(total) as f64 / total as f64);
        Some(Work {
            title,
            text: (self.texts.speed)(speed),
            fraction: total.and_then(share),
            expected: total.map(|total| total.saturating_sub(received)),
            pause: self.texts.pause.clone(),
            cancel: self.texts.cancel.clone(),
            channel: self.texts.channel.clone(),
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
