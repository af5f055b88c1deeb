//! A speed limit that many connections share and that may change at any moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::domain::rate::TokenBucket;

/// Bytes that are due this soon pass at once: the budget evens it out, and a timer costs more.
const MIN_WAIT: Duration = Duration::from_millis(2);

/// Bytes per second for all who share it; none when 0.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    rate: AtomicU64,
    bucket: Mutex<TokenBucket>,
    begun: Instant,
    changed: Notify,
}

impl RateLimiter {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        let rate = rate.unwrap_or(0);
        Self {
            rate: AtomicU64::new(rate),
            bucket: Mutex::new(TokenBucket::new(rate, Duration::ZERO)),
            begun: Instant::now(),
            changed: Notify::new(),
        }
    }

    /// Another limit, at once, also for those who wait under the old one.
    pub(crate) fn set(&self, rate: Option<u64>) {
        let rate = rate.unwrap_or(0);
        self.bucket().set(rate, self.begun.elapsed());
        self.rate.store(rate, Ordering::Release);
        self.changed.notify_waiters();
    }

    /// Bytes per second; `None` when there is no limit.
    pub(crate) fn rate(&self) -> Option<u64> {
        Some(self.rate.load(Ordering::Relaxed)).filter(|rate| *rate > 0)
    }

    /// Bytes to take at a time so that the flow is even: a twentieth of a second's, 1 KiB at least; all when there is no limit.
    pub(crate) fn burst(&self) -> usize {
        match self.rate.load(Ordering::Relaxed) {
            0 => usize::MAX,
            rate => usize::try_from((rate / 20).max(1024)).unwrap_or(usize::MAX),
        }
    }

    /// Returns when `bytes` may pass; `false` when the limit was changed meanwhile, and another portion is due.
    pub(crate) async fn acquire(&self, bytes: usize) -> bool {
        let changed = self.changed.notified();
        // Read after `changed` was made: a change before is seen here, one after it is heard.
        if self.rate.load(Ordering::Acquire) == 0 {
            return true;
        }
        let wait = self.bucket().take(bytes as u64, self.begun.elapsed());
        if wait <= MIN_WAIT {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => true,
            // The old grant went with the old budget.
            () = changed => false,
        }
    }

    fn bucket(&self) -> parking_lot::MutexGuard<'_, TokenBucket> {
        self.bucket.lock()
    }
}
