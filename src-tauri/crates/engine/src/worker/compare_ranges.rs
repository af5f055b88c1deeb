//! Compares samples of the bytes on disk with the same ranges on the server, when a response's validators do not show
//! whether it is of the same file.
//!
//! Servers behind one name often have their own tags for the same file, and some generate a new tag for each response.
//! Requests at most six small ranges; writes nothing.

use std::time::Duration;

use super::disk_watchdog::Heartbeat;
use super::partial_file::PartialFile;
use super::transfer_context::TransferContext;
use super::{AttemptContext, AttemptError, boundary, run_blocking};
use crate::disk::{self, FileBlock};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::download_url;
use crate::domain::fingerprint::evenly_spaced_blocks;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::validators::ValidatorMatch;
use crate::http::{HttpClient, RangeRequest, RangedResponse};

/// Bytes of one block, and number of blocks.
const BLOCK: u64 = 64 << 10;
const BLOCK_COUNT: u64 = 3;
/// Bytes of one block in the check of a complete file.
const LAST_BLOCK: u64 = 16 << 10;
/// Timeout for the bytes of one block after the response has started.
const RANGE_TIMEOUT: Duration = Duration::from_secs(10);

/// Result of a comparison.
#[derive(Debug, PartialEq, Eq)]
enum Comparison {
    Same,
    Different,
    /// There was nothing to compare, or the server did not send these ranges.
    Inconclusive,
    /// A network error; may succeed another time.
    NetworkError(Problem),
}

/// Failed attempts in a row after which a network error counts as inconclusive.
const MAX_HINDERED: u32 = 2;

/// Whether the bytes of an earlier attempt belong to the file that the server has now. An error is a transient problem:
/// the bytes are kept for the next attempt.
pub(super) async fn matches_partial(
    job: &AttemptContext,
    earlier: &PartialFile,
    (ask, from): (&RangeRequest<'_>, u64),
    answer: &mut RangedResponse,
) -> Result<bool, AttemptError> {
    // The validators of another URL say nothing about this one's file (RFC 9110, section 8.8).
    let known = if earlier.others {
        Validators {
            total: earlier.identity.total,
            ..Validators::default()
        }
    } else {
        earlier.identity.clone()
    };
    match known.compare(&answer.identity) {
        ValidatorMatch::Same => return Ok(true),
        ValidatorMatch::Different | ValidatorMatch::Unknown => return Ok(false),
        // The response brings all of it anyway: keeping the bytes on disk would save nothing.
        ValidatorMatch::LengthOnly | ValidatorMatch::Inconclusive if answer.whole => {
            return Ok(false);
        }
        ValidatorMatch::LengthOnly | ValidatorMatch::Inconclusive => {}
    }
    let Some(Ok(file)) = earlier.part.as_ref().map(|part| part.file.try_clone()) else {
        return Ok(false);
    };
    let mut places = evenly_spaced_blocks(&earlier.done, BLOCK, BLOCK_COUNT);
    // The first bytes of this response prove more than those of other responses, which may come from another machine.
    let overlap = if answer.start < from {
        let read = boundary::before(answer, from);
        let read = tokio::time::timeout(RANGE_TIMEOUT, read).await;
        let host = download_url::host_with_port(&answer.url);
        let Some(bytes) = read.map_err(|_| Problem::Stalled { host })?? else {
            return Ok(false);
        };
        places.insert(
            0,
            ByteRange {
                start: from - bytes.len() as u64,
                end: from,
            },
        );
        Some(bytes)
    } else {
        None
    };
    let look = move |_: &Heartbeat| disk::read_blocks(&file, places);
    let care = job.watchdog();
    let Ok(mut blocks) = care.run(care.write_timeout(), look, drop).await? else {
        return Ok(false);
    };
    if let Some(overlap) = overlap
        && blocks.remove(0).bytes != overlap
    {
        return Ok(false);
    }
    let here = RangeRequest {
        url: &answer.url,
        ..ask.clone()
    };
    let same = compare(&job.http, &here, &blocks, &known, &answer.identity).await;
    match same {
        Comparison::Same => {
            let places = blocks.len();
            job.reports.info(format!(
                "the server's tag or date does not tell whether it is the same file, but {places} places in it are as they were: going on"
            ));
            Ok(true)
        }
        Comparison::NetworkError(problem) if job.record.attempts < MAX_HINDERED => {
            Err(problem.into())
        }
        Comparison::Different | Comparison::Inconclusive | Comparison::NetworkError(_) => Ok(false),
    }
}

/// Checks a finished file that is only joined by comparison where its ranges meet: another version may have the same
/// bytes there. [`Problem::Changed`] if the server has other bytes at its start, middle or end. A failed request proves
/// nothing.
pub(super) async fn confirm(source: &TransferContext, total: u64) -> Result<(), Problem> {
    let places = evenly_spaced_blocks(&ByteRanges::up_to(total), LAST_BLOCK, BLOCK_COUNT);
    while source.sink.done() != ByteRanges::up_to(total) {
        if let Some(problem) = source.sink.problem() {
            return Err(problem);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let file = source.sink.file();
    let blocks = run_blocking(move || file.and_then(|file| disk::read_blocks(&file, places))).await;
    let blocks = blocks.map_err(|error| source.sink.to_problem(&error))?;
    let ask = RangeRequest {
        url: &source.url,
        origin_url: &source.home,
        headers: &source.headers,
        from: 0,
        to: None,
    };
    let look = compare_once(&source.net, &ask, &blocks, total);
    let same = tokio::time::timeout(RANGE_TIMEOUT, look).await;
    if same == Ok(Some(false)) {
        let host = download_url::host_with_port(&source.url);
        return Err(Problem::Changed { host });
    }
    Ok(())
}

/// Whether the server has the bytes of `blocks`, as far as it sends them from the same URL.
async fn compare_once(
    net: &HttpClient,
    ask: &RangeRequest<'_>,
    blocks: &[FileBlock],
    total: u64,
) -> Option<bool> {
    for block in blocks {
        let place = RangeRequest {
            from: block.span.start,
            to: Some(block.span.end),
            ..ask.clone()
        };
        let answer = net.send(&place).await.ok()?;
        let known = answer.start == block.span.start && answer.identity.total == Some(total);
        if !known || answer.url != *ask.url {
            return None;
        }
        if starts_with(answer, &block.bytes).await.ok()?? {
            continue;
        }
        return Some(false);
    }
    Some(true)
}

/// Checks whether a further connection's response to `ask` may be used. [`Problem::Changed`] if the file is another
/// one, [`Problem::RangeMismatch`] if that cannot be told (yet): the other connections continue without this one.
pub(super) async fn check_validators(
    source: &TransferContext,
    ask: &RangeRequest<'_>,
    found: &Validators,
) -> Result<(), Problem> {
    let host = || download_url::host_with_port(ask.url);
    let known = &source.identity;
    match known.compare(found) {
        ValidatorMatch::Same => return Ok(()),
        // Its bytes are compared with those of the others where they meet.
        ValidatorMatch::LengthOnly if !known.is_strong() => return Ok(()),
        // A response without validators may be anything.
        ValidatorMatch::Different if known.is_strong() && !found.is_strong() => {
            return Err(Problem::RangeMismatch { host: host() });
        }
        ValidatorMatch::Different => return Err(Problem::Changed { host: host() }),
        ValidatorMatch::Unknown => return Err(Problem::RangeMismatch { host: host() }),
        ValidatorMatch::LengthOnly | ValidatorMatch::Inconclusive => {}
    }
    source.boundaries.doubt();
    if source.accepted.contains(found) {
        return Ok(());
    }
    let places = evenly_spaced_blocks(&source.sink.done(), BLOCK, BLOCK_COUNT);
    let file = source.sink.file();
    let blocks = run_blocking(move || file.and_then(|file| disk::read_blocks(&file, places))).await;
    let blocks = blocks.unwrap_or_default();
    match compare(&source.net, ask, &blocks, known, found).await {
        Comparison::Same => {
            source.accepted.accept(found.clone());
            Ok(())
        }
        Comparison::Different => Err(Problem::Changed { host: host() }),
        Comparison::Inconclusive => Err(Problem::RangeMismatch { host: host() }),
        Comparison::NetworkError(problem) => Err(problem),
    }
}

/// Requests the ranges of `blocks`, twice if needed: servers behind one name take turns, and a response that is clearly
/// of the `known` version says nothing about the one that was `found`.
async fn compare(
    net: &HttpClient,
    ask: &RangeRequest<'_>,
    blocks: &[FileBlock],
    known: &Validators,
    found: &Validators,
) -> Comparison {
    let mut heard = 0;
    for block in blocks.iter().chain(blocks) {
        if heard == blocks.len() {
            break;
        }
        let place = RangeRequest {
            from: block.span.start,
            to: Some(block.span.end),
            ..ask.clone()
        };
        let answer = match net.send(&place).await {
            Ok(answer) => answer,
            Err(problem) if problem.is_transient() => return Comparison::NetworkError(problem),
            Err(_) => return Comparison::Inconclusive,
        };
        if answer.start != block.span.start || answer.identity.total != found.total {
            return Comparison::Inconclusive;
        }
        let says = known.compare(&answer.identity) != ValidatorMatch::Same;
        match tokio::time::timeout(RANGE_TIMEOUT, starts_with(answer, &block.bytes)).await {
            Ok(Ok(Some(true))) if says => heard += 1,
            Ok(Ok(Some(true))) => {}
            Ok(Ok(Some(false))) => return Comparison::Different,
            Ok(Ok(None)) => return Comparison::Inconclusive,
            Ok(Err(problem)) => return Comparison::NetworkError(problem),
            Err(_) => {
                let host = download_url::host_with_port(ask.url);
                return Comparison::NetworkError(Problem::Stalled { host });
            }
        }
    }
    if heard > 0 {
        Comparison::Same
    } else {
        Comparison::Inconclusive
    }
}

/// Whether the response starts with these bytes; `None` if it ends too early to tell.
async fn starts_with(
    mut answer: RangedResponse,
    mut bytes: &[u8],
) -> Result<Option<bool>, Problem> {
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
