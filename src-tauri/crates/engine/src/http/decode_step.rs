//! What all decoders of a body share: one step, why it fails, and the step of zlib and raw deflate.

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};

/// Output of one step at most, in bytes.
pub(super) const PIECE: usize = 64 << 10;

/// Result of one step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Out(Bytes),
    /// No output without more input.
    More,
    End,
}

/// Why decoding failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// The input ends too early.
    Truncated,
    /// The bytes are not valid in that coding.
    Malformed(&'static str),
    /// The output is so large that it is meant to fill the disk (decompression bomb).
    TooLarge(&'static str),
}

/// At most [`PIECE`] bytes decoded from `input`, and whether the stream ended.
pub(super) fn inflated(
    inflate: &mut Decompress,
    input: &mut Bytes,
    name: &'static str,
) -> Result<(Bytes, bool), DecodeError> {
    // Small inputs yield little: the allocation is sized by the input.
    let mut out = Vec::with_capacity((8 * input.len()).clamp(1 << 10, PIECE));
    let before = inflate.total_in();
    let status = inflate
        .decompress_vec(input, &mut out, FlushDecompress::None)
        .map_err(|_| DecodeError::Malformed(name))?;
    let used = usize::try_from(inflate.total_in() - before).unwrap_or(input.len());
    let _used = input.split_to(used.min(input.len()));
    Ok((out.into(), status == Status::StreamEnd))
}
