//! Bounded buffer of each download's last log lines. Does not depend on leases or channels.

use std::collections::{BTreeMap, VecDeque};

use millrace_engine::LogLine;
use millrace_protocol::LogBatch;

use super::pending_changes::{FRAME_LIMIT, json_length};
use crate::truncate::truncate;

/// Maximum number of lines kept per download.
pub(crate) const MAX_LINES: usize = 200;
/// Maximum length of a line's text, in bytes of JSON.
const LINE_LIMIT: usize = 2_000;

#[derive(Debug, Default)]
pub(crate) struct Logs {
    rings: BTreeMap<u64, Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    /// Number of the oldest kept line; lines are numbered from 0.
    first: u64,
    lines: VecDeque<LogLine>,
}

impl Logs {
    pub(crate) fn push(&mut self, id: u64, line: LogLine) {
        let ring = self.rings.entry(id).or_default();
        if ring.lines.len() == MAX_LINES {
            ring.lines.pop_front();
            ring.first += 1;
        }
        ring.lines.push_back(LogLine {
            text: truncate(&line.text, LINE_LIMIT),
            ..line
        });
    }

    pub(crate) fn forget(&mut self, id: u64) {
        self.rings.remove(&id);
    }

    /// Number of the next line.
    pub(crate) fn end(&self, id: u64) -> u64 {
        self.rings
            .get(&id)
            .map_or(0, |ring| ring.first + ring.lines.len() as u64)
    }

    /// As many lines from number `from` on as fit into one message, and the number to continue with.
    pub(crate) fn batch(&self, id: u64, from: u64) -> (LogBatch, u64) {
        let mut batch = LogBatch {
            dropped: 0,
            lines: Vec::new(),
        };
        let Some(ring) = self.rings.get(&id) else {
            return (batch, from);
        };
        let start = from.max(ring.first);
        batch.dropped = u32::try_from(start - from).unwrap_or(u32::MAX);
        let mut room = FRAME_LIMIT.saturating_sub(json_length(&batch));
        let skipped = usize::try_from(start - ring.first).unwrap_or(MAX_LINES);
        for line in ring.lines.iter().skip(skipped) {
            let length = json_length(line) + 1;
            if length >= room {
                break;
            }
            room -= length;
            batch.lines.push(line.clone());
        }
        let next = start + batch.lines.len() as u64;
        (batch, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_engine::LogLevel;

    fn line(text: String) -> LogLine {
        LogLine {
            at: 1,
            level: LogLevel::Info,
            text,
        }
    }

    #[test]
    fn the_oldest_lines_go_first_and_are_counted() {
        let mut logs = Logs::default();
        for number in 0..MAX_LINES + 7 {
            logs.push(1, line(format!("line {number}")));
        }
        let (batch, _) = logs.batch(1, 0);
        assert_eq!(batch.dropped, 7);
        assert_eq!(batch.lines[0].text, "line 7");
    }

    #[test]
    fn batches_are_small_and_together_complete() {
        let mut logs = Logs::default();
        for number in 0..50 {
            logs.push(1, line(format!("{number} {}", "\u{1}".repeat(700))));
        }
        let (mut from, mut lines) = (0, Vec::new());
        while from < logs.end(1) {
            let (batch, next) = logs.batch(1, from);
            assert!(json_length(&batch) < FRAME_LIMIT);
            lines.extend(batch.lines);
            from = next;
        }
        assert_eq!(lines.len(), 50);
        assert!(lines[49].text.starts_with("49 "));
    }
}
