//! Opens further connections while the first request still waits for its response.

use std::sync::atomic::Ordering;

use super::AttemptContext;
use super::host_slots::ConnectionPermit;
use crate::domain::download_url;
use crate::http::{Preconnect, RangeRequest};

/// Opens the connections that this download will use if the response allows them, as far as the host has free slots.
/// Only for a file known to be large: a small one is not worth a connection that is closed unused.
pub(super) fn connect_ahead(job: &AttemptContext, ask: &RangeRequest<'_>) -> Option<Preconnect> {
    let unhindered = job.limits.iter().all(|limit| limit.burst() == usize::MAX);
    // After two failed attempts in a row a download uses one connection; see `segmented`.
    if !unhindered || job.record.attempts >= 2 {
        return None;
    }
    let wished = job
        .max_connections
        .load(Ordering::Relaxed)
        .saturating_sub(1);
    let host = download_url::host_with_port(ask.url);
    let permits: Vec<ConnectionPermit> = (0..wished)
        .map_while(|_| job.host_slots.try_acquire(&host))
        .collect();
    if permits.is_empty() {
        return None;
    }
    let ahead = job.http.preconnect(ask.url, permits.len())?;
    Some(ahead.counted_by(permits))
}
