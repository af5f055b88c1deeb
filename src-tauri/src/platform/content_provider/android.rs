//! Android's two providers: the shared list of downloads, and folders picked by the user, whose grants are persisted.
//! Called without an activity, because downloads continue when there is none.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::FileSystem;
use tauri::{AppHandle, Runtime};
use tauri_plugin_android_fs::FsUri;
use tauri_plugin_transfer::{Document, Error, MediaRow, Transfer, TransferExt};

use super::{Kind, Provider, ProviderFile, ProviderFileSystem, document_in};
use crate::paths::MEDIA_FOLDER;
use crate::platform::files::PluginFileSystem;

/// Separates the two URIs of a picked folder; always escaped inside URIs.
const SEPARATOR: char = '|';

pub(crate) struct AndroidProvider(Transfer);

impl AndroidProvider {
    pub(crate) fn of<R: Runtime>(app: &AppHandle<R>) -> Self {
        Self(app.transfer().clone())
    }
}

/// The engine's file system: provider files, and plain ones in the app's own folder.
pub(crate) fn files<R: Runtime>(app: &AppHandle<R>) -> Arc<dyn FileSystem> {
    Arc::new(ProviderFileSystem {
        provider: AndroidProvider::of(app),
        plain: PluginFileSystem(app.clone()),
    })
}

/// A picked folder as a path.
pub(crate) fn folder_of(picked: &FsUri) -> PathBuf {
    let tree = picked.document_top_tree_uri.as_deref();
    let tree = tree.unwrap_or(&picked.uri);
    format!("{}{SEPARATOR}{tree}", picked.uri).into()
}

/// The URI in the form of the plugin that opens files.
pub(crate) fn uri_of(folder: &str, entry: &ProviderFile) -> FsUri {
    if folder == MEDIA_FOLDER {
        return FsUri::from_uri(entry.uri.clone());
    }
    let (tree, _) = tree(folder);
    FsUri {
        uri: entry.uri.clone(),
        document_top_tree_uri: Some(tree.to_owned()),
    }
}

/// The URI of the granted tree, and that of the folder in it.
fn tree(folder: &str) -> (&str, &str) {
    let (uri, tree) = folder.split_once(SEPARATOR).unwrap_or((folder, folder));
    (tree, uri)
}

fn of_row(row: MediaRow) -> ProviderFile {
    ProviderFile {
        // the row's number
        kind: Kind::Number(format!(
            "media:{}",
            row.uri.rsplit('/').next().unwrap_or_default()
        )),
        uri: row.uri,
        name: row.name,
        length: row.length,
    }
}

fn of_document(document: Document) -> io::Result<ProviderFile> {
    if document.folder {
        return Err(ErrorKind::IsADirectory.into());
    }
    Ok(ProviderFile {
        kind: Kind::Document {
            id: document_in(&document.uri),
            // 0 or less also means that the provider does not report it
            modified: document.modified.filter(|at| *at > 0),
        },
        uri: document.uri,
        name: document.name,
        length: document.length,
    })
}

fn of_error(error: Error) -> io::Error {
    let kind = match error {
        Error::Missing(_) => ErrorKind::NotFound,
        Error::Denied(_) => ErrorKind::PermissionDenied,
        Error::Refused(_) => ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

fn there(found: Option<Document>) -> io::Result<ProviderFile> {
    of_document(found.ok_or(ErrorKind::NotFound)?)
}

impl Provider for AndroidProvider {
    fn is_granted(&self, folder: &str) -> io::Result<bool> {
        if folder == MEDIA_FOLDER {
            return Ok(true);
        }
        self.0.document_granted(tree(folder).0).map_err(of_error)
    }

    fn find(&self, folder: &str, name: &str) -> io::Result<Option<ProviderFile>> {
        if folder == MEDIA_FOLDER {
            let row = self.0.media_find(name).map_err(of_error)?;
            return Ok(row.map(of_row));
        }
        let (tree, uri) = tree(folder);
        let found = self.0.document_find(tree, uri, name).map_err(of_error)?;
        found.map(of_document).transpose()
    }

    fn create(&self, folder: &str, name: &str) -> io::Result<ProviderFile> {
        if folder == MEDIA_FOLDER {
            let row = self.0.media_create(name).map_err(of_error)?;
            return row.map(of_row).ok_or_else(|| ErrorKind::NotFound.into());
        }
        let (tree, uri) = tree(folder);
        there(self.0.document_create(tree, uri, name).map_err(of_error)?)
    }

    fn open(&self, _folder: &str, entry: &ProviderFile) -> io::Result<File> {
        self.0.open_content(&entry.uri).map_err(of_error)
    }

    fn rename(&self, folder: &str, entry: &ProviderFile, name: &str) -> io::Result<ProviderFile> {
        if folder == MEDIA_FOLDER {
            let row = self.0.media_rename(&entry.uri, name).map_err(of_error)?;
            return row.map(of_row).ok_or_else(|| ErrorKind::NotFound.into());
        }
        there(self.0.document_rename(&entry.uri, name).map_err(of_error)?)
    }

    fn remove(&self, folder: &str, entry: &ProviderFile) -> io::Result<()> {
        let removed = if folder == MEDIA_FOLDER {
            self.0.media_remove(&entry.uri)
        } else {
            self.0.document_remove(&entry.uri)
        };
        removed.map_err(of_error)
    }
}
