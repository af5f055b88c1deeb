//! Ranges that the system fetches while this process may sleep: which are offloaded, and until when.
//!
//! Nothing of it is stored: see `ingest` for how a response is recognized.

mod ingest;

use super::Actor;
use super::commands::send_reply;
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::offload::{self, OffloadedRange, RangeToken};
use crate::domain::proxy::ProxyChoice;
use crate::domain::state::Event;
use crate::handle::OffloadCommand;
use crate::http;

impl Actor {
    pub(super) fn handle_offload(&mut self, lending: OffloadCommand) {
        match lending {
            OffloadCommand::Offload(reply) => {
                let ids = self.downloads.ids_where(|_| true);
                let lent = ids.into_iter().flat_map(|id| self.offload(id)).collect();
                send_reply(reply, Ok(lent));
            }
            OffloadCommand::Ingest(fetched, reply) => self.accept_response(fetched, reply),
            OffloadCommand::Cancel(reply) => {
                self.cancel_offload();
                send_reply(reply, Ok(()));
            }
        }
    }

    /// Offloads the missing ranges of one download, if it can be offloaded.
    fn offload(&mut self, id: DownloadId) -> Vec<OffloadedRange> {
        // Conditions that the system's transfer could not keep.
        let rules = self.constraints.constraints();
        let batteries = rules.only_when_charging || rules.pause_on_low_battery;
        if batteries || self.workers.limit().is_some() || self.config.proxy != ProxyChoice::System {
            return Vec::new();
        }
        let Some(entry) = self.downloads.get_mut(id) else {
            return Vec::new();
        };
        let record = &entry.record;
        let held = entry.blocked_by.is_some()
            || entry.deleting_part.is_some()
            || record.relocation.is_some()
            || !entry.offload.is_idle();
        let bound =
            record.limit.is_some() || !matches!(record.proxy, None | Some(ProxyChoice::System));
        let (Some(total), true) = (record.validators.total, offload::is_offloadable(record)) else {
            return Vec::new();
        };
        if held || bound {
            return Vec::new();
        }
        let Some(headers) = http::request_headers(record, entry.link.answered_by_origin) else {
            return Vec::new();
        };
        // While a worker runs, more bytes are written than are stored.
        let written = entry
            .worker
            .as_ref()
            .and_then(|live| live.counters.map.snapshot(Some(total)));
        let here = written.map_or_else(|| record.done.clone(), |(done, _)| done);
        let pieces = offload::chunks(&here.missing(total));
        let unmetered_only =
            record.unmetered_only || rules.unmetered_only || rules.pause_on_roaming;
        let lent = pieces.iter().map(|&span| OffloadedRange {
            token: RangeToken {
                id,
                epoch: record.epoch,
                span,
            }
            .to_string(),
            url: record.url.as_str().to_owned(),
            headers: headers.clone(),
            from: span.start,
            to: span.end,
            unmetered_only,
        });
        let lent: Vec<OffloadedRange> = lent.collect();
        if let Some(first) = pieces.first() {
            let bytes: u64 = pieces.iter().map(|piece| piece.len()).sum();
            let text = format!(
                "left to the system: {bytes} bytes in {} parts, from byte {} on",
                pieces.len(),
                first.start
            );
            entry.offload.outstanding = pieces;
            self.sync_queue(id);
            self.apply_event(id, Event::Preempt);
            self.log(id, LogLevel::Info, text);
        }
        lent
    }

    fn cancel_offload(&mut self) {
        let lent = self.downloads.iter_mut().filter_map(|entry| {
            let lent = !std::mem::take(&mut entry.offload.outstanding).is_empty();
            lent.then_some(entry.record.id)
        });
        for id in lent.collect::<Vec<_>>() {
            self.sync_queue(id);
            self.scheduler.request_start();
            self.log(id, LogLevel::Info, "no longer left to the system".into());
        }
    }
}
