//! Maps IO errors to problems.

use std::io::{Error, ErrorKind};
use std::path::Path;

use super::sharing_retry::is_sharing_violation;
use crate::domain::problem::Problem;

/// For an error in a folder: creating or renaming a file.
pub(crate) fn folder_problem(error: &Error, folder: &Path) -> Problem {
    if error.kind() == ErrorKind::NotFound {
        return Problem::FolderMissing {
            folder: folder.display().to_string(),
        };
    }
    path_problem(error, folder, folder)
}

/// For an error while the finished file at `path` is read.
pub(crate) fn read_problem(error: &Error, path: &Path) -> Problem {
    let path = path.display().to_string();
    if is_sharing_violation(error) {
        return Problem::InUse { path, holder: None };
    }
    let reason = error.to_string();
    Problem::DiskFailed { path, reason }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system's list of kinds is open"
)]
/// For an error with one file in `folder`.
pub(crate) fn path_problem(error: &Error, path: &Path, folder: &Path) -> Problem {
    let folder = folder.display().to_string();
    if is_sharing_violation(error) {
        return Problem::InUse {
            path: path.display().to_string(),
            holder: None,
        };
    }
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Problem::DiskFull {
            folder,
            needed: None,
        },
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Problem::ReadOnly { folder },
        ErrorKind::NotADirectory => Problem::FolderMissing { folder },
        ErrorKind::FileTooLarge => Problem::FileTooLarge { folder },
        ErrorKind::NotFound => Problem::PartialLost {
            path: path.display().to_string(),
        },
        _ => Problem::DiskFailed {
            path: path.display().to_string(),
            reason: error.to_string(),
        },
    }
}
