//! Decodes a stream of gzip members (RFC 1952) incrementally. Does not depend on HTTP.

use bytes::Bytes;
use flate2::{Crc, Decompress};

use super::decode_step::{DecodeError, Step, inflated};

/// Bytes of a member's header at most: the name and comment in it may be of any length.
const MAX_HEAD: usize = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Gzip {
    phase: Phase,
    /// Whether a complete member was decoded.
    one: bool,
}

#[derive(Debug)]
enum Phase {
    /// The header as far as it was received.
    Head(Vec<u8>),
    Data(Decompress, Crc),
    /// The checksum and the length as far as they were received.
    Tail(Vec<u8>, Crc),
    Done,
}

impl Default for Phase {
    fn default() -> Self {
        Self::Head(Vec::new())
    }
}

const MALFORMED: DecodeError = DecodeError::Malformed("gzip");

impl Gzip {
    pub(super) fn step(&mut self, input: &mut Bytes, ended: bool) -> Result<Step, DecodeError> {
        loop {
            match &mut self.phase {
                Phase::Head(head) => {
                    let known = head.len();
                    // Bytes after a complete member that do not start another one are ignored.
                    let more = input.iter().take(2).copied();
                    let start: Vec<u8> = head.iter().copied().chain(more).take(2).collect();
                    if !b"\x1f\x8b".starts_with(&start) {
                        if !self.one {
                            return Err(MALFORMED);
                        }
                        self.phase = Phase::Done;
                        continue;
                    }
                    head.extend_from_slice(&input[..input.len().min(MAX_HEAD)]);
                    // Deflate, the only method that was ever defined.
                    if head.get(2).is_some_and(|method| *method != 8) {
                        return Err(MALFORMED);
                    }
                    match head_length(head) {
                        Some(length) => {
                            let _used = input.split_to(length.saturating_sub(known));
                            self.phase = Phase::Data(Decompress::new(false), Crc::new());
                        }
                        None if head.len() > MAX_HEAD => return Err(MALFORMED),
                        None => {
                            let all = input.len().min(MAX_HEAD);
                            let _used = input.split_to(all);
                            let clean = self.one && head.is_empty();
                            if !input.is_empty() {
                                continue;
                            }
                            return match (ended, clean) {
                                (true, true) => {
                                    self.phase = Phase::Done;
                                    Ok(Step::End)
                                }
                                (true, false) => Err(DecodeError::Truncated),
                                (false, _) => Ok(Step::More),
                            };
                        }
                    }
                }
                Phase::Data(inflate, crc) => {
                    let (out, end) = inflated(inflate, input, "gzip")?;
                    crc.update(&out);
                    if end {
                        let crc = std::mem::take(crc);
                        self.phase = Phase::Tail(Vec::with_capacity(8), crc);
                    }
                    if !out.is_empty() {
                        return Ok(Step::Out(out));
                    }
                    if !end {
                        return if ended {
                            Err(DecodeError::Truncated)
                        } else {
                            Ok(Step::More)
                        };
                    }
                }
                Phase::Tail(tail, crc) => {
                    let missing = 8 - tail.len();
                    tail.extend(input.split_to(missing.min(input.len())));
                    if tail.len() < 8 {
                        return if ended {
                            Err(DecodeError::Truncated)
                        } else {
                            Ok(Step::More)
                        };
                    }
                    let said = [crc.sum().to_le_bytes(), crc.amount().to_le_bytes()].concat();
                    if *tail != said {
                        return Err(MALFORMED);
                    }
                    self.one = true;
                    self.phase = Phase::default();
                }
                Phase::Done => {
                    input.clear();
                    return if ended { Ok(Step::End) } else { Ok(Step::More) };
                }
            }
        }
    }
}

/// Bytes of a member's header, if it is complete (RFC 1952, section 2.3).
fn head_length(head: &[u8]) -> Option<usize> {
    const CHECK: u8 = 1 << 1;
    const EXTRA: u8 = 1 << 2;
    const NAME: u8 = 1 << 3;
    const COMMENT: u8 = 1 << 4;
    let flags = *head.get(3)?;
    let mut at = 10;
    if flags & EXTRA != 0 {
        let low = usize::from(*head.get(at)?);
        at += 2 + low + 256 * usize::from(*head.get(at + 1)?);
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            at += head.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & CHECK != 0 {
        at += 2;
    }
    (head.len() >= at).then_some(at)
}
