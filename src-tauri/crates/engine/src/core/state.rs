//! The life of a download as a pure function.
//!
//! ```text
//!  add -> Queued -> Probing -> Running -> Finishing -> Done
//!           ^          |          |           |
//!           |          +----------+-----------+   pause, remove or problem
//!           |                     v
//!           |              Stopping { then }      until the worker has let go
//!           |                     |
//!           +-- timer --- Waiting { until, .. }   the remedy is automatic
//!           +-- go ------ Failed { problem, .. }  the remedy needs the user
//!           +-- go ------ Paused
//! ```

use serde::{Deserialize, Serialize};

use super::download::{Allows, Millis, Phase};
use super::problem::{Fix, Problem};
use crate::handle::Leftover;

/// Where a download stands, with just what that place needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum State {
    Queued,
    Probing,
    Running,
    Finishing,
    /// The worker was asked to let go.
    Stopping {
        then: Then,
    },
    /// Goes on by itself; from nothing when `afresh`.
    Waiting {
        until: Millis,
        problem: Problem,
        afresh: bool,
    },
    Paused,
    /// Goes on when the person says so; from nothing when `afresh`.
    Failed {
        problem: Problem,
        fix: Fix,
        afresh: bool,
    },
    Done {
        at: Millis,
    },
    /// Left the list; nothing leads out of here.
    Removed,
}

/// What happens when the worker has let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Then {
    Pause,
    Queue,
    RemoveKeep,
    RemoveTrash,
}

/// What happened, or what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Pause,
    /// Resume, retry, or another link or folder: off to the queue.
    Go,
    Remove(Leftover),
    /// The network or the battery is not one to run on: back to the queue, which keeps it.
    Hold,
    /// The queue lets it run.
    Admitted,
    /// The server has answered with the file.
    Answered,
    /// Every byte is written.
    Complete,
    /// The worker ended: the file has its final name.
    Published(Millis),
    /// The worker ended because it was asked to.
    LetGo,
    /// The worker ended because of a problem; next attempt at `until`.
    Broke {
        problem: Problem,
        until: Millis,
        afresh: bool,
    },
    /// The worker ended because of a problem that needs the person.
    GaveUp {
        problem: Problem,
        fix: Fix,
        afresh: bool,
    },
    /// The time of `Waiting` has come.
    Due,
}

/// What the actor has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    StartWorker,
    StopWorker,
    /// Drop the plan and the unfinished file: the next start is from nothing.
    Afresh,
    /// Deal with the files, then forget the download.
    Erase(Leftover),
    /// Wake it at that time.
    WakeAt(Millis),
}

impl Then {
    pub(crate) fn remove(leftover: Leftover) -> Self {
        match leftover {
            Leftover::Keep => Self::RemoveKeep,
            Leftover::Trash => Self::RemoveTrash,
        }
    }

    /// Where it leads, the worker having let go.
    fn settle(self) -> (State, Vec<Effect>) {
        match self {
            Self::Pause => (State::Paused, vec![]),
            Self::Queue => (State::Queued, vec![]),
            Self::RemoveKeep => removed(Leftover::Keep),
            Self::RemoveTrash => removed(Leftover::Trash),
        }
    }
}

fn removed(leftover: Leftover) -> (State, Vec<Effect>) {
    (State::Removed, vec![Effect::Erase(leftover)])
}

fn queued(afresh: bool) -> (State, Vec<Effect>) {
    let effects = if afresh { vec![Effect::Afresh] } else { vec![] };
    (State::Queued, effects)
}

/// The next state and what is to be done for it. Total: what does not apply changes nothing.
pub(crate) fn step(state: State, event: Event) -> (State, Vec<Effect>) {
    use Event as E;
    use State as S;
    match (state, event) {
        // Before a worker runs.
        (S::Queued, E::Admitted) => (S::Probing, vec![Effect::StartWorker]),
        (S::Queued, E::Pause) => (S::Paused, vec![]),
        (S::Waiting { afresh, .. }, E::Go | E::Due) => queued(afresh),
        (S::Waiting { afresh, .. }, E::Pause) => {
            let (_, effects) = queued(afresh);
            (S::Paused, effects)
        }
        (S::Paused, E::Go) => (S::Queued, vec![]),
        (S::Failed { afresh, .. }, E::Go) => queued(afresh),
        (
            S::Queued | S::Waiting { .. } | S::Paused | S::Failed { .. } | S::Done { .. },
            E::Remove(leftover),
        ) => removed(leftover),

        // While a worker runs.
        (S::Probing, E::Answered) => (S::Running, vec![]),
        (S::Running, E::Complete) => (S::Finishing, vec![]),
        (S::Probing | S::Running, E::Pause) => stop(Then::Pause),
        (S::Probing | S::Running, E::Hold) => stop(Then::Queue),
        (S::Probing | S::Running | S::Finishing, E::Remove(leftover)) => {
            stop(Then::remove(leftover))
        }
        (S::Probing | S::Running | S::Finishing, E::Published(at)) => (S::Done { at }, vec![]),
        (S::Probing | S::Running | S::Finishing, E::LetGo) => (S::Queued, vec![]),
        (
            S::Probing | S::Running | S::Finishing,
            E::Broke {
                problem,
                until,
                afresh,
            },
        ) => (
            S::Waiting {
                until,
                problem,
                afresh,
            },
            vec![Effect::WakeAt(until)],
        ),
        (
            S::Probing | S::Running | S::Finishing,
            E::GaveUp {
                problem,
                fix,
                afresh,
            },
        ) => (
            S::Failed {
                problem,
                fix,
                afresh,
            },
            vec![],
        ),

        // While the worker lets go: commands change what comes after.
        (
            S::Stopping {
                then: Then::Pause | Then::Queue,
            },
            E::Pause,
        ) => stopping(Then::Pause),
        (
            S::Stopping {
                then: Then::Pause | Then::Queue,
            },
            E::Go,
        ) => stopping(Then::Queue),
        (S::Stopping { .. }, E::Remove(leftover)) => stopping(Then::remove(leftover)),
        (S::Stopping { then }, E::LetGo | E::Broke { .. } | E::GaveUp { .. }) => then.settle(),
        (
            S::Stopping {
                then: Then::Pause | Then::Queue,
            },
            E::Published(at),
        ) => (S::Done { at }, vec![]),
        (S::Stopping { then }, E::Published(_)) => then.settle(),

        // Nothing to do: said already, too late, or of a worker that is gone.
        (state @ S::Queued, E::Go | E::Answered | E::Complete | E::Published(_) | E::LetGo)
        | (state @ S::Queued, E::Broke { .. } | E::GaveUp { .. } | E::Due)
        | (state @ S::Probing, E::Go | E::Admitted | E::Complete | E::Due)
        | (state @ S::Running, E::Go | E::Admitted | E::Answered | E::Due)
        | (
            state @ S::Finishing,
            E::Go | E::Pause | E::Admitted | E::Answered | E::Complete | E::Due,
        )
        | (
            state @ S::Stopping {
                then: Then::RemoveKeep | Then::RemoveTrash,
            },
            E::Pause | E::Go,
        )
        | (state @ S::Stopping { .. }, E::Admitted | E::Answered | E::Complete | E::Due)
        | (
            state @ S::Waiting { .. },
            E::Admitted | E::Answered | E::Complete | E::Published(_) | E::LetGo,
        )
        | (state @ S::Waiting { .. }, E::Broke { .. } | E::GaveUp { .. })
        | (state @ (S::Paused | S::Failed { .. }), E::Pause | E::Admitted | E::Answered)
        | (state @ (S::Paused | S::Failed { .. }), E::Complete | E::Published(_) | E::LetGo)
        | (state @ (S::Paused | S::Failed { .. }), E::Broke { .. } | E::GaveUp { .. } | E::Due)
        | (state @ S::Done { .. }, E::Pause | E::Go | E::Admitted | E::Answered | E::Complete)
        | (state @ S::Done { .. }, E::Published(_) | E::LetGo | E::Broke { .. })
        | (state @ S::Done { .. }, E::GaveUp { .. } | E::Due) => (state, vec![]),
        // What no worker fetches has nothing to stop; the last step of a file needs no network.
        (
            state @ (S::Queued
            | S::Finishing
            | S::Stopping { .. }
            | S::Waiting { .. }
            | S::Paused
            | S::Failed { .. }
            | S::Done { .. }),
            E::Hold,
        ) => (state, vec![]),
        (S::Removed, _) => (S::Removed, vec![]),
    }
}

fn stop(then: Then) -> (State, Vec<Effect>) {
    (State::Stopping { then }, vec![Effect::StopWorker])
}

fn stopping(then: Then) -> (State, Vec<Effect>) {
    (State::Stopping { then }, vec![])
}

impl State {
    /// The word that is shown; `Removed` is shown nowhere and counts as stopping.
    pub(crate) fn phase(&self) -> Phase {
        match self {
            Self::Queued => Phase::Queued,
            Self::Probing => Phase::Probing,
            Self::Running => Phase::Running,
            Self::Finishing => Phase::Finishing,
            Self::Stopping { .. } | Self::Removed => Phase::Stopping,
            Self::Waiting { .. } => Phase::Waiting,
            Self::Paused => Phase::Paused,
            Self::Failed { .. } => Phase::Failed,
            Self::Done { .. } => Phase::Done,
        }
    }

    /// Whether a worker is at it.
    pub(crate) fn working(&self) -> bool {
        match self {
            Self::Probing | Self::Running | Self::Finishing | Self::Stopping { .. } => true,
            Self::Queued
            | Self::Waiting { .. }
            | Self::Paused
            | Self::Failed { .. }
            | Self::Done { .. }
            | Self::Removed => false,
        }
    }

    /// Which commands make sense now.
    pub(crate) fn allows(&self) -> Allows {
        let nothing = Allows::default();
        match self {
            Self::Queued | Self::Probing | Self::Running => Allows {
                pause: true,
                ..nothing
            },
            Self::Stopping { then: Then::Queue } => Allows {
                pause: true,
                ..nothing
            },
            Self::Stopping { then: Then::Pause } | Self::Paused => Allows {
                resume: true,
                ..nothing
            },
            Self::Waiting { .. } => Allows {
                pause: true,
                retry: true,
                ..nothing
            },
            Self::Failed { .. } => Allows {
                retry: true,
                ..nothing
            },
            Self::Done { .. } => Allows {
                open: true,
                ..nothing
            },
            Self::Finishing
            | Self::Stopping {
                then: Then::RemoveKeep | Then::RemoveTrash,
            }
            | Self::Removed => nothing,
        }
    }

    /// Where a stored download is taken up after the process ended, however it ended. No worker exists now.
    pub(crate) fn wake(self) -> Self {
        match self {
            Self::Probing | Self::Running | Self::Finishing => Self::Queued,
            Self::Stopping { then } => then.settle().0,
            kept @ (Self::Queued
            | Self::Waiting { .. }
            | Self::Paused
            | Self::Failed { .. }
            | Self::Done { .. }
            | Self::Removed) => kept,
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
