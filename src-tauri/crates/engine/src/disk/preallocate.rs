//! Preallocates space for a whole file before its first byte, where the file system can do that at no cost. The visible
//! length does not change: it shows how far the bytes reach.

use std::fs::{File, Metadata};
use std::io;

/// Smaller files are written before a preallocation would pay off.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MIN_SIZE: u64 = 16 << 20;

/// Preallocates `total` bytes. Fails only for lack of space; a file system without preallocation is not an error.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn preallocate(file: &File, total: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;
    if total <= MIN_SIZE || is_memory_fs(file) {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, total) {
        Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// No-op elsewhere: the only way would be to write zeros, which costs more than it gains.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn preallocate(_file: &File, _total: u64) -> io::Result<()> {
    Ok(())
}

/// Memory file systems, where a preallocation takes all pages immediately: a quarter of a second per GiB in which no
/// byte is read.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_memory_fs(file: &File) -> bool {
    const TMPFS: u64 = 0x0102_1994;
    const RAMFS: u64 = 0x8584_58f6;
    rustix::fs::fstatfs(file).is_ok_and(|system| {
        let kind = u64::try_from(system.f_type).unwrap_or(0);
        kind == TMPFS || kind == RAMFS
    })
}

/// Bytes that the file occupies on disk, including preallocated ones.
#[cfg(unix)]
pub(super) fn allocated(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(metadata).saturating_mul(512)
}

#[cfg(not(unix))]
pub(super) fn allocated(_metadata: &Metadata) -> u64 {
    0
}

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_leaves_the_visible_length_alone_and_says_when_there_is_no_room() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = File::create_new(dir.path().join("f.part")).expect("a new file");
        preallocate(&file, 17 << 20).expect("a test machine has 17 MiB");
        assert_eq!(file.metadata().expect("it is there").len(), 0);
        if !is_memory_fs(&file) {
            // More than any file may have.
            assert!(preallocate(&file, (1 << 63) - 1).is_err());
        }
    }
}
