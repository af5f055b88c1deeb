//! The app's own log: starts, stops and failures of commands, one line each. Bounded; its errors never stop the app.
//!
//! Lines may contain URLs and folders; the caller redacts them before they leave the machine.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;

use crate::owner_only;

/// At this size `app.log` is renamed to `app.log.1`, and a new file is started.
const MAX_SIZE: u64 = 256 * 1024;
/// Number of older files kept beside `app.log`; the highest number is the oldest.
const MAX_ROTATED: u32 = 3;

#[derive(Debug, Clone)]
pub struct AppLog {
    path: PathBuf,
    // one writer at a time, so that lines are not interleaved
    file: Arc<Mutex<Option<File>>>,
}

impl AppLog {
    /// Appends to `app.log` in `folder`.
    pub fn open(folder: &Path) -> Self {
        let path = folder.join("app.log");
        let file = append(&path);
        Self {
            path,
            file: Arc::new(Mutex::new(file)),
        }
    }

    /// Errors are ignored: a log that cannot be written is no reason to stop.
    pub fn write(&self, text: &str) {
        let mut slot = self.file.lock();
        let Some(file) = slot.as_mut() else { return };
        let date = httpdate::fmt_http_date(SystemTime::now());
        let text = text.replace(['\n', '\r'], " ");
        let _ = writeln!(file, "{date} {text}");
        if file.metadata().is_ok_and(|file| file.len() >= MAX_SIZE) {
            self.rotate();
            *slot = append(&self.path);
        }
    }

    /// The last lines, at most `bytes` in total, including those of the previous file.
    pub fn tail(&self, bytes: u64) -> String {
        // nothing is renamed or half written meanwhile
        let _slot = self.file.lock();
        let newest = end(&self.path, bytes);
        let left = bytes.saturating_sub(newest.len() as u64);
        end(&self.older(1), left) + &newest
    }

    fn older(&self, number: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }

    fn rotate(&self) {
        for number in (1..MAX_ROTATED).rev() {
            let _ = fs::rename(self.older(number), self.older(number + 1));
        }
        let _ = fs::rename(&self.path, self.older(1));
    }
}

fn append(path: &Path) -> Option<File> {
    owner_only::append(path).ok()
}

/// The complete lines in the last `bytes` of a file; empty if it cannot be read.
fn end(path: &Path, bytes: u64) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let skipped = file.metadata()?.len().saturating_sub(bytes);
        // the byte before shows whether a line begins here
        file.seek(SeekFrom::Start(skipped.saturating_sub(1)))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        if skipped == 0 {
            return Ok(text);
        }
        let whole = text.split_once('\n').map(|(_, lines)| lines);
        Ok(whole.unwrap_or_default().to_owned())
    };
    read().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_grows_beyond_four_files() {
        let folder = tempfile::tempdir().unwrap();
        let log = AppLog::open(folder.path());
        let long = "x".repeat(10_000);
        for _ in 0..200 {
            log.write(&long);
        }
        log.write("two\nlines");
        let mut files = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            assert!(entry.metadata().unwrap().len() < MAX_SIZE + 20_000);
            files.push(entry.file_name().into_string().unwrap());
        }
        files.sort();
        assert_eq!(files, ["app.log", "app.log.1", "app.log.2", "app.log.3"]);
        let text = fs::read_to_string(folder.path().join("app.log")).unwrap();
        assert!(text.ends_with("GMT two lines\n"));
    }

    #[test]
    fn the_tail_is_whole_lines_and_reaches_into_the_file_before() {
        let folder = tempfile::tempdir().unwrap();
        let log = AppLog::open(folder.path());
        log.write("first");
        log.write(&"x".repeat(usize::try_from(MAX_SIZE).unwrap()));
        log.write("last but one");
        log.write("last");
        let lines = |bytes: u64| -> Vec<String> {
            let tail = log.tail(bytes);
            tail.lines().map(|line| line[30..].to_owned()).collect()
        };
        assert_eq!(lines(60), ["last"]);
        assert_eq!(lines(100), ["last but one", "last"]);
        let all = lines(2 * MAX_SIZE);
        assert_eq!((all.len(), all[0].as_str()), (4, "first"));
        assert_eq!(log.tail(0), "");
    }
}
