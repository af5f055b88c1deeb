//! Other apps change a picked folder: none of their files is deleted, renamed or mistaken for ours.

use millrace_engine::{RemoveMode, Subscription, Update};

use super::*;

/// The engine's log line about a file that was to be deleted and is kept; `None` when the row is removed without one.
async fn kept(updates: &mut Subscription, id: DownloadId) -> Option<String> {
    let said = async {
        loop {
            if let Update::Kept(about, path) = updates.next().await.unwrap() {
                assert_eq!(about, id);
                return path.display().to_string();
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), said)
        .await
        .ok()
}

impl Stage {
    async fn finished(ids: Ids) -> (Self, DownloadId) {
        let server = Server::start(body(), Duration::ZERO);
        let stage = Self::start(ids);
        let id = stage.add(server.url("a.bin")).await;
        stage.until(id, |one| one.phase == Phase::Done).await;
        (stage, id)
    }

    /// A part is received, and the download is paused.
    async fn begun(ids: Ids, server: &Server) -> (Self, DownloadId) {
        let stage = Self::start(ids);
        server.hold(true);
        let id = stage.add(server.url("a.bin")).await;
        stage.until(id, |one| one.received > 100_000).await;
        stage.handle.pause(id).await.unwrap();
        stage.until(id, |one| one.phase == Phase::Paused).await;
        server.hold(false);
        (stage, id)
    }

    async fn gone(&self, name: &str) {
        let gone = async {
            while self.fake.names().iter().any(|one| one == name) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(20), gone).await;
        bounded.expect("it goes within 20 s");
    }
}

fn slow() -> Server {
    Server::start(body(), Duration::from_millis(20))
}

#[tokio::test]
async fn a_finished_file_is_deleted_where_its_provider_tells_which_one_it_is_and_else_kept_and_said()
 {
    for ids in Ids::ALL {
        let (stage, id) = Stage::finished(ids).await;
        assert!(stage.handle.has_file(id).await.unwrap());
        let mut updates = stage.handle.subscribe().await.unwrap();
        stage.handle.remove(id, RemoveMode::Trash).await.unwrap();
        if ids == Ids::PathsAlone {
            let said = kept(&mut updates, id).await.unwrap();
            assert!(said.ends_with("/a.bin"), "{said}");
            assert_eq!(stage.fake.names(), ["a.bin"]);
        } else {
            stage.gone("a.bin").await;
        }
    }
}

#[tokio::test]
async fn another_apps_file_under_the_name_of_a_finished_one_is_never_deleted_and_that_is_said() {
    let ours = body();
    let theirs = vec![7; ours.len()];
    for ids in Ids::ALL {
        for theirs in [&b"longer or shorter"[..], &theirs, &ours] {
            let (stage, id) = Stage::finished(ids).await;
            stage.fake.replace("a.bin", theirs);
            let mut updates = stage.handle.subscribe().await.unwrap();
            stage.handle.remove(id, RemoveMode::Trash).await.unwrap();
            let said = kept(&mut updates, id).await.unwrap();
            assert!(said.ends_with("/a.bin"), "{said}");
            assert!(stage.fake.bytes("a.bin") == theirs, "{ids:?}");
        }
    }
}

#[tokio::test]
async fn another_apps_part_is_never_erased_as_a_lost_one_and_the_download_goes_on_beside_it() {
    let server = slow();
    let theirs = vec![7; body().len()];
    for ids in Ids::ALL {
        for theirs in [&b"short"[..], &b""[..], &theirs] {
            let (stage, id) = Stage::begun(ids, &server).await;
            stage.fake.replace("a.bin.part", theirs);
            stage.handle.resume(id).await.unwrap();
            let done = stage.until(id, |one| one.phase == Phase::Done).await;
            assert_eq!(done.name, "a (1).bin");
            assert_eq!(stage.fake.names(), ["a (1).bin", "a.bin.part"]);
            assert!(stage.fake.bytes("a.bin.part") == theirs, "{ids:?}");
            assert!(stage.fake.bytes("a (1).bin") == body());
        }
    }
}

#[tokio::test]
async fn an_unfinished_file_goes_with_its_download_and_another_apps_stays() {
    let server = slow();
    for ids in Ids::ALL {
        let (stage, id) = Stage::begun(ids, &server).await;
        stage.handle.remove(id, RemoveMode::Keep).await.unwrap();
        stage.gone("a.bin.part").await;
        let (stage, id) = Stage::begun(ids, &server).await;
        stage.fake.replace("a.bin.part", b"theirs");
        let mut updates = stage.handle.subscribe().await.unwrap();
        stage.handle.remove(id, RemoveMode::Trash).await.unwrap();
        if matches!(ids, Ids::Paths | Ids::PathsAlone) {
            // with other providers it is recognized as another file
            kept(&mut updates, id).await.unwrap();
        } else {
            while stage
                .handle
                .list()
                .await
                .unwrap()
                .iter()
                .any(|one| one.id == id)
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        assert_eq!(stage.fake.bytes("a.bin.part"), b"theirs");
    }
}

#[tokio::test]
async fn a_part_that_another_app_put_there_while_bytes_came_is_never_published() {
    let server = slow();
    for ids in Ids::ALL {
        let stage = Stage::start(ids);
        server.hold(true);
        let id = stage.add(server.url("a.bin")).await;
        stage.until(id, |one| one.received > 0).await;
        let theirs = vec![7; body().len()];
        stage.fake.replace("a.bin.part", &theirs);
        server.hold(false);
        let done = stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(done.name, "a (1).bin");
        assert!(stage.fake.bytes("a.bin.part") == theirs, "{ids:?}");
        assert!(stage.fake.bytes("a (1).bin") == body());
    }
}

#[tokio::test]
async fn the_name_that_the_provider_really_gave_is_told_and_that_file_is_the_one_that_goes() {
    let server = Server::start(body(), Duration::ZERO);
    for ids in Ids::ALL {
        let stage = Stage::start(ids);
        stage.fake.raced.store(true, Ordering::Relaxed);
        let id = stage.add(server.url("a.bin")).await;
        let done = stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(done.name, "a (1).bin", "{ids:?}");
        assert_eq!(stage.fake.names(), ["a (1).bin", "a.bin"]);
        assert!(stage.handle.has_file(id).await.unwrap());
        stage.handle.remove(id, RemoveMode::Trash).await.unwrap();
        if ids != Ids::PathsAlone {
            stage.gone("a (1).bin").await;
        }
        assert_eq!(stage.fake.bytes("a.bin"), b"theirs");
    }
}

#[tokio::test]
async fn a_file_that_was_renamed_unheard_is_known_under_its_new_name_by_all_of_its_bytes() {
    let server = Server::start(body(), Duration::ZERO);
    for ids in Ids::ALL {
        let stage = Stage::start(ids);
        stage.fake.mute.store(true, Ordering::Relaxed);
        let id = stage.add(server.url("a.bin")).await;
        let ended = |one: &Snapshot| matches!(one.phase, Phase::Done | Phase::Failed);
        if stage.until(id, ended).await.phase == Phase::Failed {
            stage.handle.retry(id).await.unwrap();
        }
        let done = stage.until(id, |one| one.phase == Phase::Done).await;
        assert_eq!(done.name, "a.bin", "{ids:?}");
        assert_eq!(stage.fake.names(), ["a.bin"], "{ids:?}");
        stage.handle.remove(id, RemoveMode::Trash).await.unwrap();
        if ids != Ids::PathsAlone {
            stage.gone("a.bin").await;
        }
    }
}

#[test]
fn what_has_the_names_of_the_trial_is_left_alone() {
    let fake = Arc::new(Fake::new(Ids::Paths));
    fake.store("millrace-probe-0.part", b"theirs");
    fake.store("millrace-probe-1", b"theirs");
    self_test(&fake, FOLDER).unwrap();
    assert_eq!(fake.names(), ["millrace-probe-0.part", "millrace-probe-1"]);
}

#[test]
fn a_new_file_that_gets_another_name_is_none_and_leaves_nothing() {
    for (adds, refused) in [
        (".bin", ErrorKind::InvalidInput),
        (" (3)", ErrorKind::AlreadyExists),
    ] {
        let mut fake = Fake::new(Ids::Paths);
        fake.adds = adds;
        let files = ProviderFileSystem {
            provider: Arc::new(fake),
            plain: NativeFileSystem,
        };
        let path = Path::new(FOLDER).join("a.part");
        let error = files.open(&path, OpenMode::CreateNew).unwrap_err();
        assert_eq!(error.kind(), refused);
        assert!(files.provider.names().is_empty());
    }
}

#[test]
fn a_document_is_the_same_in_both_forms_of_its_uri_and_another_one_elsewhere() {
    let by = "content://com.android.externalstorage.documents/tree/primary%3A/document";
    let one = document_in(&format!("{by}/primary%3Aa%20b.pdf"));
    assert_eq!(one, document_in(&format!("{by}/primary%3A%2Fa%20b.pdf")));
    assert_ne!(one, document_in(&format!("{by}/primary%3Aa%20c.pdf")));
    assert_ne!(
        one,
        document_in("content://other/tree/1/document/primary%3Aa%20b.pdf")
    );
}
