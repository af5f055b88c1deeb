//! One running download: from a record to the published file, or to the problem that prevents it.
//!
//! Works on its own record, the server and its file; does not depend on the queue, the store or other downloads. It
//! sends [`WorkerEvent`]s and ends with an [`AttemptResult`].

mod accepted_validators;
mod attempt;
mod boundary;
mod compare_ranges;
mod disk_watchdog;
mod fetch;
mod first_request;
mod host_slots;
mod network_change;
mod partial_file;
mod preconnect;
mod prefetched;
mod prepare;
mod rate_limiter;
mod segment;
mod segment_map;
mod segmented;
mod shown_connection;
mod small_file;
mod transfer_context;
mod verify;
mod wait_meter;
mod worker_event;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use crate::disk::{self, Checkpoint, PartFile, PublishOptions};
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::document_id::is_document;
use crate::domain::file_name::PART_SUFFIX;
use crate::domain::host_limits::HostLoad;
use crate::domain::problem::Problem;
use crate::domain::verdict::{ExpectedDigest, Verdict};

pub(crate) use attempt::{AttemptContext, Counters};
use disk_watchdog::Heartbeat;
pub(crate) use host_slots::{ConnectionPermit, HostSlots};
pub(crate) use network_change::LastNetworkChange;
pub(crate) use prefetched::PrefetchedResponse;
pub(crate) use rate_limiter::RateLimiter;
use verify::Verifier;
pub(crate) use worker_event::{
    AttemptOutcome, AttemptResult, ResponseInfo, WorkerEvent, WorkerEventSender,
};

/// Why an attempt ended before the file was complete.
#[derive(Debug)]
enum AttemptError {
    Stopped,
    Broke(Problem),
}

impl From<Problem> for AttemptError {
    fn from(problem: Problem) -> Self {
        Self::Broke(problem)
    }
}

/// Runs one attempt to its end. Returns after every accepted byte is written.
pub(crate) async fn run(job: AttemptContext) -> AttemptResult {
    let begun = prepare::prepare(&job).await;
    let load = match &begun {
        Err(AttemptError::Broke(problem)) => {
            job.first_permit
                .on_refused(problem, &job.host_slots, &job.reports)
        }
        _ => HostLoad::Alone,
    };
    match begun {
        Ok(prepare::Prepared::Published {
            name,
            file,
            known_total,
        }) => AttemptResult {
            reports: Vec::new(),
            how: match verify::verify_published(&job, (&name, &file), known_total).await {
                Ok(verdict) => AttemptOutcome::Published {
                    name,
                    file: Some(file),
                    total: known_total,
                    verdict,
                },
                Err(halt) => halt.into(),
            },
            done: Some(complete_checkpoint(known_total)),
            received_any: false,
            load,
        },
        Ok(prepare::Prepared::Whole(whole)) => small_file::attempt_result(&job, *whole),
        Ok(prepare::Prepared::OpenTransfer(open)) => fetch_all(&job, *open).await,
        Err(halt) => AttemptResult {
            reports: Vec::new(),
            how: halt.into(),
            done: None,
            received_any: false,
            load,
        },
    }
}

impl From<AttemptError> for AttemptOutcome {
    fn from(halt: AttemptError) -> Self {
        match halt {
            AttemptError::Stopped => Self::Stopped,
            AttemptError::Broke(problem) => Self::Failed(problem),
        }
    }
}

async fn fetch_all(job: &AttemptContext, open: prepare::OpenTransfer) -> AttemptResult {
    let sink = open.sink.clone();
    job.counters.map.open(sink.clone());
    let before = job.counters.received.load(Ordering::Relaxed);
    let part = (open.name.clone(), open.file.clone());
    let options = job.publish_options(&open.identity);
    let id = open.file.clone();
    let sized = open.identity.total.is_some() && !verify::length_unverified(&job.record);
    let expected = ExpectedDigest::choose(job.record.checksum.as_ref(), open.stated.as_ref());
    if let Some(expected) = &expected {
        sink.start_hash(expected.checksum.algorithm());
    }
    let fetched = segmented::run(job, open).await;
    job.counters.connections.store(0, Ordering::Relaxed);
    let care = job.watchdog();
    if !sink.drain(|| care.write_timeout()).await {
        sink.abandon();
    }
    let fetched = match sink.problem() {
        Some(problem) => Err(AttemptError::Broke(problem)),
        None => fetched,
    };
    let brought = job.counters.received.load(Ordering::Relaxed) > before;
    let published = match fetched {
        // Consistency check before the file is published: every byte claimed was also written.
        Ok(total) if sink.done() != ByteRanges::up_to(total) => {
            let path = job.record.folder.join(&part.0).display().to_string();
            let reason = "bytes were received but not written".into();
            Err(AttemptError::Broke(Problem::DiskFailed { path, reason }))
        }
        Ok(total) => {
            let (stored, told) = oneshot::channel();
            let document = is_document(&id);
            if document && let Some(checkpoint) = last_checkpoint(job, sink.clone()).await {
                job.reports.send(WorkerEvent::Synced(checkpoint));
            }
            // Under its final name a document is recognized by its complete fingerprint, and a file whose length was
            // known only from the end of the response by that length.
            job.reports.send(WorkerEvent::Transferred {
                total,
                unstated: !sized,
                stored: (!sized || document).then_some(stored),
            });
            let _stored = told.await;
            let proof = Verifier {
                expected,
                sized,
                folder: job.record.folder.clone(),
                files: Arc::clone(&job.file_system),
                total,
                reports: job.reports.clone(),
                stop: job.stop.clone(),
            };
            finish(job, &sink, part, proof, options).await
        }
        Err(halt) => Err(halt),
    };
    let over = match &published {
        Ok(_) => true,
        Err(AttemptError::Broke(problem)) => problem.invalidates_partial(),
        Err(AttemptError::Stopped) => false,
    };
    if over {
        job.writer_pool.forget_progress(&id);
    }
    match published {
        Ok((disk::Published { name, id }, total, verdict)) => AttemptResult {
            reports: Vec::new(),
            how: AttemptOutcome::Published {
                name,
                file: Some(id),
                total,
                verdict,
            },
            done: Some(complete_checkpoint(total)),
            received_any: brought,
            load: HostLoad::Alone,
        },
        Err(halt) => {
            AttemptResult {
                reports: Vec::new(),
                how: halt.into(),
                // Bytes that could not be synced may be lost: then the last stored ranges stay valid.
                done: last_checkpoint(job, sink).await,
                received_any: brought,
                load: HostLoad::Alone,
            }
        }
    }
}

/// Syncs the file and returns its ranges, unless the disk is unresponsive.
async fn last_checkpoint(job: &AttemptContext, sink: disk::FileWriter) -> Option<Checkpoint> {
    let care = job.watchdog();
    care.check_responsive().ok()?;
    let sync = move |_: &Heartbeat| sink.checkpoint();
    let synced = care.run(care.sync_timeout(), sync, drop).await;
    synced.ok()?.ok()
}

/// Verifies the file and publishes it.
async fn finish(
    job: &AttemptContext,
    sink: &disk::FileWriter,
    (name, id): (String, String),
    proof: Verifier,
    options: PublishOptions,
) -> Result<(disk::Published, u64, Verdict), AttemptError> {
    let (folder, total) = (proof.folder.clone(), proof.total);
    let files = Arc::clone(&proof.files);
    let file = sink
        .file()
        .map_err(|error| disk::path_problem(&error, &folder, &folder))?;
    let part = PartFile { file, name, id };
    let sink = sink.clone();
    let work = move |pulse: &Heartbeat| {
        let path = folder.join(format!("{}{PART_SUFFIX}", part.name));
        // The system reports lost bytes only once: the sink remembers it, so that bytes whose sync failed here are not
        // stored as done.
        sink.sync()?;
        if let Some(origin) = &options.origin
            && let Err(error) = disk::quarantine(&*files, &part, &folder, origin)
        {
            let what = "the file could not be marked as come from the internet";
            proof.reports.warn(format!("{what}: {error}"));
        }
        let verdict = proof.verify(&part, &path, sink.hasher(), pulse)?;
        if pulse.is_abandoned() {
            return Err(AttemptError::Stopped);
        }
        disk::remove_mark(&part.file);
        let published = disk::publish(&*files, &part, &folder, total, &options)?;
        Ok((published, total, verdict))
    };
    // Published after the timeout, it still has its name: the next attempt finds it there.
    let care = job.watchdog();
    care.run(care.sync_timeout(), work, drop).await?
}

fn complete_checkpoint(total: u64) -> Checkpoint {
    Checkpoint {
        done: ByteRanges::up_to(total),
        ..Checkpoint::default()
    }
}

/// Runs blocking work off the async workers; timeouts are the caller's.
async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    // Propagates a panic; the runtime does not cancel a blocking task that has started.
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
