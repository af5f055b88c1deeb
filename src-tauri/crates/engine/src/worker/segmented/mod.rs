//! The connections of one download: how many, which range each fetches, and what happens when one fails.
//!
//! [`SegmentedTransfer`] connects parts that do not know each other: it asks one and passes the answer to the next.

mod assignment;
mod bounded_requests;
mod checkpoints;
mod connection;
mod connection_end;
mod connections;
mod first_stream;
mod outcome;
mod rate_limited_scaling;
mod scaling;
mod stall_policy;
mod start_connections;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio::sync::Notify;

use super::accepted_validators::AcceptedValidators;
use super::boundary::Boundaries;
use super::prepare::OpenTransfer;
use super::transfer_context::TransferContext;
use super::{AttemptContext, AttemptError, compare_ranges};
use crate::disk::FileWriter;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::request_bounds::Fade;
use crate::domain::split;
use assignment::Assignment;
use bounded_requests::{BoundedRequests, common_fade};
use checkpoints::Checkpoints;
use connection::Connection;
use connections::Connections;
use outcome::TransferOutcome;
use rate_limited_scaling::{Adjustment, AllowedConnections, RateLimitedScaling, Sample};
use scaling::{FAST_ENOUGH, Scaling};
use stall_policy::StallPolicy;

/// The loop of one transfer; what each part knows and decides is in its own file.
struct SegmentedTransfer<'a> {
    job: &'a AttemptContext,
    source: Arc<TransferContext>,
    connections: Connections,
    assignment: Assignment,
    scaling: Scaling,
    rate_limited: RateLimitedScaling,
    bounded: BoundedRequests,
    stalls: StallPolicy,
    checkpoints: Checkpoints,
    outcome: TransferOutcome,
}

/// Fetches all missing ranges; returns the file's length.
pub(super) async fn run(job: &AttemptContext, open: OpenTransfer) -> Result<u64, AttemptError> {
    let total = open.identity.total;
    let Some(mut answer) = open.answer else {
        return Ok(total.unwrap_or_default());
    };
    // Unused ones are closed at the end.
    let mut ahead = answer.preconnect.take();
    if let Some(ahead) = &mut ahead {
        ahead.release_permits();
    }
    let source = Arc::new(TransferContext {
        net: job.http.clone(),
        url: answer.url.clone(),
        home: open.home,
        headers: job.record.headers.clone(),
        boundaries: Boundaries::new(&open.identity, open.sink.done()),
        identity: open.identity,
        accepted: AcceptedValidators::default(),
        sink: open.sink.clone(),
        limits: job.limits.clone(),
        waits: Arc::clone(&job.counters.waits),
        at_gap: Notify::new(),
    });
    *job.counters.host.lock() = download_url::host_with_port(&source.url);
    // Without a length, the end of a range could not be told from the end of the file.
    let resumable = open.resumable && total.is_some();
    let missing: u64 = open
        .missing
        .iter()
        .map(|span| span.len())
        .fold(0, u64::saturating_add);
    // Servers behind one name may have two versions of a file: a single connection gets all bytes of one of them.
    let divisible = resumable && missing >= split::WORTH_DIVIDING && job.record.attempts < 2;
    let requested_max = job.max_connections.load(Ordering::Relaxed);
    let (received, now) = (
        job.counters.received.load(Ordering::Relaxed),
        Instant::now(),
    );
    let mut transfer = SegmentedTransfer {
        job,
        source,
        connections: Connections::new(Arc::clone(&job.counters)),
        assignment: Assignment::new(open.missing, answer.latency),
        scaling: Scaling::new(requested_max, divisible, received, now),
        rate_limited: RateLimitedScaling::new(received, now),
        bounded: BoundedRequests::new(resumable),
        stalls: StallPolicy::new(job.timeout, resumable),
        checkpoints: Checkpoints::new(now),
        outcome: TransferOutcome::new(total),
    };
    if transfer.effective_limit().is_none() {
        transfer.scaling.on_first_response(answer.latency);
    }
    transfer.start_first(answer);
    let mut fetched = transfer.drive(&open.sink).await;
    transfer.connections.shutdown().await;
    drop(ahead);
    // Not needed with a digest, which proves more.
    let digest = job.record.checksum.is_some() || open.stated.is_some();
    if let (Ok(total), true, false) = (&fetched, transfer.source.boundaries.joined(), digest) {
        let looked = tokio::select! {
            biased;
            () = job.stop.cancelled() => Err(AttemptError::Stopped),
            same = compare_ranges::confirm(&transfer.source, *total) => same.map_err(AttemptError::Broke),
        };
        fetched = looked.and(fetched);
    }
    if job.watchdog().check_responsive().is_ok() {
        transfer.checkpoints.finish().await;
    }
    fetched
}

impl SegmentedTransfer<'_> {
    async fn drive(&mut self, sink: &FileWriter) -> Result<u64, AttemptError> {
        let source = Arc::clone(&self.source);
        loop {
            if let Some(total) = self.final_length() {
                return Ok(total);
            }
            if self.source.boundaries.torn() {
                let host = self.host();
                return Err(AttemptError::Broke(Problem::Changed { host }));
            }
            self.start_connections();
            if self.connections.is_empty() {
                return Err(self.final_error());
            }
            let next = self.scaling.next_sample_at(Instant::now()).into();
            tokio::select! {
                biased;
                () = self.job.stop.cancelled() => return Err(AttemptError::Stopped),
                () = sink.failed() => {
                    let problem = sink.problem().expect("a broken sink says why");
                    return Err(AttemptError::Broke(problem));
                }
                Some((connection, result)) = self.connections.next_end() => {
                    self.on_connection_end(connection, result)?;
                }
                () = source.at_gap.notified() => {}
                () = tokio::time::sleep_until(next) => self.on_tick(sink)?,
            }
        }
    }

    /// What is done at every sample.
    fn on_tick(&mut self, sink: &FileWriter) -> Result<(), AttemptError> {
        let requested = self.job.max_connections.load(Ordering::Relaxed);
        if let Some(count) = self.scaling.set_requested_max(requested) {
            self.connections.close_excess(count);
        }
        self.scale();
        self.try_bounds();
        self.abort_stalled();
        self.end_useless();
        self.check_disk(sink)?;
        let now = Instant::now();
        if self.checkpoints.is_due(now) {
            let (reports, watchdog) = (self.job.reports.clone(), self.job.watchdog());
            self.checkpoints.start(sink.clone(), reports, watchdog, now);
        }
        Ok(())
    }

    /// Chooses the number of connections: under a rate limit by how well it is filled, otherwise by the throughput.
    fn scale(&mut self) {
        let (received, at) = (self.received(), Instant::now());
        let connections = self.connections.len();
        if let Some(limit) = self.effective_limit() {
            let sample = Sample {
                at,
                received,
                connections,
                waiting: self.connections.held_back(),
            };
            let allowed = AllowedConnections {
                target: self.scaling.target(),
                max: self.scaling.max(),
                may_grow: self.scaling.may_grow(at),
            };
            match self.rate_limited.sample(limit, sample, allowed) {
                Some(Adjustment::Raise(target)) => self.scaling.set_target(target),
                Some(Adjustment::Lower(target)) => {
                    self.scaling.set_target(target);
                    self.connections.close_excess(target);
                }
                None => {}
            }
        } else {
            self.scaling.scale_up(received, connections, at);
        }
        self.scaling.sample(received, at);
    }

    /// Starts the trial of bounded requests once all streams were much faster at their start than later.
    fn try_bounds(&mut self) {
        if !self.bounded.may_try() || self.effective_limit().is_some() {
            return;
        }
        let streams = self.connections.streams();
        let fades: Option<Vec<Fade>> = streams.map(Connection::unexplained_fade).collect();
        let Some(fade) = fades.and_then(|fades| common_fade(&fades, FAST_ENOUGH)) else {
            return;
        };
        if self.connections.end_longest_faded(2 * fade.length) {
            self.bounded.start_trial(fade);
            self.job.reports.warn(format!(
                "answers begin faster than they go on; trying requests for {} bytes each",
                fade.length
            ));
        }
    }

    /// Fails if the disk neither completes a pending write nor reports an error within the timeout.
    fn check_disk(&self, sink: &FileWriter) -> Result<(), Problem> {
        if sink.write_time() > self.job.watchdog().write_timeout() {
            Err(sink.abandon())
        } else {
            Ok(())
        }
    }

    /// The length of the file once nothing is missing.
    fn final_length(&self) -> Option<u64> {
        let missing = !self.assignment.unassigned().is_empty() || self.connections.any_remaining();
        self.outcome.total().filter(|_| !missing)
    }

    /// The lower of the two limits, in bytes per second.
    fn effective_limit(&self) -> Option<u64> {
        let [all, own] = &self.job.limits;
        all.rate().into_iter().chain(own.rate()).min()
    }

    /// Bytes of the file that are written.
    fn received(&self) -> u64 {
        self.job.counters.received.load(Ordering::Relaxed)
    }

    /// The host that serves the bytes.
    fn host(&self) -> String {
        download_url::host_with_port(&self.source.url)
    }
}
