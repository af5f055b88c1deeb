//! One running download: from a record to the file under its final name, or to the reason why not.
//!
//! Knows its own record, the server and its file; knows no queue, no store and no other download. Everything it
//! learns goes out as [`Report`]s; its last word is an [`Ending`].

mod begin;
mod boundary;
mod changes;
mod crew;
mod crowd;
mod earlier;
mod fetch;
mod job;
mod kept;
mod lane;
mod limit;
mod map;
mod preconnect;
mod prove;
mod sample;
mod small;
mod wait;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use crate::core::document_id::is_document;
use crate::core::hosts::HostLoad;
use crate::core::name::PART;
use crate::core::plan::Ranges;
use crate::core::problem::Problem;
use crate::core::verdict::{Expected, Verdict};
use crate::disk::{self, Checkpoint, Part, PublishOptions};

pub(crate) use changes::Changes;
pub(crate) use crowd::Crowd;
pub(crate) use job::{Answered, Counters, Ending, How, Job, Report, Reports};
pub(crate) use kept::Kept;
pub(crate) use limit::Limiter;
use prove::Proof;
use wait::Pulse;

/// Why the work stopped before the file was whole.
#[derive(Debug)]
enum Halt {
    Stopped,
    Broke(Problem),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Broke(problem)
    }
}

/// Runs a download to its end. The ending comes after everything is written that was going to be.
pub(crate) async fn run(job: Job) -> Ending {
    let begun = begin::begin(&job).await;
    let load = match &begun {
        Err(Halt::Broke(problem)) => job.first.refused(problem, &job.crowd, &job.reports),
        _ => HostLoad::Alone,
    };
    match begun {
        Ok(begin::Begun::Published { name, file, total }) => Ending {
            reports: Vec::new(),
            how: match prove::again(&job, (&name, &file), total).await {
                Ok(verdict) => How::Published {
                    name,
                    file: Some(file),
                    total,
                    verdict,
                },
                Err(halt) => halt.into(),
            },
            done: Some(whole(total)),
            brought: false,
            load,
        },
        Ok(begin::Begun::Whole(whole)) => small::ending(&job, *whole),
        Ok(begin::Begun::Open(open)) => fetch_all(&job, *open).await,
        Err(halt) => Ending {
            reports: Vec::new(),
            how: halt.into(),
            done: None,
            brought: false,
            load,
        },
    }
}

impl From<Halt> for How {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Stopped => Self::LetGo,
            Halt::Broke(problem) => Self::Broke(problem),
        }
    }
}

async fn fetch_all(job: &Job, open: begin::Open) -> Ending {
    let sink = open.sink.clone();
    job.counters.map.open(sink.clone());
    let before = job.counters.received.load(Ordering::Relaxed);
    let part = (open.name.clone(), open.file.clone());
    let options = job.publish_options(&open.identity);
    let id = open.file.clone();
    let sized = open.identity.total.is_some() && !prove::by_its_end(&job.record);
    let expected = Expected::of(job.record.checksum.as_ref(), open.stated.as_ref());
    if let Some(expected) = &expected {
        sink.hash(expected.checksum.algorithm());
    }
    let fetched = crew::run(job, open).await;
    job.counters.connections.store(0, Ordering::Relaxed);
    let care = job.care();
    if !sink.drain(|| care.short()).await {
        sink.give_up();
    }
    let fetched = match sink.problem() {
        Some(problem) => Err(Halt::Broke(problem)),
        None => fetched,
    };
    let brought = job.counters.received.load(Ordering::Relaxed) > before;
    let published = match fetched {
        // The books must agree before the file gets its name: every byte claimed was also written.
        Ok(total) if sink.done() != Ranges::first(total) => {
            let path = job.record.folder.join(&part.0).display().to_string();
            let reason = "bytes were received but not written".into();
            Err(Halt::Broke(Problem::DiskFailed { path, reason }))
        }
        Ok(total) => {
            let (stored, told) = oneshot::channel();
            let document = is_document(&id);
            if document && let Some(checkpoint) = last_checkpoint(job, sink.clone()).await {
                job.reports.send(Report::Stored(checkpoint));
            }
            // Under its final name a document is known again by all of its bytes, and a file of a length that only its
            // end has told by that length.
            job.reports.send(Report::Complete {
                total,
                unstated: !sized,
                stored: (!sized || document).then_some(stored),
            });
            let _stored = told.await;
            let proof = Proof {
                expected,
                sized,
                folder: job.record.folder.clone(),
                files: Arc::clone(&job.files),
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
        Err(Halt::Broke(problem)) => problem.gives_up(),
        Err(Halt::Stopped) => false,
    };
    if over {
        job.pool.forget_progress(&id);
    }
    match published {
        Ok((disk::Published { name, id }, total, verdict)) => Ending {
            reports: Vec::new(),
            how: How::Published {
                name,
                file: Some(id),
                total,
                verdict,
            },
            done: Some(whole(total)),
            brought,
            load: HostLoad::Alone,
        },
        Err(halt) => {
            Ending {
                reports: Vec::new(),
                how: halt.into(),
                // What could not be synced may be lost: then the last stored plan stands.
                done: last_checkpoint(job, sink).await,
                brought,
                load: HostLoad::Alone,
            }
        }
    }
}

/// What is on disk for sure at the end, if the disk still speaks.
async fn last_checkpoint(job: &Job, sink: disk::Sink) -> Option<Checkpoint> {
    let care = job.care();
    care.awake().ok()?;
    let sync = move |_: &Pulse| sink.checkpoint();
    let synced = care.wait(care.long(), sync, drop).await;
    synced.ok()?.ok()
}

/// Proves the file, and publishes it.
async fn finish(
    job: &Job,
    sink: &disk::Sink,
    (name, id): (String, String),
    proof: Proof,
    options: PublishOptions,
) -> Result<(disk::Published, u64, Verdict), Halt> {
    let (folder, total) = (proof.folder.clone(), proof.total);
    let files = Arc::clone(&proof.files);
    let file = sink
        .file()
        .map_err(|error| disk::path_problem(&error, &folder, &folder))?;
    let part = Part { file, name, id };
    let sink = sink.clone();
    let work = move |pulse: &Pulse| {
        let path = folder.join(format!("{}{PART}", part.name));
        // The system tells of lost bytes once: the sink remembers, so that what failed here is not stored as done.
        sink.sync()?;
        if let Some(origin) = &options.origin
            && let Err(error) = disk::quarantine(&*files, &part, &folder, origin)
        {
            let what = "the file could not be marked as come from the internet";
            proof.reports.warn(format!("{what}: {error}"));
        }
        let verdict = proof.check(&part, &path, sink.hasher(), pulse)?;
        if pulse.given_up() {
            return Err(Halt::Stopped);
        }
        disk::remove_mark(&part.file);
        let published = disk::publish(&*files, &part, &folder, total, &options)?;
        Ok((published, total, verdict))
    };
    // Published late it has its name all the same: the next attempt finds it there.
    let care = job.care();
    care.wait(care.long(), work, drop).await?
}

fn whole(total: u64) -> Checkpoint {
    Checkpoint {
        done: Ranges::first(total),
        ..Checkpoint::default()
    }
}

/// Runs what blocks off the async workers, for somebody who has patience of their own.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    // A panic in there is a panic here; the runtime cancels no blocking task that has begun.
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
