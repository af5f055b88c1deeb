//! Responses to offloaded ranges: ingested where they belong, or rejected.

use millrace_engine::{DownloadId, OffloadedRange, OffloadedResponse, Phase, RemoveMode, Update};

use crate::fake_background_session::System;
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

const HELD: usize = 300_000;
const WHOLE: usize = 1_000_000;
const MISSING: u64 = (WHOLE - HELD) as u64;

struct Stage {
    body: Vec<u8>,
    server: Server,
    rig: Rig,
    system: System,
    id: DownloadId,
    lent: Vec<OffloadedRange>,
}

impl Stage {
    /// A download with [`HELD`] bytes present and the rest offloaded.
    async fn lent() -> Self {
        let body = bytes(WHOLE);
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        rig.until(id, |one| one.received == HELD as u64).await;
        let lent = rig.handle().offload().await.expect("the engine runs");
        assert_eq!(lent.len(), 1);
        rig.until(id, |one| one.phase == Phase::Queued).await;
        Self {
            body,
            server,
            rig,
            system: System::new(),
            id,
            lent,
        }
    }

    async fn fetched(&self) -> OffloadedResponse {
        self.system.fetch(&self.lent[0]).await
    }

    async fn take_back(&self, fetched: OffloadedResponse) -> u64 {
        let taken = self.rig.handle().ingest(fetched).await;
        taken.expect("the engine runs")
    }

    /// The next response stops after that many bytes.
    fn hold_again(&self, after: usize) {
        self.server
            .change(|site| *site = site.clone().holding(after));
    }

    async fn recall(&self) {
        let recalled = self.rig.handle().cancel_offload().await;
        recalled.expect("the engine runs");
    }

    /// The end of every scenario: the file is correct, and no handed-over file is left.
    async fn right(self) {
        let body = self.body;
        self.rig.delivers(self.id, &body).await;
        assert_eq!(self.system.left(), 0);
    }
}

#[tokio::test]
async fn what_the_system_has_fetched_is_taken_in_and_asked_of_nobody_else() {
    let stage = Stage::lent().await;
    assert_eq!(stage.take_back(stage.fetched().await).await, MISSING);
    stage.rig.done(stage.id).await;
    assert_eq!(stage.server.ranges(), ["bytes=0-", "bytes=300000-999999"]);
    stage.right().await;
}

#[tokio::test]
async fn what_an_earlier_process_had_lent_is_taken_back_by_its_token_while_the_download_runs() {
    let mut stage = Stage::lent().await;
    let fetched = stage.fetched().await;
    stage.hold_again(1_000);
    stage.rig = stage.rig.restart().await;
    let so_far = HELD as u64 + 1_000;
    let is = |received: u64| received == so_far;
    stage.rig.until(stage.id, |one| is(one.received)).await;
    assert_eq!(stage.take_back(fetched).await, MISSING - 1_000);
    stage.rig.done(stage.id).await;
    let own = ["bytes=0-", "bytes=300000-999999", "bytes=300000-"];
    assert_eq!(stage.server.ranges(), own);
    stage.right().await;
}

#[tokio::test]
async fn what_came_meanwhile_by_another_way_is_kept_and_only_the_rest_is_taken() {
    let stage = Stage::lent().await;
    let mut fetched = stage.fetched().await;
    stage.hold_again(100_000);
    stage.recall().await;
    let so_far = HELD as u64 + 100_000;
    stage
        .rig
        .until(stage.id, |one| one.received == so_far)
        .await;
    // where both have bytes, those present stay
    let mut content = stage.body[HELD..].to_vec();
    content[..100_000].fill(0);
    fetched.file = fetched.file.inspect(|path| {
        std::fs::write(path, content).expect("room");
    });
    assert_eq!(stage.take_back(fetched).await, MISSING - 100_000);
    stage.right().await;
}

#[tokio::test]
async fn several_parts_come_back_in_any_order_and_nothing_is_asked_before_the_last() {
    let mut stage = Stage::lent().await;
    let list = stage.rig.home().join("list.db");
    stage.hold_again(0);
    let holes = || {
        let list = rusqlite::Connection::open(list).expect("the engine has ended");
        let done = "0-100000 200000-300000";
        let changed = list.execute("update downloads set done = ?1", [done]);
        assert_eq!(changed.expect("the list is as documented"), 1);
    };
    // As after a power cut: only the list is trusted.
    let later = |config: &mut millrace_engine::Config| config.boot_id = None;
    stage.rig = stage.rig.restart_with(later, holes).await;
    stage
        .rig
        .until(stage.id, |one| one.phase == Phase::Running)
        .await;
    let lent = stage.rig.handle().offload().await.expect("the engine runs");
    let places: Vec<_> = lent.iter().map(|part| (part.from, part.to)).collect();
    assert_eq!(places, [(100_000, 200_000), (300_000, 1_000_000)]);
    let last = stage.system.fetch(&lent[1]).await;
    assert_eq!(stage.take_back(last).await, MISSING);
    let waits = stage.rig.snapshot(stage.id).await;
    assert_eq!((waits.phase, waits.received), (Phase::Queued, 900_000));
    let first = stage.system.fetch(&lent[0]).await;
    assert_eq!(stage.take_back(first).await, 100_000);
    stage.rig.done(stage.id).await;
    assert_eq!(stage.server.asked().len(), 4);
    stage.right().await;
}

#[tokio::test]
async fn when_the_system_brings_nothing_the_download_goes_on_by_itself() {
    let stage = Stage::lent().await;
    let nothing = OffloadedResponse {
        token: stage.lent[0].token.clone(),
        file: None,
        status: 0,
        headers: Vec::new(),
    };
    assert_eq!(stage.take_back(nothing).await, 0);
    stage.rig.done(stage.id).await;
    assert_eq!(stage.server.ranges(), ["bytes=0-", "bytes=300000-"]);
    stage.right().await;
}

#[tokio::test]
async fn what_was_paused_meanwhile_takes_its_bytes_and_stays_paused() {
    let stage = Stage::lent().await;
    stage.rig.pause(stage.id).await;
    assert_eq!(stage.take_back(stage.fetched().await).await, MISSING);
    let paused = stage.rig.snapshot(stage.id).await;
    assert_eq!(
        (paused.phase, paused.received),
        (Phase::Paused, WHOLE as u64)
    );
    stage.rig.resume(stage.id).await;
    stage.right().await;
}

#[tokio::test]
async fn what_was_removed_meanwhile_leaves_nothing_behind() {
    let stage = Stage::lent().await;
    let fetched = stage.fetched().await;
    stage.rig.remove(stage.id, RemoveMode::Keep).await;
    assert_eq!(stage.take_back(fetched).await, 0);
    assert_eq!(stage.rig.handle().list().await.expect("it runs"), []);
    assert_eq!(stage.system.left(), 0);
    stage.rig.close(&[]).await;
}

#[tokio::test]
async fn what_is_finished_meanwhile_needs_no_more_bytes() {
    let stage = Stage::lent().await;
    let fetched = stage.fetched().await;
    stage.recall().await;
    stage.rig.done(stage.id).await;
    assert_eq!(stage.take_back(fetched).await, 0);
    stage.right().await;
}

#[tokio::test]
async fn bytes_of_a_file_that_was_replaced_by_another_one_meanwhile_are_not_mixed_with_it() {
    let mut stage = Stage::lent().await;
    let fetched = stage.fetched().await;
    let new: Vec<u8> = stage.body.iter().map(|byte| byte ^ 0xFF).collect();
    stage.server.change(|site| {
        site.body.clone_from(&new);
        site.etag = Some("\"two\"");
    });
    stage.recall().await;
    stage.rig.done(stage.id).await;
    stage.body = new;
    assert_eq!(stage.take_back(fetched).await, 0);
    stage.right().await;
}

/// The change made to a correct response.
type Change = fn(&mut OffloadedResponse, &mut Vec<u8>);

fn set(fetched: &mut OffloadedResponse, name: &str, value: &str) {
    fetched.headers.retain(|(known, _)| known != name);
    fetched.headers.push((name.to_owned(), value.to_owned()));
}

const WRONG: [(&str, Change); 12] = [
    ("bytes came where", |_, content| content.truncate(1_000)),
    ("bytes came where", |_, content| content.push(0)),
    ("range-mismatch", |fetched, _| {
        set(fetched, "Content-Range", "bytes 299999-999998/1000000");
    }),
    ("range-mismatch", |fetched, _| fetched.headers.clear()),
    ("range-mismatch", |fetched, _| {
        set(fetched, "Etag", "W/\"one\"")
    }),
    ("changed", |fetched, _| set(fetched, "Etag", "\"two\"")),
    ("changed", |fetched, _| {
        set(fetched, "Content-Range", "bytes 300000-999999/2000000");
    }),
    ("encoded", |fetched, _| {
        set(fetched, "Content-Encoding", "gzip")
    }),
    ("range-mismatch", |fetched, _| fetched.status = 200),
    ("not-the-file", |fetched, content| {
        fetched.status = 200;
        set(fetched, "Content-Type", "text/html");
        set(fetched, "Etag", "\"portal\"");
        fetched.headers.retain(|(name, _)| name != "Content-Range");
        *content = b"<html>sign in here</html>".to_vec();
    }),
    ("forbidden", |fetched, _| fetched.status = 403),
    ("begun again", |fetched, _| {
        fetched.token = fetched.token.replacen("-0-", "-7-", 1);
    }),
];

#[tokio::test]
async fn whatever_is_not_that_part_of_that_file_is_refused_deleted_and_logged_and_damages_nothing()
{
    let stage = Stage::lent().await;
    stage.rig.pause(stage.id).await;
    let mut news = stage.rig.handle().subscribe().await.expect("it runs");
    for (why, change) in WRONG {
        let mut content = stage.body[HELD..].to_vec();
        let mut fetched = stage.system.made_up(&stage.lent[0], &[], WHOLE, "\"one\"");
        change(&mut fetched, &mut content);
        std::fs::write(fetched.file.as_ref().expect("one is there"), content).expect("room");
        assert_eq!(stage.take_back(fetched).await, 0, "{why}");
        assert_eq!(stage.system.left(), 0, "{why}");
        let mut log = Vec::new();
        while let Some(update) = news.try_next() {
            if let Update::Log(_, line) = update {
                log.push(line.text);
            }
        }
        let said = |line: &String| line.contains("is not used") && line.contains(why);
        assert!(log.iter().any(said), "{why}: {log:?}");
        let kept = stage.rig.snapshot(stage.id).await;
        assert_eq!((kept.phase, kept.received), (Phase::Paused, HELD as u64));
        assert!(
            stage.rig.read("file.bin.part") == stage.body[..HELD],
            "{why}"
        );
    }
    // and the correct one is ingested
    let content = &stage.body[HELD..];
    let right = stage
        .system
        .made_up(&stage.lent[0], content, WHOLE, "\"one\"");
    assert_eq!(stage.take_back(right).await, MISSING);
    stage.rig.resume(stage.id).await;
    stage.right().await;
}

#[tokio::test]
async fn a_token_of_nothing_that_was_lent_is_answered_and_its_file_deleted() {
    let stage = Stage::lent().await;
    for token in ["", "nonsense", "99-0-0-1000"] {
        let mut fetched = stage.system.made_up(&stage.lent[0], b"x", WHOLE, "\"one\"");
        fetched.token = token.into();
        assert_eq!(stage.take_back(fetched).await, 0, "{token}");
        assert_eq!(stage.system.left(), 0, "{token}");
    }
    stage.recall().await;
    stage.right().await;
}
