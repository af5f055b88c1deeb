//! How the engine opens files: through Tauri's file plugin, which knows every platform's ways. Discarded files go to
//! the trash.

#[cfg_attr(desktop, path = "discard/trash.rs")]
#[cfg_attr(mobile, path = "discard/gone.rs")]
mod discard;

use std::fs::File;
use std::io;
use std::path::Path;

use millrace_engine::{Files, Open, Standing};
use tauri::{AppHandle, Runtime};
use tauri_plugin_fs::{FsExt, OpenOptions};

pub(crate) struct PluginFiles<R: Runtime>(pub(crate) AppHandle<R>);

impl<R: Runtime> Files for PluginFiles<R> {
    fn open(&self, path: &Path, how: Open) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        options.create_new(how == Open::CreateNew);
        self.0.fs().open(path.to_path_buf(), options)
    }

    fn discard(&self, path: &Path, _seen: &Standing) -> io::Result<()> {
        discard::discard(path)
    }
}

/// How the engine keeps files.
#[cfg(not(target_os = "android"))]
pub(crate) fn files<R: Runtime>(app: &AppHandle<R>) -> std::sync::Arc<dyn Files> {
    std::sync::Arc::new(PluginFiles(app.clone()))
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
        let files = PluginFiles(app.handle().clone());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b\u{e9}.part");
        assert_eq!(
            files.open(&path, Open::Existing).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        files
            .open(&path, Open::CreateNew)
            .unwrap()
            .write_all(b"abc")
            .unwrap();
        assert_eq!(
            files.open(&path, Open::CreateNew).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        let mut file = files.open(&path, Open::Existing).unwrap();
        file.seek(SeekFrom::Start(1)).unwrap();
        file.write_all(b"X").unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "aXc");
    }
}
