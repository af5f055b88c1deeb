//! One run: adds the downloads, shows their progress, and ends when all of them have ended.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use millrace_engine::{
    CommandError, Config, DownloadId, Engine, Handle, NativeFileSystem, Phase, RetryPolicy,
    StartNotice, StoreMode, Update, unix_now,
};

use crate::args::GetArgs;
use crate::mirrors::Mirrors;
use crate::new_downloads::{NewDownloads, Wanted, new_downloads};
use crate::output::Output;
use crate::signals::Signals;
use crate::{RunError, messages, paths, request_options, stream_output, text};

/// URLs of a long list that are added before the rest, so that they connect while the rest is added. More than the
/// limit of connections per host, so that the engine sees that a shared connection is worthwhile there.
const FIRST_PORTION: usize = 32;

/// Returns whether everything completed. An error concerns the whole run: nothing was started, or the engine stopped.
pub(crate) async fn run(get: GetArgs) -> Result<bool, RunError> {
    let mut show = Output::new(get.json, get.quiet);
    let stream = stream_output::open(&get)?;
    let NewDownloads {
        wanted,
        mistakes,
        hints,
    } = new_downloads(&get, stream.is_some())?;
    for line in hints.iter().chain(&mistakes) {
        show.line(line);
    }
    if wanted.is_empty() {
        return Ok(false);
    }
    if let (Some(output), Some(one)) = (stream, wanted.first()) {
        let config = engine_config(&get, PathBuf::new())?;
        return stream_output::run(&config, one.new.clone(), output, &show).await;
    }
    let mut signals = Signals::new().map_err(|error| format!("signals: {error}"))?;
    let (engine, running, notice) =
        Engine::start(engine_config(&get, paths::state_dir()?.join("cli.db"))?)
            .map_err(|error| error.to_string())?;
    let running = tokio::spawn(running);
    if let Some(StartNotice::StoreRecovered { place, taken_over }) = notice {
        show.line(&format!(
            "the list of unfinished downloads was damaged and moved to {}; downloads recovered from it: {taken_over}, your files are untouched",
            place.display()
        ));
    }
    let completed = tokio::select! {
        completed = wait_all(&engine, wanted, &mut show) => completed,
        () = signals.next() => {
            show.line("stopped; progress is saved, run the same command to resume");
            Ok(false)
        }
    };
    drop(engine);
    // The engine stores its state; a panic in it has been reported where it happened.
    tokio::select! {
        _panicked = running => {}
        () = signals.next() => {
            show.line("stopped at once; progress saved before is kept");
            std::process::exit(1);
        }
    }
    Ok(completed? && mistakes.is_empty())
}

async fn wait_all(engine: &Handle, wanted: Vec<Wanted>, show: &mut Output) -> Result<bool, String> {
    let mut updates = engine
        .subscribe()
        .await
        .map_err(|error| error.to_string())?;
    let mut first = missing(engine, wanted, show).await?;
    let rest = first.split_off(first.len().min(FIRST_PORTION));
    let mut mirrors = Mirrors::default();
    let (mut open, mut all_well) = add(engine, first, &mut mirrors, show).await?;
    if !rest.is_empty() {
        let count = rest.len();
        match add(engine, rest, &mut mirrors, show).await {
            Ok((ids, well)) => {
                open.extend(ids);
                all_well &= well;
            }
            // The first part is already running.
            Err(reason) => {
                show.line(&format!(
                    "{count} links were skipped: {reason}; run the same command again to download them"
                ));
                all_well = false;
            }
        }
    }
    let (mut outage, mut waits) = (None, HashMap::new());
    while !open.is_empty() {
        let Some(update) = updates.next().await else {
            return Err(
                "the engine has stopped; progress is saved, run the same command to resume".into(),
            );
        };
        match update {
            Update::Changed(snapshot) if open.contains(&snapshot.id) => {
                if snapshot.phase == Phase::Failed {
                    let goes_on = mirrors.go_on(engine, &snapshot).await;
                    if goes_on.map_err(|error| error.to_string())? {
                        continue;
                    }
                }
                show.on_snapshot(&snapshot)
                    .map_err(|error| format!("standard output: {error}; progress is saved, run the same command to resume"))?;
                match snapshot.phase {
                    Phase::Done => {
                        open.remove(&snapshot.id);
                        show.verified(&messages::verified_line(&snapshot));
                    }
                    Phase::Failed => {
                        open.remove(&snapshot.id);
                        all_well = false;
                        show.line(&messages::failure_line(&snapshot));
                    }
                    Phase::Waiting => {
                        let now = snapshot.problem.as_ref().and_then(messages::outage);
                        if let Some(line) = now.filter(|_| now != outage) {
                            show.line(line);
                        }
                        outage = now;
                        // Each wait is shown once, however often it is reported.
                        let told = waits.insert(snapshot.id, snapshot.wait_until);
                        if told != Some(snapshot.wait_until)
                            && let Some(line) = messages::waiting_line(&snapshot, unix_now())
                        {
                            show.line(&line);
                        }
                    }
                    Phase::Running => outage = None,
                    Phase::Queued
                    | Phase::Probing
                    | Phase::Stopping
                    | Phase::Finishing
                    | Phase::Paused => {}
                }
            }
            Update::Removed(id) => {
                open.remove(&id);
            }
            Update::Changed(_) | Update::Log(..) | Update::Kept(..) => {}
        }
    }
    Ok(all_well)
}

/// The downloads that no earlier run has finished; the others are reported as already downloaded.
async fn missing(
    engine: &Handle,
    wanted: Vec<Wanted>,
    show: &Output,
) -> Result<Vec<Wanted>, String> {
    let all = wanted.iter().map(|one| one.new.clone()).collect();
    let here = engine.find_complete(all).await;
    let here = here.map_err(|error| error.to_string())?;
    let mut missing = Vec::with_capacity(wanted.len());
    for (one, here) in wanted.into_iter().zip(here) {
        match here {
            Some(path) => show
                .already_here(&text::without_credentials(&one.new.url), &path)
                .map_err(|error| format!("standard output: {error}"))?,
            None => missing.push(one),
        }
    }
    Ok(missing)
}

/// Adds them in one transaction; if a URL or header is invalid, one by one, so that the others continue.
async fn add(
    engine: &Handle,
    wanted: Vec<Wanted>,
    mirrors: &mut Mirrors,
    show: &Output,
) -> Result<(HashSet<DownloadId>, bool), String> {
    let all = wanted.iter().map(|one| one.new.clone()).collect();
    match engine.add_many(all).await {
        Ok(ids) => {
            for (id, one) in ids.iter().zip(wanted) {
                mirrors.add(*id, one.mirrors);
            }
            return Ok((ids.into_iter().collect(), true));
        }
        Err(CommandError::InvalidUrl(_) | CommandError::BadHeader(_)) => {}
        Err(other) => return Err(other.to_string()),
    }
    let mut ids = HashSet::new();
    for one in wanted {
        let url = one.new.url.clone();
        match engine.add(one.new).await {
            Ok(id) => {
                mirrors.add(id, one.mirrors);
                ids.insert(id);
            }
            Err(CommandError::InvalidUrl(problem)) => {
                let next = "nothing was downloaded; use an http or https link";
                show.line(&format!(
                    "{}: {}: {next}",
                    problem.code(),
                    text::redacted(&url)
                ));
            }
            Err(error @ CommandError::BadHeader(_)) => {
                show.line(&format!("{}: {error}", text::redacted(&url)));
            }
            Err(other) => return Err(other.to_string()),
        }
    }
    Ok((ids, false))
}

fn engine_config(get: &GetArgs, store: PathBuf) -> Result<Config, String> {
    let mut config = Config::new(store, Arc::new(NativeFileSystem));
    if let Some(path) = &get.ca_cert {
        let pem = std::fs::read(path);
        let pem =
            pem.map_err(|error| format!("{}: {error}; nothing was downloaded", path.display()))?;
        config.extra_roots.push(pem);
    }
    config.exact_names = true;
    config.remote_time = get.remote_time;
    config.store_mode = StoreMode::Shared;
    config.proxy = get.proxy.clone();
    config.host_credentials = request_options::host_credentials(get)?;
    config.cookies = request_options::cookies(get)?;
    config.wait_for_network = get.wait_for_network;
    config.parallel = get.parallel;
    config.per_host = get.per_host;
    config.limit = get.limit;
    config.quarantine = !get.no_mark;
    config.timeout = Duration::from_secs_f64(get.timeout);
    config.retry = RetryPolicy {
        max_attempts: get.tries,
        max_delay: Duration::from_secs_f64(get.retry_wait),
    };
    Ok(config)
}
