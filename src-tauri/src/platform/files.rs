//! The engine's file system through Tauri's file plugin, which handles the differences of the platforms. Discarded
//! files are moved to the trash.

#[cfg_attr(desktop, path = "discard/trash.rs")]
#[cfg_attr(mobile, path = "discard/delete.rs")]
mod discard;

use std::fs::File;
use std::io;
use std::path::Path;

use millrace_engine::{FileInfo, FileSystem, OpenMode};
use tauri::{AppHandle, Runtime};
use tauri_plugin_fs::{FsExt, OpenOptions};

pub(crate) struct PluginFileSystem<R: Runtime>(pub(crate) AppHandle<R>);

impl<R: Runtime> FileSystem for PluginFileSystem<R> {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        options.create_new(how == OpenMode::CreateNew);
        self.0.fs().open(path.to_path_buf(), options)
    }

    fn open_read(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true);
        self.0.fs().open(path.to_path_buf(), options)
    }

    fn trash(&self, path: &Path, _seen: &FileInfo) -> io::Result<()> {
        discard::discard(path)
    }
}

/// The engine's file system.
#[cfg(not(target_os = "android"))]
pub(crate) fn files<R: Runtime>(app: &AppHandle<R>) -> std::sync::Arc<dyn FileSystem> {
    std::sync::Arc::new(PluginFileSystem(app.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, SeekFrom, Write};

    #[test]
    fn a_file_is_created_once_and_opened_without_losing_bytes() {
        let app = tauri::test::mock_builder()
            .plugin(tauri_plugin_fs::init())
            .build(tauri::test::mock_context(tauri::test::noop_assets()))
            .unwrap();
        let files = PluginFileSystem(app.handle().clone());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b\u{e9}.part");
        assert_eq!(
            files.open(&path, OpenMode::Existing).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        files
            .open(&path, OpenMode::CreateNew)
            .unwrap()
            .write_all(b"abc")
            .unwrap();
        assert_eq!(
            files.open(&path, OpenMode::CreateNew).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        let mut file = files.open(&path, OpenMode::Existing).unwrap();
        file.seek(SeekFrom::Start(1)).unwrap();
        file.write_all(b"X").unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "aXc");
    }
}
