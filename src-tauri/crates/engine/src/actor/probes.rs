//! Responses to probes of the add dialog, kept open and unread so that the download can continue with them: no request
//! is sent twice, so one-time links work.
//!
//! Dropping an unused response closes its connection.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::domain::download::ProbeResult;
use crate::domain::download_url;
use crate::domain::file_name;
use crate::domain::problem::Problem;
use crate::domain::record::Record;
use crate::domain::split;
use crate::handle::{CommandError, Reply};
use crate::http::{HttpClient, RangeRequest, RangedResponse};
use crate::worker::PrefetchedResponse;

/// Responses kept open; the oldest is evicted.
const MAX_OPEN: usize = 4;

#[derive(Debug)]
pub(super) struct ProbeCache {
    open: VecDeque<OpenProbe>,
    asking: JoinSet<()>,
    /// How long a response is kept open.
    ttl: Duration,
}

#[derive(Debug)]
struct OpenProbe {
    record: Record,
    http: HttpClient,
    until: Instant,
    answer: oneshot::Receiver<RangedResponse>,
    asking: AbortHandle,
}

impl OpenProbe {
    /// Whether a download would send the same request.
    fn matches(&self, other: &Record) -> bool {
        let own = &self.record;
        own.url.as_str().trim() == other.url.as_str().trim()
            && own.headers == other.headers
            && own.credentials == other.credentials
            && own.proxy == other.proxy
    }
}

impl ProbeCache {
    pub(super) fn new(ttl: Duration) -> Self {
        Self {
            open: VecDeque::new(),
            asking: JoinSet::new(),
            ttl,
        }
    }

    /// When the oldest one expires.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.open.front().map(|open| open.until)
    }

    pub(super) fn expire(&mut self) {
        let now = Instant::now();
        while self.deadline().is_some_and(|until| until <= now) {
            self.evict_oldest();
        }
        while self.asking.try_join_next().is_some() {}
    }

    /// Closes the connection of the oldest one.
    fn evict_oldest(&mut self) {
        if let Some(open) = self.open.pop_front() {
            open.asking.abort();
        }
    }

    /// The response that a starting download can continue with.
    pub(super) fn take(&mut self, record: &Record) -> Option<(HttpClient, PrefetchedResponse)> {
        let place = self.open.iter().position(|open| open.matches(record))?;
        let OpenProbe { http, answer, .. } = self.open.remove(place)?;
        Some((http.for_record(record), PrefetchedResponse::from(answer)))
    }

    /// Sends the first request of this download through `http` now; the result goes to `reply`, the response is kept.
    /// `max_connections`: of a download without a number of its own.
    pub(super) fn probe(
        &mut self,
        record: Record,
        http: HttpClient,
        max_connections: u32,
        reply: Reply<ProbeResult>,
    ) {
        let (keep, answer) = oneshot::channel();
        let most = record.connections.unwrap_or(max_connections);
        let asking = run_probe(http.clone(), record.clone(), most, keep, reply);
        let asking = self.asking.spawn(asking);
        self.open.push_back(OpenProbe {
            record,
            http,
            until: Instant::now() + self.ttl,
            answer,
            asking,
        });
        if self.open.len() > MAX_OPEN {
            self.evict_oldest();
        }
    }
}

async fn run_probe(
    net: HttpClient,
    record: Record,
    most: u32,
    keep: oneshot::Sender<RangedResponse>,
    mut reply: Reply<ProbeResult>,
) {
    let asked = tokio::select! {
        asked = send_probe(&net, &record) => asked,
        // The caller has gone.
        () = reply.closed() => return,
    };
    let look = match asked {
        Ok(answer) => {
            let look = probe_result(&answer, &record, most);
            // Kept before the reply is sent: a download that is added right away finds it.
            let _unwanted = keep.send(answer);
            Ok(look)
        }
        Err(problem) => Err(CommandError::InvalidUrl(problem)),
    };
    let _unheard = reply.send(look);
}

async fn send_probe(net: &HttpClient, record: &Record) -> Result<RangedResponse, Problem> {
    let url = record.url.valid()?.as_url();
    let ask = RangeRequest {
        url,
        origin_url: url,
        headers: &record.headers,
        from: 0,
        to: None,
    };
    let begun = Instant::now();
    let mut answer = net.ask_first(&ask).await?;
    answer.latency = begun.elapsed();
    Ok(answer)
}

fn probe_result(answer: &RangedResponse, record: &Record, most: u32) -> ProbeResult {
    let total = answer.identity.total;
    let parts = total.filter(|_| answer.accepts_ranges).unwrap_or_default() / split::MIN_SPLIT_SIZE;
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    let wanted = record.wanted_name.as_deref();
    ProbeResult {
        url: record.url.as_str().to_owned(),
        host: download_url::host_with_port(&answer.url),
        name: file_name::choose_name(wanted, answer.disposition.as_deref(), &answer.url),
        total,
        resumable: answer.accepts_ranges,
        connections: parts.clamp(1, most.max(1)),
    }
}
