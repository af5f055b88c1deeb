//! What is written is restored, also after a kill, and a corrupt database is moved aside.

use std::path::PathBuf;

use super::*;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::credentials::Credentials;
use crate::domain::download::NewDownload;
use crate::domain::problem::{Fix, Problem};
use crate::domain::queue_key::Priority;
use crate::domain::state::State;
use crate::domain::verdict::{ExpectedDigest, Verdict};
use crate::domain::verification::{KnownDigest, Verification};

fn no_aside(_: &Path) -> std::io::Result<PathBuf> {
    panic!("a sound database was set aside")
}

fn record(url: &str) -> Record {
    let new = NewDownload {
        url: url.into(),
        folder: "/f".into(),
        headers: vec![("A".into(), "b".into())],
        checksum: Some("0f".repeat(20).parse().expect("a SHA-1")),
        credentials: Some(Credentials {
            user: "ada".into(),
            password: "\"".into(),
        }),
        proxy: Some("socks5h://u:p@h:1".parse().expect("a proxy")),
        tags: vec!["Work \"2026\"".into(), "b".into()],
        ..NewDownload::default()
    };
    Record::new(new, 1).expect("a link")
}

#[tokio::test]
async fn a_changed_download_comes_back_as_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let writer = Store::open(&path, no_aside)
        .expect("opens")
        .into_writer(None);
    let added = writer
        .add(vec![record("http://a/"), record("http://b/")])
        .await;
    let mut added = added.expect("stored");
    let second = &mut added[1];
    second.state = State::Failed {
        problem: Problem::NotFound { host: "b".into() },
        fix: Fix::NewLink,
        restart: false,
    };
    second.done.insert(ByteRange { start: 3, end: 9 });
    second.validators.total = Some(1 << 40);
    second.server_digest = Some(ExpectedDigest {
        checksum: "a".repeat(32).parse().expect("an MD5"),
        header: Some("Digest".into()),
    });
    second.verdict = Some(Verdict::Length);
    let known = KnownDigest::given("b".repeat(40).parse().expect("a SHA-1"));
    let verification = Verification {
        at: 5,
        algorithm: known.checksum.algorithm(),
        digest: known.checksum.hex(),
        compared: Some(known.clone().compare(&known.checksum)),
    };
    second.note_verification(&verification);
    second.priority = Priority::High;
    second.queue_position = Some(-3);
    second.fingerprint = "3:4:00000000000000ff".parse().expect("samples");
    writer.save(second);
    drop(writer);
    let back = Store::open(&path, no_aside).expect("opens again");
    assert_eq!(back.all().expect("reads"), added);
}

#[tokio::test]
async fn a_deleted_download_is_not_brought_back_by_a_late_save() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let writer = Store::open(&path, no_aside)
        .expect("opens")
        .into_writer(None);
    let added = writer.add(vec![record("http://a/")]).await.expect("stored");
    writer.delete(added[0].id);
    writer.save(&added[0]);
    writer.flush().await;
    let found = writer.find("http://a/", Path::new("/f")).await;
    assert_eq!(found.expect("the store runs"), []);
}

#[test]
fn a_broken_database_is_set_aside_and_a_new_one_begun() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    std::fs::write(&path, vec![0x5a; 8192]).expect("writes");
    let place = dir.path().join("list.db.broken");
    let store = Store::open(&path, |from| {
        std::fs::rename(from, &place)?;
        Ok(place.clone())
    });
    let store = store.expect("a new list");
    assert_eq!(store.recovered, Some((place.clone(), 0)));
    assert_eq!(store.all().expect("reads"), []);
    assert_eq!(std::fs::read(&place).expect("kept").len(), 8192);
}

#[test]
fn a_list_of_a_newer_version_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let store = Store::open(&path, no_aside).expect("opens");
    store
        .connection
        .pragma_update(None, "user_version", 99)
        .expect("set");
    drop(store);
    assert!(matches!(
        Store::open(&path, no_aside),
        Err(StoreError::Newer(99))
    ));
}

#[tokio::test]
async fn the_text_of_a_url_is_stored_and_read_byte_for_byte_also_where_it_is_none() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let list = || Store::open(&path, no_aside).expect("opens");
    let given = ["HTTP://A/b c", " http://ä/%7e", "http://a"];
    let writer = list().into_writer(None);
    let added = writer.add(given.map(record).into()).await.expect("stored");
    drop(writer);
    let urls = |all: &[Record]| all.iter().map(|one| one.url.as_str().to_owned()).collect();
    let read: Vec<String> = urls(&list().all().expect("reads"));
    assert_eq!(read, given);
    // Such rows are not written here.
    let foreign = ["no link", "ftp://u:p@a/", "http://u:p@a/b c"];
    let writer = list().into_writer(None);
    for (record, text) in added.iter().zip(foreign) {
        let url = crate::domain::download_url::StoredUrl::from_text(text);
        writer.save(&Record {
            url,
            ..record.clone()
        });
    }
    drop(writer);
    let all = list().all().expect("reads");
    assert_eq!(urls(&all), foreign);
    let writer = list().into_writer(None);
    all.iter().for_each(|record| writer.save(record));
    drop(writer);
    assert_eq!(
        list().all().expect("reads"),
        all,
        "no row is lost or changed"
    );
}
