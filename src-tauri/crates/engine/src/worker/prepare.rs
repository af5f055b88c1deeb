//! Everything up to the first byte: finds and checks the part file, sends the request, compares the two, chooses a
//! name. The first response is the first connection; its body is used.

use std::sync::Arc;

use tokio::sync::oneshot;
use url::Url;

use super::disk_watchdog::Heartbeat;
use super::partial_file::PartialFile;
use super::{
    AttemptContext, AttemptError, ResponseInfo, WorkerEvent, boundary, compare_ranges,
    first_request, partial_file, small_file,
};
use crate::disk::{Deletion, FileWriter, PartFile};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::download_url;
use crate::domain::file_name;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::validators::ValidatorMatch;
use crate::domain::verdict::ExpectedDigest;
use crate::http::{RangeRequest, RangedResponse};

/// Result of the preparation.
pub(super) enum Prepared {
    /// The file had been published already; only its row was not updated.
    Published {
        name: String,
        file: String,
        known_total: u64,
    },
    /// All of it came with the response and is published.
    Whole(Box<small_file::SmallFile>),
    OpenTransfer(Box<OpenTransfer>),
}

/// A part file open for writing, and the response to write.
pub(super) struct OpenTransfer {
    /// The download's URL, before redirects.
    pub(super) home: Url,
    pub(super) name: String,
    pub(super) file: String,
    pub(super) identity: Validators,
    pub(super) resumable: bool,
    /// The file's digest as stated by the server.
    pub(super) stated: Option<ExpectedDigest>,
    pub(super) sink: FileWriter,
    /// Missing ranges; the end of the last one is `u64::MAX` if the length is unknown.
    pub(super) missing: Vec<ByteRange>,
    /// `None` if nothing is missing.
    pub(super) answer: Option<RangedResponse>,
}

/// Can be stopped only while a request is pending: a file that was created is always reported, otherwise nothing would
/// ever delete it.
pub(super) async fn prepare(job: &AttemptContext) -> Result<Prepared, AttemptError> {
    let url = job.record.url.valid()?.as_url();
    job.watchdog().check_responsive()?;
    let earlier = match partial_file::find_partial(job).await? {
        partial_file::PreviousAttempt::Published {
            name,
            file,
            total: known_total,
        } => {
            return Ok(Prepared::Published {
                name,
                file,
                known_total,
            });
        }
        partial_file::PreviousAttempt::Part(earlier) => earlier,
    };
    partial_file::refuse_taken_name(job).await?;
    let whole = |total| earlier.done.missing(total).is_empty();
    if let (Some(total), Some(_)) = (earlier.identity.total, &earlier.part)
        && whole(total)
    {
        return Ok(open_transfer(job, url, earlier, None, true, None));
    }
    // The first gap, and no byte beyond it.
    let gap = earlier.identity.total.and_then(|total| {
        let gap = earlier.done.missing(total).first().copied()?;
        (!earlier.done.is_empty()).then_some(gap)
    });
    let from = gap.map_or(earlier.done.prefix_len(), |gap| gap.start);
    let part = |from| RangeRequest {
        url,
        origin_url: url,
        headers: &job.record.headers,
        from,
        // Not only the gap: if no other connection is allowed, this one can also fetch what is missing behind it.
        to: None,
    };
    let before = boundary::overlap_before(&earlier.done, from);
    // Without a strong validator only the bytes can show that it is the same file: the response starts in those on
    // disk.
    let ask = if earlier.identity.is_strong() && !earlier.others {
        part(from)
    } else {
        part(before)
    };
    let all = RangeRequest {
        from: 0,
        ..ask.clone()
    };
    let kept = if from == 0 {
        first_request::take_prefetched(job).await?
    } else {
        None
    };
    let first = match kept {
        Some(answer) => Ok(answer),
        None => {
            let host = download_url::host_with_port(url);
            job.reports.info(if earlier.done.is_empty() {
                format!("connecting to {host}")
            } else {
                format!("connecting to {host}, resuming at byte {from}")
            });
            first_request::send_request(job, &ask, known_missing(&earlier)).await
        }
    };
    let answer = match first {
        // The file on the server is shorter than the part file, or another one: requests the whole file.
        Err(AttemptError::Broke(Problem::Changed { .. })) if from > 0 => {
            first_request::send_request(job, &all, 0).await?
        }
        // The bytes on disk were decoded, and their offset in the encoded file is unknown.
        Err(AttemptError::Broke(Problem::Encoded { .. }))
            if from > 0 && earlier.identity.total.is_none() =>
        {
            first_request::send_request(job, &all, 0).await?
        }
        // With an unknown length, the end of a range is not known to be the end of the file.
        Ok(answer) if from > 0 && !answer.whole && known_total(&earlier, &answer).is_none() => {
            drop(answer);
            first_request::send_request(job, &all, 0).await?
        }
        // It had a strong validator and has none now.
        Ok(answer)
            if ask.from > before
                && !answer.whole
                && earlier.identity.compare(&answer.identity) == ValidatorMatch::LengthOnly =>
        {
            drop(answer);
            first_request::send_request(job, &part(before), 0).await?
        }
        other => other?,
    };
    if answer.url != *url {
        job.reports.info(format!(
            "redirected to {}",
            download_url::host_with_port(&answer.url)
        ));
    }
    reconcile(job, (&ask, from), earlier, answer).await
}

/// Missing bytes as far as an earlier response stated the length; 0 if none did.
fn known_missing(earlier: &PartialFile) -> u64 {
    let total = earlier.identity.total.unwrap_or_default();
    total.saturating_sub(earlier.done.total_len())
}

/// The file's length, if either states it.
fn known_total(earlier: &PartialFile, answer: &RangedResponse) -> Option<u64> {
    answer.identity.total.or(earlier.identity.total)
}

/// Compares the response with the bytes on disk and opens the file for it.
async fn reconcile(
    job: &AttemptContext,
    (ask, from): (&RangeRequest<'_>, u64),
    mut earlier: PartialFile,
    mut answer: RangedResponse,
) -> Result<Prepared, AttemptError> {
    let asked_on = !earlier.done.is_empty();
    let belongs = tokio::select! {
        biased;
        () = job.stop.cancelled(), if asked_on => return Err(AttemptError::Stopped),
        belongs = compare_ranges::matches_partial(job, &earlier, (ask, from), &mut answer), if asked_on => belongs?,
        else => true,
    };
    if !belongs && earlier.others {
        answer = partial_file::leave(job, ask, &mut earlier, answer).await?;
    } else if !belongs {
        if answer.unexpected_html
            || partial_file::impostor(job, ask.origin_url, &earlier, &answer).await?
        {
            // The bytes on disk may well be right: a captive portal or a sign-in page stands between us and the file.
            let host = download_url::host_with_port(&answer.url);
            return Err(Problem::NotTheFile { host }.into());
        }
        if !job.may_restart {
            let host = download_url::host_with_port(&answer.url);
            return Err(Problem::Changed { host }.into());
        }
        job.reports.warn(
            "the file on the server is not, or cannot be shown to be, the one that was begun: it is fetched from its beginning".into(),
        );
        // In this order: as long as the file exists, a row refers to it.
        delete_partial(job, &mut earlier).await?;
        job.reports.send(WorkerEvent::Restarted);
        if answer.start > 0 {
            let host = download_url::host_with_port(&answer.url);
            return Err(Problem::Changed { host }.into());
        }
    }
    if belongs && asked_on && answer.whole && earlier.done.prefix_len() != earlier.done.total_len()
    {
        // One stream from 0 fills the first gap and everything after it: only the bytes before the gap can be kept.
        earlier.done = ByteRanges::up_to(earlier.done.prefix_len());
        earlier.shortened = true;
        job.reports.warn(
            "the server gives no parts now: what lies behind the first gap is fetched again".into(),
        );
    }
    let fresh = earlier.part.is_none();
    if fresh {
        let total = answer.identity.total;
        let wanted = job.record.wanted_name.as_deref();
        let chosen = file_name::choose_name(wanted, answer.disposition.as_deref(), &answer.url);
        if small_file::is_eligible(job, &answer) {
            match small_file::download(job, answer, &chosen).await? {
                small_file::SmallFileOutcome::SmallFile(whole) => {
                    return Ok(Prepared::Whole(whole));
                }
                small_file::SmallFileOutcome::HandedBack(first) => answer = *first,
                small_file::SmallFileOutcome::Broken => {
                    let answer = small_file::ask_alone(job, ask).await?;
                    return Box::pin(reconcile(job, (ask, 0), earlier, answer)).await;
                }
            }
        }
        let (pool, folder) = (Arc::clone(&job.writer_pool), job.record.folder.clone());
        let (reports, link) = (job.reports.clone(), job.record.url.as_str().to_owned());
        let (keeper, place) = (Arc::clone(&job.writer_pool), folder.clone());
        let make = move |_: &Heartbeat| {
            let note = |name: &str| {
                let (stored, told) = oneshot::channel();
                reports.send(WorkerEvent::NameChosen(name.to_owned(), stored));
                let _stored = told.blocking_recv();
            };
            pool.claim(&folder, &chosen, total, &link, note)
        };
        let late = move |made| {
            if let Ok(PartFile { name, id, .. }) = made {
                let nothing = (&ByteRanges::default(), &Fingerprint::default());
                let _stays = keeper.erase_part(&place, &name, &id, nothing);
            }
        };
        let care = job.watchdog();
        let made = care.run(care.write_timeout(), make, late).await?;
        earlier.part = Some(made?);
    }
    let resumable = answer.accepts_ranges;
    let known = std::mem::take(&mut earlier.identity);
    earlier.identity = if earlier.done.is_empty() {
        answer.identity.clone()
    } else {
        answer.identity.clone().or(known)
    };
    let (stored, told) = oneshot::channel();
    let stored = fresh.then_some(stored);
    let begun = open_transfer(
        job,
        ask.origin_url,
        earlier,
        Some(answer),
        resumable,
        stored,
    );
    // The file stays empty until a row refers to it: an empty one can be recovered after a crash.
    let _stored = told.await;
    Ok(begun)
}

/// Deletes a part file that cannot be used.
async fn delete_partial(
    job: &AttemptContext,
    earlier: &mut PartialFile,
) -> Result<(), AttemptError> {
    let old = std::mem::take(earlier);
    let Some(part) = old.part else { return Ok(()) };
    let folder = job.record.folder.clone();
    let pool = Arc::clone(&job.writer_pool);
    let (done, samples) = (old.done, job.record.fingerprint.clone());
    let path = folder.join(format!("{}{}", part.name, file_name::PART_SUFFIX));
    let erase =
        move |_: &Heartbeat| pool.erase_part(&folder, &part.name, &part.id, (&done, &samples));
    let care = job.watchdog();
    if care.run(care.write_timeout(), erase, drop).await? == Deletion::Unproven {
        let what = "cannot be shown to be of this download: it is kept";
        job.reports.warn(format!("{} {what}", path.display()));
    }
    Ok(())
}

fn open_transfer(
    job: &AttemptContext,
    home: &Url,
    earlier: PartialFile,
    answer: Option<RangedResponse>,
    resumable: bool,
    stored: Option<oneshot::Sender<()>>,
) -> Prepared {
    let part = earlier.part.expect("a part was found or made before");
    let path = job
        .record
        .folder
        .join(format!("{}{}", part.name, file_name::PART_SUFFIX));
    let received = Arc::clone(&job.counters.received);
    let missing = earlier
        .done
        .missing(earlier.identity.total.unwrap_or(u64::MAX));
    // A digest stated for the bytes on disk holds for the continued file.
    let earlier_stated = (answer.is_none() || !earlier.done.is_empty())
        .then(|| job.record.server_digest.clone())
        .flatten();
    let stated = answer.as_ref().and_then(|answer| answer.digest.clone());
    let stated = stated.or(earlier_stated);
    let at_home = answer
        .as_ref()
        .is_some_and(|answer| home.origin() == answer.url.origin());
    let answered = ResponseInfo {
        name: part.name.clone(),
        file: part.id.clone(),
        identity: earlier.identity.clone(),
        resumable,
        answered_by_origin: at_home,
        server_digest: stated.clone(),
        done: earlier.done.clone(),
        restarted: earlier.shortened,
    };
    job.reports
        .send(WorkerEvent::ResponseInfo(answered, stored));
    if let Some(answer) = &answer {
        log_connection(job, answer);
    }
    let size = match earlier.identity.total {
        Some(total) => format!("{total} bytes"),
        None => "of unknown length".into(),
    };
    let goes_on = if resumable {
        "resumable"
    } else {
        "not resumable: the server does not support ranges"
    };
    job.reports
        .info(format!("{}: {size}, {goes_on}", part.name));
    let sink = job
        .writer_pool
        .file_writer(part.file, path, earlier.done, received);
    job.writer_pool.record_progress(&sink, &part.id);
    Prepared::OpenTransfer(Box::new(OpenTransfer {
        home: home.clone(),
        name: part.name,
        file: part.id,
        identity: earlier.identity,
        resumable,
        stated,
        sink,
        missing,
        answer,
    }))
}

/// Who has responded, and from where on the file is fetched.
fn log_connection(job: &AttemptContext, answer: &RangedResponse) {
    let host = download_url::host_with_port(&answer.url);
    let address = answer
        .peer
        .address
        .map_or_else(String::new, |address| format!(" ({address})"));
    let version = answer.peer.version;
    job.reports.info(if answer.start > 0 {
        let start = answer.start;
        format!("connected to {host}{address} by {version}; resumed at byte {start}")
    } else {
        format!("connected to {host}{address} by {version}")
    });
}
