//! Files and folders that only their owner can read: created so, not narrowed afterwards.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Permission bits of a file and of a folder of the state.
#[cfg(unix)]
const FILE_MODE: u32 = 0o600;
#[cfg(unix)]
const FOLDER_MODE: u32 = 0o700;

/// Options that create a file for its owner alone. On Windows the folder of a person's own data is theirs alone already.
pub(super) fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    options
}

/// Creates the file if it is missing, and takes it from others where it is there already.
pub(super) fn make_private(path: &Path) -> io::Result<File> {
    let file = private_file().open(path)?;
    set_owner_only(&file)?;
    Ok(file)
}

/// Creates the folder and those above it, each for its owner alone. One that is there already stays as it is.
pub(super) fn create_private_dir(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
    builder.create(folder)
}

/// Read and written by its owner alone.
#[cfg(unix)]
pub(super) fn set_owner_only(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(FILE_MODE))
}

#[cfg(not(unix))]
pub(super) fn set_owner_only(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Entered and read by its owner alone.
#[cfg(unix)]
pub(super) fn set_dir_owner_only(folder: &Path) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(FOLDER_MODE);
    std::fs::set_permissions(folder, mode)
}

#[cfg(not(unix))]
pub(super) fn set_dir_owner_only(_folder: &Path) -> io::Result<()> {
    Ok(())
}
