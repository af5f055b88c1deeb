//! What follows when a connection ends: its part is free again, another one takes it over, or the whole crew gives up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinError};

use super::{Crew, amends};
use crate::core::link;
use crate::core::problem::Problem;
use crate::worker::Halt;

/// How long a crew that lost a connection stays smaller.
const CALM: Duration = Duration::from_secs(3);

impl Crew<'_> {
    /// A connection ended: well, badly, or because it was ended here.
    pub(super) fn ended(
        &mut self,
        ended: Result<(Id, Result<(), Problem>), JoinError>,
    ) -> Result<(), Halt> {
        let (id, result) = match ended {
            Ok((id, result)) => (id, Some(result)),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => (error.id(), None),
        };
        let Some(seat) = self.seats.remove(&id) else {
            return Ok(());
        };
        self.count();
        let host = link::host(&self.source.url);
        let result = match result {
            Some(result) => result,
            None if seat.stalled => Err(Problem::Stalled { host: host.clone() }),
            None => Ok(()),
        };
        let raced = self
            .seats
            .values()
            .any(|other| Arc::ptr_eq(&other.lane, &seat.lane));
        let Some(left) = seat.lane.left() else {
            // Done; whoever raced for it need not go on.
            for other in self
                .seats
                .values()
                .filter(|o| Arc::ptr_eq(&o.lane, &seat.lane))
            {
                other.task.abort();
            }
            return Ok(());
        };
        if result.is_ok() && self.total.is_none() {
            // The server ended an answer of unknown length: that is the length.
            self.total = Some(seat.lane.close());
            return Ok(());
        }
        if !raced {
            self.free.push(left);
        }
        if seat.dismissed {
            return Ok(());
        }
        let problem = match result {
            Ok(()) if seat.lane.brought() > 0 => return Ok(()),
            Ok(()) => Problem::ConnectionLost { host },
            Err(problem) => problem,
        };
        if !raced && self.replaces(&problem, left) {
            return Ok(());
        }
        self.learn(&problem, &seat);
        self.failed(problem)
    }

    /// One connection less; the others go on, unless the trouble is everybody's.
    fn failed(&mut self, problem: Problem) -> Result<(), Halt> {
        let everybodys = matches!(problem, Problem::Changed { .. } | Problem::Encoded { .. });
        if everybodys || self.seats.is_empty() {
            return Err(Halt::Broke(problem));
        }
        let refused = matches!(
            problem,
            Problem::RateLimited { .. } | Problem::ServerError { .. } | Problem::Forbidden { .. }
        );
        self.target = self.seats.len().max(1);
        self.calm_until = Some(Instant::now() + CALM);
        if refused {
            self.most = self.target;
        }
        let count = self.seats.len();
        self.job.reports.warn(format!(
            "a connection ended ({}); going on with {count}",
            problem.code()
        ));
        self.last_problem = Some(problem);
        Ok(())
    }

    pub(super) fn gave_up(&mut self) -> Halt {
        let host = link::host(&self.source.url);
        let problem = self.last_problem.take();
        Halt::Broke(problem.unwrap_or(Problem::ConnectionLost { host }))
    }

    pub(super) fn end_stalled(&mut self) {
        for seat in self.seats.values_mut() {
            let patience = amends::patience(self.job, seat.begun, self.resumable);
            // Of two that race, the one that was begun last has not been silent for longer than it is there.
            if seat.lane.silence().min(seat.begun.elapsed()) > patience && !seat.stalled {
                seat.stalled = true;
                seat.task.abort();
            }
        }
    }
}
