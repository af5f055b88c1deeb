//! Measures how long connections wait on this side: for a rate limit or for the disk.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::domain::limited_by::WaitTimes;

/// Time that was spent waiting for one cause, summed over all that waited at once. Waits in progress count.
#[derive(Debug)]
pub(crate) struct WaitMeter(Mutex<Meter>);

#[derive(Debug)]
struct Meter {
    waiting: u32,
    /// Until when `sum` counts.
    counted: Instant,
    sum: Duration,
}

impl Meter {
    fn count(&mut self) -> Duration {
        let now = Instant::now();
        self.sum += now.saturating_duration_since(self.counted) * self.waiting;
        self.counted = now;
        self.sum
    }
}

impl Default for WaitMeter {
    fn default() -> Self {
        Self(Mutex::new(Meter {
            waiting: 0,
            counted: Instant::now(),
            sum: Duration::ZERO,
        }))
    }
}

/// A wait in progress.
struct Waiting<'a>(&'a WaitMeter);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut meter = self.0.0.lock();
        meter.count();
        meter.waiting -= 1;
    }
}

impl WaitMeter {
    /// Runs `work`, and counts the time that it takes unless it is ready at once.
    pub(super) async fn measure<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if let Poll::Ready(done) = poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await {
            return done;
        }
        let _waiting = self.begin();
        work.await
    }

    fn begin(&self) -> Waiting<'_> {
        let mut meter = self.0.lock();
        meter.count();
        meter.waiting += 1;
        drop(meter);
        Waiting(self)
    }

    fn sum(&self) -> Duration {
        self.0.lock().count()
    }
}

/// The waits of one download's connections.
#[derive(Debug, Default)]
pub(crate) struct WaitMeters {
    pub(super) own_limit: WaitMeter,
    pub(super) total_limit: WaitMeter,
    pub(super) disk: WaitMeter,
}

impl WaitMeters {
    pub(crate) fn read(&self) -> WaitTimes {
        WaitTimes {
            own_limit: self.own_limit.sum(),
            total_limit: self.total_limit.sum(),
            disk: self.disk.sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_ready_at_once_is_no_wait() {
        let meter = WaitMeter::default();
        assert_eq!(meter.measure(async { 7 }).await, 7);
        assert_eq!(meter.sum(), Duration::ZERO);
    }

    #[tokio::test]
    async fn waits_of_several_add_up_also_while_they_last_and_when_they_are_dropped() {
        let meter = WaitMeter::default();
        let pause = Duration::from_millis(40);
        {
            let mut forever = [pin!(meter.measure(std::future::pending::<()>()))];
            let other = meter.measure(tokio::time::sleep(pause));
            let first = tokio::time::timeout(Duration::ZERO, forever[0].as_mut()).await;
            assert!(first.is_err());
            other.await;
            assert!(meter.sum() >= 2 * pause, "{:?}", meter.sum());
        }
        let sum = meter.sum();
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(meter.sum(), sum, "nobody waits any more");
    }
}
