//! Android's two providers: the shared list of downloads, and folders that the person picked, whose grants are kept.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use millrace_engine::Files;
use tauri::{AppHandle, Runtime};
use tauri_plugin_android_fs::api::api_sync::AndroidFs;
use tauri_plugin_android_fs::{AndroidFsExt, FileAccessMode, FsUri, UriPermission};
use tauri_plugin_transfer::{MediaRow, TransferExt};

use super::{Entry, Kind, ProvidedFiles, Provider, document_in};
use crate::shell::files::PluginFiles;

/// The shared list of downloads, as a folder.
pub(crate) const MEDIA: &str = "content://media/external/downloads";
/// Between the two halves of a picked folder; in URIs it is always escaped.
const BETWEEN: char = '|';

pub(crate) struct Android<R: Runtime>(pub(crate) AppHandle<R>);

/// How the engine keeps files: behind the providers, and plain ones in the app's own folder.
pub(crate) fn files<R: Runtime>(app: &AppHandle<R>) -> Arc<dyn Files> {
    Arc::new(ProvidedFiles {
        provider: Android(app.clone()),
        plain: PluginFiles(app.clone()),
    })
}

/// A picked folder as a path.
pub(crate) fn folder_of(picked: &FsUri) -> PathBuf {
    let tree = picked.document_top_tree_uri.as_deref();
    let tree = tree.unwrap_or(&picked.uri);
    format!("{}{BETWEEN}{tree}", picked.uri).into()
}

fn tree(folder: &str) -> FsUri {
    let (uri, tree) = folder.split_once(BETWEEN).unwrap_or((folder, folder));
    FsUri {
        uri: uri.to_owned(),
        document_top_tree_uri: Some(tree.to_owned()),
    }
}

impl<R: Runtime> Android<R> {
    fn fs(&self) -> &AndroidFs<R> {
        self.0.android_fs()
    }

    fn document(&self, folder: &str, uri: &str) -> FsUri {
        FsUri {
            uri: uri.to_owned(),
            document_top_tree_uri: tree(folder).document_top_tree_uri,
        }
    }

    /// As the plugin for files names it.
    pub(crate) fn uri(&self, folder: &str, entry: &Entry) -> FsUri {
        if folder == MEDIA {
            FsUri::from_uri(entry.uri.clone())
        } else {
            self.document(folder, &entry.uri)
        }
    }

    /// What its provider says of a document now.
    fn entry(&self, folder: &str, uri: FsUri) -> io::Result<Entry> {
        let found = self.fs().get_metadata(&uri);
        let found = found.map_err(|error| self.trouble(folder, error))?;
        let length = found.file_len().ok_or(ErrorKind::IsADirectory)?;
        let modified = found.last_modified().duration_since(UNIX_EPOCH).ok();
        let modified = modified.and_then(|since| u64::try_from(since.as_millis()).ok());
        Ok(Entry {
            name: found.name().to_owned(),
            length,
            kind: Kind::Document {
                id: document_in(&uri.uri),
                // the plugin's word for a provider that does not say it
                modified: modified.filter(|at| *at > 0),
            },
            uri: uri.uri,
        })
    }

    /// What went wrong in a picked folder: that it may not be used any more, or the provider's own words.
    fn trouble(&self, folder: &str, error: tauri_plugin_android_fs::Error) -> io::Error {
        match self.granted(folder) {
            Ok(false) => ErrorKind::PermissionDenied.into(),
            Ok(true) | Err(_) => io::Error::other(error.to_string()),
        }
    }
}

fn of_row(row: MediaRow) -> Entry {
    Entry {
        // that of its row
        kind: Kind::Number(format!(
            "media:{}",
            row.uri.rsplit('/').next().unwrap_or_default()
        )),
        uri: row.uri,
        name: row.name,
        length: row.length,
    }
}

fn of_media(error: tauri_plugin_transfer::Error) -> io::Error {
    io::Error::other(error.to_string())
}

impl<R: Runtime> Provider for Android<R> {
    fn granted(&self, folder: &str) -> io::Result<bool> {
        if folder == MEDIA {
            return Ok(true);
        }
        let picker = self.fs().picker();
        let kept =
            picker.check_persisted_uri_permission(&tree(folder), UriPermission::ReadAndWrite);
        kept.map_err(|error| io::Error::other(error.to_string()))
    }

    fn find(&self, folder: &str, name: &str) -> io::Result<Option<Entry>> {
        if folder == MEDIA {
            let row = self.0.transfer().media_find(name).map_err(of_media)?;
            return Ok(row.map(of_row));
        }
        let Ok(found) = self.fs().resolve_file_uri(&tree(folder), name) else {
            // it does not say why: nothing of that name, or nothing at all any more
            return match self.granted(folder) {
                Ok(true) => Ok(None),
                Ok(false) => Err(ErrorKind::PermissionDenied.into()),
                Err(error) => Err(error),
            };
        };
        self.entry(folder, found).map(Some)
    }

    fn create(&self, folder: &str, name: &str) -> io::Result<Entry> {
        if folder == MEDIA {
            let row = self.0.transfer().media_create(name).map_err(of_media)?;
            return row.map(of_row).ok_or_else(|| ErrorKind::NotFound.into());
        }
        // the one type that takes every ending as it is
        let made = self
            .fs()
            .create_new_file(&tree(folder), name, Some("application/octet-stream"));
        self.entry(folder, made.map_err(|error| self.trouble(folder, error))?)
    }

    fn open(&self, folder: &str, entry: &Entry) -> io::Result<File> {
        let uri = self.uri(folder, entry);
        let file = self.fs().open_file(&uri, FileAccessMode::ReadWrite);
        file.map_err(|error| self.trouble(folder, error))
    }

    fn rename(&self, folder: &str, entry: &Entry, name: &str) -> io::Result<Entry> {
        if folder == MEDIA {
            let row = self.0.transfer().media_rename(&entry.uri, name);
            let row = row.map_err(of_media)?;
            return row.map(of_row).ok_or_else(|| ErrorKind::NotFound.into());
        }
        let renamed = self.fs().rename(&self.document(folder, &entry.uri), name);
        self.entry(
            folder,
            renamed.map_err(|error| self.trouble(folder, error))?,
        )
    }

    fn remove(&self, folder: &str, entry: &Entry) -> io::Result<()> {
        if folder == MEDIA {
            let removed = self.0.transfer().media_remove(&entry.uri);
            return removed.map_err(of_media);
        }
        let removed = self.fs().remove_file(&self.document(folder, &entry.uri));
        removed.map_err(|error| self.trouble(folder, error))
    }
}
