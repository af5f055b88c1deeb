//! Bytes of an earlier attempt, and responses that do not belong to them: another download's part file, and responses
//! that are no new version of the file.

use std::sync::Arc;

use url::Url;

use super::disk_watchdog::Heartbeat;
use super::first_request::send_request;
use super::{AttemptContext, AttemptError, WorkerEvent};
use crate::disk::{self, PartFile, PartLookup};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::captive_portal;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::http::{RangeRequest, RangedResponse};

/// Bytes by which a file is recognized as a page, a text, or neither.
const FIRST_BYTES: u64 = 512;

/// The checked part file of an earlier attempt.
#[derive(Default)]
pub(super) struct PartialFile {
    pub(super) part: Option<PartFile>,
    pub(super) done: ByteRanges,
    pub(super) identity: Validators,
    /// Whether some of it is discarded.
    pub(super) shortened: bool,
    /// Whether it is another download's, until it is shown to be of this file.
    pub(super) others: bool,
}

/// State left by an earlier attempt.
pub(super) enum PreviousAttempt {
    Published {
        name: String,
        file: String,
        total: u64,
    },
    Part(PartialFile),
}

pub(super) async fn find_partial(job: &AttemptContext) -> Result<PreviousAttempt, AttemptError> {
    let record = &job.record;
    let (Some(name), Some(id)) = (record.name.clone(), record.file_id.clone()) else {
        return Ok(PreviousAttempt::Part(inherit(job).await?));
    };
    let (folder, done, total) = (
        record.folder.clone(),
        record.done.clone(),
        record.validators.total,
    );
    let samples = record.fingerprint.clone();
    let known = name.clone();
    let pool = Arc::clone(&job.writer_pool);
    let look = move |_: &Heartbeat| {
        let known_of = (&done, &samples);
        pool.find(&folder, &known, &id, known_of, total)
    };
    let care = job.watchdog();
    match care.run(care.write_timeout(), look, drop).await? {
        Ok((PartLookup::PartFile(part), done)) => Ok(PreviousAttempt::Part(PartialFile {
            part: Some(part),
            done,
            identity: record.validators.clone(),
            shortened: false,
            others: false,
        })),
        Ok((PartLookup::Published(file), _)) => Ok(PreviousAttempt::Published {
            name,
            file,
            total: total.unwrap_or_default(),
        }),
        Err(Problem::PartialLost { path }) => {
            let what = "is gone, or was shortened, changed or replaced: the file is fetched from its beginning, and what is not shown to be of this download is kept";
            job.reports.warn(format!("{path} {what}"));
            job.reports.send(WorkerEvent::Restarted);
            Ok(PreviousAttempt::Part(PartialFile::default()))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The part file of another download of the same name. Unchanged until it is shown to be of this file.
pub(super) async fn inherit(job: &AttemptContext) -> Result<PartialFile, AttemptError> {
    let Some(old) = &job.predecessor else {
        return Ok(PartialFile::default());
    };
    let (Some(name), Some(id)) = (old.name.clone(), old.file_id.clone()) else {
        return Ok(PartialFile::default());
    };
    let files = Arc::clone(&job.file_system);
    let (folder, done, samples) = (
        old.folder.clone(),
        old.done.clone(),
        old.fingerprint.clone(),
    );
    let total = old.validators.total;
    let look = move |_: &Heartbeat| {
        let known = (&done, &samples);
        disk::open_part(&*files, &folder, &name, &id, known, total, &|_, _| false)
    };
    let care = job.watchdog();
    let found = care.run(care.write_timeout(), look, drop).await?;
    let Ok(PartLookup::PartFile(part)) = found else {
        return Ok(PartialFile::default());
    };
    Ok(PartialFile {
        part: Some(part),
        done: old.done.clone(),
        identity: old.validators.clone(),
        shortened: false,
        others: true,
    })
}

/// Leaves another download's part file as it is; returns the response for all of this one's file.
pub(super) async fn leave(
    job: &AttemptContext,
    ask: &RangeRequest<'_>,
    earlier: &mut PartialFile,
    answer: RangedResponse,
) -> Result<RangedResponse, AttemptError> {
    job.reports.info(
        "an unfinished file of this name is not, or cannot be shown to be, of this link: it is left alone".into(),
    );
    *earlier = PartialFile::default();
    if answer.start == 0 {
        return Ok(answer);
    }
    let all = RangeRequest {
        from: 0,
        to: None,
        ..ask.clone()
    };
    drop(answer);
    send_request(job, &all, 0).await
}

/// Whether a response that is not shown to be of the same file is no new version of it either.
pub(super) async fn impostor(
    job: &AttemptContext,
    link: &Url,
    earlier: &PartialFile,
    answer: &RangedResponse,
) -> Result<bool, AttemptError> {
    let first = ByteRange::new(0, earlier.done.prefix_len().min(FIRST_BYTES));
    let file = earlier.part.as_ref().map(|part| part.file.try_clone());
    let first = match (first, file) {
        (Some(first), Some(Ok(file))) => {
            let read = move |_: &Heartbeat| disk::read_blocks(&file, vec![first]);
            let care = job.watchdog();
            let blocks = care.run(care.write_timeout(), read, drop).await?;
            blocks.unwrap_or_default().pop()
        }
        _ => None,
    };
    let begins = first.and_then(|block| captive_portal::content(&block.bytes));
    let said = captive_portal::Claimed {
        kind: answer.kind,
        url: &answer.url,
        identity: &answer.identity,
    };
    let name = job.record.name.as_deref();
    Ok(captive_portal::impostor(
        &earlier.identity,
        begins,
        name,
        link,
        said,
    ))
}

/// Fails before a request is sent if the only name that the file may get is taken.
pub(super) async fn refuse_taken_name(job: &AttemptContext) -> Result<(), AttemptError> {
    let Some(name) = job.exact_name() else {
        return Ok(());
    };
    let path = job.record.folder.join(name);
    let shown = path.display().to_string();
    let files = Arc::clone(&job.file_system);
    let care = job.watchdog();
    let taken = care.run(
        care.write_timeout(),
        move |_: &Heartbeat| files.stat(&path).is_ok(),
        drop,
    );
    if taken.await? {
        return Err(Problem::FileExists { path: shown }.into());
    }
    Ok(())
}
