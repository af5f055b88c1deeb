//! A file with the wrong digest never gets its final name: it is kept under another one, and can be downloaded again.

use millrace_engine::{
    Algorithm, CommandError, DigestSource, DownloadId, Fix, Phase, Problem, Snapshot, Verdict,
};

use crate::digests::{stated, sum};
use crate::reverification::named_but_not_noted;
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};
use crate::verification::{compared, verified};

impl Rig {
    /// Waits for the mismatch, and returns the source of the digest and the name under which the file was kept.
    async fn mismatched(&self, id: DownloadId) -> (Option<String>, String) {
        let last = self.failed(id, "checksum-mismatch", Fix::StartOver).await;
        told(&last, &self.folder().display().to_string())
    }
}

fn told(last: &Snapshot, folder: &str) -> (Option<String>, String) {
    let Some(Problem::ChecksumMismatch {
        header,
        kept: Some(kept),
        expected,
        actual,
        ..
    }) = &last.problem
    else {
        panic!("no file was kept: {:?}", last.problem);
    };
    assert_ne!(expected, actual);
    let name = kept.strip_prefix(folder).expect("it is in its folder");
    (header.clone(), name.trim_start_matches(['/', '\\']).into())
}

#[tokio::test]
async fn a_file_without_the_given_digest_never_gets_its_name_whatever_the_algorithm() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    for algorithm in Algorithm::ALL {
        let rig = Rig::new();
        let url = server.url("/file.bin");
        let id = rig.add_with(url, sum(algorithm, b"something else")).await;
        let (header, kept) = rig.mismatched(id).await;
        assert_eq!((header, kept.as_str()), (None, "file.bin.mismatch"));
        assert!(rig.read("file.bin.mismatch") == body);
        rig.close(&["file.bin.mismatch"]).await;
    }
}

#[tokio::test]
async fn a_file_without_the_stated_digest_is_kept_aside_and_not_fetched_again_unasked() {
    let body = bytes(100_000);
    for (header, value, _) in stated(b"something else") {
        let mut site = Site::of(&body);
        site.headers.push((header, value));
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        let (said_by, kept) = rig.mismatched(id).await;
        assert_eq!(said_by.as_deref(), Some(header));
        assert!(rig.read(&kept) == body);
        assert_eq!(server.asked().len(), 1);
        rig.close(&["file.bin.mismatch"]).await;
    }
}

#[tokio::test]
async fn starting_over_after_a_mismatch_fetches_the_file_again_and_leaves_the_wrong_one() {
    let (wrong, right) = (bytes(100_000), bytes(100_008));
    let server = Server::start(Site::of(&wrong)).await;
    let rig = Rig::new();
    let given = sum(Algorithm::Sha256, &right);
    let id = rig.add_with(server.url("/file.bin"), given).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin.mismatch");
    rig.retry(id).await;
    rig.until(id, |one| one.epoch == 1).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin (1).mismatch");
    assert_eq!(server.asked().len(), 2);
    server.change(|site| site.body.clone_from(&right));
    let rig = rig.restart().await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin (1).mismatch");
    rig.retry(id).await;
    rig.until(id, |one| one.epoch == 2).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == right);
    assert!(rig.read("file.bin.mismatch") == wrong);
    let left = ["file.bin", "file.bin (1).mismatch", "file.bin.mismatch"];
    rig.close(&left).await;
}

#[tokio::test]
async fn a_wrong_file_that_was_named_but_not_noted_loses_its_name() {
    let given = sum(Algorithm::Sha512, &bytes(200_000));
    let (rig, id, _server) = named_but_not_noted(given, &[0; 100_000]).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin.mismatch");
    rig.close(&["file.bin.mismatch"]).await;
}

#[tokio::test]
async fn a_kept_file_that_another_checksum_proves_gets_its_name_and_is_not_fetched_again() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let (wrong, right) = (
        sum(Algorithm::Sha256, b"mistyped"),
        sum(Algorithm::Sha256, &body),
    );
    let id = rig.add_with(server.url("/file.bin"), wrong.clone()).await;
    rig.mismatched(id).await;
    let rig = rig.restart().await;
    assert!(rig.snapshot(id).await.allows.verify);
    // Once more with the one that was expected, then with a third one: it stays as it is.
    let other = sum(Algorithm::Md5, b"other");
    for (given, expected) in [(None, &wrong), (Some(other.clone()), &other)] {
        let again = verified(&rig, id, given).await;
        let differs = compared(expected, DigestSource::Given, false, false);
        assert_eq!(again.compared, Some(differs));
        let snapshot = rig.snapshot(id).await;
        assert_eq!(
            (snapshot.phase, snapshot.verification),
            (Phase::Failed, None)
        );
        assert_eq!(rig.mismatched(id).await.1, "file.bin.mismatch");
    }
    let matched = verified(&rig, id, Some(right.clone())).await;
    let matches = compared(&right, DigestSource::Given, false, true);
    assert_eq!(matched.compared, Some(matches));
    let rig = rig.restart().await;
    let snapshot = rig.snapshot(id).await;
    assert_eq!((snapshot.phase, &*snapshot.name), (Phase::Done, "file.bin"));
    assert_eq!((snapshot.received, snapshot.problem), (200_000, None));
    let verdict = Verdict::Checksum {
        algorithm: Algorithm::Sha256,
        digest: right.hex(),
    };
    assert_eq!(snapshot.verdict, Some(verdict));
    assert_eq!(snapshot.verification, Some(matched));
    assert!(rig.read("file.bin") == body);
    assert_eq!(server.asked().len(), 1);
    // From then on it is a finished download, with the checksum that is right.
    let again = verified(&rig, id, None).await;
    let matches = compared(&right, DigestSource::Given, true, true);
    assert_eq!(again.compared, Some(matches));
    let again = rig.handle().download_again(id).await;
    again.expect("it is finished");
    rig.until(id, |one| one.epoch == 1).await;
    rig.done(id).await;
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_kept_file_replaces_none_and_one_that_is_gone_is_told() {
    let body = bytes(100_000);
    let mut site = Site::of(&body);
    let (header, value, _) = stated(b"something else").remove(0);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.mismatched(id).await;
    let (kept, away) = (
        rig.folder().join("file.bin.mismatch"),
        rig.folder().join("away.bin"),
    );
    let right = sum(Algorithm::Sha512, &body);
    std::fs::rename(&kept, &away).expect("it is there");
    let gone = rig.handle().verify(id, Some(right.clone())).await;
    assert_eq!(gone, Err(CommandError::FileMissing(id)));
    // Another file of that name is not this download's, whatever is in it.
    std::fs::write(&kept, &body).expect("room");
    let other = rig.handle().verify(id, Some(right.clone())).await;
    assert_eq!(other, Err(CommandError::FileMissing(id)));
    std::fs::remove_file(&kept).expect("it is there");
    std::fs::rename(&away, &kept).expect("it is there");
    std::fs::write(rig.folder().join("file.bin"), b"mine").expect("room");
    let matched = verified(&rig, id, Some(right)).await;
    assert!(matched.compared.is_some_and(|one| one.matches));
    let snapshot = rig.snapshot(id).await;
    let name = "file (1).bin";
    assert_eq!((snapshot.phase, &*snapshot.name), (Phase::Done, name));
    assert!(rig.read(name) == body && rig.read("file.bin") == b"mine");
    rig.close(&["file (1).bin", "file.bin"]).await;
}
