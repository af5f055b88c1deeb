//! One connection: writes a response into its segment until the segment is done or the response ends.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;

use super::boundary::{Grant, Overlap, Tail};
use super::compare_ranges;
use super::segment::Segment;
use super::transfer_context::TransferContext;
use crate::disk::WriteBuffer;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::validators::ValidatorMatch;
use crate::http::{RangeRequest, RangedResponse};

/// How long a stream waits at a gap at most: another connection may fetch what is behind it sooner, and without
/// fetching the gap twice.
pub(super) const GAP_WAIT: Duration = Duration::from_secs(1);

/// Requests a range that others still have; the response is checked to be of the same file. Meanwhile `segment` does
/// not count as stalled.
pub(super) async fn request_part(
    source: Arc<TransferContext>,
    segment: Arc<Segment>,
    part: ByteRange,
) -> Result<Option<RangedResponse>, Problem> {
    source.request_range(&segment, part).await.map(Some)
}

/// The same for what `segment` has left before `end`, in parallel with another connection that fetches it.
pub(super) async fn race(
    source: Arc<TransferContext>,
    segment: Arc<Segment>,
    end: u64,
) -> Result<Option<RangedResponse>, Problem> {
    let left = segment.remaining();
    let Some(left) = left.and_then(|left| ByteRange::new(left.start, left.end.min(end))) else {
        return Ok(None);
    };
    let answer = source.request_range(&segment, left).await?;
    fetch(source, segment, answer).await
}

/// Writes what is wanted of `segment` from `answer`. Returns `Ok` when the segment is done, and when the server ends
/// the response as announced: the segment then knows whether anything is left.
pub(super) async fn fetch(
    source: Arc<TransferContext>,
    segment: Arc<Segment>,
    answer: RangedResponse,
) -> Result<Option<RangedResponse>, Problem> {
    // A response that failed on a shared connection is requested once more over one of its own.
    let shared = answer.body.shared().filter(|_| answer.accepts_ranges);
    match (receive(&source, &segment, answer).await, shared) {
        (Err(Problem::ConnectionLost { .. } | Problem::BadResponse { .. }), Some(before)) => {
            source.net.shared_answer_failed(&source.url, before);
            let Some(left) = segment.remaining() else {
                return Ok(None);
            };
            let answer = source.request_range(&segment, left).await?;
            receive(&source, &segment, answer).await
        }
        (received, _) => received,
    }
}

/// Writes the body until the segment is done or the response ends.
async fn receive(
    source: &TransferContext,
    segment: &Segment,
    answer: RangedResponse,
) -> Result<Option<RangedResponse>, Problem> {
    segment.shown().set_peer(answer.peer);
    let mut body = answer.body;
    let mut inflow = BodyWriter {
        at: answer.start,
        gap_seen: false,
        batch: source.sink.write_buffer(),
        joined: answer.joined,
        tail: Tail::default(),
        source,
        segment,
    };
    segment.touch();
    loop {
        let came = {
            let mut next = pin!(body.next());
            match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
                Poll::Ready(came) => came,
                Poll::Pending => {
                    // While nothing arrives, buffered bytes are written.
                    inflow.flush().await?;
                    next.await
                }
            }
        };
        match came {
            Ok(Some(bytes)) => {
                segment.touch();
                inflow.collect(bytes).await?;
                if segment.finished() {
                    return Ok(None);
                }
                inflow.wait_at_gap().await?;
            }
            Ok(None) => {
                inflow.flush().await?;
                return inflow.meet(true).await.map(|()| None);
            }
            Err(problem) => {
                inflow.flush().await?;
                return Err(problem);
            }
        }
    }
}

/// Bytes on their way from one response to the disk: fast streams are written in large blocks.
struct BodyWriter<'a> {
    source: &'a TransferContext,
    segment: &'a Segment,
    /// Offset in the file of the next block.
    at: u64,
    /// Whether it has already waited at the present gap.
    gap_seen: bool,
    batch: WriteBuffer,
    /// Whether the response was compared with the bytes before its own, or brought them itself.
    joined: bool,
    /// Bytes to be compared with those behind the segment.
    tail: Tail,
}

impl BodyWriter<'_> {
    async fn collect(&mut self, mut bytes: Bytes) -> Result<(), Problem> {
        while !bytes.is_empty() {
            self.batch.fill(&mut bytes);
            let reached = self.at + self.batch.len() as u64;
            let last = self
                .segment
                .remaining()
                .is_none_or(|left| reached >= left.end);
            // Under a limit, no more is buffered than one burst.
            let [all, own] = &self.source.limits;
            let much = self.batch.len() >= all.burst().min(own.burst());
            if last || much || self.batch.full() {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// At a gap, lets the segmented transfer find another connection for what is behind it.
    async fn wait_at_gap(&mut self) -> Result<(), Problem> {
        let passing = self.segment.is_passing();
        if passing && !self.gap_seen {
            self.flush().await?;
            self.source.at_gap.notify_one();
            let _held = self.segment.hold_back();
            self.segment.wait_at_gap(GAP_WAIT).await;
        }
        self.gap_seen = passing;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Problem> {
        if self.batch.len() == 0 {
            return Ok(());
        }
        let bytes = self.batch.take_bytes();
        let at = self.at;
        self.at += bytes.len() as u64;
        if self.tail.is_empty() {
            self.write(at, bytes, None).await?;
        } else {
            self.tail.push(at, &bytes);
        }
        self.meet(false).await
    }

    /// Compares the bytes from behind the segment with those on disk, and closes the gap between them.
    async fn meet(&mut self, ended: bool) -> Result<(), Problem> {
        if self.tail.is_empty() {
            return Ok(());
        }
        let source = self.source;
        let held = self.segment.hold_back();
        let total = source.identity.total;
        let meeting = self
            .tail
            .meet(&source.boundaries, &source.sink, total, ended);
        let meeting = meeting.await?;
        drop(held);
        match meeting {
            Overlap::NotYet | Overlap::Unsure => Ok(()),
            Overlap::Same => {
                let (at, bytes) = self.tail.take();
                self.write(at, bytes, Some(at + 1)).await
            }
            Overlap::Different => {
                let host = download_url::host_with_port(&source.url);
                Err(Problem::Changed { host })
            }
        }
    }

    /// Writes bytes as far as the segment wants them and as fast as the limits allow. `beyond`: where they were
    /// compared with those behind the segment.
    async fn write(
        &mut self,
        mut at: u64,
        mut bytes: Bytes,
        beyond: Option<u64>,
    ) -> Result<(), Problem> {
        let TransferContext {
            limits: [all, own],
            waits,
            sink,
            boundaries,
            ..
        } = self.source;
        while !bytes.is_empty() {
            // Bytes that another connection has taken over do not count towards the limits, unless this one has to skip
            // them to reach what is behind.
            let Some(wanted) = self.segment.demand(at, bytes.len()) else {
                return Ok(());
            };
            if wanted == 0 {
                self.source.at_gap.notify_one();
                let _held = self.segment.hold_back();
                self.segment.woken().await;
                continue;
            }
            let portion = all.burst().min(own.burst()).min(wanted);
            let held = self.segment.hold_back();
            let total_limit = waits.total_limit.measure(all.acquire(portion));
            if !(total_limit.await && waits.own_limit.measure(own.acquire(portion)).await) {
                continue;
            }
            let room = waits.disk.measure(sink.reserve(portion)).await?;
            drop(held);
            // No await from here on: claimed bytes are handed over even if this task is aborted at its next await.
            let grant = boundaries.claim(self.segment, at, portion, self.joined, beyond);
            let claim = match grant {
                Grant::Take(claim) | Grant::UpToBoundary(claim) => claim,
                // It can be requested again, and compared then.
                Grant::Unjoined => return Err(self.source.unlike()),
            };
            let mut now = bytes.split_to(claim.skip + claim.take);
            if claim.take > 0 {
                self.joined = true;
                let wanted = now.split_off(claim.skip);
                sink.write(room, at + claim.skip as u64, wanted);
            }
            at += (claim.skip + claim.take) as u64;
            if matches!(grant, Grant::UpToBoundary(_)) {
                self.tail.push(at, &bytes);
                return Ok(());
            }
        }
        Ok(())
    }
}

impl TransferContext {
    /// Requests one range; the response must be of the same file and start where it should. Where no validator shows
    /// the former, the response starts in the bytes on disk and is compared with them.
    async fn request_range(
        &self,
        segment: &Segment,
        part: ByteRange,
    ) -> Result<RangedResponse, Problem> {
        let (begin, end) = self.boundaries.widened(part);
        let end = end.min(self.identity.total.unwrap_or(end));
        let ask = RangeRequest {
            url: &self.url,
            origin_url: &self.home,
            headers: &self.headers,
            from: begin,
            to: (part.end != u64::MAX).then_some(end),
        };
        let mut answer = match self.net.send(&ask).await {
            // A response without the requested bytes says nothing about the file: another machine may have sent it.
            Err(Problem::Changed { .. }) => return Err(self.unlike()),
            answer => answer?,
        };
        let same = self.identity.compare(&answer.identity) == ValidatorMatch::Same;
        if answer.unexpected_html && !same {
            let host = download_url::host_with_port(&self.url);
            return Err(Problem::NotTheFile { host });
        }
        // A response from another URL says nothing about this file either.
        let elsewhere = answer.url != self.url && !same;
        if answer.start != begin || elsewhere {
            return Err(self.unlike());
        }
        // The server has responded: the time for the comparison does not count as a stall.
        let held = segment.hold_back();
        compare_ranges::check_validators(self, &ask, &answer.identity).await?;
        drop(held);
        // Nothing of it was written: the other connections continue without it.
        let (sink, from) = (&self.sink, part.start);
        if begin < from && !self.boundaries.follows(sink, &mut answer, from).await? {
            return Err(self.unlike());
        }
        Ok(answer)
    }

    /// A response that cannot be used together with the others.
    fn unlike(&self) -> Problem {
        let host = download_url::host_with_port(&self.url);
        Problem::RangeMismatch { host }
    }
}
