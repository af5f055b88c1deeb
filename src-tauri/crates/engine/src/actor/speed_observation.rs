//! Once a second, of each running download: its speed for the history, and what limits it.

use std::time::{Duration, Instant};

use super::download_entry::DownloadEntry;
use super::{Actor, unix_now};
use crate::domain::download::{DownloadId, LogLevel, UnixMillis};
use crate::domain::limited_by::{Observation, Surroundings, limited_by};
use crate::domain::segments::Segments;
use crate::domain::speed_history::SpeedEvent;
use crate::domain::state::State;
use crate::handle::CommandError;

/// Time between two observations of a download.
const INTERVAL: Duration = Duration::from_secs(1);

impl Actor {
    /// Observes the running downloads when the last observation of one is long enough ago: all together, so that they
    /// can be compared. One that has just started waits for the next time.
    pub(super) fn observe_speeds(&mut self) {
        let now = Instant::now();
        let age = |entry: &DownloadEntry| {
            let worker = entry.worker.as_ref();
            worker.map(|worker| now.saturating_duration_since(worker.observed.at))
        };
        if self
            .downloads
            .iter()
            .filter_map(age)
            .all(|age| age < INTERVAL)
        {
            return;
        }
        let ids = self
            .downloads
            .ids_where(|entry| age(entry).is_some_and(|age| age >= INTERVAL / 2));
        let (mut running, mut observations) = (Vec::new(), Vec::new());
        for id in ids {
            if let Some(observation) = self.observe(id, now) {
                running.push(id);
                observations.push(observation);
            }
        }
        let around = Surroundings {
            slow_mode: self.workers.slow_mode(),
            offline: self.network_monitor.is_offline(),
        };
        for (index, id) in running.into_iter().enumerate() {
            let cause = limited_by(&observations, index, around);
            let Some(worker) = self
                .downloads
                .get_mut(id)
                .and_then(|one| one.worker.as_mut())
            else {
                continue;
            };
            if worker.limited_by != cause {
                worker.limited_by = cause;
                self.notify(id);
            }
        }
    }

    /// What was measured since the last observation; `None` while it does not transfer.
    fn observe(&mut self, id: DownloadId, now: Instant) -> Option<Observation> {
        let default_connections = self.config.connections;
        let entry = self.downloads.get_mut(id)?;
        let received = entry.received();
        let max_connections = entry.record.connections.unwrap_or(default_connections);
        let worker = entry.worker.as_mut()?;
        worker.counters.map.measure();
        let observed = &mut worker.observed;
        let elapsed = now.saturating_duration_since(observed.at);
        let waits = worker.counters.waits.read();
        let more = received.saturating_sub(observed.received);
        if more > 0 {
            observed.idle_since = now;
        }
        let waited = waits.since(observed.waits);
        (observed.at, observed.received, observed.waits) = (now, received, waits);
        let idle = now.saturating_duration_since(observed.idle_since);
        if entry.record.state != State::Running {
            worker.limited_by = None;
            return None;
        }
        let speed = (more as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
        let host = worker.counters.host.lock().clone();
        let connections = worker
            .counters
            .connections
            .load(std::sync::atomic::Ordering::Relaxed);
        entry.record.speed_history.record(unix_now(), speed);
        Some(Observation {
            elapsed,
            host_allows: self.scheduler.host_slots().full_at(&host),
            host,
            waits: waited,
            connections,
            max_connections,
            speed,
            idle,
        })
    }

    /// The ranges of a file, and what is known of its host.
    pub(super) fn segments(&mut self, id: DownloadId) -> Result<Segments, CommandError> {
        let entry = self.downloads.entry(id)?;
        let mut segments = entry.segments();
        if let Some(worker) = &entry.worker {
            let host = worker.counters.host.lock().clone();
            let hosts = self.scheduler.host_slots();
            segments.host_allows = hosts.allowed(&host);
            let left = hosts.allowed_for(&host);
            segments.host_allows_until = left.map(|left| unix_now() + left.as_millis() as u64);
        }
        Ok(segments)
    }

    /// The user changed the download's own limit.
    pub(super) fn limit_changed(&mut self, id: DownloadId, rate: Option<u64>) {
        if let Some(entry) = self.downloads.get_mut(id) {
            let history = &mut entry.record.speed_history;
            history.mark(unix_now(), SpeedEvent::LimitChanged);
        }
        let text = match rate {
            Some(rate) => format!("speed limit set to {rate} bytes per second"),
            None => "speed limit removed".into(),
        };
        self.log(id, LogLevel::Info, text);
    }
}

impl DownloadEntry {
    /// Its received bytes are discarded, and the next start is from zero; marked in the speed history if there were any.
    pub(super) fn restart(&mut self, now: UnixMillis) {
        let received = !self.record.done.is_empty();
        self.record.reset_transfer();
        if received {
            let history = &mut self.record.speed_history;
            history.mark(now, SpeedEvent::Restarted);
        }
    }

    /// Marks in the speed history what the change of its state from `before` means.
    pub(super) fn mark_transition(&mut self, before: &State, now: UnixMillis) {
        let state = &self.record.state;
        let what = match state {
            State::Running if *before == State::Probing => SpeedEvent::Resumed,
            State::Paused if *before != State::Paused => SpeedEvent::Paused,
            State::Waiting { .. } if !matches!(before, State::Waiting { .. }) => {
                SpeedEvent::Interrupted
            }
            State::Failed { .. } if !matches!(before, State::Failed { .. }) => SpeedEvent::Failed,
            State::Queued
            | State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping { .. }
            | State::Waiting { .. }
            | State::Paused
            | State::Failed { .. }
            | State::Done { .. }
            | State::Removed => return,
        };
        self.record.speed_history.mark(now, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::byte_ranges::ByteRanges;
    use crate::domain::download::NewDownload;
    use crate::domain::record::Record;

    #[test]
    fn a_restart_is_marked_once_and_only_where_bytes_are_discarded() {
        let new = NewDownload {
            url: "https://host/a.zip".into(),
            ..NewDownload::default()
        };
        let mut entry = DownloadEntry::new(Record::new(new, 1000).expect("a valid URL"));
        entry.record.speed_history.record(5_000, 100);
        entry.restart(6_000);
        assert!(entry.record.speed_history.marks.is_empty());
        entry.record.done = ByteRanges::up_to(5);
        entry.restart(7_000);
        entry.restart(8_000);
        let marks = &entry.record.speed_history.marks;
        let marks: Vec<_> = marks.iter().map(|mark| (mark.at, mark.what)).collect();
        assert_eq!(marks, [(7_000, SpeedEvent::Restarted)]);
        assert_eq!((entry.record.epoch, entry.received()), (3, 0));
    }
}
