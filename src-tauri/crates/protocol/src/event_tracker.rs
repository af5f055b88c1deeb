//! Turns the snapshots of one download into its events. Pure; does not depend on channels, and the time is passed in.

use millrace_engine::{Phase, Snapshot, UnixMillis, Verdict};

use crate::{DownloadEvent, number};

/// What was reported so far of one download to one subscriber.
#[derive(Debug, Default)]
pub struct EventTracker {
    told: Option<Reported>,
    last: Option<Phase>,
}

#[derive(Debug)]
struct Reported {
    name: String,
    received: u64,
    epoch: u32,
    total: Option<u64>,
}

impl EventTracker {
    /// For a download that was just added: `started` is sent when the server has responded.
    pub fn new() -> Self {
        Self::default()
    }

    /// For a view that attaches later: the current state is reported immediately.
    pub fn attach(snapshot: &Snapshot, now: UnixMillis) -> (Self, Vec<DownloadEvent>) {
        let mut tracker = Self::default();
        let mut events = vec![tracker.started_event(snapshot)];
        tracker.phase_events(snapshot, now, &mut events);
        (tracker, events)
    }

    /// The events between the last snapshot and this one, in order.
    pub fn update(&mut self, snapshot: &Snapshot, now: UnixMillis) -> Vec<DownloadEvent> {
        let mut events = Vec::new();
        self.progress_events(snapshot, &mut events);
        self.phase_events(snapshot, now, &mut events);
        events
    }

    fn started_event(&mut self, snapshot: &Snapshot) -> DownloadEvent {
        self.told = Some(Reported {
            name: snapshot.name.clone(),
            received: snapshot.received,
            epoch: snapshot.epoch,
            total: snapshot.total,
        });
        DownloadEvent::Started {
            url: snapshot.url.clone(),
            download_id: number(snapshot.id),
            content_length: snapshot.total,
            received: snapshot.received,
            name: snapshot.name.clone(),
        }
    }

    /// Changes of byte counts, name and length.
    fn progress_events(&mut self, snapshot: &Snapshot, events: &mut Vec<DownloadEvent>) {
        let download_id = number(snapshot.id);
        let Some(told) = &mut self.told else {
            if answered(snapshot) {
                events.push(self.started_event(snapshot));
            }
            return;
        };
        if snapshot.epoch != told.epoch || snapshot.received < told.received {
            told.epoch = snapshot.epoch;
            told.received = snapshot.received;
            events.push(DownloadEvent::Restarted {
                download_id,
                received: snapshot.received,
            });
        }
        if snapshot.received > told.received {
            events.push(DownloadEvent::Progress {
                download_id,
                chunk_length: snapshot.received - told.received,
            });
            told.received = snapshot.received;
        }
        if snapshot.name != told.name {
            told.name.clone_from(&snapshot.name);
            events.push(DownloadEvent::Renamed {
                download_id,
                name: snapshot.name.clone(),
            });
        }
        // A view that attached before the server responded gets the length now. A length that was known only at the end
        // is already in the sum.
        if told.total.is_none() && snapshot.total.is_some() {
            told.total = snapshot.total;
            if !matches!(snapshot.phase, Phase::Finishing | Phase::Done) {
                events.push(self.started_event(snapshot));
            }
        }
    }

    /// Events for a change of phase.
    fn phase_events(
        &mut self,
        snapshot: &Snapshot,
        now: UnixMillis,
        events: &mut Vec<DownloadEvent>,
    ) {
        let download_id = number(snapshot.id);
        let before = self.last.replace(snapshot.phase);
        if before == Some(snapshot.phase) {
            return;
        }
        match snapshot.phase {
            Phase::Done => {
                let digest = snapshot.verdict.clone().filter(Verdict::is_digest);
                events.extend(digest.map(|verdict| DownloadEvent::Verified {
                    download_id,
                    verdict,
                }));
                events.push(DownloadEvent::Finished { download_id });
            }
            Phase::Paused => events.push(DownloadEvent::Paused { download_id }),
            Phase::Failed => {
                if let Some(problem) = snapshot.problem.clone() {
                    events.push(DownloadEvent::Failed {
                        download_id,
                        problem,
                    });
                }
            }
            Phase::Waiting => {
                if let Some(problem) = snapshot.problem.clone() {
                    events.push(DownloadEvent::Retrying {
                        download_id,
                        problem,
                        wait: snapshot.wait_until.unwrap_or(now).saturating_sub(now),
                    });
                }
            }
            Phase::Queued | Phase::Probing | Phase::Running => {
                let stood = matches!(before, Some(Phase::Paused | Phase::Failed | Phase::Waiting));
                if stood {
                    events.push(DownloadEvent::Resumed { download_id });
                }
            }
            Phase::Stopping | Phase::Finishing => {}
        }
    }
}

/// Whether the server has described the file, so that `started` can be sent.
fn answered(snapshot: &Snapshot) -> bool {
    match snapshot.phase {
        Phase::Running | Phase::Finishing | Phase::Done => true,
        Phase::Queued | Phase::Probing => false,
        Phase::Stopping | Phase::Waiting | Phase::Paused | Phase::Failed => {
            snapshot.received > 0 || snapshot.total.is_some()
        }
    }
}

#[cfg(test)]
#[path = "event_tracker_tests.rs"]
mod tests;
