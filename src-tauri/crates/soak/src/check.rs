//! Checks what must hold during a run and at its end.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::child::Process;
use crate::content::{first_wrong, sha256_of};
use crate::control_messages::{DownloadStatus, Health, Operation};
use crate::ledger::number_of;
use crate::server_model::{ServedFile, ServerModel};
use crate::soak_run::SoakRun;

/// Memory that an engine may use, in KiB.
const CEILING: u64 = 96 << 10;
/// The run fails after this time without any progress.
const STILL: Duration = Duration::from_secs(60);
/// Idle threads end within this time; idle connections end when the server closes them.
const CALM: Duration = Duration::from_secs(30);
/// Files that stay in the folder after their downloads were removed.
const KEPT: usize = 40;

/// Checks the list: finished files must be right; most of their downloads are then removed.
pub(crate) async fn look(drive: &mut SoakRun, process: &mut Process) -> Result<(), String> {
    drive.list = process.list().await?;
    drive.books.on_list.retain(|id, number| {
        drive.list.iter().any(|one| one.id == *id) || !drive.books.removed.contains(number)
    });
    let done: Vec<DownloadStatus> = drive
        .list
        .iter()
        .filter(|one| one.done())
        .cloned()
        .collect();
    for one in done {
        let number = number_of(&one.url).ok_or_else(|| format!("a strange link: {one:?}"))?;
        verify(drive, &one, number)?;
        let leaving = drive.books.removed.contains(&number);
        if !leaving && drive.dice.permille(200) {
            continue;
        }
        let trash = leaving || drive.dice.permille(800);
        drive.books.removed.insert(number);
        process.tell(&Operation::Remove(one.id, trash)).await?;
        if !leaving {
            drive.books.finished += 1;
            if !trash {
                drive.books.kept.insert(one.name, number);
            }
        }
    }
    while drive.books.kept.len() > KEPT {
        let Some((name, _)) = drive.books.kept.pop_first() else {
            break;
        };
        // Like a user who moves a file that is no longer on the list.
        std::fs::remove_file(drive.home.join("downloads").join(&name)).map_err(|error| {
            format!("{name} was to be kept when its download left the list: {error}")
        })?;
    }
    let health = process.health().await?;
    drive.peak = drive.peak.max(health.peak_kib);
    if health.resident_kib > CEILING {
        return Err(format!(
            "the engine has {} MiB of memory",
            health.resident_kib >> 10
        ));
    }
    Ok(())
}

/// Checks a finished download's file.
fn verify(drive: &SoakRun, one: &DownloadStatus, number: usize) -> Result<(), String> {
    let path = drive.home.join("downloads").join(&one.name);
    if !path.exists() && drive.books.removed.contains(&number) {
        return Ok(());
    }
    right(&drive.site, &path, number).map_err(|wrong| format!("{wrong}; {one:?}"))
}

/// The file must be one of the versions that the server had, from the first byte to the last.
fn right(site: &ServerModel, path: &Path, number: usize) -> Result<(), String> {
    let name = path.display();
    let page: ServedFile = site
        .page(number)
        .ok_or_else(|| format!("{name} is of no file of the server"))?;
    let hash = sha256_of(path).map_err(|error| format!("{name}: {error}"))?;
    if page.versions.iter().any(|content| content.sha256() == hash) {
        return Ok(());
    }
    let differs: Vec<String> = page
        .versions
        .iter()
        .map(|content| match first_wrong(path, *content) {
            Ok((at, length)) => format!(
                "first wrong byte {at:?}, {length} of {} bytes",
                content.length
            ),
            Err(error) => error.to_string(),
        })
        .collect();
    Err(format!(
        "{name} is none of the server's versions: {differs:?}; {page:?}"
    ))
}

/// From now on the server has no faults: everything must finish, be right, and leave nothing behind.
pub(crate) async fn end(drive: &mut SoakRun, mut process: Process) -> Result<(), String> {
    drive.site.behave(0);
    process.tell(&Operation::Away(false)).await?;
    process.tell(&Operation::Limit(None)).await?;
    for id in drive.books.on_list.keys().copied().collect::<Vec<u64>>() {
        process.tell(&Operation::LimitOne(id, None)).await?;
    }
    finish(drive, &mut process).await?;
    let list = process.list().await?;
    for one in &list {
        let number = number_of(&one.url).ok_or_else(|| format!("a strange link: {one:?}"))?;
        verify(drive, one, number)?;
        drive.books.finished += 1;
    }
    let last = process.health().await?;
    drive.peak = drive.peak.max(last.peak_kib);
    at_rest(drive, process).await?;
    names(drive, &list)
}

/// Waits until every download is finished; resumes and retries them.
async fn finish(drive: &mut SoakRun, process: &mut Process) -> Result<(), String> {
    let mut moved = Instant::now();
    let mut before = Vec::new();
    loop {
        let list = process.list().await?;
        if list.iter().all(DownloadStatus::done) {
            drive.list = list;
            return Ok(());
        }
        let now: Vec<(u64, u64, String)> = list
            .iter()
            .map(|one| (one.id, one.received, one.phase.clone()))
            .collect();
        if now != before {
            moved = Instant::now();
            before = now;
        }
        if moved.elapsed() > STILL {
            let open: Vec<&DownloadStatus> = list.iter().filter(|one| !one.done()).collect();
            return Err(format!(
                "the server behaves, and yet nothing moves for {STILL:?}: {open:?}"
            ));
        }
        for one in &list {
            if one.paused() {
                process.tell(&Operation::Resume(one.id)).await?;
            } else if one.failed() {
                process.tell(&Operation::Retry(one.id)).await?;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Checks that the idle engine holds no more than it did before it had done anything.
async fn at_rest(drive: &mut SoakRun, mut process: Process) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        drive.server.hang_up();
        let held = process.health().await?;
        match compare(&held, &drive.base) {
            Ok(()) => break,
            Err(left) if begun.elapsed() > CALM => return Err(left),
            Err(_) => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
    process.quit().await?;
    // The list must be the same after a restart.
    let mut fresh = Process::start(&drive.home)?;
    let list = fresh.list().await?;
    drive.books.compare(&list)?;
    fresh.quit().await
}

fn compare(held: &Health, base: &Health) -> Result<(), String> {
    let kinds = |health: &Health| {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for descriptor in &health.descriptors {
            let kind = descriptor
                .split_once(":[")
                .map_or(descriptor.as_str(), |(kind, _)| kind);
            *kinds.entry(kind.to_owned()).or_default() += 1;
        }
        kinds
    };
    if held.descriptors.len() > base.descriptors.len() {
        return Err(format!(
            "descriptors are left over: {:?}, before {:?}",
            kinds(held),
            kinds(base)
        ));
    }
    // After its first connection, the HTTP client keeps one task for its idle connections.
    let tasks = base.tasks + 1;
    if held.tasks > tasks || held.threads > base.threads {
        let threads = base.threads;
        let more = format!("{} tasks and {} threads", held.tasks, held.threads);
        return Err(format!("{more} are left, before {tasks} and {threads}"));
    }
    Ok(())
}

/// Checks that the folder has the files of the list and the kept ones, and nothing else.
fn names(drive: &SoakRun, list: &[DownloadStatus]) -> Result<(), String> {
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    for one in list {
        expected.insert(&one.name, number_of(&one.url).unwrap_or(usize::MAX));
    }
    for (name, number) in &drive.books.kept {
        expected.insert(name, *number);
    }
    let entries =
        std::fs::read_dir(drive.home.join("downloads")).map_err(|error| error.to_string())?;
    let mut strange = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let left = number_of(&name).filter(|number| drive.books.removed.contains(number));
        match expected.remove(name.as_str()).or(left) {
            Some(number) => right(&drive.site, &entry.path(), number)?,
            None => strange.push(name),
        }
    }
    let missing: Vec<&str> = expected
        .iter()
        .filter(|(_, number)| {
            !drive.books.removed.contains(number)
                || drive.books.kept.values().any(|kept| kept == *number)
        })
        .map(|(name, _)| *name)
        .collect();
    if strange.is_empty() && missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "in the folder are too many {strange:?} and too few {missing:?}"
    ))
}
