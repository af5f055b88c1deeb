//! Verification of finished files on request: with the known digest and with a given one.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use millrace_engine::{
    Algorithm, Checksum, CommandError, Comparison, DigestSource, DownloadId, FileInfo, FileSystem,
    Fix, NativeFileSystem, NewDownload, OpenMode, Phase, Problem, RemoveMode, Verdict,
    Verification, VerifyOutcome,
};

use crate::digests::sum;
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// A rig with a finished `file.bin` of that content.
async fn finished(body: &[u8], change: impl FnOnce(&mut NewDownload)) -> (Rig, DownloadId) {
    finished_in(Rig::new(), body, change).await
}

async fn finished_in(
    rig: Rig,
    body: &[u8],
    change: impl FnOnce(&mut NewDownload),
) -> (Rig, DownloadId) {
    let server = Server::start(Site::of(body)).await;
    let mut wish = rig.wish(server.url("/file.bin"));
    change(&mut wish);
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    (rig, id)
}

pub(crate) async fn verified(
    rig: &Rig,
    id: DownloadId,
    expected: Option<Checksum>,
) -> Verification {
    let outcome = rig.handle().verify(id, expected).await;
    verification(outcome.expect("the file can be read"))
}

pub(crate) fn verification(outcome: VerifyOutcome) -> Verification {
    match outcome {
        VerifyOutcome::Verified { verification } => verification,
        VerifyOutcome::NothingFound | VerifyOutcome::Cancelled => panic!("{outcome:?}"),
    }
}

pub(crate) fn compared(
    expected: &Checksum,
    source: DigestSource,
    proven: bool,
    matches: bool,
) -> Comparison {
    Comparison {
        expected: expected.hex(),
        source,
        proven,
        matches,
    }
}

/// Replaces one byte of the file; it stays the same file.
fn change_a_byte(rig: &Rig) {
    use std::io::{Seek, SeekFrom, Write};
    let path = rig.folder().join("file.bin");
    let mut file = File::options().write(true).open(path).expect("it is there");
    file.seek(SeekFrom::Start(50_000)).expect("it is longer");
    file.write_all(b"changed").expect("room");
}

#[tokio::test]
async fn a_file_is_verified_again_by_the_digest_of_its_download_and_a_changed_one_is_told() {
    let body = bytes(300_000);
    let sha512 = sum(Algorithm::Sha512, &body);
    let given = sha512.clone();
    let (rig, id) = finished(&body, |new| new.checksum = Some(given)).await;
    let again = verified(&rig, id, None).await;
    let expected = compared(&sha512, DigestSource::Given, true, true);
    assert_eq!(again.compared, Some(expected));
    assert_eq!(
        (again.algorithm, again.digest),
        (Algorithm::Sha512, sha512.hex())
    );
    change_a_byte(&rig);
    let changed = verified(&rig, id, None).await;
    let expected = compared(&sha512, DigestSource::Given, true, false);
    assert_eq!(changed.compared, Some(expected));
    assert_ne!(changed.digest, sha512.hex());
    // The result is stored; the file and what its download has proven stay.
    let rig = rig.restart().await;
    let snapshot = rig.snapshot(id).await;
    assert_eq!(snapshot.verification, Some(changed));
    assert_eq!((snapshot.phase, snapshot.verifying), (Phase::Done, None));
    assert!(matches!(snapshot.verdict, Some(Verdict::Checksum { .. })));
    assert_eq!(&rig.read("file.bin")[50_000..50_007], b"changed");
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn where_nothing_is_known_the_digest_is_only_computed_until_one_is_given() {
    let body = bytes(100_000);
    let (rig, id) = finished(&body, |_| {}).await;
    let computed = verified(&rig, id, None).await;
    let sha256 = sum(Algorithm::Sha256, &body);
    assert_eq!(
        (computed.algorithm, computed.digest, computed.compared),
        (Algorithm::Sha256, sha256.hex(), None)
    );
    assert_eq!(rig.snapshot(id).await.verification, None);
    let other = sum(Algorithm::Md5, b"other");
    let wrong = verified(&rig, id, Some(other.clone())).await;
    let expected = compared(&other, DigestSource::Given, false, false);
    assert_eq!(wrong.compared, Some(expected));
    let sha1 = sum(Algorithm::Sha1, &body);
    let right = verified(&rig, id, Some(sha1.clone())).await;
    let expected = compared(&sha1, DigestSource::Given, false, true);
    assert_eq!(right.compared, Some(expected));
    assert_eq!(rig.snapshot(id).await.verification, Some(right.clone()));
    assert_eq!(rig.handle().digest(id).await, Ok(Some(sha1.clone())));
    // What has matched once is known from then on: a value that does not match is told, and says nothing against it.
    let mistyped = verified(&rig, id, Some(other.clone())).await;
    let expected = compared(&other, DigestSource::Given, false, false);
    assert_eq!(mistyped.compared, Some(expected));
    let rig = rig.restart().await;
    assert_eq!(rig.snapshot(id).await.verification, Some(right));
    let again = verified(&rig, id, None).await;
    let expected = compared(&sha1, DigestSource::Given, true, true);
    assert_eq!(again.compared, Some(expected));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_is_gone_or_replaced_or_unfinished_is_not_verified() {
    let body = bytes(100_000);
    let (rig, id) = finished(&body, |_| {}).await;
    let path = rig.folder().join("file.bin");
    std::fs::rename(&path, rig.folder().join("moved.bin")).expect("it is there");
    let missing = Err(CommandError::FileMissing(id));
    assert_eq!(rig.handle().verify(id, None).await, missing);
    std::fs::write(&path, &body).expect("room");
    assert_eq!(rig.handle().verify(id, None).await, missing);
    assert!(rig.snapshot(id).await.allows.verify);
    let paused = NewDownload {
        paused: true,
        ..rig.wish("http://127.0.0.1:1/x".into())
    };
    let paused = rig.add_as(paused).await;
    let verified = rig.handle().verify(paused, None).await;
    assert_eq!(verified, Err(CommandError::NotNow(paused)));
    let unknown = DownloadId(99);
    let verified = rig.handle().verify(unknown, None).await;
    assert_eq!(verified, Err(CommandError::UnknownDownload(unknown)));
    rig.close(&["file.bin", "moved.bin"]).await;
}

/// Native files; opening one for reading waits while it is held, and fails once it is denied.
#[derive(Default)]
struct Gate {
    held: AtomicBool,
    waiting: AtomicBool,
    denied: AtomicBool,
}

impl FileSystem for Gate {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn open_read(&self, path: &Path) -> io::Result<File> {
        while self.held.load(Ordering::Relaxed) {
            self.waiting.store(true, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        if self.denied.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        NativeFileSystem.open_read(path)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

async fn gated(body: &[u8]) -> (Rig, Arc<Gate>, DownloadId) {
    let gate = Arc::new(Gate::default());
    let files = Arc::clone(&gate);
    let rig = Rig::with(|config| config.file_system = files);
    let (rig, id) = finished_in(rig, body, |_| {}).await;
    (rig, gate, id)
}

#[tokio::test]
async fn an_unreadable_file_is_told_and_stays_as_it_was() {
    let (rig, gate, id) = gated(&bytes(1000)).await;
    gate.denied.store(true, Ordering::Relaxed);
    let verified = rig.handle().verify(id, None).await;
    assert!(
        matches!(
            &verified,
            Err(CommandError::Verification(Problem::DiskFailed { path, .. }))
                if path.ends_with("file.bin")
        ),
        "{verified:?}"
    );
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn meanwhile_other_commands_work_and_a_second_one_is_refused_until_it_is_cancelled() {
    let (rig, gate, id) = gated(&bytes(100_000)).await;
    gate.held.store(true, Ordering::Relaxed);
    let handle = rig.handle().clone();
    let running = tokio::spawn(async move { handle.verify(id, None).await });
    let shown = rig.until(id, |one| one.verifying.is_some()).await;
    assert!(!shown.allows.verify);
    let second = rig.handle().verify(id, None).await;
    assert_eq!(second, Err(CommandError::NotNow(id)));
    rig.handle()
        .rename(id, "new.bin".into())
        .await
        .expect("the file is not locked");
    rig.handle()
        .cancel_verification(id)
        .await
        .expect("it is running");
    let ended = running.await.expect("no panic");
    assert_eq!(ended, Ok(VerifyOutcome::Cancelled));
    let after = rig.until(id, |one| one.verifying.is_none()).await;
    assert_eq!((after.verification, after.allows.verify), (None, true));
    gate.held.store(false, Ordering::Relaxed);
    // The next one finds the file under its new name.
    assert_eq!(verified(&rig, id, None).await.compared, None);
    rig.close(&["new.bin"]).await;
}

#[tokio::test]
async fn while_a_kept_file_is_read_its_download_does_not_begin_again() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body)).await;
    let gate = Arc::new(Gate::default());
    let files = Arc::clone(&gate);
    let rig = Rig::with(|config| config.file_system = files);
    let url = server.url("/file.bin");
    let id = rig.add_with(url, sum(Algorithm::Md5, b"other")).await;
    rig.failed(id, "checksum-mismatch", Fix::StartOver).await;
    gate.held.store(true, Ordering::Relaxed);
    let handle = rig.handle().clone();
    let right = sum(Algorithm::Md5, &body);
    let given = right.clone();
    let running = tokio::spawn(async move { handle.verify(id, Some(given)).await });
    rig.until(id, |one| one.verifying.is_some()).await;
    let retried = rig.handle().retry(id).await;
    assert_eq!(retried, Err(CommandError::NotNow(id)));
    let cancelled = rig.handle().cancel_verification(id).await;
    cancelled.expect("it is running");
    let ended = running.await.expect("no panic");
    assert_eq!(ended, Ok(VerifyOutcome::Cancelled));
    let after = rig.until(id, |one| one.verifying.is_none()).await;
    assert_eq!((after.phase, after.allows.retry), (Phase::Failed, true));
    gate.held.store(false, Ordering::Relaxed);
    let matched = verified(&rig, id, Some(right)).await;
    assert!(matched.compared.is_some_and(|one| one.matches));
    assert_eq!(rig.snapshot(id).await.phase, Phase::Done);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn the_end_of_the_engine_and_a_removal_end_it_and_nothing_of_it_is_kept() {
    let (rig, gate, id) = gated(&bytes(100_000)).await;
    let other = sum(Algorithm::Md5, b"other");
    gate.held.store(true, Ordering::Relaxed);
    let handle = rig.handle().clone();
    let given = other.clone();
    let running = tokio::spawn(async move {
        let ended = handle.verify(id, Some(given)).await;
        drop(handle);
        ended
    });
    rig.until(id, |one| one.verifying.is_some()).await;
    rig.handle()
        .cancel_verification(id)
        .await
        .expect("it is running");
    assert_eq!(
        running.await.expect("no panic"),
        Ok(VerifyOutcome::Cancelled)
    );
    let rig = rig.restart().await;
    let snapshot = rig.snapshot(id).await;
    assert_eq!((snapshot.verification, snapshot.verifying), (None, None));
    let handle = rig.handle().clone();
    let running = tokio::spawn(async move { handle.verify(id, Some(other)).await });
    rig.until(id, |one| one.verifying.is_some()).await;
    rig.remove(id, RemoveMode::Keep).await;
    assert_eq!(
        running.await.expect("no panic"),
        Ok(VerifyOutcome::Cancelled)
    );
    gate.held.store(false, Ordering::Relaxed);
    rig.close(&["file.bin"]).await;
}
