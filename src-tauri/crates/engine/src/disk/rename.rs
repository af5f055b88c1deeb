//! Renames a file without replacing another one, on every kind of file system. A kill between two steps leaves at
//! worst two names of the one file, and the next attempt continues from there.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::native::is_unsupported;
use super::native_id;
use super::sharing_retry::is_sharing_violation;

/// The operations of the file system. `create` and `link` return [`ErrorKind::AlreadyExists`] when the name is taken.
trait Steps {
    /// Atomically, where supported.
    fn rename_exclusively(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Creates an empty file.
    fn create(&self, path: &Path) -> io::Result<()>;
    /// Replaces an existing file.
    fn rename_over(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Whether both names are of the same file.
    fn is_same(&self, one: &Path, other: &Path) -> bool;
}

/// One atomic step where supported; else a hard link, and then the old name is removed; else, without hard links, the
/// new name is reserved by an empty file, which is then replaced.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let _kept_meanwhile = right_to_delete(from)?;
    rename_by(&Native, from, to)
}

/// On Windows a file that another program has open may get a new name but not lose the old one. While this handle with
/// the right to delete is open, no program can open it that way; without it nothing is started.
#[cfg(windows)]
fn right_to_delete(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    /// DELETE (winnt.h).
    const DELETE: u32 = 0x0001_0000;
    let file = File::options().access_mode(DELETE).open(path)?;
    Ok(Some(file))
}

#[cfg(not(windows))]
fn right_to_delete(_path: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

fn rename_by(steps: &impl Steps, from: &Path, to: &Path) -> io::Result<()> {
    match steps.rename_exclusively(from, to) {
        Err(error) if is_unsupported(&error) => {}
        done => return done,
    }
    match steps.link(from, to) {
        Ok(()) => return drop_old_name(steps, from, to),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            // An earlier attempt ended between its two steps.
            return if steps.is_same(from, to) {
                drop_old_name(steps, from, to)
            } else {
                Err(error)
            };
        }
        Err(error) if error.kind() == ErrorKind::NotFound || is_sharing_violation(&error) => {
            return Err(error);
        }
        // No hard links here.
        Err(_) => {}
    }
    steps.create(to)?;
    steps.rename_over(from, to).inspect_err(|_| {
        // Still the empty file; it stays if the process ends before this.
        let _stays = steps.remove(to);
    })
}

/// Removes the old name of a file that has both.
fn drop_old_name(steps: &impl Steps, from: &Path, to: &Path) -> io::Result<()> {
    match steps.remove(from) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => {
            // Removes the new name, which restores the initial state; if that fails too, the next attempt finds both.
            // A remote disk may have removed the old name despite the error.
            if steps.is_same(from, to) {
                let _stays = steps.remove(to);
            }
            Err(error)
        }
    }
}

struct Native;

impl Steps for Native {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn rename_exclusively(&self, from: &Path, to: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn rename_exclusively(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        File::create_new(path).map(drop)
    }

    fn rename_over(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        let ids = native_id::stat(one).ok().zip(native_id::stat(other).ok());
        ids.is_some_and(|((_, one), (_, other))| one == other)
    }
}

#[cfg(test)]
#[path = "rename_tests.rs"]
mod tests;
