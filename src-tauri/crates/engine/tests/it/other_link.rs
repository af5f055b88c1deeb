//! A new URL for a file started from another one: the same name, given by the user, in the same folder.

use millrace_engine::{DownloadId, StoreMode};

use crate::rig::{Rig, bytes};
use crate::server::{Ranges, Server, Site};

const HELD: usize = 300_000;

async fn wish(rig: &Rig, server: &Server, link: &str) -> DownloadId {
    let mut wish = rig.wish(server.url(link));
    wish.name = Some("f.bin".into());
    rig.add_as(wish).await
}

/// The first URL fails after [`HELD`] bytes, and the command ends.
async fn begun(server: &Server) -> Rig {
    let rig = Rig::with(|config| config.store_mode = StoreMode::Shared);
    let id = wish(&rig, server, "/f?sig=1").await;
    rig.until(id, |one| one.received == HELD as u64).await;
    rig.restart().await
}

#[tokio::test]
async fn a_new_link_goes_on_with_the_partial_of_the_old_one_once_its_bytes_are_the_same() {
    let body = bytes(1_000_000);
    for etag in [Some("\"one\""), Some("\"two\""), None] {
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let rig = begun(&server).await;
        server.change(|site| site.etag = etag);
        // Another origin works too.
        let other = Server::start(Site {
            etag,
            ..Site::of(&body)
        })
        .await;
        let id = wish(&rig, &other, "/f?sig=2").await;
        let done = rig.done(id).await;
        assert_eq!(done.epoch, 0);
        assert!(
            other.ranges().iter().all(|range| range != "bytes=0-"),
            "{:?}",
            other.ranges()
        );
        assert!(rig.read("f.bin") == body);
        let list = rig.home().join("list.db");
        let rig = rig.restart().await;
        let list = rusqlite::Connection::open(list).expect("the list is there");
        let old = "select count(*) from downloads where url like '%sig=1'";
        let rows = list.query_row(old, [], |row| row.get(0));
        assert_eq!(rows, Ok(0), "nothing is left of the old one");
        rig.close(&["f.bin"]).await;
    }
}

#[tokio::test]
async fn another_file_under_the_name_of_an_unfinished_one_leaves_that_alone() {
    let body = bytes(1_000_000);
    let mut end = body.clone();
    end[HELD - 1] ^= 1;
    let mut beginning = body.clone();
    beginning[7] ^= 1;
    for (other, ranges) in [
        (end, Ranges::Given),
        (beginning, Ranges::Given),
        (bytes(500_000), Ranges::Given),
        (bytes(1000), Ranges::Given),
        // The same, but nothing can be compared.
        (body.clone(), Ranges::Ignored),
    ] {
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let rig = begun(&server).await;
        // Even with the same entity tag: it is another URL's.
        server.change(|site| {
            site.body.clone_from(&other);
            site.ranges = ranges;
        });
        let id = wish(&rig, &server, "/f?sig=2").await;
        let done = rig.done(id).await;
        assert_eq!(done.name, "f (1).bin");
        assert!(rig.read("f (1).bin") == other);
        assert!(rig.read("f.bin.part") == body[..HELD]);
        // The first URL continues as if nothing had happened.
        server.change(|site| *site = Site::of(&body));
        let id = wish(&rig, &server, "/f?sig=1").await;
        rig.done(id).await;
        assert!(rig.read("f.bin") == body);
        assert_eq!(
            server.ranges().last().map(String::as_str),
            Some("bytes=300000-")
        );
        rig.close(&["f (1).bin", "f.bin"]).await;
    }
}
