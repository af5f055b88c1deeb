//! A disk that is really full: a small memory file system that only the child sees.
//! Needs `unshare`, and the right to make a user namespace.

use crate::failures::assert_failed;
use crate::run::{Ended, Place, bytes, run};
use crate::server::Server;

/// Downloads into a folder of 2 MiB; the names in it afterwards are lines of the output.
fn onto_a_small_disk(place: &Place, url: &str) -> Ended {
    std::fs::create_dir(place.path("small")).expect("the place is new");
    // The listing must happen where the file system is still seen; `timeout` bounds the child that the shell starts.
    let script = "mount -t tmpfs -o size=2m tmpfs \"$1\" || exit 77
        timeout 40 \"$2\" get -q -d \"$1\" \"$3\"; code=$?
        ls -A \"$1\"; exit $code";
    let mut command = place.command("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg("sh").arg(place.path("small"));
    command.arg(env!("CARGO_BIN_EXE_millrace")).arg(url);
    run(command)
}

fn assert_nothing_under_the_final_name(ended: &Ended) {
    let wrong = ended.out.lines().find(|name| !name.ends_with(".part"));
    assert_eq!(wrong, None, "{ended:?}");
}

#[test]
fn a_file_larger_than_the_disk_fails_as_disk_full() {
    let place = Place::new();
    let server = Server::start(bytes(6_000_000));
    let ended = onto_a_small_disk(&place, &server.url("/file.bin"));
    assert_failed(&ended, "disk-full");
    assert_nothing_under_the_final_name(&ended);
}

#[test]
fn a_disk_that_fills_up_in_the_middle_fails_as_disk_full() {
    let place = Place::new();
    let server = Server::start(bytes(6_000_000));
    let ended = onto_a_small_disk(&place, &server.url("/unsized.bin"));
    assert_failed(&ended, "disk-full");
    assert_nothing_under_the_final_name(&ended);
}

#[test]
fn a_file_that_fits_the_small_disk_arrives() {
    let place = Place::new();
    let server = Server::start(bytes(1_000_000));
    let ended = onto_a_small_disk(&place, &server.url("/file.bin"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.out, "file.bin\n");
}
