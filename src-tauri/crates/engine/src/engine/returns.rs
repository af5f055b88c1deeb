//! What becomes of bytes that were fetched elsewhere. They come with the name of their download, of the attempt at its file
//! and of their place, and are judged by the record as it is now: whoever lent them may be a process that is gone.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::Actor;
use super::chores::Chore;
use super::commands::answer;
use super::lending::Loan;
use crate::core::download::{DownloadId, Level};
use crate::core::lend::{self, Fetched, Ticket};
use crate::core::link;
use crate::core::plan::Span;
use crate::core::state::Event;
use crate::disk::{self, NotTaken, Taken, Unfinished};
use crate::handle::Reply;
use crate::http;

/// Bytes that were judged to be of the file.
#[derive(Debug)]
pub(super) struct Handed {
    ticket: Ticket,
    file: PathBuf,
    /// Where they belong.
    span: Span,
    reply: Reply<u64>,
}

/// How it went.
pub(super) struct TakenIn {
    ticket: Ticket,
    span: Span,
    result: Result<Taken, NotTaken>,
    reply: Reply<u64>,
}

impl Actor {
    pub(super) fn take_back(&mut self, fetched: Fetched, reply: Reply<u64>) {
        let Fetched {
            token,
            file,
            status,
            headers,
        } = fetched;
        let ticket = token.parse::<Ticket>().ok();
        let known = ticket.and_then(|ticket| {
            let entry = self.downloads.get_mut(&ticket.id)?;
            entry.loan.out.retain(|out| *out != ticket.span);
            Some((ticket, entry))
        });
        // One that was removed has no log any more.
        let Some((ticket, entry)) = known else {
            return self.drop_handed(file, reply);
        };
        let record = &entry.record;
        let judged = match (
            lend::useless(record, &ticket),
            file.is_some(),
            link::parse(&record.url),
        ) {
            (Some(why), _, _) => Err(why.to_owned()),
            (None, false, _) => Err("it brought nothing".to_owned()),
            (None, true, Err(problem)) => Err(problem.code().to_owned()),
            (None, true, Ok(url)) => {
                http::judge(&url, ticket.span, &record.identity, status, &headers)
                    .map_err(|problem| format!("{} (status {status})", problem.code()))
            }
        };
        match (judged, file) {
            (Ok(span), Some(file)) => entry.loan.back.push_back(Handed {
                ticket,
                file,
                span,
                reply,
            }),
            (Ok(_), None) => self.drop_handed(None, reply),
            (Err(why), file) => {
                self.refused(&ticket, &why);
                self.drop_handed(file, reply);
            }
        }
        self.take_in(ticket.id);
        self.settled(ticket.id);
    }

    fn refused(&mut self, ticket: &Ticket, why: &str) {
        let Span { start, end } = ticket.span;
        let text = format!("what the system fetched for bytes {start} to {end} is not used: {why}");
        self.log(ticket.id, Level::Warn, text);
    }

    /// Puts what has come back into the file, one by one, once no worker is at it.
    pub(super) fn take_in(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        if entry.loan.taking || entry.loan.back.is_empty() {
            return;
        }
        if entry.live.is_some() {
            // It goes on after that, from what is here then.
            return self.happen(id, Event::Hold);
        }
        let Some(handed) = entry.loan.back.pop_front() else {
            return;
        };
        let record = &entry.record;
        let silent = self.pool.silent().has(&record.folder);
        let useless = lend::useless(record, &handed.ticket)
            .or(entry.clearing.as_ref().map(|_| "the file begins again"))
            .or(silent.then_some("disk-silent"));
        let (Some(name), Some(file), None) = (record.name.clone(), record.file.clone(), useless)
        else {
            self.refused(
                &handed.ticket,
                useless.unwrap_or("there is no unfinished file"),
            );
            self.drop_handed(Some(handed.file), handed.reply);
            return self.take_in(id);
        };
        let into = Unfinished {
            folder: record.folder.clone(),
            name,
            id: file,
            done: record.done.clone(),
            samples: record.samples.clone(),
            total: record.identity.total,
        };
        entry.loan.taking = true;
        let files = Arc::clone(&self.config.files);
        self.chores.spawn_blocking(move || {
            let Handed {
                ticket,
                file,
                span,
                reply,
            } = handed;
            let result = disk::take_in(&*files, &into, &file, span);
            disk::drop_handed(&file);
            Chore::TakenIn(Box::new(TakenIn {
                ticket,
                span,
                result,
                reply,
            }))
        });
    }

    pub(super) fn taken_in(&mut self, taken: TakenIn) {
        let TakenIn {
            ticket,
            span,
            result,
            reply,
        } = taken;
        let id = ticket.id;
        let Some(entry) = self.downloads.get_mut(&id) else {
            return answer(reply, Ok(0));
        };
        entry.loan.taking = false;
        let same = entry.record.epoch == ticket.epoch;
        let new = match result {
            Ok(Taken { checkpoint, new }) if same => {
                entry.record.done = checkpoint.done;
                entry.record.samples = checkpoint.samples;
                entry.record.attempts = 0;
                self.save(id);
                self.tell(id);
                let Span { start, end } = span;
                let text = format!(
                    "the system has fetched bytes {start} to {end}: {new} of them were missing, now synced"
                );
                self.log(id, Level::Info, text);
                new
            }
            Ok(_) => {
                self.refused(&ticket, "the file was begun again meanwhile");
                0
            }
            Err(why) => {
                self.refused(&ticket, &why.to_string());
                0
            }
        };
        let (stored, told) = oneshot::channel();
        self.tell_stored(stored);
        // Beside the actor: it is the one who stores.
        self.chores.spawn(async move {
            // An engine that is ending stores everything before it has ended.
            let _ending = told.await;
            answer(reply, Ok(new));
            Chore::Dropped
        });
        self.take_in(id);
        self.settled(id);
    }

    /// Less of it is elsewhere than before: when there is nothing any more, it may go on by itself.
    pub(super) fn settled(&mut self, id: DownloadId) {
        self.line_up(id);
        self.turn_changed = true;
    }

    /// What a download that leaves the list leaves behind.
    pub(super) fn throw_away(&mut self, loan: Loan) {
        for handed in loan.back {
            self.drop_handed(Some(handed.file), handed.reply);
        }
    }

    /// Deletes what came in vain, and says so.
    fn drop_handed(&mut self, file: Option<PathBuf>, reply: Reply<u64>) {
        self.chores.spawn_blocking(move || {
            if let Some(file) = file {
                disk::drop_handed(&file);
            }
            answer(reply, Ok(0));
            Chore::Dropped
        });
    }
}
