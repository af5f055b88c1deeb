//! Ingests ranges that were fetched externally. A response carries a token with the id of its download, its epoch and
//! its range, and is checked against the present record: the process that offloaded the range may be gone.

use tokio::sync::oneshot;

use crate::actor::Actor;
use crate::actor::commands::send_reply;
use crate::actor::offload_state::{IngestOutcome, IngestRequest, OffloadState};
use crate::disk::{IngestTarget, Ingested};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::offload::{self, OffloadedResponse, RangeToken};
use crate::domain::state::Event;
use crate::handle::Reply;
use crate::http;

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
        let token = token.parse::<RangeToken>().ok();
        let known = token.and_then(|token| {
            let entry = self.downloads.get_mut(token.id)?;
            entry.offload.outstanding.retain(|out| *out != token.span);
            Some((token, entry))
        });
        // A removed download has no log.
        let Some((token, entry)) = known else {
            return self.file_tasks.discard_handed_file(file, reply);
        };
        let record = &entry.record;
        let judged = match (
            offload::rejection_reason(record, &token),
            file.is_some(),
            record.url.valid(),
        ) {
            (Some(why), _, _) => Err(why.to_owned()),
            (None, false, _) => Err("it brought nothing".to_owned()),
            (None, true, Err(problem)) => Err(problem.code().to_owned()),
            (None, true, Ok(url)) => {
                let (url, validators) = (url.as_url(), &record.validators);
                http::check_response(url, token.span, validators, status, &headers)
                    .map_err(|problem| format!("{} (status {status})", problem.code()))
            }
        };
        match (judged, file) {
            (Ok(span), Some(file)) => entry.offload.returned.push_back(IngestRequest {
                token,
                file,
                span,
                reply,
            }),
            (Ok(_), None) => self.file_tasks.discard_handed_file(None, reply),
            (Err(why), file) => {
                self.log_rejection(&token, &why);
                self.file_tasks.discard_handed_file(file, reply);
            }
        }
        self.ingest_next(token.id);
        self.offload_changed(token.id);
    }

    fn log_rejection(&mut self, token: &RangeToken, why: &str) {
        let ByteRange { start, end } = token.span;
        let text = format!("what the system fetched for bytes {start} to {end} is not used: {why}");
        self.log(token.id, LogLevel::Warn, text);
    }

    /// Ingests the next response once no worker runs.
    pub(in crate::actor) fn ingest_next(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        if entry.offload.ingesting || entry.offload.returned.is_empty() {
            return;
        }
        if entry.worker.is_some() {
            // The worker is restarted after the ingest, with the ranges that are missing then.
            return self.apply_event(id, Event::Preempt);
        }
        if entry.relocation.is_running() {
            // Its end comes back here.
            return;
        }
        let Some(request) = entry.offload.returned.pop_front() else {
            return;
        };
        let record = &entry.record;
        let silent = self.file_tasks.is_unresponsive(&record.folder);
        let useless = offload::rejection_reason(record, &request.token)
            .or(entry
                .deleting_part
                .as_ref()
                .map(|_| "the file begins again"))
            .or(silent.then_some("disk-silent"));
        let (Some(name), Some(file), None) = (record.name.clone(), record.file_id.clone(), useless)
        else {
            self.log_rejection(
                &request.token,
                useless.unwrap_or("there is no unfinished file"),
            );
            self.file_tasks
                .discard_handed_file(Some(request.file), request.reply);
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
        self.file_tasks.ingest(request, into);
    }

    pub(in crate::actor) fn ingest_done(&mut self, outcome: IngestOutcome) {
        let IngestOutcome {
            token,
            span,
            result,
            reply,
        } = outcome;
        let id = token.id;
        let Some(entry) = self.downloads.get_mut(id) else {
            return send_reply(reply, Ok(0));
        };
        entry.offload.ingesting = false;
        let same = entry.record.epoch == token.epoch;
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
                self.log_rejection(&token, "the file was begun again meanwhile");
                0
            }
            Err(why) => {
                self.log_rejection(&token, &why.to_string());
                0
            }
        };
        let (stored, told) = oneshot::channel();
        self.notify_when_stored(stored);
        self.file_tasks.reply_when_stored(told, reply, Ok(new));
        self.ingest_next(id);
        self.offload_changed(id);
    }

    /// Fewer ranges are offloaded than before: once there are none, a worker may start.
    pub(in crate::actor) fn offload_changed(&mut self, id: DownloadId) {
        self.sync_queue(id);
        self.scheduler.request_start();
    }

    /// Discards the responses of a download that leaves the list.
    pub(in crate::actor) fn discard_offload(&mut self, offload: OffloadState) {
        for request in offload.returned {
            self.file_tasks
                .discard_handed_file(Some(request.file), request.reply);
        }
    }
}
