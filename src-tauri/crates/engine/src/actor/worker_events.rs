//! Applies the events and results of workers to their downloads.
//!
//! Does not decide how a problem is handled: that is `domain/remedy.rs`.

use tokio::task::{Id, JoinError};

use super::{Actor, unix_now};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::host_limits::HostLoad;
use crate::domain::problem::{Problem, Remedy};
use crate::domain::retry_policy::backoff;
use crate::domain::state::Event;
use crate::worker::{AttemptOutcome, AttemptResult, WorkerEvent};

impl Actor {
    /// Processes this event and those queued behind it in one turn of the loop.
    pub(super) fn on_worker_events(&mut self, id: DownloadId, report: WorkerEvent) {
        self.on_worker_event(id, report);
        while let Ok((id, report)) = self.worker_events.try_recv() {
            self.on_worker_event(id, report);
        }
    }

    /// Processes this result and those queued behind it.
    pub(super) fn on_worker_ends(&mut self, ended: Result<(Id, AttemptResult), JoinError>) {
        self.on_worker_end(ended);
        while let Some(ended) = self.workers.try_join_next_with_id() {
            self.on_worker_end(ended);
        }
    }

    pub(super) fn on_worker_event(&mut self, id: DownloadId, report: WorkerEvent) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        match report {
            WorkerEvent::Restarted => entry.record.reset_transfer(),
            WorkerEvent::NameChosen(name, stored) => {
                entry.record.name = Some(name);
                self.mark_dirty(id);
                self.notify_when_stored(stored);
            }
            WorkerEvent::ResponseInfo(answered, stored) => {
                if answered.restarted {
                    entry.record.reset_transfer();
                }
                let predecessor = entry.predecessor.take();
                let taken_over = predecessor
                    .filter(|one| one.file_id.as_ref() == Some(&answered.file))
                    .map(|one| one.id);
                entry.record.name = Some(answered.name);
                entry.record.file_id = Some(answered.file);
                entry.record.validators = answered.identity;
                entry.record.resumable = Some(answered.resumable);
                entry.answered_by_origin = answered.answered_by_origin;
                entry.record.server_digest = answered.server_digest;
                entry.record.done = answered.done;
                self.mark_dirty(id);
                if let Some(predecessor) = taken_over {
                    // In this order: as long as the file exists, a row refers to it.
                    self.flush_dirty();
                    self.store.delete(predecessor);
                }
                self.apply_event(id, Event::Answered);
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

    pub(super) fn on_worker_end(&mut self, ended: Result<(Id, AttemptResult), JoinError>) {
        // Events that the worker sent before it ended are applied first.
        while let Ok((id, report)) = self.worker_events.try_recv() {
            self.on_worker_event(id, report);
        }
        let (task, ending) = match ended {
            Ok((task, ending)) => (task, ending),
            Err(error) => (error.id(), panicked()),
        };
        let Some(id) = self.download_by_task.remove(&task) else {
            return;
        };
        for report in ending.reports {
            self.on_worker_event(id, report);
        }
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        entry.worker = None;
        if let Some(stored) = ending.done {
            entry.record.done = stored.done;
            entry.record.fingerprint = stored.samples;
        }
        if entry.record.file_id.is_none() {
            // No file was made for this name.
            entry.record.name = None;
        }
        // Bytes that are discarded again are no progress.
        let wasted =
            matches!(&ending.how, AttemptOutcome::Failed(problem) if problem.invalidates_partial());
        if ending.received_any && !wasted {
            entry.record.attempts = 0;
        }
        // Refused while its host served other downloads of ours: it waits, which is no failed attempt.
        let turned_away = entry.turned_away(ending.load);
        let event = match ending.how {
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
                self.log(
                    id,
                    LogLevel::Info,
                    format!("{fate} {name}, {total} bytes, synced"),
                );
                Event::Published(unix_now())
            }
            AttemptOutcome::Stopped => Event::Stopped,
            AttemptOutcome::Failed(problem) => self.problem_event(id, problem, turned_away),
        };
        self.apply_event(id, event);
        self.ingest_next(id);
    }

    /// The event that follows from a problem by the retry policy. `turned_away`: number of consecutive refusals while
    /// the host served other downloads of ours.
    fn problem_event(
        &mut self,
        id: DownloadId,
        problem: Problem,
        turned_away: Option<u32>,
    ) -> Event {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return Event::Stopped;
        };
        let problem = if self.config.wait_for_network {
            self.network_monitor
                .classify(&*self.config.network, problem)
        } else {
            problem
        };
        let problem = if self.local_network {
            problem
        } else {
            problem.kept_out()
        };
        let offline = matches!(problem, Problem::Offline { .. });
        let told = offline && !self.network_monitor.add_waiter(id);
        entry.record.attempts += u32::from(!problem.is_outage() && turned_away.is_none());
        let attempts = entry.record.attempts;
        // An attempt that brings bytes and discards them again counts as one that brings none.
        let vain = if problem.invalidates_partial() {
            attempts.max(entry.restarts())
        } else {
            attempts
        };
        let (patience, jitter) = (&self.config.retry, fastrand::f64());
        let remedy = match turned_away {
            Some(times) => {
                let wait = backoff(times, problem.retry_after(), patience, jitter);
                Remedy::ContinueAfter(wait)
            }
            None => problem.remedy(vain, patience, jitter),
        };
        let code = problem.code();
        let (text, level, event) = match remedy {
            Remedy::ContinueAfter(wait)
            | Remedy::ContinueOnline(wait)
            | Remedy::RestartAfter(wait) => {
                let restart = matches!(remedy, Remedy::RestartAfter(_));
                let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                let until = unix_now().saturating_add(millis);
                let text = if offline {
                    format!("{code}; waiting for the network")
                } else if turned_away.is_some() {
                    let wait = wait.as_secs_f64();
                    format!(
                        "{code} beside other downloads from there; its turn comes in {wait:.1} s"
                    )
                } else {
                    format!("{code}; next attempt in {:.1} s", wait.as_secs_f64())
                };
                (
                    text,
                    LogLevel::Warn,
                    Event::AttemptFailed {
                        problem,
                        until,
                        restart,
                    },
                )
            }
            Remedy::AskToContinue(fix) | Remedy::AskToRestart(fix) => {
                let restart = matches!(remedy, Remedy::AskToRestart(_));
                let times = if attempts == 1 { "attempt" } else { "attempts" };
                let text = format!("{code}; stopped after {attempts} {times}");
                (
                    text,
                    LogLevel::Error,
                    Event::Failed {
                        problem,
                        fix,
                        restart,
                    },
                )
            }
        };
        if !told {
            self.log(id, level, text);
        }
        event
    }
}

/// A worker that panicked: what is stored stays valid.
fn panicked() -> AttemptResult {
    let reason = "an error in Millrace itself".to_owned();
    AttemptResult {
        reports: Vec::new(),
        how: AttemptOutcome::Failed(Problem::DiskFailed {
            path: String::new(),
            reason,
        }),
        done: None,
        received_any: false,
        load: HostLoad::Alone,
    }
}
