//! One connection: from an answer to its lane, byte by byte, until the lane is done or the answer ends.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use url::Url;

use super::lane::Lane;
use super::limit::Limiter;
use super::sample::Proven;
use crate::core::likeness::Likeness;
use crate::core::link;
use crate::core::plan::Span;
use crate::core::problem::Problem;
use crate::core::record::Identity;
use crate::disk::{Batch, Sink};
use crate::http::{Answer, Ask, Net};

/// What all connections of one download share.
pub(super) struct Source {
    pub(super) net: Net,
    pub(super) url: Url,
    /// The link that the person gave.
    pub(super) home: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) identity: Identity,
    /// What else was shown to be the same file.
    pub(super) proven: Proven,
    pub(super) sink: Sink,
    pub(super) limits: [Arc<Limiter>; 2],
    /// A stream has come to a gap.
    pub(super) at_gap: Notify,
}

/// How long a stream waits before a gap at most: another connection may have what is behind it sooner, and without
/// fetching twice what is in it.
const GAP_WAIT: Duration = Duration::from_secs(1);

/// Asks for a part that others still have. The answer belongs to it, and is of the same file. While that is found out,
/// `lane` is not silent.
pub(super) async fn request_part(
    source: Arc<Source>,
    lane: Arc<Lane>,
    part: Span,
) -> Result<Option<Answer>, Problem> {
    source.ask(&lane, part).await.map(Some)
}

/// The same for what `lane` has left, side by side with another one that fetches it.
pub(super) async fn race(source: Arc<Source>, lane: Arc<Lane>) -> Result<Option<Answer>, Problem> {
    let Some(left) = lane.left() else {
        return Ok(None);
    };
    let answer = source.ask(&lane, left).await?;
    fetch(source, lane, answer).await
}

/// Brings what is wanted of `lane` out of `answer`. Ends well when the lane is done, and when the server ends its answer
/// as announced: whether anything is left then, the lane says.
pub(super) async fn fetch(
    source: Arc<Source>,
    lane: Arc<Lane>,
    answer: Answer,
) -> Result<Option<Answer>, Problem> {
    let mut body = answer.body;
    let mut inflow = Inflow {
        at: answer.start,
        gap_seen: false,
        batch: source.sink.batch(),
        source: &source,
        lane: &lane,
    };
    lane.hear();
    loop {
        let came = {
            let mut next = pin!(body.next());
            match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
                Poll::Ready(came) => came,
                Poll::Pending => {
                    // While nothing comes, what has come goes on.
                    inflow.flush().await?;
                    next.await
                }
            }
        };
        match came {
            Ok(Some(bytes)) => {
                lane.hear();
                inflow.collect(bytes).await?;
                if lane.finished() {
                    return Ok(None);
                }
                inflow.wait_at_gap().await?;
            }
            Ok(None) => return inflow.flush().await.map(|()| None),
            Err(problem) => {
                inflow.flush().await?;
                return Err(problem);
            }
        }
    }
}

/// Bytes on their way from one answer to the disk: what comes fast goes on in large pieces.
struct Inflow<'a> {
    source: &'a Source,
    lane: &'a Lane,
    /// Where in the file the next piece begins.
    at: u64,
    /// Whether it was waited at the gap that it is passing by.
    gap_seen: bool,
    batch: Batch,
}

impl Inflow<'_> {
    async fn collect(&mut self, mut bytes: Bytes) -> Result<(), Problem> {
        while !bytes.is_empty() {
            self.batch.fill(&mut bytes);
            let reached = self.at + self.batch.len() as u64;
            let last = self.lane.left().is_none_or(|left| reached >= left.end);
            // Under a limit, no more is collected than may pass at a time.
            let [all, own] = &self.source.limits;
            let much = self.batch.len() >= all.portion().min(own.portion());
            if last || much || self.batch.full() {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Where a gap begins, the crew gets the chance to find another connection for what is behind it.
    async fn wait_at_gap(&mut self) -> Result<(), Problem> {
        let passing = self.lane.is_passing();
        if passing && !self.gap_seen {
            self.flush().await?;
            self.source.at_gap.notify_one();
            let _held = self.lane.hold();
            let _late = tokio::time::timeout(GAP_WAIT, self.lane.told_to_go_on()).await;
        }
        self.gap_seen = passing;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Problem> {
        if self.batch.len() == 0 {
            return Ok(());
        }
        let bytes = self.batch.hand_over();
        let at = self.at;
        self.at += bytes.len() as u64;
        self.source.take(self.lane, at, bytes).await
    }
}

impl Source {
    /// Asks for one part, which must be of the same file and begin where it should.
    async fn ask(&self, lane: &Lane, part: Span) -> Result<Answer, Problem> {
        let (from, to) = (part.start, part.end);
        let ask = Ask {
            url: &self.url,
            home: &self.home,
            headers: &self.headers,
            from,
            to: (to != u64::MAX).then_some(to),
        };
        let answer = self.net.ask(&ask).await?;
        if answer.page && self.identity.likeness(&answer.identity) != Likeness::Same {
            let host = link::host(&self.url);
            return Err(Problem::NotTheFile { host });
        }
        if answer.start != from {
            let host = link::host(&self.url);
            return Err(Problem::RangeMismatch { host });
        }
        // The server has answered: what the comparison takes is not its silence.
        let held = lane.hold();
        let admitted = self.proven.admit(self, &ask, &answer.identity).await;
        drop(held);
        admitted.map(|()| answer)
    }

    /// Passes bytes on to the disk, as far as the lane wants them and as fast as the limits let.
    async fn take(&self, lane: &Lane, mut at: u64, mut bytes: Bytes) -> Result<(), Problem> {
        let [all, own] = &self.limits;
        while !bytes.is_empty() {
            // What another connection has taken over is not to be paid for with the limits, unless this one has to pass it
            // by for the sake of what is behind.
            let wanted = lane.end().map_or(0, |end| end.saturating_sub(at));
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            if wanted == 0 {
                return Ok(());
            }
            let portion = all.portion().min(own.portion());
            let portion = portion.min(bytes.len()).min(wanted);
            let held = lane.hold();
            if !(all.pass(portion).await && own.pass(portion).await) {
                continue;
            }
            let room = self.sink.room(portion).await?;
            drop(held);
            // From here on nothing waits: what is claimed is handed over, even if this task is ended at its next wait.
            let claim = lane.claim(at, portion);
            let mut now = bytes.split_to(claim.skip + claim.take);
            if claim.take > 0 {
                let wanted = now.split_off(claim.skip);
                self.sink.write(room, at + claim.skip as u64, wanted);
            }
            at += (claim.skip + claim.take) as u64;
        }
        Ok(())
    }
}
