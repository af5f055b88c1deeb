//! Ingests ranges that were fetched externally. A response carries a token with the id of its download, its epoch and
//! its range, and is checked against the present record: the process that offloaded the range may be gone.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::OffloadState;
use crate::actor::Actor;
use crate::actor::commands::send_reply;
use crate::actor::file_tasks::FileTask;
use crate::disk::{self, IngestError, IngestTarget, Ingested};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::download_url;
use crate::domain::offload::{self, OffloadedResponse, RangeToken};
use crate::domain::state::Event;
use crate::handle::Reply;
use crate::http;

/// A response that was accepted.
#[derive(Debug)]
pub(in crate::actor) struct IngestRequest {
    ticket: RangeToken,
    file: PathBuf,
    /// The range of the file that its bytes belong to.
    span: ByteRange,
    reply: Reply<u64>,
}

/// Result of an ingest.
pub(in crate::actor) struct IngestOutcome {
    ticket: RangeToken,
    span: ByteRange,
    result: Result<Ingested, IngestError>,
    reply: Reply<u64>,
}

impl Actor {
    pub(in crate::actor) fn accept_response(
        &mut self,
        fetched: OffloadedResponse,
        reply: Reply<u64>,
    ) {
        let OffloadedResponse {
            token,
            file,
            status,
            headers,
        } = fetched;
        let ticket = token.parse::<RangeToken>().ok();
        let known = ticket.and_then(|ticket| {
            let entry = self.downloads.get_mut(&ticket.id)?;
            entry.offload.outstanding.retain(|out| *out != ticket.span);
            Some((ticket, entry))
        });
        // A removed download has no log.
        let Some((ticket, entry)) = known else {
            return self.discard_handed_file(file, reply);
        };
        let record = &entry.record;
        let judged = match (
            offload::rejection_reason(record, &ticket),
            file.is_some(),
            download_url::parse(&record.url),
        ) {
            (Some(why), _, _) => Err(why.to_owned()),
            (None, false, _) => Err("it brought nothing".to_owned()),
            (None, true, Err(problem)) => Err(problem.code().to_owned()),
            (None, true, Ok(url)) => {
                http::check_response(&url, ticket.span, &record.validators, status, &headers)
                    .map_err(|problem| format!("{} (status {status})", problem.code()))
            }
        };
        match (judged, file) {
            (Ok(span), Some(file)) => entry.offload.returned.push_back(IngestRequest {
                ticket,
                file,
                span,
                reply,
            }),
            (Ok(_), None) => self.discard_handed_file(None, reply),
            (Err(why), file) => {
                self.log_rejection(&ticket, &why);
                self.discard_handed_file(file, reply);
            }
        }
        self.ingest_next(ticket.id);
        self.offload_changed(ticket.id);
    }

    fn log_rejection(&mut self, ticket: &RangeToken, why: &str) {
        let ByteRange { start, end } = ticket.span;
        let text = format!("what the system fetched for bytes {start} to {end} is not used: {why}");
        self.log(ticket.id, LogLevel::Warn, text);
    }

    /// Ingests the next response once no worker runs.
    pub(in crate::actor) fn ingest_next(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        if entry.offload.ingesting || entry.offload.returned.is_empty() {
            return;
        }
        if entry.worker.is_some() {
            // The worker is restarted after the ingest, with the ranges that are missing then.
            return self.apply_event(id, Event::Preempt);
        }
        let Some(handed) = entry.offload.returned.pop_front() else {
            return;
        };
        let record = &entry.record;
        let silent = self.writer_pool.unresponsive().contains(&record.folder);
        let useless = offload::rejection_reason(record, &handed.ticket)
            .or(entry
                .deleting_part
                .as_ref()
                .map(|_| "the file begins again"))
            .or(silent.then_some("disk-silent"));
        let (Some(name), Some(file), None) = (record.name.clone(), record.file_id.clone(), useless)
        else {
            self.log_rejection(
                &handed.ticket,
                useless.unwrap_or("there is no unfinished file"),
            );
            self.discard_handed_file(Some(handed.file), handed.reply);
            return self.ingest_next(id);
        };
        let into = IngestTarget {
            folder: record.folder.clone(),
            name,
            id: file,
            done: record.done.clone(),
            samples: record.fingerprint.clone(),
            total: record.validators.total,
        };
        entry.offload.ingesting = true;
        let files = Arc::clone(&self.config.file_system);
        self.file_tasks.spawn_blocking(move || {
            let IngestRequest {
                ticket,
                file,
                span,
                reply,
            } = handed;
            let result = disk::ingest_file(&*files, &into, &file, span);
            disk::delete_handed_file(&file);
            FileTask::Ingested(Box::new(IngestOutcome {
                ticket,
                span,
                result,
                reply,
            }))
        });
    }

    pub(in crate::actor) fn ingest_done(&mut self, taken: IngestOutcome) {
        let IngestOutcome {
            ticket,
            span,
            result,
            reply,
        } = taken;
        let id = ticket.id;
        let Some(entry) = self.downloads.get_mut(&id) else {
            return send_reply(reply, Ok(0));
        };
        entry.offload.ingesting = false;
        let same = entry.record.epoch == ticket.epoch;
        let new = match result {
            Ok(Ingested { checkpoint, new }) if same => {
                entry.record.done = checkpoint.done;
                entry.record.fingerprint = checkpoint.samples;
                entry.record.attempts = 0;
                self.mark_dirty(id);
                self.notify(id);
                let ByteRange { start, end } = span;
                let text = format!(
                    "the system has fetched bytes {start} to {end}: {new} of them were missing, now synced"
                );
                self.log(id, LogLevel::Info, text);
                new
            }
            Ok(_) => {
                self.log_rejection(&ticket, "the file was begun again meanwhile");
                0
            }
            Err(why) => {
                self.log_rejection(&ticket, &why.to_string());
                0
            }
        };
        let (stored, told) = oneshot::channel();
        self.notify_when_stored(stored);
        // In a task of its own: the actor itself does the storing.
        self.file_tasks.spawn(async move {
            // An error means that the engine is ending: it stores everything before it has ended.
            let _ending = told.await;
            send_reply(reply, Ok(new));
            FileTask::HandedFileDeleted
        });
        self.ingest_next(id);
        self.offload_changed(id);
    }

    /// Fewer ranges are offloaded than before: once there are none, a worker may start.
    pub(in crate::actor) fn offload_changed(&mut self, id: DownloadId) {
        self.sync_queue(id);
        self.needs_scheduling = true;
    }

    /// Discards the responses of a download that leaves the list.
    pub(in crate::actor) fn discard_offload(&mut self, offload: OffloadState) {
        for handed in offload.returned {
            self.discard_handed_file(Some(handed.file), handed.reply);
        }
    }

    /// Deletes a handed file that is not used, and replies with 0.
    fn discard_handed_file(&mut self, file: Option<PathBuf>, reply: Reply<u64>) {
        self.file_tasks.spawn_blocking(move || {
            if let Some(file) = file {
                disk::delete_handed_file(&file);
            }
            send_reply(reply, Ok(0));
            FileTask::HandedFileDeleted
        });
    }
}
