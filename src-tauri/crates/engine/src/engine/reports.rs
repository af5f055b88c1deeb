//! What workers say while they work and when they end, and what follows from it for their downloads.
//!
//! Decides nothing about a problem itself: that is `core/problem.rs`.

use tokio::task::{Id, JoinError};

use super::{Actor, now};
use crate::core::download::{DownloadId, Level};
use crate::core::hosts::HostLoad;
use crate::core::problem::{Problem, Remedy};
use crate::core::retry::delay;
use crate::core::state::Event;
use crate::worker::{Ending, How, Report};

impl Actor {
    /// This report, and those that have come behind it: one turn for all.
    pub(super) fn report_all(&mut self, id: DownloadId, report: Report) {
        self.report(id, report);
        while let Ok((id, report)) = self.reports.try_recv() {
            self.report(id, report);
        }
    }

    /// This end, and those that have come behind it.
    pub(super) fn ended_all(&mut self, ended: Result<(Id, Ending), JoinError>) {
        self.ended(ended);
        while let Some(ended) = self.workers.try_join_next_with_id() {
            self.ended(ended);
        }
    }

    pub(super) fn report(&mut self, id: DownloadId, report: Report) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        match report {
            Report::Afresh => entry.record.afresh(),
            Report::Naming(name, stored) => {
                entry.record.name = Some(name);
                self.save(id);
                self.tell_stored(stored);
            }
            Report::Answered(answered, stored) => {
                if answered.afresh {
                    entry.record.afresh();
                }
                let predecessor = entry.predecessor.take();
                let taken_over = predecessor
                    .filter(|one| one.file.as_ref() == Some(&answered.file))
                    .map(|one| one.id);
                entry.record.name = Some(answered.name);
                entry.record.file = Some(answered.file);
                entry.record.identity = answered.identity;
                entry.record.resumable = Some(answered.resumable);
                entry.at_home = answered.at_home;
                entry.record.stated = answered.stated;
                entry.record.done = answered.done;
                self.save(id);
                if let Some(predecessor) = taken_over {
                    // In this order: as long as the file is there, a row speaks of it.
                    self.store_changes();
                    self.store.delete(predecessor);
                }
                self.happen(id, Event::Answered);
                if let Some(stored) = stored {
                    self.tell_stored(stored);
                }
            }
            Report::Stored(stored) => {
                entry.record.done = stored.done;
                entry.record.samples = stored.samples;
                self.save(id);
            }
            Report::Complete {
                total,
                unstated,
                stored,
            } => {
                entry.record.identity.total = Some(total);
                self.tell(id);
                self.happen(id, Event::Complete);
                if unstated {
                    self.unstated(id);
                }
                if let Some(stored) = stored {
                    self.save(id);
                    self.tell_stored(stored);
                }
            }
            Report::Log(level, text) => self.log(id, level, text),
        }
    }

    pub(super) fn ended(&mut self, ended: Result<(Id, Ending), JoinError>) {
        // What the worker said before its end counts before its end.
        while let Ok((id, report)) = self.reports.try_recv() {
            self.report(id, report);
        }
        let (task, ending) = match ended {
            Ok((task, ending)) => (task, ending),
            Err(error) => (error.id(), crashed()),
        };
        let Some(id) = self.whose.remove(&task) else {
            return;
        };
        for report in ending.reports {
            self.report(id, report);
        }
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        entry.live = None;
        if let Some(stored) = ending.done {
            entry.record.done = stored.done;
            entry.record.samples = stored.samples;
        }
        if entry.record.file.is_none() {
            // A name that no file was made for.
            entry.record.name = None;
        }
        // Bytes that are given up again are no progress.
        let wasted = matches!(&ending.how, How::Broke(problem) if problem.gives_up());
        if ending.brought && !wasted {
            entry.record.attempts = 0;
        }
        // Refused beside others of ours, it waits for its turn, which is no failed attempt.
        let turned_away = entry.turned_away(ending.load);
        let event = match ending.how {
            How::Published {
                name,
                file,
                total,
                verdict,
            } => {
                entry.record.identity.total = Some(total);
                entry.record.verdict = Some(verdict);
                entry.record.attempts = 0;
                let renamed = entry.record.name.as_ref() != Some(&name);
                entry.record.name = Some(name.clone());
                entry.record.file = file.or(entry.record.file.take());
                let fate = if renamed {
                    "its name was taken meanwhile: saved as"
                } else {
                    "saved as"
                };
                self.log(
                    id,
                    Level::Info,
                    format!("{fate} {name}, {total} bytes, synced"),
                );
                Event::Published(now())
            }
            How::LetGo => Event::LetGo,
            How::Broke(problem) => self.broke(id, problem, turned_away),
        };
        self.happen(id, event);
        self.take_in(id);
    }

    /// What a problem leads to, by the policy. `turned_away`: how often in a row its host refused it beside others of ours.
    fn broke(&mut self, id: DownloadId, problem: Problem, turned_away: Option<u32>) -> Event {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return Event::LetGo;
        };
        let problem = if self.config.wait_for_network {
            self.watch.judge(&*self.config.network, problem)
        } else {
            problem
        };
        let problem = if self.local_network {
            problem
        } else {
            problem.kept_out()
        };
        let offline = matches!(problem, Problem::Offline { .. });
        let told = offline && !self.watch.wait(id);
        entry.record.attempts += u32::from(!problem.waits() && turned_away.is_none());
        let attempts = entry.record.attempts;
        // What brings bytes and gives them up again is no better than what brings none.
        let vain = if problem.gives_up() {
            attempts.max(entry.restarts())
        } else {
            attempts
        };
        let (patience, jitter) = (&self.config.patience, fastrand::f64());
        let remedy = match turned_away {
            Some(times) => {
                let wait = delay(times, problem.retry_after(), patience, jitter);
                Remedy::ContinueAfter(wait)
            }
            None => problem.remedy(vain, patience, jitter),
        };
        let code = problem.code();
        let (text, level, event) = match remedy {
            Remedy::ContinueAfter(wait)
            | Remedy::ContinueOnline(wait)
            | Remedy::RestartAfter(wait) => {
                let afresh = matches!(remedy, Remedy::RestartAfter(_));
                let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                let until = now().saturating_add(millis);
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
                    Level::Warn,
                    Event::Broke {
                        problem,
                        until,
                        afresh,
                    },
                )
            }
            Remedy::AskToContinue(fix) | Remedy::AskToRestart(fix) => {
                let afresh = matches!(remedy, Remedy::AskToRestart(_));
                let times = if attempts == 1 { "attempt" } else { "attempts" };
                let text = format!("{code}; stopped after {attempts} {times}");
                (
                    text,
                    Level::Error,
                    Event::GaveUp {
                        problem,
                        fix,
                        afresh,
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

/// A worker that panicked: what is stored stands.
fn crashed() -> Ending {
    let reason = "an error in Millrace itself".to_owned();
    Ending {
        reports: Vec::new(),
        how: How::Broke(Problem::DiskFailed {
            path: String::new(),
            reason,
        }),
        done: None,
        brought: false,
        load: HostLoad::Alone,
    }
}
