//! The app's own log: the events of [`tracing`] and of the `log` crate, one line each, from this program and from its
//! libraries. Bounded; its errors never stop the app.
//!
//! Secrets of URLs and headers are removed before a line is written. Lines may contain hosts and folders: the caller
//! redacts these before they leave the machine.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, SystemTime};

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::owner_only;
use crate::redact::redact;

/// What is written: warnings of everything, and what our crates say. The log of each download is left out but for its
/// warnings: the page shows it.
const LEVELS: &str = "warn,millrace_app=info,millrace_backend=info,millrace_engine=info,millrace_engine::download=warn";
/// Overrides [`LEVELS`], in the same form: `trace` or `debug,hyper_util=trace`.
const LEVELS_VAR: &str = "MILLRACE_LOG";

/// At this size `app.log` is renamed to `app.log.1`, and a new file is started.
const MAX_SIZE: u64 = 256 * 1024;
/// Number of older files kept beside `app.log`; the highest number is the oldest.
const MAX_ROTATED: u32 = 3;

/// Lines that wait to be written at most; more are dropped, and counted.
const MAX_QUEUED: usize = 1024;
/// How long [`AppLog::flush`] waits for a disk that does not respond.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Written by a thread of its own: a disk that does not respond never holds up the caller.
#[derive(Debug, Clone)]
pub struct AppLog {
    path: PathBuf,
    queue: SyncSender<Task>,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Task {
    Line(String),
    /// Replies when all lines before it are written.
    Flush(SyncSender<()>),
}

impl AppLog {
    /// Appends to `app.log` in `folder`. Without a thread or a file nothing is written.
    pub fn open(folder: &Path) -> Self {
        let path = folder.join("app.log");
        let (queue, inbox) = sync_channel(MAX_QUEUED);
        let dropped = Arc::<AtomicU64>::default();
        let mut files = LogFiles::open(path.clone());
        let missing = Arc::clone(&dropped);
        let write = move || {
            while let Ok(task) = inbox.recv() {
                match task {
                    Task::Line(line) => files.append(&line),
                    Task::Flush(reply) => {
                        let _gone = reply.try_send(());
                    }
                }
                let missed = missing.swap(0, Ordering::Relaxed);
                if missed > 0 {
                    files.append(&format!("{missed} lines are missing here"));
                }
            }
        };
        let _none = thread::Builder::new().name("log".into()).spawn(write);
        Self {
            path,
            queue,
            dropped,
        }
    }

    /// Queues one line, without secrets. Never waits.
    fn append(&self, text: &str) {
        let text = redact(text.trim_end(), None).replace(['\n', '\r'], " ");
        if self.queue.try_send(Task::Line(text)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until every line up to now is written, but not long for a disk that does not respond.
    pub fn flush(&self) {
        let (reply, answer) = sync_channel(1);
        if self.queue.try_send(Task::Flush(reply)).is_ok() {
            let _slow = answer.recv_timeout(FLUSH_TIMEOUT);
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last lines, at most `bytes` in total, including those of the previous file. Waits for the disk.
    pub fn tail(&self, bytes: u64) -> String {
        self.flush();
        let newest = end(&self.path, bytes);
        let left = bytes.saturating_sub(newest.len() as u64);
        end(&older(&self.path, 1), left) + &newest
    }
}

/// `app.log`, and the older files beside it.
struct LogFiles {
    path: PathBuf,
    file: Option<File>,
}

impl LogFiles {
    fn open(path: PathBuf) -> Self {
        let file = owner_only::append(&path).ok();
        Self { path, file }
    }

    /// Errors are ignored: a log that cannot be written is no reason to stop.
    fn append(&mut self, line: &str) {
        let Some(file) = &mut self.file else { return };
        let _unwritten = writeln!(file, "{line}");
        if file.metadata().is_ok_and(|file| file.len() >= MAX_SIZE) {
            for number in (1..MAX_ROTATED).rev() {
                let _none = fs::rename(older(&self.path, number), older(&self.path, number + 1));
            }
            let _stays = fs::rename(&self.path, older(&self.path, 1));
            self.file = owner_only::append(&self.path).ok();
        }
    }
}

fn older(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

/// Makes `log` the destination of all events of this process. Without effect if there is one already.
pub fn install(log: &AppLog) {
    let _already = subscriber(log).try_init();
}

/// Writes events to `log`, of the levels that `LEVELS` or the environment's `MILLRACE_LOG` says.
pub fn subscriber(log: &AppLog) -> impl Subscriber + Send + Sync + use<> {
    let wanted = std::env::var(LEVELS_VAR);
    let levels = wanted.as_deref().unwrap_or(LEVELS);
    let levels = levels.parse::<Targets>();
    let levels = levels.or_else(|_| LEVELS.parse()).unwrap_or_default();
    let lines = fmt::layer()
        .with_ansi(false)
        .with_timer(HttpDate)
        .with_writer(log.clone());
    tracing_subscriber::registry().with(levels).with(lines)
}

/// The time of day as in HTTP (RFC 9110, section 5.6.7).
struct HttpDate;

impl FormatTime for HttpDate {
    fn format_time(&self, to: &mut Writer<'_>) -> std::fmt::Result {
        to.write_str(&httpdate::fmt_http_date(SystemTime::now()))
    }
}

/// Each event is one call of `write`.
impl Write for &AppLog {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.append(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for AppLog {
    type Writer = &'a AppLog;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
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
            log.append(&long);
        }
        log.append("two\nlines");
        log.flush();
        let mut files = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            assert!(entry.metadata().unwrap().len() < MAX_SIZE + 20_000);
            files.push(entry.file_name().into_string().unwrap());
        }
        files.sort();
        assert_eq!(files, ["app.log", "app.log.1", "app.log.2", "app.log.3"]);
        let text = fs::read_to_string(folder.path().join("app.log")).unwrap();
        assert!(text.ends_with("\ntwo lines\n"));
    }

    #[test]
    fn the_tail_is_whole_lines_and_reaches_into_the_file_before() {
        let folder = tempfile::tempdir().unwrap();
        let log = AppLog::open(folder.path());
        log.append("first");
        log.append(&"x".repeat(usize::try_from(MAX_SIZE).unwrap()));
        log.append("last but one");
        log.append("last");
        let lines = |bytes: u64| -> Vec<String> {
            let tail = log.tail(bytes);
            tail.lines().map(str::to_owned).collect()
        };
        assert_eq!(lines(15), ["last"]);
        assert_eq!(lines(20), ["last but one", "last"]);
        let all = lines(2 * MAX_SIZE);
        assert_eq!((all.len(), all[0].as_str()), (4, "first"));
        assert_eq!(log.tail(0), "");
    }

    #[test]
    fn events_are_lines_with_level_and_source_and_without_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let log = AppLog::open(folder.path());
        tracing::subscriber::with_default(subscriber(&log), || {
            tracing::info!("started {}", "0.1.0");
            tracing::warn!(target: "hyper_util::client", "https://ada:pw@host/a?token=abc\nfailed");
            tracing::info!(target: "hyper_util::client", "not written");
            tracing::info!(target: "millrace_engine::download", download = 7, "not written");
            tracing::error!(target: "millrace_engine::download", download = 7, "failed");
        });
        let text = log.tail(10_000);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let date = "Mon, 30 Nov 2026 14:00:00 GMT".len();
        assert!(lines[0][..date].ends_with(" GMT"), "{}", lines[0]);
        assert_eq!(
            lines.iter().map(|line| &line[date..]).collect::<Vec<_>>(),
            [
                "  INFO millrace_backend::app_log::tests: started 0.1.0",
                "  WARN hyper_util::client: https://***@host/a?token=*** failed",
                " ERROR millrace_engine::download: failed download=7",
            ]
        );
    }

    #[test]
    fn lines_beyond_the_queue_are_dropped_and_counted_and_nobody_waits() {
        let (queue, inbox) = sync_channel(2);
        let log = AppLog {
            path: PathBuf::new(),
            queue,
            dropped: Arc::default(),
        };
        // As with a disk that does not respond: nothing is taken from the queue.
        for _ in 0..5 {
            log.append("a line");
        }
        assert_eq!(log.dropped.load(Ordering::Relaxed), 3);
        assert_eq!(inbox.try_iter().count(), 2);
    }
}
