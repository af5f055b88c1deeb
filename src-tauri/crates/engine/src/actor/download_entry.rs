//! One download in the actor's list: its record, and what exists only while a worker runs.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::offload_state::OffloadState;
use super::relocation_state::RelocationState;
use super::verification_state::VerificationState;
use super::workers::RunningWorker;
use crate::domain::connection_refusals::Refusals;
use crate::domain::constraints::UnmetConstraint;
use crate::domain::download::{AllowedActions, DownloadId, Phase, Snapshot};
use crate::domain::download_url::{DownloadUrl, StoredUrl};
use crate::domain::file_name;
use crate::domain::host_limits::HostLoad;
use crate::domain::problem::Problem;
use crate::domain::queue::QueueStatus;
use crate::domain::rate::eta;
use crate::domain::record::Record;
use crate::domain::segments::{Segments, coarsen};
use crate::domain::state::{AfterStop, State};
use crate::store::Key;

#[derive(Debug)]
pub(super) struct DownloadEntry {
    pub(super) record: Record,
    pub(super) link: LinkInfo,
    pub(super) worker: Option<RunningWorker>,
    /// What blocks it, as of the last check of the constraints.
    pub(super) blocked_by: Option<UnmetConstraint>,
    /// Bytes in the last published snapshot; only a change is published.
    pub(super) last_published_bytes: u64,
    /// The unfinished download that this one continues if its URL turns out to be another one for the same file.
    pub(super) predecessor: Option<Box<Record>>,
    /// Id of the part file that must be deleted before a worker starts.
    pub(super) deleting_part: Option<String>,
    /// Its offloaded ranges, and responses not yet ingested.
    pub(super) offload: OffloadState,
    /// A rename or move of its file.
    pub(super) relocation: RelocationState,
    /// A verification of its file on request.
    pub(super) verification: VerificationState,
    pub(super) row: StoredRow,
    /// The download that is to take its place; follows from the records of the others.
    pub(super) replaced_by: Option<DownloadId>,
    /// It was working when it was replaced.
    pub(super) resumes_on_undo: bool,
    retries: Retries,
}

/// What follows from the URL and its last response; made anew when the URL changes.
#[derive(Debug)]
pub(super) struct LinkInfo {
    /// With the port, if it is not the scheme's; empty for a URL that is not valid.
    pub(super) host: String,
    /// Whether the last request was answered by the origin of the URL, not of a redirect.
    pub(super) answered_by_origin: bool,
    /// Display name until a file has a name; computed once.
    expected_name: OnceLock<String>,
}

/// What the list's database has of it.
#[derive(Debug)]
pub(super) struct StoredRow {
    /// Identifies the download as it was added; not affected by a change of its URL.
    pub(super) key: Key,
    /// Whether the row that was stored last names a file.
    pub(super) named: bool,
}

/// Counts since the user's last retry.
#[derive(Debug)]
struct Retries {
    /// Epoch when the user last resumed or retried it.
    epoch: u32,
    refusals: Refusals,
}

impl LinkInfo {
    fn of(url: &StoredUrl) -> Self {
        let host = url.valid().map(DownloadUrl::host_with_port);
        Self {
            host: host.unwrap_or_default(),
            answered_by_origin: false,
            expected_name: OnceLock::new(),
        }
    }
}

impl Retries {
    fn since(epoch: u32) -> Self {
        Self {
            epoch,
            refusals: Refusals::default(),
        }
    }
}

impl DownloadEntry {
    pub(super) fn new(record: Record) -> Self {
        Self {
            link: LinkInfo::of(&record.url),
            worker: None,
            blocked_by: None,
            last_published_bytes: 0,
            predecessor: None,
            deleting_part: None,
            offload: OffloadState::default(),
            relocation: RelocationState::default(),
            verification: VerificationState::default(),
            row: StoredRow {
                key: Key::of(&record),
                named: record.name.is_some(),
            },
            replaced_by: None,
            resumes_on_undo: false,
            retries: Retries::since(record.epoch),
            record,
        }
    }

    /// A retry by the user: resets the counts of attempts and restarts, and no longer waits for offloaded ranges.
    pub(super) fn reset_retries(&mut self) {
        self.offload.outstanding.clear();
        self.record.attempts = 0;
        self.retries = Retries::since(self.record.epoch);
    }

    /// Another URL. The credentials and headers are the caller's.
    pub(super) fn set_url(&mut self, url: StoredUrl) {
        self.link = LinkInfo::of(&url);
        self.record.url = url;
    }

    /// Another name, for a download without a file; returns the one before.
    pub(super) fn set_wanted_name(&mut self, name: Option<String>) -> Option<String> {
        self.link.expected_name = OnceLock::new();
        std::mem::replace(&mut self.record.wanted_name, name)
    }

    /// An attempt has ended: see [`Refusals::count`].
    pub(super) fn count_refusal(&mut self, load: HostLoad) -> Option<u32> {
        self.retries.refusals.count(load)
    }

    /// How often the bytes on disk were discarded since the user's last retry.
    pub(super) fn restarts(&self) -> u32 {
        self.record.epoch.saturating_sub(self.retries.epoch)
    }

    /// How the queue counts it; `None` when it is neither ready to start nor running.
    pub(super) fn queue_status(&self) -> Option<QueueStatus> {
        if self.record.state == State::Queued {
            let settled = self.deleting_part.is_none() && self.record.relocation.is_none();
            let free = settled && self.offload.is_idle();
            let ready = free && self.blocked_by.is_none() && self.replaced_by.is_none();
            ready.then(|| QueueStatus::Queued(self.record.queue_key()))
        } else {
            let working = self.record.state.has_worker();
            working.then_some(QueueStatus::Running)
        }
    }

    /// Bytes of the file on disk.
    pub(super) fn received(&self) -> u64 {
        match &self.worker {
            Some(live) => live.counters.received.load(Ordering::Relaxed),
            None => self.record.done.total_len(),
        }
    }

    pub(super) fn segments(&self) -> Segments {
        let total = self.record.validators.total;
        let live = self.worker.as_ref();
        let parts = live.and_then(|live| live.counters.map.snapshot(total));
        let (done, active) = parts.unwrap_or_else(|| (self.record.done.clone(), Vec::new()));
        Segments {
            total,
            done: coarsen(&done),
            active,
            host_allows: None,
            host_allows_until: None,
        }
    }

    /// The commands that apply now.
    pub(super) fn allows(&self) -> AllowedActions {
        let allows = self.record.state.allows();
        let free = self.record.relocation.is_none();
        let received = self.received();
        // Without ranges, new requests would begin at zero.
        let keeps = self.record.resumable == Some(true) || received == 0;
        if self.verification.is_running() && self.record.state.kept_file().is_some() {
            // The file may be about to get its name.
            return AllowedActions::default();
        }
        AllowedActions {
            set_request: allows.set_request && (keeps || !self.record.state.has_worker()),
            set_name: allows.set_name && self.record.name.is_none() && received == 0,
            change_folder: allows.change_folder && free,
            relocate: allows.relocate && free,
            locate: allows.locate && free,
            download_again: allows.download_again && free,
            verify: allows.verify && free && !self.verification.is_running(),
            ..allows
        }
    }

    /// The name of the file; provisional until the server has responded.
    pub(super) fn name(&self) -> &str {
        let name = self.record.name.as_deref();
        name.unwrap_or_else(|| self.expected_name())
    }

    fn expected_name(&self) -> &str {
        let record = &self.record;
        let wanted = record.wanted_name.as_deref();
        self.link
            .expected_name
            .get_or_init(|| file_name::expected_name(&record.url, wanted))
    }

    /// Updates the speed; `at` is monotonic.
    pub(super) fn measure(&mut self, at: Duration) {
        let received = self.received();
        if let Some(live) = &mut self.worker {
            live.meter.record(at, received);
        }
    }

    /// The constraint that keeps it from running, if it is not paused.
    fn unmet_constraint(&self) -> Option<UnmetConstraint> {
        match &self.record.state {
            State::Queued
            | State::Stopping {
                then: AfterStop::Queue,
            } => self.blocked_by,
            State::Waiting { problem, .. } => {
                let offline = matches!(problem, Problem::Offline { .. });
                self.blocked_by
                    .or(offline.then_some(UnmetConstraint::Network))
            }
            State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping {
                then: AfterStop::Pause | AfterStop::RemoveKeep | AfterStop::RemoveTrash,
            }
            | State::Paused
            | State::Failed { .. }
            | State::Done { .. }
            | State::Removed => None,
        }
    }

    pub(super) fn snapshot(&self, rev: u64) -> Snapshot {
        let record = &self.record;
        let phase = record.state.phase();
        let received = self.received();
        let total = record.validators.total;
        let flowing = self.worker.as_ref().filter(|_| phase == Phase::Running);
        let speed = flowing.map_or(0, |live| live.meter.speed());
        let missing = total.map(|total| total.saturating_sub(received));
        let (problem, fix, wait_until, finished_at) = match &record.state {
            State::Waiting { until, problem, .. } => {
                (Some(problem.clone()), None, Some(*until), None)
            }
            State::Failed { problem, fix, .. } => (Some(problem.clone()), Some(*fix), None, None),
            State::Done { at } => (None, None, None, Some(*at)),
            State::Queued
            | State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping { .. }
            | State::Paused
            | State::Removed => (None, None, None, None),
        };
        Snapshot {
            id: record.id,
            rev,
            epoch: record.epoch,
            url: record.url.as_str().to_owned(),
            host: self.link.host.clone(),
            folder: record.folder.clone(),
            name: self.name().to_owned(),
            phase,
            priority: record.priority,
            queue_key: record.queue_key(),
            limit: record.limit,
            max_connections: record.connections,
            problem,
            fix,
            wait_until,
            waits_for: self.unmet_constraint(),
            unmetered_only: record.unmetered_only,
            tags: record.tags.clone(),
            attempts: record.attempts,
            received,
            total,
            speed,
            eta: missing
                .filter(|_| flowing.is_some())
                .and_then(|missing| eta(missing, speed)),
            connections: flowing
                .map_or(0, |live| live.counters.connections.load(Ordering::Relaxed)),
            limited_by: flowing.and_then(|live| live.limited_by),
            resumable: record.resumable,
            added_at: record.added_at,
            finished_at,
            verdict: record.verdict.clone().filter(|_| phase == Phase::Done),
            allows: self.allows(),
            start_at: record.start_at,
            relocation: self.relocation.progress(),
            verification: record
                .verification
                .as_ref()
                .filter(|_| phase == Phase::Done)
                .and_then(|checks| checks.last.clone()),
            verifying: self.verification.progress(),
            replaced_by: self.replaced_by,
        }
    }
}
