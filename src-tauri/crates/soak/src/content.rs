//! Files that are generated, not stored: any range of any version can be produced at any time.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::rng::mix;

/// The bytes of one version of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) seed: u64,
    pub(crate) length: u64,
}

impl Content {
    /// Fills `into` with the bytes from `offset` on. No two ranges are alike, so a misplaced one is detected.
    pub(crate) fn fill(self, offset: u64, into: &mut [u8]) {
        let skip = (offset % 8) as usize;
        let mut word = offset / 8;
        let mut at = 0;
        if skip > 0 {
            let bytes = mix(self.seed ^ word).to_le_bytes();
            let head = &bytes[skip..];
            at = head.len().min(into.len());
            into[..at].copy_from_slice(&head[..at]);
            word += 1;
        }
        for piece in into[at..].chunks_mut(8) {
            let bytes = mix(self.seed ^ word).to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
            word += 1;
        }
    }

    /// Its SHA-256 in hexadecimal.
    pub(crate) fn sha256(self) -> String {
        let mut hash = Sha256::new();
        let mut piece = vec![0; 64 << 10];
        let mut at = 0;
        while at < self.length {
            let now = piece
                .len()
                .min(usize::try_from(self.length - at).unwrap_or(usize::MAX));
            self.fill(at, &mut piece[..now]);
            hash.update(&piece[..now]);
            at += now as u64;
        }
        hex(&hash.finalize())
    }
}

/// The SHA-256 of a file on disk, in hexadecimal.
pub(crate) fn sha256_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&piece[..read]);
    }
}

/// The ranges of a file that are right, in words of eight bytes; a range that was never written is not.
pub(crate) fn right_parts(path: &Path, content: Content) -> std::io::Result<Vec<Range<u64>>> {
    let mut file = File::open(path)?;
    let (mut is, mut should) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let (mut at, mut parts) = (0, Vec::<Range<u64>>::new());
    loop {
        let read = read_full(&mut file, &mut is)?;
        content.fill(at, &mut should[..read]);
        for (is, should) in is[..read].chunks(8).zip(should[..read].chunks(8)) {
            let end = at + is.len() as u64;
            match parts.last_mut() {
                _ if is != should => {}
                Some(last) if last.end == at => last.end = end,
                Some(_) | None => parts.push(at..end),
            }
            at = end;
        }
        if read < is.len() {
            return Ok(parts);
        }
    }
}

/// Fills `into`, or reads all that is left.
fn read_full(file: &mut File, into: &mut [u8]) -> std::io::Result<usize> {
    let mut count = 0;
    while count < into.len() {
        match file.read(&mut into[count..])? {
            0 => break,
            read => count += read,
        }
    }
    Ok(count)
}

/// Offset of a file's first wrong byte, and the file's length: for the report of a failure.
pub(crate) fn first_wrong(path: &Path, content: Content) -> std::io::Result<(Option<u64>, u64)> {
    let mut file = File::open(path)?;
    let (mut is, mut should) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let (mut at, mut wrong) = (0, None);
    loop {
        let read = file.read(&mut is)?;
        if read == 0 {
            return Ok((wrong, at));
        }
        content.fill(at, &mut should[..read]);
        let differs = is[..read]
            .iter()
            .zip(&should[..read])
            .position(|(a, b)| a != b);
        wrong = wrong.or(differs.map(|n| at + n as u64));
        at += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
