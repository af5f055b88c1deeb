//! Files and folders that only their owner can access: created that way, not restricted afterwards.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Permission bits of files and folders of the state.
#[cfg(unix)]
const FILE_MODE: u32 = 0o600;
#[cfg(unix)]
const FOLDER_MODE: u32 = 0o700;

/// Options that create a file private to its owner. On Windows the user's data folder is private already.
pub(super) fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    options
}

/// Creates the file if missing, and makes an existing one private.
pub(super) fn make_private(path: &Path) -> io::Result<File> {
    let file = private_file().open(path)?;
    set_owner_only(&file)?;
    Ok(file)
}

/// Creates the folder and its missing parents, each private to its owner. An existing one is left unchanged.
pub(super) fn create_private_dir(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
    builder.create(folder)
}

/// Makes a file readable and writable by its owner alone.
#[cfg(unix)]
pub(super) fn set_owner_only(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(FILE_MODE))
}

#[cfg(not(unix))]
pub(super) fn set_owner_only(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Makes a folder accessible by its owner alone.
#[cfg(unix)]
pub(super) fn set_dir_owner_only(folder: &Path) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(FOLDER_MODE);
    std::fs::set_permissions(folder, mode)
}

#[cfg(not(unix))]
pub(super) fn set_dir_owner_only(_folder: &Path) -> io::Result<()> {
    Ok(())
}
