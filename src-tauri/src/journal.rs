//! The app's own log: starts, stops and failures of commands, one line each. Bounded; never stops the app.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// At this size the file becomes `app.log.old`, and a new one begins.
const LARGEST: u64 = 256 * 1024;
/// Bytes of the log that a report has.
const TAIL: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub(crate) struct Journal {
    path: PathBuf,
    // one writer at a time, so that lines do not mix
    file: Arc<Mutex<Option<File>>>,
}

impl Journal {
    /// Appends to `app.log` in `folder`.
    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join("app.log");
        let file = append(&path);
        Self {
            path,
            file: Arc::new(Mutex::new(file)),
        }
    }

    /// A log that cannot be written is no reason to stop.
    pub(crate) fn line(&self, text: &str) {
        let mut slot = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = slot.as_mut() else { return };
        let date = httpdate::fmt_http_date(SystemTime::now());
        let text = text.replace(['\n', '\r'], " ");
        let _ = writeln!(file, "{date} {text}");
        if file.metadata().is_ok_and(|file| file.len() >= LARGEST) {
            let _ = fs::rename(&self.path, self.path.with_extension("log.old"));
            *slot = append(&self.path);
        }
    }

    /// The last lines, at most 64 KiB.
    pub(crate) fn tail(&self) -> String {
        // one that cannot be read has nothing to say
        let read = |path: &Path| fs::read(path).unwrap_or_default();
        let mut bytes = read(&self.path.with_extension("log.old"));
        bytes.extend(read(&self.path));
        let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(TAIL)..]);
        match text.split_once('\n') {
            Some((_part, lines)) if bytes.len() > TAIL => lines.to_owned(),
            Some(_) | None => text.into_owned(),
        }
    }
}

fn append(path: &Path) -> Option<File> {
    File::options().create(true).append(true).open(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_grows_beyond_two_files() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path());
        let long = "x".repeat(10_000);
        for _ in 0..100 {
            journal.line(&long);
        }
        journal.line("two\nlines");
        let mut sizes = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            sizes.push(entry.unwrap().metadata().unwrap().len());
        }
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().all(|size| *size < LARGEST + 20_000));
        let text = fs::read_to_string(folder.path().join("app.log")).unwrap();
        assert!(text.ends_with("GMT two lines\n"));
        let tail = journal.tail();
        assert!(tail.len() < TAIL && tail.ends_with("GMT two lines\n"));
        assert_eq!(tail.lines().count(), TAIL / 10_040 + 1);
    }
}
