//! The process that is killed: an engine with a list of its own, controlled over standard input.
//!
//! Does not depend on the server, nor on what the driver expects.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use millrace_engine::{
    CommandError, Config, DownloadId, Engine, Handle, NewDownload, ParseChecksumError, RemoveMode,
    RetryPolicy, Snapshot,
};
use tokio::sync::mpsc;

use crate::control_messages::{DownloadStatus, Health, Operation, Reply};
use crate::disk::FlakyDisk;

/// Runs until it receives [`Operation::Quit`], or until standard input ends.
pub(crate) async fn run(home: &Path) -> Result<(), String> {
    let disk = Arc::new(FlakyDisk::default());
    let files = Arc::clone(&disk);
    let mut config = Config::new(home.join("list.db"), files);
    config.disk_timeout = Duration::from_millis(800);
    config.retry = RetryPolicy {
        max_attempts: 4,
        max_delay: Duration::from_millis(200),
    };
    config.timeout = Duration::from_millis(1500);
    config.parallel = 6;
    let (engine, running, notice) = Engine::start(config).map_err(|error| error.to_string())?;
    if let Some(notice) = notice {
        return Err(format!("the list is not as it was left: {notice:?}"));
    }
    let running = tokio::spawn(running);
    let folder = home.join("downloads");
    let (lines, mut asked) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = asked.recv().await {
        let ask: Operation = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        if let Operation::Quit = ask {
            break;
        }
        let reply = carry_out(&engine, &disk, &folder, ask).await;
        let line = serde_json::to_string(&reply).map_err(|error| error.to_string())?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")
            .and_then(|()| out.flush())
            .map_err(|error| error.to_string())?;
    }
    drop(engine);
    running.await.map_err(|error| error.to_string())
}

async fn carry_out(engine: &Handle, disk: &FlakyDisk, folder: &Path, ask: Operation) -> Reply {
    let id = DownloadId;
    match ask {
        Operation::Add(items) => {
            let new = items.into_iter().map(|item| {
                let checksum = item.checksum.map(|text| text.parse()).transpose()?;
                Ok(NewDownload {
                    url: item.url,
                    folder: PathBuf::from(folder),
                    checksum,
                    connections: Some(item.connections),
                    ..NewDownload::default()
                })
            });
            let new: Result<Vec<_>, ParseChecksumError> = new.collect();
            let new = match new {
                Ok(new) => new,
                Err(error) => return Reply::Refused(error.to_string()),
            };
            match engine.add_many(new).await {
                Ok(ids) => Reply::Ids(ids.into_iter().map(|id| id.0).collect()),
                Err(error) => Reply::Refused(error.to_string()),
            }
        }
        Operation::Pause(one) => word(engine.pause(id(one)).await),
        Operation::Resume(one) => word(engine.resume(id(one)).await),
        Operation::Retry(one) => word(engine.retry(id(one)).await),
        Operation::Remove(one, trash) => {
            let leftover = if trash {
                RemoveMode::Trash
            } else {
                RemoveMode::Keep
            };
            word(engine.remove(id(one), leftover).await)
        }
        Operation::Link(one, url) => word(engine.change_url(id(one), url).await),
        Operation::Limit(rate) => word(engine.set_limit(rate).await),
        Operation::LimitOne(one, rate) => word(engine.set_limit_of(id(one), rate).await),
        Operation::PauseAll => word(engine.pause_all().await),
        Operation::ResumeAll => word(engine.resume_all().await),
        Operation::List => match engine.list().await {
            Ok(list) => Reply::List(list.into_iter().map(one).collect()),
            Err(error) => Reply::Refused(error.to_string()),
        },
        Operation::Health => Reply::Health(health()),
        Operation::Away(away) => {
            disk.set_away(away);
            Reply::Well
        }
        Operation::Quit => Reply::Well,
    }
}

fn word(result: Result<(), CommandError>) -> Reply {
    match result {
        Ok(()) => Reply::Well,
        Err(error) => Reply::Refused(error.to_string()),
    }
}

fn one(snapshot: Snapshot) -> DownloadStatus {
    let phase = serde_json::to_value(snapshot.phase);
    DownloadStatus {
        id: snapshot.id.0,
        url: snapshot.url,
        name: snapshot.name,
        phase: phase
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
        problem: snapshot.problem.map(|problem| format!("{problem:?}")),
        received: snapshot.received,
        total: snapshot.total,
    }
}

/// Resources of this process, from Linux's /proc; elsewhere only the tasks are known.
fn health() -> Health {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    };
    let open = std::fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten();
    let mut descriptors: Vec<String> = open
        .filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .map(|target| target.to_string_lossy().into_owned())
        // The folder that is being read for this list itself.
        .filter(|target| !target.starts_with("/proc/"))
        .collect();
    descriptors.sort();
    Health {
        descriptors,
        threads: field("Threads:"),
        tasks: tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks() as u64,
        resident_kib: field("VmRSS:"),
        peak_kib: field("VmHWM:"),
    }
}
