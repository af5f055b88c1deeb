//! Answers that were asked for while the person still looks. Each is kept open, its bytes unread, for the download that
//! follows: what was asked once is not asked again, so a link that works only once works.
//!
//! An answer that is not wanted any more is dropped, which closes its connection.

use std::collections::VecDeque;

use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::{Actor, now};
use crate::core::download::{Look, NewDownload};
use crate::core::link;
use crate::core::name;
use crate::core::problem::Problem;
use crate::core::record::Record;
use crate::core::share;
use crate::handle::{CommandError, Reply};
use crate::http::{Answer, Ask, Net};
use crate::worker::Kept;

/// Answers kept open; the oldest gives way.
const MOST: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Looks {
    open: VecDeque<Open>,
    asking: JoinSet<()>,
}

#[derive(Debug)]
struct Open {
    record: Record,
    net: Net,
    until: Instant,
    answer: oneshot::Receiver<Answer>,
    asking: AbortHandle,
}

impl Open {
    /// Whether a download would put the same question.
    fn fits(&self, other: &Record) -> bool {
        let own = &self.record;
        own.url.trim() == other.url.trim()
            && own.headers == other.headers
            && own.credentials == other.credentials
            && own.proxy == other.proxy
    }
}

impl Looks {
    /// When the next one is to be closed.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.open.front().map(|open| open.until)
    }

    pub(super) fn close_old(&mut self) {
        let now = Instant::now();
        while self.deadline().is_some_and(|until| until <= now) {
            self.close_oldest();
        }
        while self.asking.try_join_next().is_some() {}
    }

    /// Nobody comes for it.
    fn close_oldest(&mut self) {
        if let Some(open) = self.open.pop_front() {
            open.asking.abort();
        }
    }

    /// The answer that a download which begins can go on with.
    pub(super) fn take(&mut self, record: &Record) -> Option<(Net, Kept)> {
        let place = self.open.iter().position(|open| open.fits(record))?;
        let Open { net, answer, .. } = self.open.remove(place)?;
        Some((net.named_as(record), Kept::from(answer)))
    }
}

impl Actor {
    /// Asks the server now; the answer is told, and kept.
    pub(super) fn look(&mut self, new: NewDownload, reply: Reply<Look>) {
        let record = Record::new(new, now());
        let net = self.net.of(&record);
        let (keep, answer) = oneshot::channel();
        let most = record.connections.unwrap_or(self.config.connections);
        let asking = look(net.clone(), record.clone(), most, keep, reply);
        let asking = self.looks.asking.spawn(asking);
        self.looks.open.push_back(Open {
            record,
            net,
            until: Instant::now() + self.config.keep_looks,
            answer,
            asking,
        });
        if self.looks.open.len() > MOST {
            self.looks.close_oldest();
        }
    }
}

async fn look(
    net: Net,
    record: Record,
    most: u32,
    keep: oneshot::Sender<Answer>,
    mut reply: Reply<Look>,
) {
    let asked = tokio::select! {
        asked = ask(&net, &record) => asked,
        // Nobody looks any more.
        () = reply.closed() => return,
    };
    let look = match asked {
        Ok(answer) => {
            let look = told(&answer, &record, most);
            // Kept before it is told: a download that is added at once finds it.
            let _unwanted = keep.send(answer);
            Ok(look)
        }
        Err(problem) => Err(CommandError::BadLink(problem)),
    };
    let _unheard = reply.send(look);
}

async fn ask(net: &Net, record: &Record) -> Result<Answer, Problem> {
    let url = link::parse(&record.url)?;
    let ask = Ask {
        url: &url,
        home: &url,
        headers: &record.headers,
        from: 0,
        to: None,
    };
    let begun = Instant::now();
    let mut answer = net.ask_first(&ask).await?;
    answer.took = begun.elapsed();
    Ok(answer)
}

fn told(answer: &Answer, record: &Record, most: u32) -> Look {
    let total = answer.identity.total;
    let parts = total.filter(|_| answer.ranges).unwrap_or_default() / share::LEAST;
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    let wanted = record.wanted_name.as_deref();
    Look {
        url: record.url.clone(),
        host: link::host(&answer.url),
        name: name::choose(wanted, answer.disposition.as_deref(), &answer.url),
        total,
        resumable: answer.ranges,
        connections: parts.clamp(1, most.max(1)),
    }
}
