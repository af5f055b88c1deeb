//! One connection: from an answer to its lane, byte by byte, until the lane is done or the answer ends.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use url::Url;

use super::lane::Lane;
use super::limit::Limiter;
use super::sample::Proven;
use crate::core::likeness::Likeness;
use crate::core::link;
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
}

/// Fetches what `lane` has left; `answer` is one that was got already. Ends well when the lane is done, and when the
/// server ends its answer as announced: whether anything is left then, the lane says.
pub(super) async fn fetch(
    source: Arc<Source>,
    lane: Arc<Lane>,
    answer: Option<Answer>,
) -> Result<(), Problem> {
    let answer = match answer {
        Some(answer) => answer,
        None => match lane.left() {
            Some(left) => source.ask(left.start, left.end).await?,
            None => return Ok(()),
        },
    };
    let mut body = answer.body;
    let mut inflow = Inflow {
        at: answer.start,
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
                if lane.left().is_none() {
                    return Ok(());
                }
            }
            Ok(None) => return inflow.flush().await,
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
    async fn ask(&self, from: u64, to: u64) -> Result<Answer, Problem> {
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
        self.proven.admit(self, &ask, &answer.identity).await?;
        Ok(answer)
    }

    /// Passes bytes on to the disk, as far as the lane wants them and as fast as the limits let.
    async fn take(&self, lane: &Lane, mut at: u64, mut bytes: Bytes) -> Result<(), Problem> {
        let [all, own] = &self.limits;
        while !bytes.is_empty() {
            // What another connection has taken over is not to be paid for with the limits.
            let wanted = lane.left().map_or(0, |left| left.end.saturating_sub(at));
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
            let now = bytes.split_to(portion);
            let room = self.sink.room(portion).await?;
            drop(held);
            // From here on nothing waits: what is claimed is handed over, even if this task is ended at its next wait.
            let claim = lane.claim(at, portion);
            if claim.take > 0 {
                let wanted = now.slice(claim.skip..claim.skip + claim.take);
                self.sink.write(room, at + claim.skip as u64, wanted);
            }
            at += portion as u64;
        }
        Ok(())
    }
}
