//! Decodes the chunks of a message body (RFC 9112, section 7.1) where hyper does not recognize `chunked` in the head.

use bytes::Bytes;

use super::decode_step::{DecodeError, PIECE, Step};

/// Bytes of one line at most: a size with its extensions, or a trailer field.
const MAX_LINE: usize = 16 << 10;
/// Trailer fields at most.
const MAX_TRAILERS: u32 = 1000;

#[derive(Debug)]
pub(super) struct Chunks {
    phase: Phase,
    line: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Size,
    Data(u64),
    /// The line end after a chunk.
    Behind,
    /// Number of fields received.
    Trailers(u32),
    Done,
}

impl Default for Chunks {
    fn default() -> Self {
        let (phase, line) = (Phase::Size, Vec::new());
        Self { phase, line }
    }
}

const MALFORMED: DecodeError = DecodeError::Malformed("chunked");

impl Chunks {
    pub(super) fn step(&mut self, input: &mut Bytes, ended: bool) -> Result<Step, DecodeError> {
        loop {
            match self.phase {
                Phase::Done => return Ok(Step::End),
                _ if input.is_empty() && ended => return Err(DecodeError::Truncated),
                _ if input.is_empty() => return Ok(Step::More),
                Phase::Data(left) => {
                    let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
                    let bytes = input.split_to(most.min(input.len()));
                    let left = left - bytes.len() as u64;
                    self.phase = if left > 0 {
                        Phase::Data(left)
                    } else {
                        Phase::Behind
                    };
                    return Ok(Step::Out(bytes));
                }
                Phase::Size | Phase::Behind | Phase::Trailers(_) => {
                    if let Some(line) = self.line(input)? {
                        self.phase = next(self.phase, &line)?;
                    }
                }
            }
        }
    }

    /// A line without its line end, once it is complete.
    fn line(&mut self, input: &mut Bytes) -> Result<Option<Vec<u8>>, DecodeError> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let taken = input.split_to(end.map_or(input.len(), |end| end + 1));
        self.line.extend_from_slice(&taken);
        if self.line.len() > MAX_LINE {
            return Err(MALFORMED);
        }
        Ok(end.map(|_| {
            let mut line = std::mem::take(&mut self.line);
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            line
        }))
    }
}

/// The phase that follows a line.
fn next(phase: Phase, line: &[u8]) -> Result<Phase, DecodeError> {
    match phase {
        Phase::Size => {
            let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
            let size = std::str::from_utf8(size).map_err(|_| MALFORMED)?.trim();
            if size.starts_with('+') {
                return Err(MALFORMED);
            }
            match u64::from_str_radix(size, 16).map_err(|_| MALFORMED)? {
                0 => Ok(Phase::Trailers(0)),
                size => Ok(Phase::Data(size)),
            }
        }
        Phase::Behind if line.is_empty() => Ok(Phase::Size),
        Phase::Trailers(_) if line.is_empty() => Ok(Phase::Done),
        Phase::Trailers(count) if count < MAX_TRAILERS => Ok(Phase::Trailers(count + 1)),
        Phase::Behind | Phase::Trailers(_) | Phase::Data(_) | Phase::Done => Err(MALFORMED),
    }
}
