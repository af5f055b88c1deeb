//! A real engine on a content provider.

mod fake;
mod other_apps;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use millrace_backend::fixtures::Server;
use millrace_engine::{
    Config, DownloadId, Engine, Handle, NativeFileSystem, NewDownload, Phase, Problem, Snapshot,
};
use tempfile::TempDir;

use self::fake::{FOLDER, Fake, Ids};
use super::*;

struct Stage {
    state: TempDir,
    fake: Arc<Fake>,
    handle: Handle,
    running: tokio::task::JoinHandle<()>,
}

impl Stage {
    fn start(ids: Ids) -> Self {
        Self::with(tempfile::tempdir().unwrap(), Arc::new(Fake::new(ids)))
    }

    fn with(state: TempDir, fake: Arc<Fake>) -> Self {
        let files = ProviderFileSystem {
            provider: Arc::clone(&fake),
            plain: NativeFileSystem,
        };
        let mut config = Config::new(state.path().join("list.db"), Arc::new(files));
        // the files of a killed process stay locked for a moment
        config.retry.max_attempts = 9;
        config.retry.max_delay = Duration::from_millis(100);
        config.connections = 1;
        let (handle, running, _) = Engine::start(config).unwrap();
        let running = tokio::spawn(running);
        Self {
            state,
            fake,
            handle,
            running,
        }
    }

    /// As after the death of the process: unsaved state is lost.
    async fn killed(self) -> Self {
        self.running.abort();
        let _ended = self.running.await;
        drop(self.handle);
        Self::with(self.state, self.fake)
    }

    async fn add(&self, url: String) -> DownloadId {
        let new = NewDownload {
            url,
            folder: FOLDER.into(),
            ..NewDownload::default()
        };
        self.handle.add(new).await.unwrap()
    }

    async fn until(&self, id: DownloadId, is: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let wait = async {
            loop {
                let list = self.handle.list().await.unwrap();
                let one = list.into_iter().find(|one| one.id == id).unwrap();
                if is(&one) {
                    return one;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(20), wait).await;
        bounded.expect("it becomes so within 20 s")
    }
}

fn body() -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// A download of `a.bin` of which a part is received, while the rest arrives slowly.
async fn begun(ids: Ids, body: &[u8]) -> (Server, Stage, DownloadId) {
    let server = Server::start(body.to_vec(), Duration::from_millis(20));
    let stage = Stage::start(ids);
    let id = stage.add(server.url("a.bin")).await;
    stage.until(id, |one| one.received > 0).await;
    (server, stage, id)
}

#[tokio::test]
async fn a_file_grows_under_its_part_name_and_gets_its_own_only_when_it_is_whole() {
    for ids in Ids::ALL {
        let body = body();
        let (server, stage, id) = begun(ids, &body).await;
        assert_eq!(stage.fake.names(), ["a.bin.part"]);
        stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(stage.fake.names(), ["a.bin"]);
        assert!(stage.fake.bytes("a.bin") == body);
        let again = stage.add(server.url("a.bin")).await;
        stage.until(again, |one| one.phase == Phase::Done).await;
        assert_eq!(stage.fake.names(), ["a (1).bin", "a.bin"]);
    }
}

#[tokio::test]
async fn a_grant_that_is_taken_back_loses_nothing_and_the_download_is_right_when_it_is_given_again()
{
    for ids in Ids::ALL {
        let body = body();
        let (_server, stage, id) = begun(ids, &body).await;
        stage.handle.pause(id).await.unwrap();
        stage.until(id, |one| one.phase == Phase::Paused).await;
        stage.fake.granted.store(false, Ordering::Relaxed);
        stage.handle.resume(id).await.unwrap();
        let failed = stage.until(id, |one| one.phase == Phase::Failed).await;
        let problem = failed.problem.as_ref().map(Problem::code);
        assert_eq!(problem, Some("read-only"));
        assert_eq!(
            std::fs::read_dir(stage.fake.home.path()).unwrap().count(),
            1
        );
        stage.fake.granted.store(true, Ordering::Relaxed);
        stage.handle.retry(id).await.unwrap();
        stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(stage.fake.names(), ["a.bin"]);
        assert!(stage.fake.bytes("a.bin") == body);
    }
}

#[tokio::test]
async fn a_grant_that_is_taken_back_while_bytes_come_costs_none_of_them() {
    let body = body();
    let (server, stage, id) = begun(Ids::Paths, &body).await;
    stage.fake.granted.store(false, Ordering::Relaxed);
    let failed = stage.until(id, |one| one.phase == Phase::Failed).await;
    let problem = failed.problem.as_ref().map(Problem::code);
    assert_eq!(problem, Some("read-only"));
    assert_eq!(stage.fake.names(), ["a.bin.part"]);
    stage.fake.granted.store(true, Ordering::Relaxed);
    stage.handle.retry(id).await.unwrap();
    stage.until(id, |one| one.phase == Phase::Done).await;
    assert_eq!(stage.fake.names(), ["a.bin"]);
    assert!(stage.fake.bytes("a.bin") == body);
    assert_eq!(server.asked(), 1, "what had come was not asked for again");
}

#[tokio::test]
async fn a_killed_process_finds_its_file_again() {
    for ids in Ids::ALL {
        let body = body();
        let (_server, stage, id) = begun(ids, &body).await;
        let stage = stage.killed().await;
        stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(stage.fake.names(), ["a.bin"]);
        assert!(stage.fake.bytes("a.bin") == body);
    }
}

#[test]
fn a_folder_that_cannot_be_worked_in_is_found_out_before_a_download_is_and_nothing_is_left_in_it() {
    for ids in Ids::ALL {
        let good = Arc::new(Fake::new(ids));
        self_test(&good, FOLDER).unwrap();
        assert!(good.names().is_empty());
    }
    let mut stubborn = Fake::new(Ids::Paths);
    stubborn.renames = false;
    let mut adding = Fake::new(Ids::Paths);
    adding.adds = ".bin";
    for poor in [stubborn, adding].map(Arc::new) {
        let refused = self_test(&poor, FOLDER).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
        assert!(poor.names().is_empty());
    }
}

#[test]
fn plain_paths_are_left_to_the_plain_files() {
    let folder = tempfile::tempdir().unwrap();
    let files = ProviderFileSystem {
        provider: Arc::new(Fake::new(Ids::Paths)),
        plain: NativeFileSystem,
    };
    let path = folder.path().join("a.part");
    files.open(&path, OpenMode::CreateNew).unwrap();
    let seen = files.stat(&path).unwrap();
    files
        .rename(&path, &folder.path().join("a"), &seen)
        .unwrap();
    assert!(files.stat(&folder.path().join("a")).unwrap().is_file);
    assert!(files.is_folder(folder.path()).unwrap());
    assert!(files.provider.names().is_empty());
}
