//! Parts of files that somebody else fetches while this process may sleep: which are lent, and when they no longer are.
//!
//! Nothing of it is stored: see `returns` for how what comes back is known again.

use std::collections::VecDeque;

use super::Actor;
use super::commands::answer;
use super::returns::Handed;
use crate::core::download::{DownloadId, Level};
use crate::core::lend::{self, Lent, Ticket};
use crate::core::plan::Span;
use crate::core::proxy::ProxyChoice;
use crate::core::state::Event;
use crate::handle::Lending;
use crate::http;

/// What of one download is elsewhere. While there is anything, no worker begins.
#[derive(Debug, Default)]
pub(super) struct Loan {
    /// Parts that are lent.
    pub(super) out: Vec<Span>,
    /// What has come back and waits for the file.
    pub(super) back: VecDeque<Handed>,
    /// Some of it is being put into the file.
    pub(super) taking: bool,
}

impl Loan {
    pub(super) fn is_over(&self) -> bool {
        self.out.is_empty() && self.back.is_empty() && !self.taking
    }
}

impl Actor {
    pub(super) fn lending(&mut self, lending: Lending) {
        match lending {
            Lending::Lend(reply) => {
                let ids: Vec<DownloadId> = self.downloads.keys().copied().collect();
                let lent = ids.into_iter().flat_map(|id| self.lend(id)).collect();
                answer(reply, Ok(lent));
            }
            Lending::TakeBack(fetched, reply) => self.take_back(fetched, reply),
            Lending::Recall(reply) => {
                self.recall();
                answer(reply, Ok(()));
            }
        }
    }

    /// Lends what is missing of one download, if it can be lent.
    fn lend(&mut self, id: DownloadId) -> Vec<Lent> {
        // What is promised of these, nobody else can keep.
        let rules = self.policy.rules;
        let batteries = rules.only_when_charging || rules.pause_on_low_battery;
        if batteries || self.limit.rate().is_some() || self.config.proxy != ProxyChoice::System {
            return Vec::new();
        }
        let Some(entry) = self.downloads.get_mut(&id) else {
            return Vec::new();
        };
        let record = &entry.record;
        let held = entry.hold.is_some() || entry.clearing.is_some() || !entry.loan.is_over();
        let bound =
            record.limit.is_some() || !matches!(record.proxy, None | Some(ProxyChoice::System));
        let (Some(total), true) = (record.identity.total, lend::lendable(record)) else {
            return Vec::new();
        };
        if held || bound {
            return Vec::new();
        }
        let Some(headers) = http::fields_for(record, entry.at_home) else {
            return Vec::new();
        };
        // With a worker at it, more is written than is stored.
        let written = entry
            .live
            .as_ref()
            .and_then(|live| live.counters.map.parts(Some(total)));
        let here = written.map_or_else(|| record.done.clone(), |(done, _)| done);
        let pieces = lend::pieces(&here.missing(total));
        let unmetered_only =
            record.unmetered_only || rules.unmetered_only || rules.pause_on_roaming;
        let lent = pieces.iter().map(|&span| Lent {
            token: Ticket {
                id,
                epoch: record.epoch,
                span,
            }
            .to_string(),
            url: record.url.clone(),
            headers: headers.clone(),
            from: span.start,
            to: span.end,
            unmetered_only,
        });
        let lent: Vec<Lent> = lent.collect();
        if let Some(first) = pieces.first() {
            let bytes: u64 = pieces.iter().map(|piece| piece.len()).sum();
            let text = format!(
                "left to the system: {bytes} bytes in {} parts, from byte {} on",
                pieces.len(),
                first.start
            );
            entry.loan.out = pieces;
            self.line_up(id);
            self.happen(id, Event::Hold);
            self.log(id, Level::Info, text);
        }
        lent
    }

    fn recall(&mut self) {
        let lent = self.downloads.values_mut().filter_map(|entry| {
            let lent = !std::mem::take(&mut entry.loan.out).is_empty();
            lent.then_some(entry.record.id)
        });
        for id in lent.collect::<Vec<_>>() {
            self.line_up(id);
            self.turn_changed = true;
            self.log(id, Level::Info, "no longer left to the system".into());
        }
    }
}
