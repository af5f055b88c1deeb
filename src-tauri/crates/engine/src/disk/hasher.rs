//! Computes the digest of a file: incrementally from writes as far as they arrive in order; the rest is read from the
//! file at the end.
//!
//! Knows no server and no expected digest.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Table};
use md5::Md5;
use parking_lot::{Mutex, MutexGuard};
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Digest, Sha256, Sha512};

use crate::domain::checksum::{Algorithm, Checksum};

/// Bytes read at a time, between two checks of `stop`.
const PIECE: usize = 256 << 10;

/// CRC-32C of RFC 3720, and the others used by storage services.
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC64_NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// A running digest. Each byte counts once, in the order of the file, whatever the order of the writes.
#[derive(Debug)]
pub(crate) struct Hasher {
    algorithm: Algorithm,
    running: Mutex<IncrementalHash>,
}

struct IncrementalHash {
    sum: HashState,
    /// End of the bytes that are in the sum.
    front: u64,
}

enum HashState {
    Crc(crc::Digest<'static, u32, Table<16>>),
    LongCrc(crc::Digest<'static, u64, Table<16>>),
    Hash(Box<dyn DynDigest + Send>),
}

impl std::fmt::Debug for IncrementalHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("front", &self.front)
            .finish_non_exhaustive()
    }
}

impl HashState {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Crc(CRC32.digest()),
            Algorithm::Crc32c => Self::Crc(CRC32C.digest()),
            Algorithm::Crc64Nvme => Self::LongCrc(CRC64_NVME.digest()),
            Algorithm::Md5 => Self::Hash(Box::new(Md5::new())),
            Algorithm::Sha1 => Self::Hash(Box::new(Sha1::new())),
            Algorithm::Sha256 => Self::Hash(Box::new(Sha256::new())),
            Algorithm::Sha512 => Self::Hash(Box::new(Sha512::new())),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(digest) => digest.update(bytes),
            Self::LongCrc(digest) => digest.update(bytes),
            Self::Hash(digest) => digest.update(bytes),
        }
    }

    fn end(self) -> Vec<u8> {
        match self {
            Self::Crc(digest) => digest.finalize().to_be_bytes().to_vec(),
            Self::LongCrc(digest) => digest.finalize().to_be_bytes().to_vec(),
            Self::Hash(digest) => digest.finalize().into_vec(),
        }
    }
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let running = IncrementalHash {
            sum: HashState::new(algorithm),
            front: 0,
        };
        Self {
            algorithm,
            running: Mutex::new(running),
        }
    }

    /// Ignores poisoning: no holder of the lock can panic halfway through a change.
    fn running(&self) -> MutexGuard<'_, IncrementalHash> {
        self.running.lock()
    }

    /// Records bytes written at `offset`. They are hashed if they continue the sum; else they are read again at the
    /// end.
    pub(crate) fn on_write(&self, offset: u64, bytes: &[u8]) {
        let mut running = self.running();
        let known = running
            .front
            .checked_sub(offset)
            .and_then(|known| usize::try_from(known).ok());
        if let Some(fresh) = known.and_then(|known| bytes.get(known..)) {
            running.sum.update(fresh);
            running.front += fresh.len() as u64;
        }
    }

    /// How many of the first `total` bytes remain to be read from the file.
    pub(crate) fn remaining(&self, total: u64) -> u64 {
        total.saturating_sub(self.running().front)
    }

    /// The digest of everything hashed in order so far. Resets the sum.
    pub(crate) fn sum(&self) -> Checksum {
        let mut running = self.running();
        running.front = 0;
        let sum = std::mem::replace(&mut running.sum, HashState::new(self.algorithm));
        let digest = Checksum::new(self.algorithm, sum.end());
        digest.expect("each algorithm gives its own length")
    }

    /// The digest of the first `total` bytes of the file; `None` when `stop` became true on the way. A shorter file is
    /// [`ErrorKind::UnexpectedEof`]. Resets the sum.
    pub(crate) fn finish(
        &self,
        mut file: &File,
        total: u64,
        stop: impl Fn() -> bool,
    ) -> io::Result<Option<Checksum>> {
        let mut running = self.running();
        file.seek(SeekFrom::Start(running.front))?;
        let mut buffer = vec![0; PIECE];
        while running.front < total {
            if stop() {
                return Ok(None);
            }
            let left = usize::try_from(total - running.front).unwrap_or(PIECE);
            let length = file.read(&mut buffer[..left.min(PIECE)])?;
            if length == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            running.sum.update(&buffer[..length]);
            running.front += length as u64;
        }
        drop(running);
        Ok(Some(self.sum()))
    }
}

#[cfg(test)]
#[path = "hasher_tests.rs"]
mod tests;
