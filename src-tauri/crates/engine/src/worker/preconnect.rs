//! Connections that are opened while the first request still waits for its answer.

use std::sync::atomic::Ordering;

use super::Job;
use super::crowd::Spot;
use crate::core::link;
use crate::http::{Ahead, Ask};

/// The connections that this download will want if the answer allows them, as far as their host has room for them. Only
/// for one that is known to be large: a small file is not worth a connection that is closed unused.
pub(super) fn connect_ahead(job: &Job, ask: &Ask<'_>) -> Option<Ahead> {
    let unhindered = job.limits.iter().all(|limit| limit.portion() == usize::MAX);
    // A download that failed twice in a row keeps to one connection; see `crew`.
    if !unhindered || job.record.attempts >= 2 {
        return None;
    }
    let wished = job.most.load(Ordering::Relaxed).saturating_sub(1);
    let host = link::host(ask.url);
    let permits: Vec<Spot> = (0..wished)
        .map_while(|_| job.crowd.try_enter(&host))
        .collect();
    if permits.is_empty() {
        return None;
    }
    let ahead = job.net.ahead(ask.url, permits.len())?;
    Some(ahead.counted_by(permits))
}
