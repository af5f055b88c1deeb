//! A rate limit shared by many connections; may change at any time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::domain::rate::TokenBucket;

/// Bytes due this soon pass immediately: the token bucket evens it out, and a timer costs more.
const MIN_WAIT: Duration = Duration::from_millis(2);

/// Bytes per second of all connections that share it; 0 means unlimited.
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

    /// Applied immediately, also to connections that wait under the old limit.
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

    /// Bytes to take at a time for an even flow: those of 1/20 s, at least 1 KiB; unlimited without a limit.
    pub(crate) fn burst(&self) -> usize {
        match self.rate.load(Ordering::Relaxed) {
            0 => usize::MAX,
            rate => usize::try_from((rate / 20).max(1024)).unwrap_or(usize::MAX),
        }
    }

    /// Returns when `bytes` may pass; `false` if the limit was changed meanwhile, so that the burst size differs.
    pub(crate) async fn acquire(&self, bytes: usize) -> bool {
        let changed = self.changed.notified();
        // Read after `changed` was created: an earlier change is seen here, a later one by `changed`.
        if self.rate.load(Ordering::Acquire) == 0 {
            return true;
        }
        let wait = self.bucket().take(bytes as u64, self.begun.elapsed());
        if wait <= MIN_WAIT {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => true,
            // What was granted belongs to the old bucket.
            () = changed => false,
        }
    }

    fn bucket(&self) -> parking_lot::MutexGuard<'_, TokenBucket> {
        self.bucket.lock()
    }
}
