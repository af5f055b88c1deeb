//! File systems that only the child sees: one that states no size, and one that hides the folder of an unfinished file.
//! Needs `unshare`, and the right to make a user namespace.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::failures::assert_failed;
use crate::run::{Place, assert_same, bytes, names, run, start};
use crate::server::Server;

/// Runs a script whose `$1` is the folder, `$2` the binary and `$3` the link, where it may mount what it likes.
fn mounting(place: &Place, folder: &Path, url: &str, script: &str) -> Command {
    let mut command = place.command("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg("sh").arg(folder);
    command.arg(env!("CARGO_BIN_EXE_millrace")).arg(url);
    command
}

#[test]
fn a_file_system_that_states_no_size_is_written_to() {
    let place = Place::new();
    let server = Server::start(bytes(1_000_000));
    let folder = place.path("ram");
    std::fs::create_dir(&folder).expect("the place is new");
    let script = "mount -t ramfs ramfs \"$1\" || exit 77
        timeout 40 \"$2\" get -q -d \"$1\" \"$3\"; code=$?
        cat \"$1\"/file.bin | wc -c; exit $code";
    let ended = run(mounting(&place, &folder, &server.url("/file.bin"), script));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.out, "1000000\n");
}

/// Whether any byte is stored as here.
fn stored(store: &Path) -> bool {
    let Ok(list) = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return false;
    };
    let found = list.query_row(
        "select count(*) from downloads where done <> ''",
        [],
        |row| row.get::<_, i64>(0),
    );
    found.is_ok_and(|count| count > 0)
}

#[test]
fn an_empty_mount_point_waits_for_its_disk_and_the_partial_goes_on_when_it_is_back() {
    let (place, body) = (Place::new(), bytes(8_000_000));
    let server = Server::start(body.clone());
    server.pace(1_000_000);
    let url = server.url("/file.bin");
    let here = place.here();
    let folder = here.to_str().expect("a temporary folder has a plain name");
    let running = start(place.get(&["-q", "-x", "1", "-d", folder, &url]));
    let begun = Instant::now();
    while !stored(&place.path("home").join("cli.db")) {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing stored");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(running);
    assert_eq!(names(&here), ["file.bin.part"]);
    server.pace(0);
    let asked = server.asked().len();

    let script = "mount -t tmpfs tmpfs \"$1\" || exit 77
        timeout 40 \"$2\" get -q -d \"$1\" \"$3\"; code=$?
        ls -A \"$1\"; exit $code";
    let ended = run(mounting(&place, &here, &url, script));
    assert_failed(&ended, "folder-missing");
    assert_eq!(ended.out, "", "nothing is made on the other disk");
    assert_eq!(server.asked().len(), asked, "nothing is asked for");

    let ended = run(place.get(&["-q", "-d", folder, &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&here), ["file.bin"]);
    assert_same(&here.join("file.bin"), &body);
    let asked = server.asked();
    let goes_on = asked.last().and_then(|last| last.range(8_000_000));
    assert!(goes_on.is_some_and(|(from, _)| from > 0), "{asked:?}");
}
