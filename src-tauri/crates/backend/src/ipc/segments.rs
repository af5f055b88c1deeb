//! The segments of one file, as a page draws them.

use millrace_engine::{ConnectionState, HttpVersion};
use serde::Serialize;

/// Maximum number of connections that are listed.
const MAX_CONNECTIONS: usize = 32;

/// In bytes from the file's beginning; ranges are half open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Segments {
    /// Bytes of the whole; null when the server does not say.
    pub total: Option<u64>,
    /// What is here, in order; at most 256 ranges, the closest ones merged when there are more.
    pub done: Vec<(u64, u64)>,
    /// What connections fetch now, in order; at most 32 of them.
    pub active: Vec<ActiveSegment>,
    /// Connections at once that the server is known to allow; null while it has refused none.
    pub host_allows: Option<u32>,
    /// Until when that limit is kept to, in Unix ms; null while there is none.
    pub host_allows_until: Option<u64>,
}

/// One connection: where it began, where it is, and where its segment ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActiveSegment {
    pub from: u64,
    pub at: u64,
    pub to: u64,
    /// Bytes per second over about the last second.
    pub speed: u64,
    pub state: ConnectionState,
    /// Address and port of the server, or of the proxy in between.
    pub remote: Option<String>,
    pub http: Option<HttpVersion>,
}

impl From<millrace_engine::Segments> for Segments {
    fn from(segments: millrace_engine::Segments) -> Self {
        let active = segments.active.into_iter().take(MAX_CONNECTIONS);
        let active = active.map(|one| ActiveSegment {
            from: one.from,
            at: one.at,
            to: one.to,
            speed: one.speed,
            state: one.state,
            remote: one.remote.map(|address| address.to_string()),
            http: one.http,
        });
        Self {
            total: segments.total,
            done: segments.done,
            active: active.collect(),
            host_allows: segments.host_allows,
            host_allows_until: segments.host_allows_until,
        }
    }
}
