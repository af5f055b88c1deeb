//! A file with the wrong digest never gets its final name: it is kept under another one, and can be downloaded again.

use millrace_engine::{Algorithm, DownloadId, Fix, Problem, Snapshot};

use crate::digests::{stated, sum};
use crate::reverification::named_but_not_noted;
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

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
