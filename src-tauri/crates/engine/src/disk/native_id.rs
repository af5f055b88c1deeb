//! Reads a file's identity from the system. `domain::file_id` compares it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::domain::file_id::FileId;

/// Metadata and identity of the file at a path, symbolic links not followed.
#[cfg(unix)]
pub(super) fn stat(path: &Path) -> io::Result<(Metadata, FileId)> {
    let metadata = std::fs::symlink_metadata(path)?;
    // Follows a symbolic link; none of the engine's files is one.
    let volume = rustix::fs::statvfs(path).ok().map(|found| found.f_fsid);
    let renumbers = volume::renumbers(rustix::fs::statfs(path));
    let id = unix_id(&metadata, volume, renumbers);
    Ok((metadata, id))
}

#[cfg(unix)]
pub(super) fn file_id(file: &File) -> io::Result<FileId> {
    let volume = rustix::fs::fstatvfs(file).ok().map(|found| found.f_fsid);
    let renumbers = volume::renumbers(rustix::fs::fstatfs(file));
    Ok(unix_id(&file.metadata()?, volume, renumbers))
}

#[cfg(unix)]
fn unix_id(metadata: &Metadata, volume: Option<u64>, renumbers: bool) -> FileId {
    use std::os::unix::fs::MetadataExt;
    let birth = birth(metadata);
    FileId {
        device: metadata.dev(),
        // Where the inode number is not stable, the creation time has to suffice.
        inode: if renumbers && birth != 0 {
            0
        } else {
            metadata.ino()
        },
        birth,
        volume: volume.filter(|volume| volume::lasts(*volume, metadata.dev())),
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod volume {
    use rustix::fs::StatFs;
    use rustix::io::Result;

    /// Whether the file system makes up inode numbers for each mount (magic numbers: linux/magic.h, fs/exfat).
    pub(super) fn renumbers(found: Result<StatFs>) -> bool {
        const FAT: u64 = 0x4d44;
        const EXFAT: u64 = 0x2011_bab0;
        found.is_ok_and(|found| {
            let kind = u64::try_from(found.f_type).unwrap_or(0);
            kind == FAT || kind == EXFAT
        })
    }

    /// Whether f_fsid is stable: some file systems derive it from their UUID (ext4, btrfs), others from the device
    /// number (XFS, FAT) or from nothing (NFS, FUSE).
    pub(super) fn lasts(volume: u64, device: u64) -> bool {
        volume != 0 && volume != device
    }
}

#[cfg(target_vendor = "apple")]
mod volume {
    use rustix::fs::StatFs;
    use rustix::io::Result;

    /// On FAT and exFAT an empty file has an inode number that changes with its first byte.
    pub(super) fn renumbers(found: Result<StatFs>) -> bool {
        found.is_ok_and(|found| {
            let kind = found.f_fstypename.iter();
            let kind: Vec<u8> = kind
                .map_while(|&c| u8::try_from(c).ok().filter(|&c| c != 0))
                .collect();
            kind == b"msdos" || kind == b"exfat"
        })
    }

    /// f_fsid is derived from the device number.
    pub(super) fn lasts(_volume: u64, _device: u64) -> bool {
        false
    }
}

#[cfg(windows)]
pub(super) fn stat(path: &Path) -> io::Result<(Metadata, FileId)> {
    use std::os::windows::fs::OpenOptionsExt;
    /// FILE_FLAG_BACKUP_SEMANTICS, for folders, and FILE_FLAG_OPEN_REPARSE_POINT, for links (CreateFileW).
    const ANY_KIND: u32 = 0x0200_0000 | 0x0020_0000;
    // Requests no access rights, so that other open handles do not conflict.
    let file = File::options()
        .access_mode(0)
        .custom_flags(ANY_KIND)
        .open(path)?;
    Ok((file.metadata()?, file_id(&file)?))
}

/// The volume's serial number and the file's index on it (BY_HANDLE_FILE_INFORMATION). The creation time alone does not
/// suffice: a file inherits it when it takes a name that was free for less than 15 seconds.
#[cfg(windows)]
pub(super) fn file_id(file: &File) -> io::Result<FileId> {
    let found = winapi_util::file::information(file)?;
    let volume = found.volume_serial_number();
    Ok(FileId {
        device: 0,
        inode: found.file_index(),
        birth: birth(&file.metadata()?),
        volume: (volume != 0).then_some(volume),
    })
}

fn birth(metadata: &Metadata) -> u128 {
    let born = metadata.created().ok();
    let age = born.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    age.map_or(0, |age| age.as_nanos())
}
