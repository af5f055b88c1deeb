//! Decodes a body incrementally: bytes go in and come out in pieces of bounded size.
//!
//! The last piece is returned only when the end was reached and the checksum there, if any, is right. Does not depend
//! on HTTP.

use bytes::Bytes;
use flate2::Decompress;

use super::chunked::Chunks;
use super::content_coding::Coding;
use super::decode_step::{DecodeError, Step, inflated};
use super::gzip::Gzip;

/// Output in bytes that is allowed whatever the input; beyond it, [`MAX_EXPANSION`] times the input is.
const FREE: u64 = 256 << 20;
const MAX_EXPANSION: u64 = 256;

/// Several codings, the outermost first.
#[derive(Debug)]
pub(super) struct Decoder {
    stages: Vec<Stage>,
    /// Output that is held back until more follows it or the end is known to be right.
    held: Option<Bytes>,
    went_in: u64,
    came_out: u64,
    /// [`FREE`], except in tests.
    free: u64,
    name: &'static str,
}

#[derive(Debug)]
struct Stage {
    kind: Kind,
    input: Bytes,
    /// No more input follows.
    ended: bool,
}

#[derive(Debug)]
enum Kind {
    Chunks(Chunks),
    Gzip(Gzip),
    Deflate(Deflate),
}

impl Decoder {
    /// `None` if there is nothing to undo. The error is the name of a coding that is not supported.
    pub(super) fn new(chunks: bool, codings: &[Coding]) -> Result<Option<Self>, &'static str> {
        let mut kinds = Vec::new();
        if chunks {
            kinds.push(Kind::Chunks(Chunks::default()));
        }
        for coding in codings {
            kinds.push(match coding {
                Coding::Gzip => Kind::Gzip(Gzip::default()),
                Coding::Deflate => Kind::Deflate(Deflate::default()),
                Coding::Compress | Coding::Brotli | Coding::Zstd | Coding::Other(_) => {
                    return Err(coding.name());
                }
            });
        }
        let stage = |kind| Stage {
            kind,
            input: Bytes::new(),
            ended: false,
        };
        let stages: Vec<Stage> = kinds.into_iter().map(stage).collect();
        let name = codings.first().map_or("chunked", |coding| coding.name());
        Ok((!stages.is_empty()).then_some(Self {
            stages,
            held: None,
            went_in: 0,
            came_out: 0,
            free: FREE,
            name,
        }))
    }

    /// Adds input; only after [`Step::More`].
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.went_in += bytes.len() as u64;
        self.stages[0].input = bytes;
    }

    /// Ends the input.
    pub(super) fn finish(&mut self) {
        self.stages[0].ended = true;
    }

    /// Whether any output was returned.
    pub(super) fn begun(&self) -> bool {
        self.came_out > self.held.as_ref().map_or(0, |held| held.len() as u64)
    }

    pub(super) fn step(&mut self) -> Result<Step, DecodeError> {
        loop {
            match pull(&mut self.stages)? {
                Step::Out(bytes) => {
                    self.came_out += bytes.len() as u64;
                    let allowed = self.free.max(self.went_in.saturating_mul(MAX_EXPANSION));
                    if self.came_out > allowed {
                        return Err(DecodeError::TooLarge(self.name));
                    }
                    if let Some(before) = self.held.replace(bytes) {
                        return Ok(Step::Out(before));
                    }
                }
                Step::More => return Ok(Step::More),
                Step::End => return Ok(self.held.take().map_or(Step::End, Step::Out)),
            }
        }
    }
}

/// Output of the last of these stages.
fn pull(stages: &mut [Stage]) -> Result<Step, DecodeError> {
    let Some((last, before)) = stages.split_last_mut() else {
        return Ok(Step::More);
    };
    loop {
        match last.step()? {
            Step::More if before.is_empty() => return Ok(Step::More),
            Step::More => match pull(before)? {
                Step::Out(bytes) => last.input = bytes,
                Step::End => last.ended = true,
                Step::More => return Ok(Step::More),
            },
            done @ (Step::Out(_) | Step::End) => return Ok(done),
        }
    }
}

impl Stage {
    fn step(&mut self) -> Result<Step, DecodeError> {
        match &mut self.kind {
            Kind::Chunks(chunks) => chunks.step(&mut self.input, self.ended),
            Kind::Gzip(gzip) => gzip.step(&mut self.input, self.ended),
            Kind::Deflate(deflate) => deflate.step(&mut self.input, self.ended),
        }
    }
}

/// The coding `deflate`: a zlib stream (RFC 1950), or the raw one (RFC 1951) that some servers send instead.
#[derive(Debug, Default)]
struct Deflate {
    first: Vec<u8>,
    inflate: Option<Decompress>,
    done: bool,
}

impl Deflate {
    fn step(&mut self, input: &mut Bytes, ended: bool) -> Result<Step, DecodeError> {
        if self.done {
            return Ok(Step::End);
        }
        while self.first.len() < 2 && !input.is_empty() {
            self.first.push(input.split_to(1)[0]);
            if let [one, two] = self.first[..] {
                let zlib = one & 0xF == 8
                    && one >> 4 <= 7
                    && (u16::from(one) << 8 | u16::from(two)) % 31 == 0;
                self.inflate = Some(Decompress::new(zlib));
                *input = [&self.first[..], &input[..]].concat().into();
            }
        }
        let Some(inflate) = &mut self.inflate else {
            return if ended {
                Err(DecodeError::Truncated)
            } else {
                Ok(Step::More)
            };
        };
        let (out, end) = inflated(inflate, input, "deflate")?;
        self.done = end;
        match (out.is_empty(), end, ended) {
            (false, _, _) => Ok(Step::Out(out)),
            (true, true, _) => Ok(Step::End),
            (true, false, true) => Err(DecodeError::Truncated),
            (true, false, false) => Ok(Step::More),
        }
    }
}

#[cfg(test)]
#[path = "decoder_tests.rs"]
mod tests;
