//! Runs blocking disk work under a watchdog, off the async workers. An unresponsive disk ends the attempt, and a stop
//! by the user does not wait for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{AttemptContext, AttemptError};
use crate::disk::{DiskWait, UnresponsiveDisks};
use crate::domain::problem::Problem;

/// A sync flushes what the system has buffered, maybe for minutes: its timeout is this many times longer.
const SYNC_FACTOR: u32 = 20;
/// Time for the disk to finish once the user has stopped the download.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// Heartbeat of a long blocking task.
#[derive(Debug)]
pub(super) struct Heartbeat {
    begun: Instant,
    /// Milliseconds after `begun`.
    last: AtomicU64,
    is_abandoned: AtomicBool,
}

impl Heartbeat {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            last: AtomicU64::new(0),
            is_abandoned: AtomicBool::new(false),
        }
    }

    /// Reports progress.
    pub(super) fn beat(&self) {
        let millis = self.begun.elapsed().as_millis();
        let millis = u64::try_from(millis).unwrap_or(u64::MAX);
        self.last.store(millis, Ordering::Relaxed);
    }

    fn last(&self) -> Instant {
        self.begun + Duration::from_millis(self.last.load(Ordering::Relaxed))
    }

    /// Whether the result is no longer waited for.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::Acquire)
    }
}

/// The disk of one folder, and its timeouts.
#[derive(Debug, Clone)]
pub(super) struct DiskWatchdog {
    silent: UnresponsiveDisks,
    folder: PathBuf,
    timeout: Duration,
    stop: CancellationToken,
}

impl AttemptContext {
    /// The watchdog for this download's disk.
    pub(super) fn watchdog(&self) -> DiskWatchdog {
        DiskWatchdog {
            silent: self.writer_pool.unresponsive().clone(),
            folder: self.record.folder.clone(),
            timeout: self.disk_timeout,
            stop: self.stop.clone(),
        }
    }
}

impl DiskWatchdog {
    /// Timeout of a small operation.
    pub(super) fn write_timeout(&self) -> Duration {
        if self.stop.is_cancelled() {
            self.timeout.min(STOP_GRACE)
        } else {
            self.timeout
        }
    }

    /// Timeout of a sync, unless the download is stopped.
    pub(super) fn sync_timeout(&self) -> Duration {
        self.timeout.saturating_mul(SYNC_FACTOR)
    }

    fn unresponsive(&self) -> Problem {
        Problem::DiskSilent {
            folder: self.folder.display().to_string(),
        }
    }

    /// Fails for a folder whose disk is unresponsive: nothing new starts there.
    pub(super) fn check_responsive(&self) -> Result<(), Problem> {
        if self.silent.contains(&self.folder) {
            Err(self.unresponsive())
        } else {
            Ok(())
        }
    }

    /// Runs `work` off the async workers. It is abandoned when it sends no heartbeat for `patience`, or some time after
    /// the download was stopped; a result that comes after that goes to `late`.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl FnOnce(&Heartbeat) -> T + Send + 'static,
        late: impl FnOnce(T) + Send + 'static,
    ) -> Result<T, AttemptError> {
        let (tell, told) = oneshot::channel();
        let (wait, pulse) = (Arc::new(DiskWait), Arc::new(Heartbeat::new()));
        let theirs = (Arc::clone(&wait), Arc::clone(&pulse));
        tokio::task::spawn_blocking(move || {
            let (_waiting, pulse) = theirs;
            if let Err(done) = tell.send(work(&pulse)) {
                late(done);
            }
        });
        self.until(patience, told, &wait, &pulse).await
    }

    /// The same for work that other code does off the async workers: `hand_over` passes on the callback for the result.
    pub(super) async fn wait_for<T: Send + 'static>(
        &self,
        patience: Duration,
        hand_over: impl FnOnce(Box<dyn FnOnce(T) + Send>),
        late: impl FnOnce(T) + Send + 'static,
    ) -> Result<T, AttemptError> {
        let (tell, told) = oneshot::channel();
        let (wait, pulse) = (Arc::new(DiskWait), Heartbeat::new());
        let waiting = Arc::clone(&wait);
        hand_over(Box::new(move |done| {
            let _waiting = waiting;
            if let Err(done) = tell.send(done) {
                late(done);
            }
        }));
        self.until(patience, told, &wait, &pulse).await
    }

    async fn until<T>(
        &self,
        patience: Duration,
        mut told: oneshot::Receiver<T>,
        wait: &Arc<DiskWait>,
        pulse: &Heartbeat,
    ) -> Result<T, AttemptError> {
        let mut stopped = None;
        loop {
            let until = pulse.last() + patience;
            let end = stopped.map_or(until, |at: Instant| until.min(at + self.write_timeout()));
            tokio::select! {
                biased;
                // Propagates a panic; the runtime does not cancel a blocking task that has started.
                done = &mut told => return Ok(done.expect("what blocks does not panic")),
                () = self.stop.cancelled(), if stopped.is_none() => stopped = Some(Instant::now()),
                () = tokio::time::sleep_until(end.into()) => {
                    if pulse.last() + patience > until {
                        continue;
                    }
                    break;
                }
            }
        }
        // Work that has finished meanwhile is not abandoned.
        pulse.is_abandoned.store(true, Ordering::Release);
        told.close();
        if let Ok(done) = told.try_recv() {
            return Ok(done);
        }
        self.silent.mark(&self.folder, wait);
        Err(if stopped.is_some() {
            AttemptError::Stopped
        } else {
            AttemptError::Broke(self.unresponsive())
        })
    }
}
