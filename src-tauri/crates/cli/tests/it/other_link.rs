//! A new link for a file that another link has begun: `-o` names the file, and its bytes show whether it is the same.

use std::time::Duration;

use rusqlite::Connection;

use crate::run::{Place, assert_same, bytes, names, run, start, wait_until};
use crate::server::Server;

const LENGTH: usize = 16_000_000;

/// Whether a plan with bytes in it is stored.
fn is_stored(place: &Place) -> bool {
    let store = Connection::open(place.path("home").join("cli.db")).expect("the store opens");
    let wait = store.busy_timeout(Duration::from_secs(5));
    wait.expect("a wait can be set");
    let query = "select count(*) from downloads where done <> ''";
    store.query_row(query, [], |row| row.get::<_, i64>(0)) == Ok(1)
}

/// A first link that is killed when something is stored.
fn begun(place: &Place, body: &[u8]) {
    let server = Server::start(body.to_vec());
    server.pace(1_000_000);
    let url = server.url("/f.bin?sig=1");
    let running = start(place.get(&["-q", "-x", "1", "-o", "f.bin", &url]));
    let list = place.path("home").join("cli.db");
    wait_until("something is stored", || list.exists() && is_stored(place));
    let ended_itself = running.kill_after(Duration::ZERO);
    assert!(!ended_itself, "it ended before it was killed");
    assert_eq!(names(&place.here()), ["f.bin.part"]);
}

#[test]
fn a_new_link_for_the_same_file_goes_on_where_the_old_one_was_killed() {
    let (place, body) = (Place::new(), bytes(LENGTH));
    begun(&place, &body);
    let server = Server::start(body.clone());
    let ended = run(place.get(&["-o", "f.bin", &server.url("/f.bin?sig=2")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["f.bin"]);
    assert_same(&place.here().join("f.bin"), &body);
    let asked = server.asked();
    let first = asked[0].range(LENGTH as u64).expect("a part is asked for");
    assert!(first.0 > 0, "not from the beginning: {first:?}");
}

#[test]
fn a_link_to_another_file_of_that_name_leaves_the_unfinished_one_alone() {
    let (place, body) = (Place::new(), bytes(LENGTH));
    begun(&place, &body);
    let left = std::fs::read(place.here().join("f.bin.part")).expect("it is there");
    let other: Vec<u8> = body.iter().map(|byte| byte ^ 0xFF).collect();
    let server = Server::start(other.clone());
    let ended = run(place.get(&["-o", "f.bin", &server.url("/f.bin?sig=2")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["f.bin", "f.bin.part"]);
    assert_same(&place.here().join("f.bin"), &other);
    assert_same(&place.here().join("f.bin.part"), &left);
}
