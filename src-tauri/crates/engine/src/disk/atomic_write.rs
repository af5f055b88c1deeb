//! Replaces small files of the state as a whole.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;

use super::native;

/// Ends the names of temporary files.
const SUFFIX: &str = ".new";

/// Writes `bytes` to `path`: after a crash or a power cut the old file or the new one is there, never half of one. Only
/// the owner can read it. For one writer of a file at a time: what a killed one left is deleted.
///
/// # Errors
///
/// Those of the file system; the old file is then as it was.
pub fn atomic_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut prefix = path.file_name().unwrap_or_default().to_owned();
    prefix.push("-");
    remove_stale(folder, &prefix);
    let mut temporary = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(SUFFIX)
        .tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    native::sync_all(temporary.as_file())?;
    std::fs::rename(temporary.into_temp_path(), path)?;
    // The new file is in place; without the sync of its folder a power cut may bring the old one back.
    let _unsynced = native::sync_dir(folder);
    Ok(())
}

fn remove_stale(folder: &Path, prefix: &OsStr) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(prefix.as_encoded_bytes()) && name.ends_with(SUFFIX.as_bytes()) {
            // One that cannot be deleted does no harm.
            let _left = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn the_file_is_replaced_as_a_whole_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, "older and longer").unwrap();
        // left by a killed process
        std::fs::write(folder.path().join("a.json-Ab12Cd.new"), "half").unwrap();
        atomic_write(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.json"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_cannot_be_replaced_stays_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("inside"), "kept").unwrap();
        assert!(atomic_write(&path, b"new").is_err());
        assert_eq!(std::fs::read(path.join("inside")).unwrap(), b"kept");
        assert_eq!(names(folder.path()), ["a.json"]);
        assert!(atomic_write(&folder.path().join("no/a.json"), b"new").is_err());
    }
}
