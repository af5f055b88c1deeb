//! The slots of a progress journal: their content, their checksum, and which of them a write extends. Bytes and
//! arithmetic; opens no file.

use std::collections::HashMap;
use std::fs::File;

use crc::{CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Table};

use super::positioned_io::read_at;
use crate::domain::byte_ranges::{ByteRange, ByteRanges};

static CHECK: Crc<u64, Table<1>> = Crc::<u64, Table<1>>::new(&CRC_64_NVME);
static TAIL: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

/// Size of one slot in bytes; a slot never crosses a page.
pub(super) const SLOT: usize = 32;
/// Maximum number of a range's last bytes that are verified before it is trusted.
const MAX_TAIL: usize = 64;

/// One written range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) span: ByteRange,
    /// Number of the last bytes that are known, and their CRC-32.
    tail: u32,
    sum: u32,
}

impl Slot {
    fn new(span: ByteRange, written: &[u8]) -> Self {
        let tail = &written[written.len().saturating_sub(MAX_TAIL)..];
        Self {
            span,
            tail: u32::try_from(tail.len()).unwrap_or(0),
            sum: TAIL.checksum(tail),
        }
    }

    pub(super) fn bytes(self, key: u64) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        bytes[..8].copy_from_slice(&self.span.start.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.span.end.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.tail.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.sum.to_le_bytes());
        let seal = seal(key, &bytes[..24]);
        bytes[24..].copy_from_slice(&seal.to_le_bytes());
        bytes
    }

    /// `None` when the checksum does not match that key.
    pub(super) fn read(bytes: &[u8], key: u64) -> Option<Self> {
        let long = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let short = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if long(24)? != seal(key, bytes.get(..24)?) {
            return None;
        }
        Some(Self {
            span: ByteRange::new(long(0)?, long(8)?)?,
            tail: short(16)?,
            sum: short(20)?,
        })
    }

    /// Whether the last bytes are still those that were written.
    pub(super) fn holds(&self, file: &File) -> bool {
        let length = usize::try_from(self.tail).unwrap_or(0).min(MAX_TAIL);
        let mut bytes = [0; MAX_TAIL];
        let tail = &mut bytes[..length];
        let at = self.span.end.saturating_sub(length as u64);
        length == 0 || (read_at(file, tail, at).is_ok() && TAIL.checksum(tail) == self.sum)
    }
}

fn seal(key: u64, bytes: &[u8]) -> u64 {
    let mut digest = CHECK.digest();
    digest.update(&key.to_le_bytes());
    digest.update(bytes);
    digest.finalize()
}

/// The slots of one file as they are, or will be, in its journal.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) all: Vec<Slot>,
    /// Slot by the end of its range, for writes that extend it.
    by_end: HashMap<u64, usize>,
}

impl Slots {
    pub(super) fn reset(&mut self, ranges: &ByteRanges) {
        let spans = ranges.spans().iter();
        let slot = |span: &ByteRange| Slot {
            span: *span,
            tail: 0,
            sum: 0,
        };
        self.all = spans.map(slot).collect();
        let ends = self.all.iter().enumerate();
        self.by_end = ends.map(|(at, slot)| (slot.span.end, at)).collect();
    }

    /// Records bytes that were just written. Returns the index of the changed slot.
    pub(super) fn wrote(&mut self, span: ByteRange, bytes: &[u8]) -> usize {
        let at = self.by_end.remove(&span.start);
        let at = at.unwrap_or(self.all.len());
        let start = self.all.get(at).map_or(span.start, |slot| slot.span.start);
        let end = span.end;
        let slot = Slot::new(ByteRange { start, end }, bytes);
        if at == self.all.len() {
            self.all.push(slot);
        } else {
            self.all[at] = slot;
        }
        self.by_end.insert(end, at);
        at
    }

    /// Merges adjacent ranges.
    pub(super) fn join(&mut self) {
        let mut ranges = ByteRanges::default();
        for slot in &self.all {
            ranges.insert(slot.span);
        }
        self.reset(&ranges);
    }
}
