//! Files received in several attempts, or whose process ended at the last moment, are still verified as a whole.

use millrace_engine::{Algorithm, Checksum, DownloadId, Phase, Snapshot, Verdict};

use crate::digests::{given_digest, server_digest, stated, sum};
use crate::rig::{Rig, begun, bytes};
use crate::server::{Framing, Ranges, Server, Site};

#[tokio::test]
async fn a_digest_of_a_part_is_not_taken_for_one_of_the_file() {
    let body = bytes(400_000);
    for header in ["Content-Digest", "Content-MD5", "x-amz-checksum-sha256"] {
        let server = Server::start(Site::of(&body).holding(100_000)).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, 100_000).await;
        // The next response sends the rest, and this is its digest.
        let found = stated(&body[100_000..]);
        let mut found = found.into_iter().filter(|(name, ..)| *name == header);
        let (_, value, _) = found.next().expect("each of them is a field");
        server.change(|site| site.headers.push((header, value)));
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.verdict, Some(Verdict::Length));
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn what_was_stated_of_the_whole_file_counts_although_the_rest_comes_without_it() {
    let body = bytes(400_000);
    let (header, value, algorithm) = stated(&body).swap_remove(2);
    assert_eq!(header, "Content-Digest");
    let mut site = Site::of(&body).holding(100_000);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    server.change(|site| site.headers.clear());
    let rig = rig.restart().await;
    rig.resume(id).await;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, server_digest(algorithm, header, &body));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_changed_is_not_held_to_what_was_stated_of_the_old_one() {
    let (body, other) = (bytes(400_000), bytes(300_000));
    // With range support the change ends the attempt; otherwise the response that shows it is the whole new file.
    for ranges in [Ranges::Given, Ranges::Ignored] {
        let mut site = Site::of(&body).holding(100_000);
        let (header, value, _) = stated(&body).swap_remove(0);
        site.headers.push((header, value));
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, 100_000).await;
        server.change(|site| {
            site.headers.clear();
            site.etag = Some("\"two\"");
            site.ranges = ranges;
            site.body.clone_from(&other);
        });
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.verdict, Some(Verdict::Length));
        assert!(rig.read("file.bin") == other);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_resumed_file_is_proven_whole_also_after_a_restart_of_the_program() {
    let body = bytes(400_000);
    let mut site = Site::of(&body).holding(100_000);
    let (header, value, algorithm) = stated(&body).swap_remove(0);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    let rig = rig.restart().await;
    rig.resume(id).await;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, server_digest(algorithm, header, &body));
    assert_eq!(server.ranges().len(), 2);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_whose_measuring_was_interrupted_is_measured_again_and_not_fetched_again() {
    let body = bytes(2 << 20);
    let (header, value, algorithm) = stated(&body).swap_remove(1);
    let mut site = Site::of(&body).holding(256 << 10);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    // A resumed file is read from its beginning at the end, which takes a while.
    let id = rig.paused_at(&server, 256 << 10).await;
    rig.resume(id).await;
    let whole = |one: &Snapshot| matches!(one.phase, Phase::Finishing | Phase::Done);
    rig.until(id, whole).await;
    let rig = rig.restart().await;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, server_digest(algorithm, header, &body));
    assert_eq!(server.asked().len(), 2);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

/// A process died after it renamed the file and before it stored that: here the test does the same by hand.
pub(crate) async fn named_but_not_noted(given: Checksum, rest: &[u8]) -> (Rig, DownloadId, Server) {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.checksum = Some(given);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received == 100_000).await;
    rig.pause(id).await;
    rig.until(id, |one| one.allows.resume).await;
    let part = rig.folder().join("file.bin.part");
    let mut file = std::fs::File::options().append(true).open(&part);
    let file = file.as_mut().expect("the part is there");
    std::io::Write::write_all(file, rest).expect("a writable part");
    std::fs::rename(part, rig.folder().join("file.bin")).expect("a writable folder");
    rig.resume(id).await;
    (rig, id, server)
}

#[tokio::test]
async fn a_file_that_was_named_but_not_noted_is_measured_once_more() {
    let body = bytes(200_000);
    let given = sum(Algorithm::Sha512, &body);
    let (rig, id, server) = named_but_not_noted(given, &body[100_000..]).await;
    let algorithm = Algorithm::Sha512;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, given_digest(algorithm, &body));
    assert_eq!(server.asked().len(), 1);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_length_that_only_the_end_told_proves_nothing_after_a_kill_either() {
    let site = Site {
        framing: Framing::Chunked,
        ranges: Ranges::Ignored,
        ..Site::of(&bytes(70_000))
    };
    let (server, rig, id) = begun(site).await;
    assert_eq!(rig.done(id).await.verdict, Some(Verdict::Nothing));
    // The list as when the last byte had arrived: with the file under either of its names.
    let list = rig.home().join("list.db");
    let [whole, part] = ["file.bin", "file.bin.part"].map(|name| rig.folder().join(name));
    let as_it_was = move || {
        let list = rusqlite::Connection::open(&list).expect("the list is there");
        let state = "update downloads set state = '{\"is\":\"finishing\"}'";
        assert_eq!(list.execute(state, []), Ok(1));
    };
    let rig = rig.restart_after(as_it_was.clone()).await;
    assert_eq!(rig.done(id).await.verdict, Some(Verdict::Nothing));
    let rig = rig
        .restart_after(move || {
            as_it_was();
            std::fs::rename(whole, part).expect("a writable folder");
        })
        .await;
    assert_eq!(rig.done(id).await.verdict, Some(Verdict::Nothing));
    assert_eq!(server.asked().len(), 1, "and it was not fetched again");
    rig.close(&["file.bin"]).await;
}
