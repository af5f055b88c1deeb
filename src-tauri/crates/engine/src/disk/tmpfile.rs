//! Publishes small files in one step: written and synced while unnamed (O_TMPFILE), and only then linked to their final
//! names. The end of the process at any moment leaves the complete file, or nothing.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use bytes::Bytes;

use super::file_system::FileSystem;
use super::native::{file_id, sync_all, sync_dir};
use super::numbered_names::first_free_name;
use super::part_file::part_path;
use super::positioned_io::write_at;
use super::publish::PublishOptions;

/// A complete file in memory, and its callback.
pub(crate) struct SmallFile {
    /// The requested name; the next free numbered one is used when it is taken.
    pub(crate) name: String,
    /// The content, in order.
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) options: PublishOptions,
    /// Called once, from the thread that wrote: `None` where unnamed files are unsupported. An error leaves nothing
    /// behind.
    pub(crate) done: Box<dyn FnOnce(io::Result<Option<PlacedFile>>) + Send>,
}

impl std::fmt::Debug for SmallFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmallFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A published file.
#[derive(Debug)]
pub(crate) struct PlacedFile {
    pub(crate) name: String,
    /// Identity of the file, independent of its name.
    pub(crate) id: String,
}

/// An unnamed file, complete and synced.
struct Unnamed {
    file: File,
    id: String,
}

/// Publishes the files in the folder, each under its name, or the first free numbered one, unless its options permit
/// only one name. Calls each file's callback with its result, once the folder is synced for all.
pub(super) fn place_all(files: &dyn FileSystem, folder: &Path, batch: Vec<SmallFile>) {
    let written = batch.into_iter().map(|small| {
        let written = write(files, folder, &small);
        (small, written)
    });
    // All files are complete before the first is named.
    let written: Vec<_> = written.collect();
    let named = written.into_iter().map(|(small, written)| {
        let named = written.and_then(|unnamed| {
            let named = unnamed.map(|unnamed| give_free_name(unnamed, folder, &small));
            named.transpose()
        });
        (small.done, named)
    });
    let named: Vec<_> = named.collect();
    if named.iter().any(|(_, named)| matches!(named, Ok(Some(_)))) {
        // The files are complete and have their names; failing to sync the folder does not change that.
        let _unsynced = sync_dir(folder);
    }
    for (done, named) in named {
        done(named);
    }
}

fn write(files: &dyn FileSystem, folder: &Path, small: &SmallFile) -> io::Result<Option<Unnamed>> {
    let Some(file) = files.create_unnamed(folder)? else {
        return Ok(None);
    };
    let mut at = 0;
    for piece in &small.pieces {
        write_at(&file, piece, at)?;
        at += piece.len() as u64;
    }
    if let Some(origin) = &small.options.origin {
        // Failing to mark the file does not affect it.
        if let Err(error) = files.quarantine(&file, &folder.join(&small.name), origin) {
            tracing::warn!("the file could not be marked as come from the internet: {error}");
        }
    }
    if let Some(time) = small.options.modified {
        // A file system without modification times is not an error.
        let _untimed = file.set_modified(time);
    }
    sync_all(&file)?;
    let id = file_id(&file)?;
    Ok(Some(Unnamed { file, id }))
}

fn give_free_name(unnamed: Unnamed, folder: &Path, small: &SmallFile) -> io::Result<PlacedFile> {
    let Unnamed { file, id } = unnamed;
    if let Some(name) = small.options.exact_name.clone() {
        link_name(&file, &folder.join(&name))?;
        return Ok(PlacedFile { name, id });
    }
    let name = first_free_name(&small.name, |name| {
        // Somebody is about to finish a file of that name.
        if part_path(folder, &name).symlink_metadata().is_ok() {
            return Ok(None);
        }
        match link_name(&file, &folder.join(&name)) {
            Ok(()) => Ok(Some(name)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error),
        }
    })?;
    let name = name.ok_or(ErrorKind::AlreadyExists)?;
    Ok(PlacedFile { name, id })
}

/// Never replaces another file.
#[cfg(target_os = "linux")]
fn link_name(file: &File, path: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link_name(_file: &File, _path: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{NativeFileSystem, PublishOptions};

    /// Places a single file.
    fn write_whole(
        files: &dyn FileSystem,
        folder: &Path,
        name: &str,
        bytes: &[u8],
        options: &PublishOptions,
    ) -> io::Result<Option<PlacedFile>> {
        let (tell, told) = std::sync::mpsc::channel();
        let small = SmallFile {
            name: name.into(),
            // In two pieces.
            pieces: bytes.chunks(2).map(|piece| piece.to_vec().into()).collect(),
            options: options.clone(),
            done: Box::new(move |placed| tell.send(placed).unwrap()),
        };
        place_all(files, folder, vec![small]);
        told.recv().unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_placed_whole_and_never_over_another_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.bin"), b"old").unwrap();
        std::fs::write(folder.path().join("a (1).bin.part"), b"").unwrap();
        let placed = write_whole(
            &NativeFileSystem,
            folder.path(),
            "a.bin",
            b"new",
            &PublishOptions::default(),
        )
        .unwrap();
        let placed = placed.unwrap();
        assert_eq!(placed.name, "a (2).bin");
        assert!(crate::disk::is_there(
            &NativeFileSystem,
            &folder.path().join(&placed.name),
            &placed.id,
            None
        ));
        assert_eq!(std::fs::read(folder.path().join("a.bin")).unwrap(), b"old");
        assert_eq!(
            std::fs::read(folder.path().join("a (2).bin")).unwrap(),
            b"new"
        );
        assert_eq!(
            names(folder.path()),
            ["a (1).bin.part", "a (2).bin", "a.bin"]
        );
    }

    #[test]
    fn a_name_that_cannot_be_given_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let missing = write_whole(
            &NativeFileSystem,
            &folder.path().join("none"),
            "a",
            b"x",
            &PublishOptions::default(),
        );
        assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
        let long = "x".repeat(300);
        assert!(
            write_whole(
                &NativeFileSystem,
                folder.path(),
                &long,
                b"x",
                &PublishOptions::default()
            )
            .is_err()
        );
        assert!(names(folder.path()).is_empty());
    }
}
