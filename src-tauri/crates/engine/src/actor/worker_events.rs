//! Applies the events and results of workers to their downloads.
//!
//! Does not decide how a problem is handled: see `domain/attempt_failure.rs` and `domain/remedy.rs`.

use super::workers::WorkerMessage;
use super::{Actor, unix_now};
use crate::domain::attempt_failure::{FailedAttempt, made_progress, uses_up_attempt};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::problem::Problem;
use crate::domain::state::Event;
use crate::domain::verdict::Verdict;
use crate::worker::{AttemptOutcome, AttemptResult, ResponseInfo, WorkerEvent};

impl Actor {
    /// Processes this message and those of its kind queued behind it in one turn of the loop.
    pub(super) fn on_worker_messages(&mut self, message: WorkerMessage) {
        let ended = matches!(message, WorkerMessage::Ended(..));
        self.on_worker_message(message);
        if ended {
            while let Some((id, result)) = self.workers.try_next_end() {
                self.on_worker_end(id, result);
            }
        } else {
            self.apply_pending_events();
        }
    }

    pub(super) fn on_worker_message(&mut self, message: WorkerMessage) {
        match message {
            WorkerMessage::Event(id, event) => self.on_worker_event(id, event),
            WorkerMessage::Ended(id, result) => self.on_worker_end(id, result),
        }
    }

    fn apply_pending_events(&mut self) {
        while let Some((id, event)) = self.workers.try_next_event() {
            self.on_worker_event(id, event);
        }
    }

    fn on_worker_event(&mut self, id: DownloadId, event: WorkerEvent) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        match event {
            WorkerEvent::Restarted => entry.restart(unix_now()),
            WorkerEvent::NameChosen(name, stored) => {
                entry.record.name = Some(name);
                self.mark_dirty(id);
                self.notify_when_stored(stored);
            }
            WorkerEvent::ResponseInfo(info, stored) => {
                self.on_response_info(id, info);
                if let Some(stored) = stored {
                    self.notify_when_stored(stored);
                }
            }
            WorkerEvent::Synced(stored) => {
                entry.record.done = stored.done;
                entry.record.fingerprint = stored.samples;
                self.mark_dirty(id);
            }
            WorkerEvent::Transferred {
                total,
                unstated,
                stored,
            } => {
                entry.record.validators.total = Some(total);
                self.notify(id);
                self.apply_event(id, Event::Transferred);
                if unstated {
                    self.mark_length_unverified(id);
                }
                if let Some(stored) = stored {
                    self.mark_dirty(id);
                    self.notify_when_stored(stored);
                }
            }
            WorkerEvent::Log(level, text) => self.log(id, level, text),
        }
    }

    fn on_response_info(&mut self, id: DownloadId, info: ResponseInfo) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        if info.restarted {
            entry.restart(unix_now());
        }
        let predecessor = entry.predecessor.take();
        let taken_over = predecessor
            .filter(|one| one.file_id.as_ref() == Some(&info.file))
            .map(|one| one.id);
        entry.record.name = Some(info.name);
        entry.record.file_id = Some(info.file);
        entry.record.validators = info.identity;
        entry.record.resumable = Some(info.resumable);
        entry.link.answered_by_origin = info.answered_by_origin;
        entry.record.server_digest = info.server_digest;
        entry.record.done = info.done;
        self.mark_dirty(id);
        if let Some(predecessor) = taken_over {
            // In this order: as long as the file exists, a row refers to it.
            self.flush_dirty();
            self.persistence.delete(predecessor);
        }
        self.apply_event(id, Event::Answered);
    }

    /// The server did not state the length, it is known only from the end of the response. This is stored until a
    /// digest confirms it, because a later process would take it for a length that the server stated.
    fn mark_length_unverified(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(id) {
            entry.record.verdict = Some(Verdict::Nothing);
        }
    }

    fn on_worker_end(&mut self, id: DownloadId, result: AttemptResult) {
        // Events that the worker sent before it ended are applied first.
        self.apply_pending_events();
        for event in result.reports {
            self.on_worker_event(id, event);
        }
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        entry.worker = None;
        if let Some(stored) = result.done {
            entry.record.done = stored.done;
            entry.record.fingerprint = stored.samples;
        }
        if entry.record.file_id.is_none() {
            // No file was made for this name.
            entry.record.name = None;
        }
        let problem = match &result.how {
            AttemptOutcome::Failed(problem) => Some(problem),
            AttemptOutcome::Published { .. } | AttemptOutcome::Stopped => None,
        };
        if made_progress(result.received_any, problem) {
            entry.record.attempts = 0;
        }
        // Refused while its host served other downloads of ours: it waits, which is no failed attempt.
        let turned_away = entry.count_refusal(result.load);
        let event = match result.how {
            AttemptOutcome::Published {
                name,
                file,
                total,
                verdict,
            } => {
                entry.record.validators.total = Some(total);
                entry.record.verdict = Some(verdict);
                entry.record.attempts = 0;
                let renamed = entry.record.name.as_ref() != Some(&name);
                entry.record.name = Some(name.clone());
                entry.record.file_id = file.or(entry.record.file_id.take());
                let fate = if renamed {
                    "its name was taken meanwhile: saved as"
                } else {
                    "saved as"
                };
                let text = format!("{fate} {name}, {total} bytes, synced");
                self.log(id, LogLevel::Info, text);
                Event::Published(unix_now())
            }
            AttemptOutcome::Stopped => Event::Stopped,
            AttemptOutcome::Failed(problem) => self.problem_event(id, problem, turned_away),
        };
        self.apply_event(id, event);
        self.ingest_next(id);
        self.continue_relocation(id);
    }

    /// Counts the attempt and logs its failure. Returns the event that follows by the retry policy. `turned_away`:
    /// number of consecutive refusals while the host served other downloads of ours.
    fn problem_event(
        &mut self,
        id: DownloadId,
        problem: Problem,
        turned_away: Option<u32>,
    ) -> Event {
        let problem = self.network_monitor.classify(problem);
        let offline = matches!(problem, Problem::Offline { .. });
        let logged_before = offline && !self.network_monitor.add_waiter(id);
        let Some(entry) = self.downloads.get_mut(id) else {
            return Event::Stopped;
        };
        entry.record.attempts += u32::from(uses_up_attempt(&problem, turned_away));
        let failed = FailedAttempt {
            problem,
            attempts: entry.record.attempts,
            restarts: entry.restarts(),
            turned_away,
        };
        let outcome = failed.outcome(&self.config.retry, fastrand::f64(), unix_now());
        if !logged_before {
            self.log(id, outcome.level, outcome.text);
        }
        outcome.event
    }
}
