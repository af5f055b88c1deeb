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
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::core::download::{DownloadId, Level};
use crate::core::file_time::file_time;
use crate::core::hosts::HostLoad;
use crate::core::likeness;
use crate::core::name::PART;
use crate::core::origin::Origin;
use crate::core::plan::Ranges;
use crate::core::problem::Problem;
use crate::core::record::{Identity, Record};
use crate::core::verdict::{Expected, Verdict};
use crate::disk::{self, Checkpoint, Files, Part, Pool, PublishOptions};
use crate::http::Net;

pub(crate) use changes::Changes;
pub(crate) use crowd::{Crowd, First};
pub(crate) use kept::Kept;
pub(crate) use limit::Limiter;
pub(crate) use map::Map;
use prove::Proof;
use wait::Pulse;

/// What a worker is given.
pub(crate) struct Job {
    pub(crate) record: Record,
    /// An unfinished download that this one may go on with.
    pub(crate) predecessor: Option<Box<Record>>,
    pub(crate) net: Net,
    pub(crate) kept: Kept,
    pub(crate) files: Arc<dyn Files>,
    pub(crate) pool: Arc<Pool>,
    /// The budget of all downloads, and the own one.
    pub(crate) limits: [Arc<Limiter>; 2],
    pub(crate) counters: Arc<Counters>,
    pub(crate) crowd: Crowd,
    /// Counts the connection of the first request.
    pub(crate) first: First,
    pub(crate) changes: Changes,
    pub(crate) timeout: Duration,
    /// Connections at most; may change at any moment.
    pub(crate) most: Arc<AtomicU32>,
    /// For the disk to take some bytes.
    pub(crate) disk_timeout: Duration,
    /// Whether what is here may be given up unasked: not without end.
    pub(crate) may_restart: bool,
    /// Whether the record's wanted name is the only one that the file may get.
    pub(crate) exact_names: bool,
    /// Whether the file gets the server's modification time.
    pub(crate) remote_time: bool,
    /// Whether a small file may get its name in one step, without a note of each step towards it.
    pub(crate) at_once: bool,
    /// Whether the file is marked as come from the internet.
    pub(crate) quarantine: bool,
    pub(crate) reports: Reports,
    pub(crate) stop: CancellationToken,
}

impl Job {
    /// The only name that the file may get, if there is such a one.
    fn exact_name(&self) -> Option<&str> {
        let wanted = self.record.wanted_name.as_deref();
        wanted.filter(|_| self.exact_names)
    }

    /// How the file of that identity is to be published.
    fn publish_options(&self, identity: &Identity) -> PublishOptions {
        let stated = identity.last_modified().filter(|_| self.remote_time);
        PublishOptions {
            exact_name: self.exact_name().map(str::to_owned),
            modified: stated
                .and_then(|stated| file_time(likeness::bare(stated), SystemTime::now())),
            origin: self.origin(),
        }
    }

    /// What the file is marked with, if it is to be.
    fn origin(&self) -> Option<Origin> {
        let record = &self.record;
        let origin = self
            .quarantine
            .then(|| Origin::new(&record.url, &record.headers));
        origin.flatten()
    }
}

/// What the actor reads on its own beat; nothing is sent per chunk.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Bytes of the file that are written.
    pub(crate) received: Arc<AtomicU64>,
    /// Open connections.
    pub(crate) connections: AtomicU32,
    pub(crate) map: Map,
}

/// What a worker learns on its way.
#[derive(Debug)]
pub(crate) enum Report {
    /// What was there could not be used: everything begins again.
    Afresh,
    /// The unfinished file is about to be made under this name; it is when that is stored.
    Naming(String, oneshot::Sender<()>),
    /// The server has answered, the file on disk is open. The first byte waits until that is stored, if there is
    /// somebody to tell.
    Answered(Answered, Option<oneshot::Sender<()>>),
    /// These bytes are on disk for sure.
    Stored(Checkpoint),
    /// Every byte is written, and the file is so long; it gets its name when that is stored, if there is somebody to
    /// tell.
    Complete(u64, Option<oneshot::Sender<()>>),
    Log(Level, String),
}

/// What is known once the server has answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) identity: Identity,
    pub(crate) resumable: bool,
    /// It was the link's own origin that answered.
    pub(crate) at_home: bool,
    pub(crate) stated: Option<Expected>,
    /// What of the earlier bytes is kept.
    pub(crate) done: Ranges,
    /// Whether some of them are given up: what was counted of them begins again. The file is the same.
    pub(crate) afresh: bool,
}

/// A worker's last word.
#[derive(Debug)]
pub(crate) struct Ending {
    /// What was learnt and not told before.
    pub(crate) reports: Vec<Report>,
    pub(crate) how: How,
    /// What is on disk for sure; `None` when it never got as far as the file.
    pub(crate) done: Option<Checkpoint>,
    /// Whether this attempt brought any byte.
    pub(crate) brought: bool,
    /// What else the host had of ours when it refused the first request.
    pub(crate) load: HostLoad,
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum How {
    /// The file has its final name, which is this, and this length; that is what proved it.
    Published {
        name: String,
        /// Which file it is now, where its name may have changed that.
        file: Option<String>,
        total: u64,
        verdict: Verdict,
    },
    LetGo,
    Broke(Problem),
}

/// A worker's voice.
#[derive(Debug, Clone)]
pub(crate) struct Reports {
    pub(crate) id: DownloadId,
    pub(crate) out: mpsc::UnboundedSender<(DownloadId, Report)>,
}

impl Reports {
    fn send(&self, report: Report) {
        // The actor waits for its workers before it ends.
        let _ended = self.out.send((self.id, report));
    }

    fn info(&self, text: String) {
        self.send(Report::Log(Level::Info, text));
    }

    fn warn(&self, text: String) {
        self.send(Report::Log(Level::Warn, text));
    }
}

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
        Ok(begin::Begun::Published { name, total }) => Ending {
            reports: Vec::new(),
            how: match prove::again(&job, &name, total).await {
                Ok(verdict) => How::Published {
                    name,
                    file: None,
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
            // A file of a length that only its end has told is known again under its final name by that length.
            job.reports
                .send(Report::Complete(total, (!sized).then_some(stored)));
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
