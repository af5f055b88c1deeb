//! Marks partial files as owned by a list, in an extended attribute where supported, so that they are recognised when
//! the list is lost: the next run with the same URL and folder deletes them. Removed before the file gets its final
//! name.
//!
//! Holds hashes only. A file without the mark, or a copy of one with it, is left alone.

use std::fs::File;
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::file_system::{FileSystem, OpenMode};
use super::part_file::part_path;
use crate::domain::file_name::numbered;

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
const ATTRIBUTE: &str = "user.millrace.part";

/// Maximum number of names checked.
const MAX_NAMES: u32 = 100;

/// The part that all marks of one list have in common.
#[derive(Debug, Clone)]
pub(crate) struct ListMark {
    store: Vec<u8>,
    /// Id of the list; differs when the list is created again.
    list: u32,
}

impl ListMark {
    /// The mark of the list at `store` with its present id.
    pub(crate) fn new(store: &Path, list: u32) -> Self {
        let store = store.as_os_str().as_encoded_bytes().to_vec();
        Self { store, list }
    }

    /// Marks the open file with that id as of this list, for that URL.
    pub(crate) fn set(&self, file: &File, id: &str, url: &str) {
        // A file system without attributes: after the loss of the list the file stays.
        let _unmarked = write(file, &format!("{} {:08x}", self.owner(id, url), self.list));
    }

    /// Deletes partial files that a lost list at this path left for that URL, under `name` or a numbered name up to
    /// the first free one. Files locked by another process stay.
    pub(crate) fn remove_orphans(
        &self,
        files: &dyn FileSystem,
        folder: &Path,
        name: &str,
        url: &str,
    ) {
        for n in 0..MAX_NAMES {
            let name = numbered(name, n);
            let part = part_path(folder, &name);
            let Ok(seen) = files.stat(&part) else {
                if files.stat(&folder.join(&name)).is_err() {
                    return;
                }
                continue;
            };
            let Ok(file) = files.open(&part, OpenMode::Existing) else {
                continue;
            };
            let id = files.file_id(&file, &part);
            let orphan = id.is_ok_and(|id| self.is_orphan(&file, &id, url));
            if orphan && file.try_lock().is_ok() {
                // A file that cannot be deleted stays recognisable by its `.part`.
                let _stays = files.remove(&part, &seen);
            }
        }
    }

    fn is_orphan(&self, file: &File, id: &str, url: &str) -> bool {
        let mark = read(file);
        let mark = mark.as_deref().and_then(|mark| mark.split_once(' '));
        // Files of the present list are still on it.
        mark.is_some_and(|(owner, list)| {
            owner == self.owner(id, url) && list != format!("{:08x}", self.list)
        })
    }

    fn owner(&self, id: &str, url: &str) -> String {
        let mut hash = Sha256::new();
        for part in [self.store.as_slice(), id.as_bytes(), url.as_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        HEXLOWER.encode(&digest[..12])
    }
}

/// Removes the mark from a file that is about to be published.
pub(crate) fn remove_mark(file: &File) {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    // Usually there is none.
    let _none = rustix::fs::fremovexattr(file, ATTRIBUTE);
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    let _nothing_to_do = file;
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn write(file: &File, mark: &str) -> std::io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr};
    Ok(fsetxattr(
        file,
        ATTRIBUTE,
        mark.as_bytes(),
        XattrFlags::empty(),
    )?)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn read(file: &File) -> Option<String> {
    let mut mark = [0; 64];
    let length = rustix::fs::fgetxattr(file, ATTRIBUTE, &mut mark).ok()?;
    String::from_utf8(mark.get(..length)?.to_vec()).ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn write(_file: &File, _mark: &str) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn read(_file: &File) -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::NativeFileSystem;

    const URL: &str = "http://a/a.bin?sig=secret";

    fn list(life: u32) -> ListMark {
        ListMark::new(Path::new("/state/cli.db"), life)
    }

    fn part(folder: &Path, name: &str) -> (File, String) {
        let path = part_path(folder, name);
        let file = NativeFileSystem.open(&path, OpenMode::CreateNew).unwrap();
        let id = NativeFileSystem.file_id(&file, &path).unwrap();
        (file, id)
    }

    fn there(folder: &Path, name: &str) -> bool {
        part_path(folder, name).exists()
    }

    #[test]
    fn only_what_an_earlier_life_of_the_same_list_left_of_the_same_link_is_removed() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        for (name, life, url, locked) in [
            ("a.bin", 1, URL, false),
            ("a (1).bin", 2, URL, false),
            ("a (2).bin", 1, "http://a/other", false),
            ("a (3).bin", 1, URL, true),
            ("a (4).bin", 1, URL, false),
        ] {
            let (file, id) = part(folder, name);
            list(life).set(&file, &id, url);
            if locked {
                file.lock().unwrap();
                std::mem::forget(file);
            }
        }
        let (stranger, _) = part(folder, "a (5).bin");
        drop(stranger);
        let other = ListMark::new(Path::new("/state/other.db"), 7);
        other.remove_orphans(&NativeFileSystem, folder, "a.bin", URL);
        assert!(there(folder, "a.bin"), "another list's");
        list(2).remove_orphans(&NativeFileSystem, folder, "a.bin", URL);
        let left = [
            "a.bin",
            "a (1).bin",
            "a (2).bin",
            "a (3).bin",
            "a (4).bin",
            "a (5).bin",
        ];
        let left = left.map(|name| there(folder, name));
        // The search ends at the first free name; the fourth copy comes before that.
        assert_eq!(left, [false, true, true, true, false, true]);
    }

    #[test]
    fn a_copy_of_a_marked_file_is_not_the_file() {
        let home = tempfile::tempdir().unwrap();
        let (file, id) = part(home.path(), "a.bin");
        list(1).set(&file, &id, URL);
        assert!(list(2).is_orphan(&file, &id, URL));
        let (copy, other) = part(home.path(), "b.bin");
        write(&copy, &read(&file).unwrap()).unwrap();
        assert!(!list(2).is_orphan(&copy, &other, URL));
        remove_mark(&file);
        assert_eq!(read(&file), None);
    }
}
