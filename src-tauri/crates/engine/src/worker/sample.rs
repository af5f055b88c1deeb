//! When an answer's validators leave it open whether it is of the file that was begun: a sample of the bytes that are
//! here is compared with what the server gives for the same places.
//!
//! Servers behind one name often have tags of their own for the same file, and some make up a new tag for each answer.
//! Asks for at most six small ranges; writes nothing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::earlier::Earlier;
use super::fetch::Source;
use super::wait::Pulse;
use super::{Halt, Job, blocking, boundary};
use crate::core::likeness::Likeness;
use crate::core::link;
use crate::core::plan::{Ranges, Span};
use crate::core::problem::Problem;
use crate::core::record::Identity;
use crate::core::samples::spread;
use crate::disk::{self, Block};
use crate::http::{Answer, Ask, Net};

/// Bytes of one place, and how many places.
const BLOCK: u64 = 64 << 10;
const PLACES: u64 = 3;
/// Bytes of one place of a file that is whole.
const LAST_BLOCK: u64 = 16 << 10;
/// How long the bytes of one place may take once the server has answered.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a comparison showed.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    Different,
    /// There was nothing to compare, or the server gave no such places.
    Unsure,
    /// The network stood in the way; another time it may not.
    Hindered(Problem),
}

/// Attempts in a row after which what stands in the way counts as an answer.
const ENOUGH: u32 = 2;

/// Whether what is left of an earlier attempt belongs to the file that the server has now. A problem is one that may pass:
/// what is left is kept for the next attempt.
pub(super) async fn belongs(
    job: &Job,
    earlier: &Earlier,
    (ask, from): (&Ask<'_>, u64),
    answer: &mut Answer,
) -> Result<bool, Halt> {
    // What another link said of its file is no validator of this one's (RFC 9110, section 8.8).
    let known = if earlier.others {
        Identity {
            total: earlier.identity.total,
            ..Identity::default()
        }
    } else {
        earlier.identity.clone()
    };
    match known.likeness(&answer.identity) {
        Likeness::Same => return Ok(true),
        Likeness::Different | Likeness::Unknown => return Ok(false),
        // All of it comes anyway: to keep what is here would save nothing.
        Likeness::OnlyLength | Likeness::Doubtful if answer.whole => return Ok(false),
        Likeness::OnlyLength | Likeness::Doubtful => {}
    }
    let Some(Ok(file)) = earlier.part.as_ref().map(|part| part.file.try_clone()) else {
        return Ok(false);
    };
    let mut places = spread(&earlier.done, BLOCK, PLACES);
    // The answer's own first bytes say more than those of other answers: another machine may have given them.
    let overlap = if answer.start < from {
        let read = boundary::before(answer, from);
        let read = tokio::time::timeout(PATIENCE, read).await;
        let host = link::host(&answer.url);
        let Some(bytes) = read.map_err(|_| Problem::Stalled { host })?? else {
            return Ok(false);
        };
        places.insert(
            0,
            Span {
                start: from - bytes.len() as u64,
                end: from,
            },
        );
        Some(bytes)
    } else {
        None
    };
    let look = move |_: &Pulse| disk::blocks(&file, places);
    let care = job.care();
    let Ok(mut blocks) = care.wait(care.short(), look, drop).await? else {
        return Ok(false);
    };
    if let Some(overlap) = overlap
        && blocks.remove(0).bytes != overlap
    {
        return Ok(false);
    }
    let here = Ask {
        url: &answer.url,
        ..ask.clone()
    };
    let same = compare(&job.net, &here, &blocks, &known, &answer.identity).await;
    match same {
        Verdict::Same => {
            let places = blocks.len();
            job.reports.info(format!(
                "the server's tag or date does not tell whether it is the same file, but {places} places in it are as they were: going on"
            ));
            Ok(true)
        }
        Verdict::Hindered(problem) if job.record.attempts < ENOUGH => Err(problem.into()),
        Verdict::Different | Verdict::Unsure | Verdict::Hindered(_) => Ok(false),
    }
}

/// Looks at a finished file once more whose parts only a comparison where they meet holds together: another version may
/// have the same bytes there. [`Problem::Changed`] when the server has others at its beginning, middle or end. What the
/// server does not answer proves nothing.
pub(super) async fn confirm(source: &Source, total: u64) -> Result<(), Problem> {
    let places = spread(&Ranges::first(total), LAST_BLOCK, PLACES);
    while source.sink.done() != Ranges::first(total) {
        if let Some(problem) = source.sink.problem() {
            return Err(problem);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let file = source.sink.file();
    let blocks = blocking(move || file.and_then(|file| disk::blocks(&file, places))).await;
    let blocks = blocks.map_err(|error| source.sink.trouble(&error))?;
    let ask = Ask {
        url: &source.url,
        home: &source.home,
        headers: &source.headers,
        from: 0,
        to: None,
    };
    let look = compare_once(&source.net, &ask, &blocks, total);
    let same = tokio::time::timeout(PATIENCE, look).await;
    if same == Ok(Some(false)) {
        let host = link::host(&source.url);
        return Err(Problem::Changed { host });
    }
    Ok(())
}

/// Whether the server has the bytes of `blocks`, as far as it gives them from the same address.
async fn compare_once(net: &Net, ask: &Ask<'_>, blocks: &[Block], total: u64) -> Option<bool> {
    for block in blocks {
        let place = Ask {
            from: block.span.start,
            to: Some(block.span.end),
            ..ask.clone()
        };
        let answer = net.ask(&place).await.ok()?;
        let known = answer.start == block.span.start && answer.identity.total == Some(total);
        if !known || answer.url != *ask.url {
            return None;
        }
        if equal(answer, &block.bytes).await.ok()?? {
            continue;
        }
        return Some(false);
    }
    Some(true)
}

/// What was shown to be the same file although it does not say so.
#[derive(Debug, Default)]
pub(super) struct Proven(Mutex<Vec<Identity>>);

impl Proven {
    /// Lets a further connection's answer to `ask` in, or says why not. [`Problem::Changed`] when the file is another
    /// one, [`Problem::RangeMismatch`] when that cannot be told (yet): the other connections go on without this one.
    pub(super) async fn admit(
        &self,
        source: &Source,
        ask: &Ask<'_>,
        found: &Identity,
    ) -> Result<(), Problem> {
        let host = || link::host(ask.url);
        let known = &source.identity;
        match known.likeness(found) {
            Likeness::Same => return Ok(()),
            // Its bytes are compared with those of the others where they meet.
            Likeness::OnlyLength if !known.is_strong() => return Ok(()),
            // An answer without validators may be anything.
            Likeness::Different if known.is_strong() && !found.is_strong() => {
                return Err(Problem::RangeMismatch { host: host() });
            }
            Likeness::Different => return Err(Problem::Changed { host: host() }),
            Likeness::Unknown => return Err(Problem::RangeMismatch { host: host() }),
            Likeness::OnlyLength | Likeness::Doubtful => {}
        }
        source.boundaries.doubt();
        if self.knows(found) {
            return Ok(());
        }
        let places = spread(&source.sink.done(), BLOCK, PLACES);
        let file = source.sink.file();
        let blocks = blocking(move || file.and_then(|file| disk::blocks(&file, places))).await;
        let blocks = blocks.unwrap_or_default();
        match compare(&source.net, ask, &blocks, known, found).await {
            Verdict::Same => {
                self.list().push(found.clone());
                Ok(())
            }
            Verdict::Different => Err(Problem::Changed { host: host() }),
            Verdict::Unsure => Err(Problem::RangeMismatch { host: host() }),
            Verdict::Hindered(problem) => Err(problem),
        }
    }

    fn knows(&self, found: &Identity) -> bool {
        self.list().contains(found)
    }

    /// Nothing that holds the lock can panic halfway through a change.
    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Identity>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for the places of `blocks`, twice if need be: servers behind one name take turns, and an answer that is plainly
/// of the `known` version says nothing about the one that was `found`.
async fn compare(
    net: &Net,
    ask: &Ask<'_>,
    blocks: &[Block],
    known: &Identity,
    found: &Identity,
) -> Verdict {
    let mut heard = 0;
    for block in blocks.iter().chain(blocks) {
        if heard == blocks.len() {
            break;
        }
        let place = Ask {
            from: block.span.start,
            to: Some(block.span.end),
            ..ask.clone()
        };
        let answer = match net.ask(&place).await {
            Ok(answer) => answer,
            Err(problem) if problem.may_pass() => return Verdict::Hindered(problem),
            Err(_) => return Verdict::Unsure,
        };
        if answer.start != block.span.start || answer.identity.total != found.total {
            return Verdict::Unsure;
        }
        let says = known.likeness(&answer.identity) != Likeness::Same;
        match tokio::time::timeout(PATIENCE, equal(answer, &block.bytes)).await {
            Ok(Ok(Some(true))) if says => heard += 1,
            Ok(Ok(Some(true))) => {}
            Ok(Ok(Some(false))) => return Verdict::Different,
            Ok(Ok(None)) => return Verdict::Unsure,
            Ok(Err(problem)) => return Verdict::Hindered(problem),
            Err(_) => {
                let host = link::host(ask.url);
                return Verdict::Hindered(Problem::Stalled { host });
            }
        }
    }
    if heard > 0 {
        Verdict::Same
    } else {
        Verdict::Unsure
    }
}

/// Whether the answer begins with those bytes; `None` when it ends before that can be said.
async fn equal(mut answer: Answer, mut bytes: &[u8]) -> Result<Option<bool>, Problem> {
    while !bytes.is_empty() {
        let Some(found) = answer.body.next().await? else {
            return Ok(None);
        };
        let (now, rest) = bytes.split_at(found.len().min(bytes.len()));
        if !found.starts_with(now) {
            return Ok(Some(false));
        }
        bytes = rest;
    }
    Ok(Some(true))
}
