//! Which file it is, asked of the system. What the answer is good for, `domain::file_id` knows.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::domain::file_id::FileId;

/// What stands at a path, links not followed, and which file it is.
#[cfg(unix)]
pub(super) fn stat(path: &Path) -> io::Result<(Metadata, FileId)> {
    let metadata = std::fs::symlink_metadata(path)?;
    // Of a link that is what it leads to; no file of ours is a link.
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
        // Where its number does not last, its birth has to do.
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

    /// Whether the file system makes numbers up for each mount (magic numbers: linux/magic.h, fs/exfat).
    pub(super) fn renumbers(found: Result<StatFs>) -> bool {
        const FAT: u64 = 0x4d44;
        const EXFAT: u64 = 0x2011_bab0;
        found.is_ok_and(|found| {
            let kind = u64::try_from(found.f_type).unwrap_or(0);
            kind == FAT || kind == EXFAT
        })
    }

    /// Some make f_fsid of their UUID (ext4, btrfs), others of the device's number (XFS, FAT) or of nothing (NFS, FUSE).
    pub(super) fn lasts(volume: u64, device: u64) -> bool {
        volume != 0 && volume != device
    }
}

#[cfg(target_vendor = "apple")]
mod volume {
    use rustix::fs::StatFs;
    use rustix::io::Result;

    /// There an empty file of FAT and exFAT has a number that it loses with its first byte.
    pub(super) fn renumbers(found: Result<StatFs>) -> bool {
        found.is_ok_and(|found| {
            let kind = found.f_fstypename.iter();
            let kind: Vec<u8> = kind
                .map_while(|&c| u8::try_from(c).ok().filter(|&c| c != 0))
                .collect();
            kind == b"msdos" || kind == b"exfat"
        })
    }

    /// There f_fsid is made of the device's number.
    pub(super) fn lasts(_volume: u64, _device: u64) -> bool {
        false
    }
}

#[cfg(windows)]
pub(super) fn stat(path: &Path) -> io::Result<(Metadata, FileId)> {
    use std::os::windows::fs::OpenOptionsExt;
    /// FILE_FLAG_BACKUP_SEMANTICS, for folders, and FILE_FLAG_OPEN_REPARSE_POINT, for links (CreateFileW).
    const ANY_KIND: u32 = 0x0200_0000 | 0x0020_0000;
    // No right is asked for, so that nobody who has it open is in the way.
    let file = File::options()
        .access_mode(0)
        .custom_flags(ANY_KIND)
        .open(path)?;
    Ok((file.metadata()?, file_id(&file)?))
}

/// The volume's serial number and the file's number on it (BY_HANDLE_FILE_INFORMATION): the time of creation alone is
/// handed on to a file that takes a name which was free for less than 15 seconds.
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
