//! Reads and hashes a few blocks of a partial file: to store them with its byte ranges, and to recognise the file.

use std::fs::File;
use std::io;

use sha2::{Digest, Sha256};

use super::file_writer::FileWriter;
use super::positioned_io::read_at;
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::fingerprint::{Fingerprint, FingerprintBlock, block_positions};
use crate::domain::problem::Problem;

/// Ranges that are safely on disk, with their fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) done: ByteRanges,
    pub(crate) samples: Fingerprint,
}

impl FileWriter {
    /// Syncs the ranges written so far and returns them with their fingerprint. Blocks.
    pub(crate) fn checkpoint(&self) -> Result<Checkpoint, Problem> {
        let done = self.sync()?;
        let mut known = self.samples().lock();
        let file = self
            .file()
            .and_then(|file| take_fingerprint(&file, &done, &known));
        *known = file.map_err(|error| self.to_problem(&error))?;
        Ok(Checkpoint {
            samples: known.clone(),
            done,
        })
    }
}

/// The fingerprint of `done`; blocks in `known` are not read again.
pub(super) fn take_fingerprint(
    file: &File,
    done: &ByteRanges,
    known: &Fingerprint,
) -> io::Result<Fingerprint> {
    let sample = |span| {
        let hash = match known.hash(span) {
            Some(hash) => hash,
            None => hash(&read(file, span)?),
        };
        Ok(FingerprintBlock { span, hash })
    };
    let samples = block_positions(done).into_iter().map(sample);
    Ok(Fingerprint(samples.collect::<io::Result<_>>()?))
}

/// Whether the file still has the content of the fingerprint blocks within `done`; false if it ends before them.
pub(super) fn matches(file: &File, done: &ByteRanges, samples: &Fingerprint) -> io::Result<bool> {
    for sample in samples.0.iter().filter(|sample| done.contains(sample.span)) {
        match read(file, sample.span) {
            Ok(bytes) if hash(&bytes) == sample.hash => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// A block of a file.
#[derive(Debug)]
pub(crate) struct FileBlock {
    pub(crate) span: ByteRange,
    pub(crate) bytes: Vec<u8>,
}

/// Reads the blocks at these positions.
pub(crate) fn read_blocks(file: &File, places: Vec<ByteRange>) -> io::Result<Vec<FileBlock>> {
    let block = |span| {
        let bytes = read(file, span)?;
        Ok(FileBlock { span, bytes })
    };
    places.into_iter().map(block).collect()
}

fn read(file: &File, span: ByteRange) -> io::Result<Vec<u8>> {
    let length = usize::try_from(span.len()).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = vec![0; length];
    read_at(file, &mut bytes, span.start)?;
    Ok(bytes)
}

fn hash(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    let first = digest.iter().take(8);
    first.fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
