//! Responses to probes of the add dialog, kept open and unread so that the download can continue with them: no request
//! is sent twice, so one-time links work.
//!
//! Dropping an unused response closes its connection.

use std::collections::VecDeque;

use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::{Actor, unix_now};
use crate::domain::download::{NewDownload, ProbeResult};
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

#[derive(Debug, Default)]
pub(super) struct ProbeCache {
    open: VecDeque<OpenProbe>,
    asking: JoinSet<()>,
}

#[derive(Debug)]
struct OpenProbe {
    record: Record,
    net: HttpClient,
    until: Instant,
    answer: oneshot::Receiver<RangedResponse>,
    asking: AbortHandle,
}

impl OpenProbe {
    /// Whether a download would send the same request.
    fn matches(&self, other: &Record) -> bool {
        let own = &self.record;
        own.url.trim() == other.url.trim()
            && own.headers == other.headers
            && own.credentials == other.credentials
            && own.proxy == other.proxy
    }
}

impl ProbeCache {
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
        let OpenProbe { net, answer, .. } = self.open.remove(place)?;
        Some((net.for_record(record), PrefetchedResponse::from(answer)))
    }
}

impl Actor {
    /// Sends a request now; the result goes to `reply`, the response is kept.
    pub(super) fn probe(&mut self, new: NewDownload, reply: Reply<ProbeResult>) {
        let record = Record::new(new, unix_now());
        let net = self.http.for_attempt(&record);
        let (keep, answer) = oneshot::channel();
        let most = record.connections.unwrap_or(self.config.connections);
        let asking = probe(net.clone(), record.clone(), most, keep, reply);
        let asking = self.probes.asking.spawn(asking);
        self.probes.open.push_back(OpenProbe {
            record,
            net,
            until: Instant::now() + self.config.probe_ttl,
            answer,
            asking,
        });
        if self.probes.open.len() > MAX_OPEN {
            self.probes.evict_oldest();
        }
    }
}

async fn probe(
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
    let url = download_url::parse(&record.url)?;
    let ask = RangeRequest {
        url: &url,
        origin_url: &url,
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
        url: record.url.clone(),
        host: download_url::host_with_port(&answer.url),
        name: file_name::choose_name(wanted, answer.disposition.as_deref(), &answer.url),
        total,
        resumable: answer.accepts_ranges,
        connections: parts.clamp(1, most.max(1)),
    }
}
