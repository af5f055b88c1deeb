//! An engine with its own list and download folder, and bounded waits for its actions.
//!
//! Knows the engine's public API only; every wait fails loudly after [`BOUND`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_engine::{
    Config, Connectivity, ConnectivitySource, DownloadId, Engine, Fix, Handle, NativeFileSystem,
    NewDownload, Phase, RemoveMode, RetryPolicy, Snapshot, StartNotice,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::server::{Server, Site};

/// Maximum duration of any wait in a scenario.
const BOUND: Duration = Duration::from_secs(20);

pub(crate) struct Rig {
    home: TempDir,
    config: Config,
    handle: Handle,
    running: JoinHandle<()>,
}

/// A machine that is always online.
struct Online;

impl ConnectivitySource for Online {
    fn connectivity(&self) -> Connectivity {
        Connectivity::Online(vec![std::net::Ipv4Addr::new(198, 51, 100, 7).into()])
    }
}

/// `length` bytes without repetitions, so that misplaced bytes are detected.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length.div_ceil(8))
        .flat_map(|_| next())
        .take(length)
        .collect()
}

/// A server with that configuration, a rig, and a started download of its file.
pub(crate) async fn begun(site: Site) -> (Server, Rig, DownloadId) {
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    (server, rig, id)
}

fn start(config: &Config) -> (Handle, JoinHandle<()>) {
    let (handle, run, notice) = Engine::start(config.clone()).expect("the engine starts");
    assert_eq!(notice, None);
    (handle, tokio::spawn(run))
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// An engine with short delays, configured further by `change`.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let home = TempDir::new().expect("a temporary folder");
        std::fs::create_dir(home.path().join("downloads")).expect("a new folder");
        let mut config = Config::new(home.path().join("list.db"), Arc::new(NativeFileSystem));
        config.retry = RetryPolicy {
            max_attempts: 3,
            max_delay: Duration::from_millis(50),
        };
        config.timeout = Duration::from_secs(10);
        config.network = Arc::new(Online);
        // What is asked for is foreseeable then; scenarios of several say so.
        config.connections = 1;
        config.progress_interval = Duration::from_millis(10);
        // One, so that each request is foreseeable; scenarios of several say so.
        config.connections = 1;
        change(&mut config);
        let (handle, running) = start(&config);
        Self {
            home,
            config,
            handle,
            running,
        }
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.home.path().join("downloads")
    }

    /// A download of that link into the rig's folder.
    pub(crate) fn wish(&self, url: String) -> NewDownload {
        NewDownload {
            url,
            folder: self.folder(),
            ..NewDownload::default()
        }
    }

    pub(crate) async fn add(&self, url: String) -> DownloadId {
        self.add_as(self.wish(url)).await
    }

    pub(crate) async fn add_as(&self, new: NewDownload) -> DownloadId {
        self.handle.add(new).await.expect("the engine takes it")
    }

    /// The same over that many connections.
    pub(crate) async fn add_over(&self, connections: u32, url: String) -> DownloadId {
        let mut wish = self.wish(url);
        wish.connections = Some(connections);
        self.add_as(wish).await
    }

    pub(crate) async fn snapshot(&self, id: DownloadId) -> Snapshot {
        let list = self.handle.list().await.expect("the engine runs");
        list.into_iter()
            .find(|one| one.id == id)
            .expect("it is on the list")
    }

    /// Waits until the download meets the condition, and returns that snapshot.
    pub(crate) async fn until(&self, id: DownloadId, is: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let begun = Instant::now();
        loop {
            let snapshot = self.snapshot(id).await;
            if is(&snapshot) {
                return snapshot;
            }
            assert!(begun.elapsed() < BOUND, "still not so: {snapshot:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the download is done; fails on any other end.
    pub(crate) async fn done(&self, id: DownloadId) -> Snapshot {
        let last = self
            .until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed))
            .await;
        assert_eq!(last.phase, Phase::Done, "{last:?}");
        assert_eq!(Some(last.received), last.total);
        last
    }

    /// Waits until the download has failed, and checks the problem and the fix.
    pub(crate) async fn failed(&self, id: DownloadId, code: &str, fix: Fix) -> Snapshot {
        let last = self
            .until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed))
            .await;
        assert_eq!(last.phase, Phase::Failed, "{last:?}");
        assert_eq!(
            last.problem.as_ref().map(millrace_engine::Problem::code),
            Some(code)
        );
        assert_eq!(last.fix, Some(fix));
        last
    }

    /// Starts a download that the server stalls after `bytes` bytes, and pauses it there.
    pub(crate) async fn paused_at(&self, server: &Server, bytes: u64) -> DownloadId {
        let id = self.add(server.url("/file.bin")).await;
        self.until(id, |one| one.received == bytes).await;
        self.pause(id).await;
        let paused = self.until(id, |one| one.phase == Phase::Paused).await;
        assert_eq!(paused.received, bytes);
        server.release();
        id
    }

    pub(crate) async fn pause(&self, id: DownloadId) {
        let paused = self.handle.pause(id).await;
        paused.expect("a running download can be paused");
    }

    pub(crate) async fn retry(&self, id: DownloadId) {
        let retried = self.handle.retry(id).await;
        retried.expect("a failed download can be retried");
    }

    pub(crate) async fn remove(&self, id: DownloadId, leftover: RemoveMode) {
        let removed = self.handle.remove(id, leftover).await;
        removed.expect("anything can be removed");
    }

    pub(crate) async fn resume(&self, id: DownloadId) {
        self.handle
            .resume(id)
            .await
            .expect("a paused download can be resumed");
    }

    /// The end of a scenario: the download completes, and this is its file and the only one.
    pub(crate) async fn delivers(self, id: DownloadId, body: &[u8]) {
        self.done(id).await;
        assert!(self.read("file.bin") == body, "not the bytes of the server");
        self.close(&["file.bin"]).await;
    }

    /// The content of a file in the folder.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder().join(name)).expect("the file is there")
    }

    /// The names in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        names(&self.home)
    }

    /// Ends the engine as the end of a program does, and starts another one on the same list.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|| {}).await
    }

    /// The same, with something done in between that the engine must not report.
    pub(crate) async fn restart_after(self, between: impl FnOnce()) -> Self {
        let (rig, notice) = self.restart_noticing(between).await;
        assert_eq!(notice, None);
        rig
    }

    /// As [`Rig::restart_after`], with another configuration.
    pub(crate) async fn restart_with(
        mut self,
        change: impl FnOnce(&mut Config),
        between: impl FnOnce(),
    ) -> Self {
        change(&mut self.config);
        self.restart_after(between).await
    }

    /// As [`Rig::restart`], with a change to the list in between; also returns the engine's notices.
    pub(crate) async fn restart_noticing(
        self,
        between: impl FnOnce(),
    ) -> (Self, Option<StartNotice>) {
        let Self {
            home,
            config,
            handle,
            running,
        } = self;
        drop(handle);
        ended(running).await;
        between();
        let (handle, run, notice) = Engine::start(config.clone()).expect("the engine starts");
        let rig = Self {
            home,
            config,
            handle,
            running: tokio::spawn(run),
        };
        (rig, notice)
    }

    /// Ends the engine; the folder must contain exactly these files.
    pub(crate) async fn close(self, left: &[&str]) {
        let Self {
            home,
            handle,
            running,
            ..
        } = self;
        drop(handle);
        ended(running).await;
        assert_eq!(names(&home), left);
    }
}

/// The engine's future ends once the last handle is gone.
async fn ended(running: JoinHandle<()>) {
    let end = tokio::time::timeout(BOUND, running).await;
    end.expect("the engine ends when its last handle is dropped")
        .expect("and does not panic");
}

fn names(home: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(home.path().join("downloads")).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
