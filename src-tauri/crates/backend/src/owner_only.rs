//! Opens files that are for their owner alone with mode 0600: new ones from creation on, existing ones when they are opened.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// A file to add to.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    open(path, File::options().append(true).create(true))
}

/// A new file; fails if there is one of this name.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    open(path, File::options().write(true).create_new(true))
}

#[cfg(unix)]
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    const MODE: u32 = 0o600;
    let file = options.mode(MODE).open(path)?;
    // Fails on file systems without modes.
    let _ = file.set_permissions(PermissionsExt::from_mode(MODE));
    Ok(file)
}

/// The state folder is private to the user on these systems.
#[cfg(not(unix))]
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.open(path)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::app_log::AppLog;
    use crate::folder_grants::FolderGrants;
    use crate::paths::AppPaths;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn new_files_and_those_of_an_earlier_version_are_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old");
        std::fs::write(&path, "abc").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        append(&path).unwrap().write_all(b"d").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abcd");
        assert_eq!(mode(&path), 0o600);
        append(&folder.path().join("new")).unwrap();
        assert_eq!(mode(&folder.path().join("new")), 0o600);
    }

    #[test]
    fn the_log_and_the_folders_are_written_so() {
        let state = tempfile::tempdir().unwrap();
        let home = AppPaths {
            state: state.path().to_path_buf(),
            downloads: state.path().join("downloads"),
            fixed_downloads: false,
            private_downloads: false,
        };
        AppLog::open(state.path());
        FolderGrants::open(&home).grant("music".into()).1.unwrap();
        for file in [state.path().join("app.log"), home.folders()] {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}
