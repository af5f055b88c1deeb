//! A small file: fetched whole into memory and put into its folder in one step, together with others that are there by
//! then, so that it costs a part of one turn of one thread instead of several of five.
//!
//! Only what comes soon and as announced goes this way; everything else is given back and goes the usual one.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;

use super::{Answered, Ending, Halt, How, Job, Report, whole};
use crate::core::hosts::HostLoad;
use crate::core::problem::Problem;
use crate::core::record::Identity;
use crate::core::verdict::Verdict;
use crate::disk;
use crate::http::{Answer, Ask};

/// Bytes of the largest file that is small.
const MOST: u64 = 128 << 10;
/// What takes longer than this is written as it comes.
const SOON: Duration = Duration::from_millis(500);

/// A file that is in its place.
pub(super) struct Whole {
    placed: disk::PlacedFile,
    identity: Identity,
    total: u64,
    resumable: bool,
}

/// What became of an answer.
pub(super) enum Came {
    Whole(Box<Whole>),
    /// As it was, with every byte of it.
    NotYet(Box<Answer>),
    /// It broke over a connection that it shared: it is to be asked for over one of its own.
    Broken,
}

/// Whether an answer to a new download can go this way. Where each step towards a file is to be stored before it is
/// taken, it cannot; nor where a limit or a digest is to be kept to.
pub(super) fn fits(job: &Job, answer: &Answer) -> bool {
    let small = answer
        .identity
        .total
        .is_some_and(|total| (1..=MOST).contains(&total));
    let free = job.limits.iter().all(|limit| limit.portion() == usize::MAX);
    let proven = job.record.checksum.is_some() || answer.digest.is_some();
    small && free && !proven && job.at_once && !answer.page && answer.start == 0
}

/// Takes the body in and puts the file into its folder under `name`, or the next one that is free.
pub(super) async fn place(job: &Job, mut answer: Answer, name: &str) -> Result<Came, Halt> {
    let total = answer.identity.total.unwrap_or_default();
    let mut pieces = Vec::new();
    let collected = tokio::select! {
        biased;
        () = job.stop.cancelled() => return Err(Halt::Stopped),
        collected = tokio::time::timeout(SOON, collect(&mut answer, &mut pieces, total)) => collected,
    };
    match collected {
        Ok(Ok(())) if length(&pieces) == total => {}
        Ok(Err(problem)) => {
            if let Some(before) = answer.body.shared() {
                job.net.shared_answer_failed(&answer.url, before);
                return Ok(Came::Broken);
            }
            // Too late, too short, or broken: the usual way knows what to do.
            return Ok(given_back(answer, &pieces, Some(problem)));
        }
        Ok(Ok(())) | Err(_) => return Ok(given_back(answer, &pieces, None)),
    }
    let name = name.to_owned();
    // Not copied: the client uses its buffer again when the file is written, and the connection rests until then.
    let content = pieces.clone();
    let options = job.publish_options(&answer.identity);
    let (keeper, place) = (Arc::clone(&job.files), job.record.folder.clone());
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
            disk::erase(&*keeper, &place.join(name), &id);
        }
    };
    let care = job.care();
    match care.wait_for(care.long(), hand_over, late).await? {
        Ok(Some(placed)) => Ok(Came::Whole(Box::new(Whole {
            placed,
            identity: answer.identity,
            total,
            resumable: answer.ranges,
        }))),
        // The usual way says what is wrong with the folder, if anything is.
        Ok(None) | Err(_) => Ok(given_back(answer, &pieces, None)),
    }
}

/// Asks for a whole file that broke on a connection which it shared, over one of its own.
pub(super) async fn ask_alone(job: &Job, ask: &Ask<'_>) -> Result<Answer, Halt> {
    let whole = Ask {
        from: 0,
        to: None,
        ..ask.clone()
    };
    tokio::select! {
        biased;
        () = job.stop.cancelled() => Err(Halt::Stopped),
        answer = job.net.ask(&whole) => Ok(answer?),
    }
}

/// Puts a file with the others of its folder, and sees to it that they are written.
fn write_small(job: &Job, small: disk::SmallFile) {
    let queue = job.pool.small_files().clone();
    let folder = job.record.folder.clone();
    if queue.push(&folder, small) {
        let files = Arc::clone(&job.files);
        tokio::task::spawn_blocking(move || queue.write(&*files, &folder));
    }
}

/// Until `total` bytes are there, or the answer ends.
async fn collect(answer: &mut Answer, pieces: &mut Vec<Bytes>, total: u64) -> Result<(), Problem> {
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

fn given_back(mut answer: Answer, pieces: &[Bytes], problem: Option<Problem>) -> Came {
    answer.body.give_back(pieces.concat().into(), problem);
    Came::NotYet(Box::new(answer))
}

/// Tells of a file that is in its place.
pub(super) fn ending(job: &Job, file: Whole) -> Ending {
    let Whole {
        placed,
        identity,
        total,
        resumable,
    } = file;
    job.counters.received.store(total, Ordering::Relaxed);
    let answered = Answered {
        name: placed.name.clone(),
        file: placed.id,
        identity,
        resumable,
        at_home: false,
        stated: None,
        done: whole(total).done,
        afresh: false,
    };
    Ending {
        // With the end, so that the row is written once.
        reports: vec![
            Report::Answered(answered, None),
            Report::Complete {
                total,
                unstated: false,
                stored: None,
            },
        ],
        how: How::Published {
            name: placed.name,
            file: None,
            total,
            verdict: Verdict::Length,
        },
        done: Some(whole(total)),
        brought: true,
        load: HostLoad::Alone,
    }
}
