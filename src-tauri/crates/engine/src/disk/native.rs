//! Native paths of the file system, on every platform where folders are real folders.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::file_info::FileInfo;
use super::native_id;

pub(super) fn stat(path: &Path) -> io::Result<FileInfo> {
    let (metadata, id) = native_id::stat(path)?;
    Ok(FileInfo {
        is_file: metadata.is_file(),
        length: metadata.len(),
        id: id.to_string(),
    })
}

pub(super) fn file_id(file: &File) -> io::Result<String> {
    Ok(native_id::file_id(file)?.to_string())
}

/// Whether the error means that the file system does not support the operation, not that something is wrong with the
/// file. Also by error number: the standard library has no kind for some (ENOTSUP of macOS, ENOTTY).
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    let kind = matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::InvalidInput
    );
    kind || error.raw_os_error().is_some_and(is_unsupported_number)
}

#[cfg(unix)]
fn is_unsupported_number(number: i32) -> bool {
    use rustix::io::Errno;
    [
        Errno::NOTSUP,
        Errno::OPNOTSUPP,
        Errno::NOTTY,
        Errno::NOSYS,
        Errno::INVAL,
    ]
    .iter()
    .any(|error| error.raw_os_error() == number)
}

/// ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER (winerror.h).
#[cfg(windows)]
fn is_unsupported_number(number: i32) -> bool {
    matches!(number, 1 | 50 | 87)
}

/// Syncs the file's data, so that it survives a power cut, as far as the file system supports it.
pub(super) fn sync(file: &File) -> io::Result<()> {
    or_plainly(file.sync_data(), || plain_sync(file))
}

/// As [`sync`], including the metadata.
pub(super) fn sync_all(file: &File) -> io::Result<()> {
    or_plainly(file.sync_all(), || plain_sync(file))
}

/// FAT, exFAT and SMB on macOS reject a full sync (F_FULLFSYNC), but accept a plain one.
fn or_plainly(full: io::Result<()>, plain: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    match full {
        Err(error) if is_unsupported(&error) => plain(),
        done => done,
    }
}

#[cfg(unix)]
fn plain_sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

#[cfg(windows)]
fn plain_sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// What is read next comes from the disk, as far as the system can be told so.
pub(super) fn drop_from_cache(file: &File) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // Only advice.
        let _cached = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _cached = file;
    }
}

/// A new name is safe from a power cut only once its folder is synced too.
pub(super) fn sync_dir(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match sync_all(&File::open(folder)?) {
            // Some file systems cannot sync folders; then there is nothing more to do.
            Err(error) if is_unsupported(&error) => Ok(()),
            done => done,
        }
    } else {
        Ok(())
    }
}

/// Free space for the folder in bytes. A file system that reports a total of 0 does not report its space: it fails when
/// full.
pub(super) fn free_space(folder: &Path) -> io::Result<u64> {
    let found = fs4::statvfs(folder)?;
    stated(found.total_space(), found.available_space())
}

fn stated(total: u64, free: u64) -> io::Result<u64> {
    if total == 0 {
        Err(ErrorKind::Unsupported.into())
    } else {
        Ok(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_refusal_is_known_by_its_number_and_a_trouble_is_none() {
        use rustix::io::Errno;
        let error = |number: Errno| io::Error::from_raw_os_error(number.raw_os_error());
        for refusal in [
            Errno::NOTSUP,
            Errno::OPNOTSUPP,
            Errno::NOTTY,
            Errno::NOSYS,
            Errno::INVAL,
        ] {
            assert!(is_unsupported(&error(refusal)), "{refusal:?}");
        }
        for trouble in [
            Errno::IO,
            Errno::NOSPC,
            Errno::EXIST,
            Errno::NOENT,
            Errno::ACCESS,
            Errno::BUSY,
        ] {
            assert!(!is_unsupported(&error(trouble)), "{trouble:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_refused_full_sync_is_made_up_for_by_a_plain_one_and_a_failed_one_is_not() {
        use rustix::io::Errno;
        let error = |number: Errno| io::Error::from_raw_os_error(number.raw_os_error());
        for refusal in [Errno::NOTSUP, Errno::OPNOTSUPP, Errno::NOTTY] {
            let mut plain = false;
            let done = or_plainly(Err(error(refusal)), || {
                plain = true;
                Ok(())
            });
            assert!(done.is_ok() && plain, "{refusal:?}");
            assert!(or_plainly(Err(error(refusal)), || Err(error(Errno::IO))).is_err());
        }
        let never = || unreachable!("lost bytes are told of once");
        assert!(or_plainly(Err(error(Errno::IO)), never).is_err());
        assert!(or_plainly(Ok(()), never).is_ok());
    }

    #[test]
    fn a_file_system_of_no_size_states_no_room_and_a_full_one_does() {
        assert_eq!(
            stated(0, 0).map_err(|error| error.kind()),
            Err(ErrorKind::Unsupported)
        );
        assert_eq!(stated(10, 0).ok(), Some(0));
        assert_eq!(stated(10, 5).ok(), Some(5));
    }
}
