//! Ten thousand downloads on the list: the cost of adding, starting and idling, and the memory use. In a process of
//! its own, which is what it measures. Prints the numbers; the limits are those of a release build, and looser without
//! optimisation.

#![expect(
    clippy::disallowed_methods,
    reason = "measures real time and a real process"
)]

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_engine::{Config, Engine, Handle, NativeFileSystem, NewDownload, Phase};
use tempfile::TempDir;
use tokio::task::JoinHandle;

const MANY: usize = 10_000;
/// Environment variable with the list's folder, for the process that restores it.
const HOME: &str = "MILLRACE_SCALE_HOME";

/// A limit for a release build; without optimisation everything may take this many times as long.
fn within(limit: Duration) -> Duration {
    if cfg!(debug_assertions) {
        limit * 6
    } else {
        limit
    }
}

/// Prints a number for docs/benchmarks.md and checks it against its limit.
fn hold<T: std::fmt::Debug + PartialOrd>(what: &str, is: &T, limit: &T) {
    let line = format!("scale: {what}: {is:.3?} (limit {limit:.3?})\n");
    std::io::stdout()
        .write_all(line.as_bytes())
        .expect("it can be shown");
    assert!(is <= limit, "{what}: {is:?}, and {limit:?} is the limit");
}

/// Measures time; in a test, which must not depend on what else the machine does, the processor time of this process.
struct Stopwatch {
    begun: Instant,
    #[cfg(target_os = "linux")]
    processor: f64,
}

impl Stopwatch {
    fn start() -> Self {
        Self {
            begun: Instant::now(),
            #[cfg(target_os = "linux")]
            processor: processor_seconds(),
        }
    }

    fn spent(&self) -> Duration {
        #[cfg(target_os = "linux")]
        if cfg!(debug_assertions) {
            return Duration::from_secs_f64(processor_seconds() - self.processor);
        }
        self.begun.elapsed()
    }
}

fn start(home: &Path) -> (Handle, JoinHandle<()>) {
    let mut config = Config::new(home.join("list.db"), Arc::new(NativeFileSystem));
    // Nothing listens there; what is resumed by a scenario fails at once and waits for long.
    config.retry.max_delay = Duration::from_secs(600);
    let (handle, run, notice) = Engine::start(config).expect("the engine starts");
    assert_eq!(notice, None);
    (handle, tokio::spawn(run))
}

async fn end(handle: Handle, running: JoinHandle<()>) {
    drop(handle);
    let ended = tokio::time::timeout(Duration::from_secs(20), running).await;
    ended.expect("the engine ends").expect("and does not panic");
}

/// Processor time of this process in seconds, from Linux's /proc.
#[cfg(target_os = "linux")]
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux has it");
    let rest = stat.rsplit(')').next().expect("the name is in brackets");
    let ticks = rest.split_whitespace().skip(11).take(2);
    ticks
        .map(|n| n.parse::<f64>().expect("ticks are numbers"))
        .sum::<f64>()
        / 100.0
}

/// Resident memory of this process in mebibytes, from Linux's /proc. Without optimisation the pages of the executable
/// are not counted: it is many times as large as the shipped one.
#[cfg(target_os = "linux")]
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let field = if cfg!(debug_assertions) {
        "RssAnon:"
    } else {
        "VmRSS:"
    };
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.expect("it is a number") / 1024.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_downloads_are_added_taken_up_and_kept_at_little_cost() {
    if let Some(home) = std::env::var_os(HOME) {
        taken_up(Path::new(&home)).await;
        return;
    }
    let home = TempDir::new().expect("a temporary folder");
    let (handle, running) = start(home.path());
    let wishes = (0..MANY).map(|n| NewDownload {
        url: format!("http://127.0.0.1:9/folder/of/files/number-{n}.bin"),
        folder: home.path().to_owned(),
        paused: true,
        ..NewDownload::default()
    });
    let wishes: Vec<NewDownload> = wishes.collect();
    let begun = Stopwatch::start();
    let ids = handle.add_many(wishes).await.expect("they are stored");
    hold(
        "adding 10,000",
        &begun.spent(),
        &within(Duration::from_secs(1)),
    );
    assert_eq!(ids.len(), MANY);
    // One after the other, each safe from a power cut when its id is returned.
    let begun = Instant::now();
    for n in 0..50 {
        let wish = NewDownload {
            url: format!("http://127.0.0.1:9/one-more-{n}.bin"),
            folder: home.path().to_owned(),
            paused: true,
            ..NewDownload::default()
        };
        handle.add(wish).await.expect("it is stored");
    }
    hold(
        "adding one",
        &(begun.elapsed() / 50),
        &within(Duration::from_millis(50)),
    );
    end(handle, running).await;

    // In a process that has not added them, as after any start of the program.
    let this = std::env::current_exe().expect("a program has a path");
    let mut child = std::process::Command::new(this);
    let child = child
        .args(std::env::args_os().skip(1))
        .env(HOME, home.path());
    let mut child = child.spawn().expect("it starts");
    let mut looks = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            break status;
        }
        looks += 1;
        if looks > 600 {
            let _ended = child.kill();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(status.success(), "{status}");
}

/// Ten thousand that an earlier process added.
async fn taken_up(home: &Path) {
    let begun = Stopwatch::start();
    let (handle, running) = start(home);
    let list = handle.list().await.expect("the engine runs");
    hold(
        "starting with 10,000",
        &begun.spent(),
        &within(Duration::from_millis(500)),
    );
    assert_eq!(list.len(), MANY + 50);
    assert!(list.iter().all(|one| one.phase == Phase::Paused));
    drop(list);

    #[cfg(target_os = "linux")]
    {
        let before = processor_seconds();
        tokio::time::sleep(Duration::from_secs(2)).await;
        hold(
            "processor seconds in 2 s of rest",
            &(processor_seconds() - before),
            &0.02,
        );
        hold("memory in MiB", &resident(), &60.0);
    }

    // Four run and fail at once, the others queue: every one of them passes through the queue.
    let begun = Instant::now();
    handle.resume_all().await.expect("the engine runs");
    handle.pause_all().await.expect("the engine runs");
    hold(
        "resuming and pausing 10,000",
        &begun.elapsed(),
        &within(Duration::from_millis(500)),
    );
    end(handle, running).await;
}
