//! What is left from before, and an answer that does not belong to it: another download's unfinished file, and answers that
//! are no new version.

use std::sync::Arc;

use super::begin::asked;
use super::wait::Pulse;
use super::{Halt, Job, Report};
use crate::core::link;
use crate::core::plan::{Ranges, Span};
use crate::core::portal;
use crate::core::problem::Problem;
use crate::core::record::Identity;
use crate::disk::{self, Found, Part};
use crate::http::{Answer, Ask};

/// Bytes by which a file is known to be a page, a text, or neither.
const FIRST_BYTES: u64 = 512;

/// What is left from before, proven.
#[derive(Default)]
pub(super) struct Earlier {
    pub(super) part: Option<Part>,
    pub(super) done: Ranges,
    pub(super) identity: Identity,
    /// Whether some of it is given up.
    pub(super) shortened: bool,
    /// Whether it is another download's as long as it is not shown to be this file.
    pub(super) others: bool,
}

/// Where an earlier attempt left things.
pub(super) enum Prior {
    Published {
        name: String,
        file: String,
        total: u64,
    },
    Part(Earlier),
}

pub(super) async fn find(job: &Job) -> Result<Prior, Halt> {
    let record = &job.record;
    let (Some(name), Some(id)) = (record.name.clone(), record.file.clone()) else {
        return Ok(Prior::Part(inherit(job).await?));
    };
    let (folder, done, total) = (
        record.folder.clone(),
        record.done.clone(),
        record.identity.total,
    );
    let samples = record.samples.clone();
    let known = name.clone();
    let pool = Arc::clone(&job.pool);
    let look = move |_: &Pulse| {
        let known_of = (&done, &samples);
        pool.find(&folder, &known, &id, known_of, total)
    };
    let care = job.care();
    match care.wait(care.short(), look, drop).await? {
        Ok((Found::Part(part), done)) => Ok(Prior::Part(Earlier {
            part: Some(part),
            done,
            identity: record.identity.clone(),
            shortened: false,
            others: false,
        })),
        Ok((Found::Published(file), _)) => Ok(Prior::Published {
            name,
            file,
            total: total.unwrap_or_default(),
        }),
        Err(Problem::PartialLost { path }) => {
            let what = "is gone, or was shortened, changed or replaced: the file is fetched from its beginning, and what is not shown to be of this download is kept";
            job.reports.warn(format!("{path} {what}"));
            job.reports.send(Report::Afresh);
            Ok(Prior::Part(Earlier::default()))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What another download of the same name has left. Nothing of it is changed before it is shown to be of this file.
pub(super) async fn inherit(job: &Job) -> Result<Earlier, Halt> {
    let Some(old) = &job.predecessor else {
        return Ok(Earlier::default());
    };
    let (Some(name), Some(id)) = (old.name.clone(), old.file.clone()) else {
        return Ok(Earlier::default());
    };
    let files = Arc::clone(&job.files);
    let (folder, done, samples) = (old.folder.clone(), old.done.clone(), old.samples.clone());
    let total = old.identity.total;
    let look = move |_: &Pulse| {
        let known = (&done, &samples);
        disk::find(&*files, &folder, &name, &id, known, total, &|_, _| false)
    };
    let care = job.care();
    let found = care.wait(care.short(), look, drop).await?;
    let Ok(Found::Part(part)) = found else {
        return Ok(Earlier::default());
    };
    Ok(Earlier {
        part: Some(part),
        done: old.done.clone(),
        identity: old.identity.clone(),
        shortened: false,
        others: true,
    })
}

/// Leaves another download's unfinished file alone; returns the answer that brings all of this one's.
pub(super) async fn leave(
    job: &Job,
    ask: &Ask<'_>,
    earlier: &mut Earlier,
    answer: Answer,
) -> Result<Answer, Halt> {
    job.reports.info(
        "an unfinished file of this name is not, or cannot be shown to be, of this link: it is left alone".into(),
    );
    *earlier = Earlier::default();
    if answer.start == 0 {
        return Ok(answer);
    }
    let all = Ask {
        from: 0,
        to: None,
        ..ask.clone()
    };
    drop(answer);
    asked(job, &all, 0).await
}

/// Whether an answer that is not shown to be of the file that was begun is no new version of it either.
pub(super) async fn impostor(job: &Job, earlier: &Earlier, answer: &Answer) -> Result<bool, Halt> {
    let first = Span::new(0, earlier.done.prefix().min(FIRST_BYTES));
    let file = earlier.part.as_ref().map(|part| part.file.try_clone());
    let first = match (first, file) {
        (Some(first), Some(Ok(file))) => {
            let read = move |_: &Pulse| disk::blocks(&file, vec![first]);
            let care = job.care();
            let blocks = care.wait(care.short(), read, drop).await?;
            blocks.unwrap_or_default().pop()
        }
        _ => None,
    };
    let begins = first.and_then(|block| portal::content(&block.bytes));
    let said = portal::Claimed {
        kind: answer.kind,
        url: &answer.url,
        identity: &answer.identity,
    };
    let link = link::parse(&job.record.url)?;
    let name = job.record.name.as_deref();
    Ok(portal::impostor(
        &earlier.identity,
        begins,
        name,
        &link,
        said,
    ))
}

/// Fails before anything is asked when the only name that the file may get is taken.
pub(super) async fn refuse_taken_name(job: &Job) -> Result<(), Halt> {
    let Some(name) = job.exact_name() else {
        return Ok(());
    };
    let path = job.record.folder.join(name);
    let shown = path.display().to_string();
    let files = Arc::clone(&job.files);
    let care = job.care();
    let taken = care.wait(
        care.short(),
        move |_: &Pulse| files.look(&path).is_ok(),
        drop,
    );
    if taken.await? {
        return Err(Problem::FileExists { path: shown }.into());
    }
    Ok(())
}
