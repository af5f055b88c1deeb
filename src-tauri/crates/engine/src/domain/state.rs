//! The states of a download and their transitions, as a pure function.
//!
//! ```text
//!  add -> Queued -> Probing -> Running -> Finishing -> Done
//!           ^          |          |           |
//!           |          +----------+-----------+   pause, remove or problem
//!           |                     v
//!           |              Stopping { then }      until the worker has stopped
//!           |                     |
//!           +- timer ---- Waiting { until, .. }   the remedy is automatic
//!           +- enqueue -- Failed { problem, .. }  the remedy needs the user
//!           +- enqueue -- Paused
//! ```

use serde::{Deserialize, Serialize};

use super::download::{Phase, UnixMillis};
use super::problem::{Fix, Problem};
use super::removal::RemoveMode;

/// The state of a download, with the data of that state only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum State {
    Queued,
    Probing,
    Running,
    Finishing,
    /// The worker was asked to stop.
    Stopping {
        then: AfterStop,
    },
    /// Continues by itself at `until`; from zero with `restart`.
    Waiting {
        until: UnixMillis,
        problem: Problem,
        #[serde(rename = "afresh")]
        restart: bool,
    },
    Paused,
    /// Continues when the user says so; from zero with `restart`.
    Failed {
        problem: Problem,
        fix: Fix,
        #[serde(rename = "afresh")]
        restart: bool,
    },
    Done {
        at: UnixMillis,
    },
    /// Left the list; a final state.
    Removed,
}

/// What follows when the worker has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AfterStop {
    Pause,
    Queue,
    RemoveKeep,
    RemoveTrash,
}

/// An event of the worker, the queue or the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Pause,
    /// Resume, retry, or another URL or folder: to the queue.
    Enqueue,
    /// A finished download starts again from zero.
    DownloadAgain,
    Remove(RemoveMode),
    /// A constraint is no longer met: back to the queue, which holds it.
    Preempt,
    /// The queue starts it.
    Admitted,
    /// The server has responded with the file.
    Answered,
    /// Every byte has been written.
    Transferred,
    /// The worker ended: the file has its final name.
    Published(UnixMillis),
    /// A digest has proven the file that was kept for its wrong one; it has its final name.
    Proven(UnixMillis),
    /// The worker ended because it was asked to.
    Stopped,
    /// The worker ended because of a problem; next attempt at `until`.
    AttemptFailed {
        problem: Problem,
        until: UnixMillis,
        restart: bool,
    },
    /// The worker ended because of a problem that needs the user.
    Failed {
        problem: Problem,
        fix: Fix,
        restart: bool,
    },
    /// The time of `Waiting` has been reached.
    TimerFired,
}

/// What the actor does for a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    StartWorker,
    StopWorker,
    /// Drop the byte ranges and the partial file: the next start is from zero.
    DiscardPartial,
    /// Keep or delete the files, then forget the download.
    RemoveFiles(RemoveMode),
    /// Set its timer to that time.
    WakeAt(UnixMillis),
}

impl AfterStop {
    pub(crate) fn remove(leftover: RemoveMode) -> Self {
        match leftover {
            RemoveMode::Keep => Self::RemoveKeep,
            RemoveMode::Trash => Self::RemoveTrash,
        }
    }

    /// The state after the worker has stopped.
    fn into_state(self) -> (State, Vec<Effect>) {
        match self {
            Self::Pause => (State::Paused, vec![]),
            Self::Queue => (State::Queued, vec![]),
            Self::RemoveKeep => removed(RemoveMode::Keep),
            Self::RemoveTrash => removed(RemoveMode::Trash),
        }
    }
}

fn removed(leftover: RemoveMode) -> (State, Vec<Effect>) {
    (State::Removed, vec![Effect::RemoveFiles(leftover)])
}

fn to_queued(afresh: bool) -> (State, Vec<Effect>) {
    let effects = if afresh {
        vec![Effect::DiscardPartial]
    } else {
        vec![]
    };
    (State::Queued, effects)
}

/// The next state and its effects. Total: an event that does not apply changes nothing.
pub(crate) fn step(state: State, event: Event) -> (State, Vec<Effect>) {
    use Event as E;
    use State as S;
    match (state, event) {
        // Before a worker runs.
        (S::Queued, E::Admitted) => (S::Probing, vec![Effect::StartWorker]),
        (S::Queued, E::Pause) => (S::Paused, vec![]),
        (S::Waiting { restart, .. }, E::Enqueue | E::TimerFired) => to_queued(restart),
        (S::Waiting { restart, .. }, E::Pause) => {
            let (_, effects) = to_queued(restart);
            (S::Paused, effects)
        }
        (S::Paused, E::Enqueue) | (S::Done { .. }, E::DownloadAgain) => (S::Queued, vec![]),
        (S::Failed { restart, .. }, E::Enqueue) => to_queued(restart),
        (
            S::Queued | S::Waiting { .. } | S::Paused | S::Failed { .. } | S::Done { .. },
            E::Remove(leftover),
        ) => removed(leftover),

        // While a worker runs.
        (S::Probing, E::Answered) => (S::Running, vec![]),
        (S::Running, E::Transferred) => (S::Finishing, vec![]),
        (S::Probing | S::Running, E::Pause) => stop(AfterStop::Pause),
        (S::Probing | S::Running, E::Preempt) => stop(AfterStop::Queue),
        (S::Probing | S::Running | S::Finishing, E::Remove(leftover)) => {
            stop(AfterStop::remove(leftover))
        }
        (S::Probing | S::Running | S::Finishing, E::Published(at)) => (S::Done { at }, vec![]),
        (S::Probing | S::Running | S::Finishing, E::Stopped) => (S::Queued, vec![]),
        (
            S::Probing | S::Running | S::Finishing,
            E::AttemptFailed {
                problem,
                until,
                restart,
            },
        ) => (
            S::Waiting {
                until,
                problem,
                restart,
            },
            vec![Effect::WakeAt(until)],
        ),
        (
            S::Probing | S::Running | S::Finishing,
            E::Failed {
                problem,
                fix,
                restart,
            },
        ) => (
            S::Failed {
                problem,
                fix,
                restart,
            },
            vec![],
        ),

        (S::Failed { .. }, E::Proven(at)) => (S::Done { at }, vec![]),

        // While the worker stops: commands change what follows.
        (
            S::Stopping {
                then: AfterStop::Pause | AfterStop::Queue,
            },
            E::Pause,
        ) => set_after_stop(AfterStop::Pause),
        (
            S::Stopping {
                then: AfterStop::Pause | AfterStop::Queue,
            },
            E::Enqueue,
        ) => set_after_stop(AfterStop::Queue),
        (S::Stopping { .. }, E::Remove(leftover)) => set_after_stop(AfterStop::remove(leftover)),
        (S::Stopping { then }, E::Stopped | E::AttemptFailed { .. } | E::Failed { .. }) => {
            then.into_state()
        }
        (
            S::Stopping {
                then: AfterStop::Pause | AfterStop::Queue,
            },
            E::Published(at),
        ) => (S::Done { at }, vec![]),
        (S::Stopping { then }, E::Published(_)) => then.into_state(),

        // Nothing to do: repeated, too late, or from a worker that is gone.
        (
            state @ S::Queued,
            E::Enqueue | E::Answered | E::Transferred | E::Published(_) | E::Stopped,
        )
        | (state @ S::Queued, E::AttemptFailed { .. } | E::Failed { .. } | E::TimerFired)
        | (state @ S::Probing, E::Enqueue | E::Admitted | E::Transferred | E::TimerFired)
        | (state @ S::Running, E::Enqueue | E::Admitted | E::Answered | E::TimerFired)
        | (
            state @ S::Finishing,
            E::Enqueue | E::Pause | E::Admitted | E::Answered | E::Transferred | E::TimerFired,
        )
        | (
            state @ S::Stopping {
                then: AfterStop::RemoveKeep | AfterStop::RemoveTrash,
            },
            E::Pause | E::Enqueue,
        )
        | (
            state @ S::Stopping { .. },
            E::Admitted | E::Answered | E::Transferred | E::TimerFired,
        )
        | (
            state @ S::Waiting { .. },
            E::Admitted | E::Answered | E::Transferred | E::Published(_) | E::Stopped,
        )
        | (state @ S::Waiting { .. }, E::AttemptFailed { .. } | E::Failed { .. })
        | (state @ (S::Paused | S::Failed { .. }), E::Pause | E::Admitted | E::Answered)
        | (state @ (S::Paused | S::Failed { .. }), E::Transferred | E::Published(_) | E::Stopped)
        | (
            state @ (S::Paused | S::Failed { .. }),
            E::AttemptFailed { .. } | E::Failed { .. } | E::TimerFired,
        )
        | (
            state @ S::Done { .. },
            E::Pause | E::Enqueue | E::Admitted | E::Answered | E::Transferred,
        )
        | (state @ S::Done { .. }, E::Published(_) | E::Stopped | E::AttemptFailed { .. })
        | (state @ S::Done { .. }, E::Failed { .. } | E::TimerFired) => (state, vec![]),
        // Without a transferring worker there is nothing to stop; finishing needs no network.
        (
            state @ (S::Queued
            | S::Finishing
            | S::Stopping { .. }
            | S::Waiting { .. }
            | S::Paused
            | S::Failed { .. }
            | S::Done { .. }),
            E::Preempt,
        ) => (state, vec![]),
        // Only of a failed download a file was kept.
        (
            state @ (S::Queued
            | S::Probing
            | S::Running
            | S::Finishing
            | S::Stopping { .. }
            | S::Waiting { .. }
            | S::Paused
            | S::Done { .. }),
            E::Proven(_),
        ) => (state, vec![]),
        // Only a finished download has nothing left to do.
        (
            state @ (S::Queued
            | S::Probing
            | S::Running
            | S::Finishing
            | S::Stopping { .. }
            | S::Waiting { .. }
            | S::Paused
            | S::Failed { .. }),
            E::DownloadAgain,
        ) => (state, vec![]),
        (S::Removed, _) => (S::Removed, vec![]),
    }
}

fn stop(then: AfterStop) -> (State, Vec<Effect>) {
    (State::Stopping { then }, vec![Effect::StopWorker])
}

fn set_after_stop(then: AfterStop) -> (State, Vec<Effect>) {
    (State::Stopping { then }, vec![])
}

impl State {
    /// The public phase; `Removed` is never shown and counts as stopping.
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

    /// Path of the complete file that was kept for its wrong digest.
    pub(crate) fn kept_file(&self) -> Option<&str> {
        if let Self::Failed { problem, .. } = self
            && let Problem::ChecksumMismatch { kept, .. } = problem
        {
            return kept.as_deref();
        }
        None
    }

    /// Whether it is paused, or will be when its worker has stopped.
    pub(crate) fn is_pause(&self) -> bool {
        let pausing = Self::Stopping {
            then: AfterStop::Pause,
        };
        *self == Self::Paused || *self == pausing
    }

    /// Whether a worker exists.
    pub(crate) fn has_worker(&self) -> bool {
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

    /// The state in which a stored download is restored, however the process ended. No worker exists then.
    pub(crate) fn restore(self) -> Self {
        match self {
            Self::Probing | Self::Running | Self::Finishing => Self::Queued,
            Self::Stopping { then } => then.into_state().0,
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
