//! Downloads a small file into memory and publishes it in one blocking call, together with others that are complete by
//! then. This costs a share of one task switch instead of several switches between five threads.
//!
//! Only for responses that arrive soon and with the announced length; all others are handed back and take the usual
//! path.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;

use super::{
    AttemptContext, AttemptError, AttemptOutcome, AttemptResult, ResponseInfo, WorkerEvent,
    complete_checkpoint,
};
use crate::disk;
use crate::domain::host_limits::HostLoad;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::verdict::Verdict;
use crate::http::{RangeRequest, RangedResponse};

/// Maximum size in bytes.
const MAX_SIZE: u64 = 128 << 10;
/// A response that takes longer than this is written as it arrives.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// A file that is published.
pub(super) struct SmallFile {
    placed: disk::PlacedFile,
    identity: Validators,
    total: u64,
    resumable: bool,
}

/// What became of a response.
pub(super) enum SmallFileOutcome {
    SmallFile(Box<SmallFile>),
    /// Unchanged, with every byte of it.
    HandedBack(Box<RangedResponse>),
    /// It failed on a shared connection: to be requested again over one of its own.
    Broken,
}

/// Whether a response to a new download can take this path. Not where each step towards a file must be stored first,
/// nor with a rate limit or an expected digest.
pub(super) fn is_eligible(job: &AttemptContext, answer: &RangedResponse) -> bool {
    let small = answer
        .identity
        .total
        .is_some_and(|total| (1..=MAX_SIZE).contains(&total));
    let free = job.limits.iter().all(|limit| limit.burst() == usize::MAX);
    let proven = job.record.checksum.is_some() || answer.digest.is_some();
    small && free && !proven && job.allow_small_file && !answer.unexpected_html && answer.start == 0
}

/// Collects the body and publishes the file in its folder under `name`, or the next free one.
pub(super) async fn download(
    job: &AttemptContext,
    mut answer: RangedResponse,
    name: &str,
) -> Result<SmallFileOutcome, AttemptError> {
    let total = answer.identity.total.unwrap_or_default();
    let mut pieces = Vec::new();
    let collected = tokio::select! {
        biased;
        () = job.stop.cancelled() => return Err(AttemptError::Stopped),
        collected = tokio::time::timeout(TIME_LIMIT, collect(&mut answer, &mut pieces, total)) => collected,
    };
    match collected {
        Ok(Ok(())) if length(&pieces) == total => {}
        Ok(Err(problem)) => {
            if let Some(before) = answer.body.shared() {
                job.http.shared_answer_failed(&answer.url, before);
                return Ok(SmallFileOutcome::Broken);
            }
            // Too late, too short, or failed: the usual path handles it.
            return Ok(hand_back(answer, &pieces, Some(problem)));
        }
        Ok(Ok(())) | Err(_) => return Ok(hand_back(answer, &pieces, None)),
    }
    let name = name.to_owned();
    // Not copied: the client reuses its buffer when the file is written, and the connection pauses until then.
    let content = pieces.clone();
    let options = job.publish_options(&answer.identity);
    let (keeper, place) = (Arc::clone(&job.file_system), job.record.folder.clone());
    let hand_over = |done| {
        let small = disk::SmallFile {
            name,
            pieces: content,
            options,
            done,
        };
        write_small(job, small);
    };
    let late = move |placed| {
        if let Ok(Some(disk::PlacedFile { name, id })) = placed {
            disk::delete_if_same(&*keeper, &place.join(name), &id);
        }
    };
    let care = job.watchdog();
    match care.wait_for(care.sync_timeout(), hand_over, late).await? {
        Ok(Some(placed)) => Ok(SmallFileOutcome::SmallFile(Box::new(SmallFile {
            placed,
            identity: answer.identity,
            total,
            resumable: answer.accepts_ranges,
        }))),
        // The usual path reports what is wrong with the folder, if anything.
        Ok(None) | Err(_) => Ok(hand_back(answer, &pieces, None)),
    }
}

/// Requests a whole file, whose response failed on a shared connection, over a connection of its own.
pub(super) async fn ask_alone(
    job: &AttemptContext,
    ask: &RangeRequest<'_>,
) -> Result<RangedResponse, AttemptError> {
    let whole = RangeRequest {
        from: 0,
        to: None,
        ..ask.clone()
    };
    tokio::select! {
        biased;
        () = job.stop.cancelled() => Err(AttemptError::Stopped),
        answer = job.http.send(&whole) => Ok(answer?),
    }
}

/// Queues a file with the others of its folder, and starts the write if none is pending.
fn write_small(job: &AttemptContext, small: disk::SmallFile) {
    let queue = job.writer_pool.small_files().clone();
    let folder = job.record.folder.clone();
    if queue.push(&folder, small) {
        let files = Arc::clone(&job.file_system);
        tokio::task::spawn_blocking(move || queue.write(&*files, &folder));
    }
}

/// Until `total` bytes have arrived, or the response ends.
async fn collect(
    answer: &mut RangedResponse,
    pieces: &mut Vec<Bytes>,
    total: u64,
) -> Result<(), Problem> {
    let mut here = 0;
    while here < total {
        let Some(more) = answer.body.next().await? else {
            break;
        };
        here += more.len() as u64;
        pieces.push(more);
    }
    Ok(())
}

fn length(pieces: &[Bytes]) -> u64 {
    pieces.iter().map(|piece| piece.len() as u64).sum()
}

fn hand_back(
    mut answer: RangedResponse,
    pieces: &[Bytes],
    problem: Option<Problem>,
) -> SmallFileOutcome {
    answer.body.push_back(pieces.concat().into(), problem);
    SmallFileOutcome::HandedBack(Box::new(answer))
}

/// The result for a published file.
pub(super) fn attempt_result(job: &AttemptContext, file: SmallFile) -> AttemptResult {
    let SmallFile {
        placed,
        identity,
        total,
        resumable,
    } = file;
    job.counters.received.store(total, Ordering::Relaxed);
    let answered = ResponseInfo {
        name: placed.name.clone(),
        file: placed.id,
        identity,
        resumable,
        answered_by_origin: false,
        server_digest: None,
        done: complete_checkpoint(total).done,
        restarted: false,
    };
    AttemptResult {
        // Together with the result, so that the row is written once.
        reports: vec![
            WorkerEvent::ResponseInfo(answered, None),
            WorkerEvent::Transferred {
                total,
                unstated: false,
                stored: None,
            },
        ],
        how: AttemptOutcome::Published {
            name: placed.name,
            file: None,
            total,
            verdict: Verdict::Length,
        },
        done: Some(complete_checkpoint(total)),
        received_any: true,
        load: HostLoad::Alone,
    }
}
