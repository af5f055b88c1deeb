//! The way to the first byte: the unfinished file is found and proven, the server asked, the two compared, and a name
//! chosen. The first answer is the first connection; its body is used.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::earlier::Earlier;
use super::wait::Pulse;
use super::{Answered, Halt, Job, Report, boundary, earlier, kept, preconnect, sample, small};
use crate::core::likeness::Likeness;
use crate::core::link;
use crate::core::name;
use crate::core::plan::{Ranges, Span};
use crate::core::problem::Problem;
use crate::core::record::Identity;
use crate::core::samples::Samples;
use crate::core::verdict::Expected;
use crate::disk::{Erased, Part, Sink};
use crate::http::{Answer, Ask};

/// A server that has not answered by then is far away, and a connection more will take as long.
const DISTANT: Duration = Duration::from_millis(50);
/// Bytes known to be missing that are worth connections before the server has answered.
const WORTH_PRECONNECTING: u64 = 16 << 20;

/// How far the beginning got.
pub(super) enum Begun {
    /// It was finished already; only the note of it was missing.
    Published {
        name: String,
        file: String,
        total: u64,
    },
    /// All of it came with the answer, and is there.
    Whole(Box<small::Whole>),
    Open(Box<Open>),
}

/// A file that takes bytes, and the answer that brings them.
pub(super) struct Open {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) identity: Identity,
    pub(super) resumable: bool,
    /// The file's digest, as the server states it.
    pub(super) stated: Option<Expected>,
    pub(super) sink: Sink,
    /// What is still to be fetched; the end of the last one is `u64::MAX` when the length is unknown.
    pub(super) missing: Vec<Span>,
    /// `None` when nothing is missing.
    pub(super) answer: Option<Answer>,
}

/// Can be stopped while the server is asked, and only then: a file that was made is always told of, else nobody would
/// ever delete it.
pub(super) async fn begin(job: &Job) -> Result<Begun, Halt> {
    let url = link::parse(&job.record.url)?;
    job.care().awake()?;
    let earlier = match earlier::find(job).await? {
        earlier::Prior::Published { name, file, total } => {
            return Ok(Begun::Published { name, file, total });
        }
        earlier::Prior::Part(earlier) => earlier,
    };
    earlier::refuse_taken_name(job).await?;
    let whole = |total| earlier.done.missing(total).is_empty();
    if let (Some(total), Some(_)) = (earlier.identity.total, &earlier.part)
        && whole(total)
    {
        return Ok(open(job, earlier, None, true, None));
    }
    // The first gap, and no byte beyond it.
    let gap = earlier.identity.total.and_then(|total| {
        let gap = earlier.done.missing(total).first().copied()?;
        (!earlier.done.is_empty()).then_some(gap)
    });
    let from = gap.map_or(earlier.done.prefix(), |gap| gap.start);
    let part = |from| Ask {
        url: &url,
        home: &url,
        headers: &job.record.headers,
        from,
        // Not only the gap: where no other connection is let in, this one can bring what is missing behind it too.
        to: None,
    };
    let before = boundary::overlap_before(&earlier.done, from);
    // Without a strong validator only bytes can show that it is the same file: the answer begins in what is here.
    let ask = if earlier.identity.is_strong() && !earlier.others {
        part(from)
    } else {
        part(before)
    };
    let all = Ask {
        from: 0,
        ..ask.clone()
    };
    let kept = if from == 0 {
        kept::answer(job).await?
    } else {
        None
    };
    let first = match kept {
        Some(answer) => Ok(answer),
        None => {
            let host = link::host(&url);
            job.reports.info(if earlier.done.is_empty() {
                format!("asking {host}")
            } else {
                format!("asking {host} for what is missing, from byte {from} on")
            });
            asked(job, &ask, known_missing(&earlier)).await
        }
    };
    let answer = match first {
        // What was begun is longer than what is there now, or another file: the whole one is asked for.
        Err(Halt::Broke(Problem::Changed { .. })) if from > 0 => asked(job, &all, 0).await?,
        // What is here was decoded as it came, and its place in the coded file is unknown.
        Err(Halt::Broke(Problem::Encoded { .. }))
            if from > 0 && earlier.identity.total.is_none() =>
        {
            asked(job, &all, 0).await?
        }
        // The end of a part of an unknown whole is not known to be the end of the file.
        Ok(answer) if from > 0 && !answer.whole && total(&earlier, &answer).is_none() => {
            drop(answer);
            asked(job, &all, 0).await?
        }
        // It had a strong validator and has none now.
        Ok(answer)
            if ask.from > before
                && !answer.whole
                && earlier.identity.likeness(&answer.identity) == Likeness::OnlyLength =>
        {
            drop(answer);
            asked(job, &part(before), 0).await?
        }
        other => other?,
    };
    if answer.url != url {
        job.reports
            .info(format!("redirected to {}", link::host(&answer.url)));
    }
    settle(job, (&ask, from), earlier, answer).await
}

/// Bytes that are still to be fetched, as far as an earlier answer has told; 0 when nothing has.
fn known_missing(earlier: &Earlier) -> u64 {
    let total = earlier.identity.total.unwrap_or_default();
    total.saturating_sub(earlier.done.count())
}

/// The server's answer, unless the worker is stopped before it comes. `missing`: the bytes known to be missing.
pub(super) async fn asked(job: &Job, ask: &Ask<'_>, missing: u64) -> Result<Answer, Halt> {
    let begun = Instant::now();
    let mut ahead = None;
    let asking = job.net.ask_first(ask);
    tokio::pin!(asking);
    let large = missing >= WORTH_PRECONNECTING;
    let mut answer = loop {
        tokio::select! {
            biased;
            () = job.stop.cancelled() => return Err(Halt::Stopped),
            answer = &mut asking => break answer?,
            () = tokio::time::sleep(DISTANT), if large && ahead.is_none() => {
                ahead = Some(preconnect::connect_ahead(job, ask));
            }
        }
    };
    answer.took = begun.elapsed();
    answer.ahead = ahead.flatten();
    Ok(answer)
}

/// The file's length as far as anything tells it.
fn total(earlier: &Earlier, answer: &Answer) -> Option<u64> {
    answer.identity.total.or(earlier.identity.total)
}

/// Compares the answer with what is there, and opens the file for it.
async fn settle(
    job: &Job,
    (ask, from): (&Ask<'_>, u64),
    mut earlier: Earlier,
    mut answer: Answer,
) -> Result<Begun, Halt> {
    let asked_on = !earlier.done.is_empty();
    let belongs = tokio::select! {
        biased;
        () = job.stop.cancelled(), if asked_on => return Err(Halt::Stopped),
        belongs = sample::belongs(job, &earlier, (ask, from), &mut answer), if asked_on => belongs?,
        else => true,
    };
    if !belongs && earlier.others {
        answer = earlier::leave(job, ask, &mut earlier, answer).await?;
    } else if !belongs {
        if answer.page || earlier::impostor(job, &earlier, &answer).await? {
            // What is here may well be right: only the network, or a sign-in, stands between us and the file.
            let host = link::host(&answer.url);
            return Err(Problem::NotTheFile { host }.into());
        }
        if !job.may_restart {
            let host = link::host(&answer.url);
            return Err(Problem::Changed { host }.into());
        }
        job.reports.warn(
            "the file on the server is not, or cannot be shown to be, the one that was begun: it is fetched from its beginning".into(),
        );
        // In this order: as long as the file is there, a row speaks of it.
        forget(job, &mut earlier).await?;
        job.reports.send(Report::Afresh);
        if answer.start > 0 {
            let host = link::host(&answer.url);
            return Err(Problem::Changed { host }.into());
        }
    }
    if belongs && asked_on && answer.whole && earlier.done.prefix() != earlier.done.count() {
        // One stream from 0 fills the first hole and all after it: only the run before the hole can be kept.
        earlier.done = Ranges::first(earlier.done.prefix());
        earlier.shortened = true;
        job.reports.warn(
            "the server gives no parts now: what lies behind the first gap is fetched again".into(),
        );
    }
    let fresh = earlier.part.is_none();
    if fresh {
        let total = answer.identity.total;
        let wanted = job.record.wanted_name.as_deref();
        let chosen = name::choose(wanted, answer.disposition.as_deref(), &answer.url);
        if small::fits(job, &answer) {
            match small::place(job, answer, &chosen).await? {
                small::Came::Whole(whole) => return Ok(Begun::Whole(whole)),
                small::Came::NotYet(first) => answer = *first,
                small::Came::Broken => {
                    let answer = small::ask_alone(job, ask).await?;
                    return Box::pin(settle(job, (ask, 0), earlier, answer)).await;
                }
            }
        }
        let (pool, folder) = (Arc::clone(&job.pool), job.record.folder.clone());
        let (reports, link) = (job.reports.clone(), job.record.url.clone());
        let (keeper, place) = (Arc::clone(&job.pool), folder.clone());
        let make = move |_: &Pulse| {
            let note = |name: &str| {
                let (stored, told) = oneshot::channel();
                reports.send(Report::Naming(name.to_owned(), stored));
                let _stored = told.blocking_recv();
            };
            pool.claim(&folder, &chosen, total, &link, note)
        };
        let late = move |made| {
            if let Ok(Part { name, id, .. }) = made {
                let nothing = (&Ranges::default(), &Samples::default());
                let _stays = keeper.erase_part(&place, &name, &id, nothing);
            }
        };
        let care = job.care();
        let made = care.wait(care.short(), make, late).await?;
        earlier.part = Some(made?);
    }
    let resumable = answer.ranges;
    let known = std::mem::take(&mut earlier.identity);
    earlier.identity = if earlier.done.is_empty() {
        answer.identity.clone()
    } else {
        answer.identity.clone().or(known)
    };
    let (stored, told) = oneshot::channel();
    let stored = fresh.then_some(stored);
    let begun = open(job, earlier, Some(answer), resumable, stored);
    // Until a row speaks of it, the file stays empty: an empty one can be taken up after the end of the process.
    let _stored = told.await;
    Ok(begun)
}

/// Deletes what is of no use any more.
async fn forget(job: &Job, earlier: &mut Earlier) -> Result<(), Halt> {
    let old = std::mem::take(earlier);
    let Some(part) = old.part else { return Ok(()) };
    let folder = job.record.folder.clone();
    let pool = Arc::clone(&job.pool);
    let (done, samples) = (old.done, job.record.samples.clone());
    let path = folder.join(format!("{}{}", part.name, name::PART));
    let erase = move |_: &Pulse| pool.erase_part(&folder, &part.name, &part.id, (&done, &samples));
    let care = job.care();
    if care.wait(care.short(), erase, drop).await? == Erased::Unproven {
        let what = "cannot be shown to be of this download: it is kept";
        job.reports.warn(format!("{} {what}", path.display()));
    }
    Ok(())
}

fn open(
    job: &Job,
    earlier: Earlier,
    answer: Option<Answer>,
    resumable: bool,
    stored: Option<oneshot::Sender<()>>,
) -> Begun {
    let part = earlier.part.expect("a part was found or made before");
    let path = job
        .record
        .folder
        .join(format!("{}{}", part.name, name::PART));
    let received = Arc::clone(&job.counters.received);
    let missing = earlier
        .done
        .missing(earlier.identity.total.unwrap_or(u64::MAX));
    // What was stated of the bytes that are here holds for the file that goes on.
    let earlier_stated = (answer.is_none() || !earlier.done.is_empty())
        .then(|| job.record.stated.clone())
        .flatten();
    let stated = answer.as_ref().and_then(|answer| answer.digest.clone());
    let stated = stated.or(earlier_stated);
    let at_home = answer.as_ref().is_some_and(|answer| {
        let home = link::parse(&job.record.url);
        home.is_ok_and(|home| home.origin() == answer.url.origin())
    });
    let answered = Answered {
        name: part.name.clone(),
        file: part.id.clone(),
        identity: earlier.identity.clone(),
        resumable,
        at_home,
        stated: stated.clone(),
        done: earlier.done.clone(),
        afresh: earlier.shortened,
    };
    job.reports.send(Report::Answered(answered, stored));
    let size = match earlier.identity.total {
        Some(total) => format!("{total} bytes"),
        None => "of unknown length".into(),
    };
    let goes_on = if resumable {
        "can be resumed"
    } else {
        "cannot be resumed: the server gives no parts"
    };
    job.reports
        .info(format!("{}: {size}, {goes_on}", part.name));
    let sink = job.pool.sink(part.file, path, earlier.done, received);
    job.pool.record_progress(&sink, &part.id);
    Begun::Open(Box::new(Open {
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
