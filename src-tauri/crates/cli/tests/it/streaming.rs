//! `-o -`: the bytes on standard output, in order, and nothing else.

use std::process::Command;
use std::time::Duration;

use crate::failures::assert_failed;
use crate::run::{Ended, Place, bytes, names, run};
use crate::server::Server;

/// Runs it with standard output into a file, for bytes that are no text.
fn into_file(place: &Place, mut command: Command) -> (Ended, Vec<u8>) {
    let file = place.path("out");
    command.stdout(std::fs::File::create(&file).expect("the folder can be written"));
    let ended = run(command);
    (ended, std::fs::read(file).expect("it was made"))
}

pub(crate) fn nothing_kept(place: &Place) {
    assert!(names(&place.here()).is_empty());
    assert!(names(&place.path("home")).is_empty(), "state was kept");
}

#[test]
fn a_file_goes_to_standard_output_in_order_over_one_connection() {
    let lengths = [1, 5000, 3_000_001];
    for (path, lengths) in [("/f.bin", &lengths[..]), ("/unsized", &[0, 1, 3_000_001])] {
        for &length in lengths {
            let (place, body) = (Place::new(), bytes(length));
            let server = Server::start(body.clone());
            let arguments = [
                "-x",
                "16",
                "-d",
                "not-made",
                "--output",
                "-",
                &server.url(path),
            ];
            let (ended, out) = into_file(&place, place.get(&arguments));
            assert_eq!(ended.code, Some(0), "{path} of {length}: {ended:?}");
            assert!(out == body, "{path} of {length}: other bytes came out");
            assert!(ended.err.contains("verified"), "{ended:?}");
            assert_eq!(server.asked().len(), 1);
            nothing_kept(&place);
        }
    }
}

#[test]
fn a_failure_on_the_way_to_standard_output_is_told_by_line_and_status() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let (ended, out) = into_file(&place, place.get(&["-o", "-", &server.url("/missing")]));
    assert_failed(&ended, "not-found");
    assert!(out.is_empty());
    let sum = "0".repeat(64);
    let wrong = place.get(&["-q", "-o", "-", "--sha256", &sum, &server.url("/f.bin")]);
    let (ended, out) = into_file(&place, wrong);
    assert_failed(&ended, "checksum-mismatch");
    assert!(out == body, "other bytes came out");
    let (ended, _) = into_file(&place, place.get(&["-o", "-", &server.url("/stated")]));
    assert_failed(&ended, "checksum-mismatch");
    let (ended, _) = into_file(&place, place.get(&["-o", "-", "ftp://127.0.0.1/f"]));
    assert_failed(&ended, "unsupported-scheme");
    nothing_kept(&place);
}

#[test]
fn a_stream_that_breaks_goes_on_where_it_was_if_the_file_is_the_same() {
    let (place, body) = (Place::new(), bytes(300_000));
    let server = Server::start(body.clone());
    server.cut(100_000);
    let (ended, out) = into_file(
        &place,
        place.get(&["-o", "-", "--retry-wait", "0.05", &server.url("/f.bin")]),
    );
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(out == body, "other bytes came out");
    let starts: Vec<u64> = server
        .asked()
        .iter()
        .filter_map(|one| Some(one.range(300_000)?.0))
        .collect();
    assert!(
        starts.len() > 1 && starts.windows(2).all(|two| two[0] < two[1]),
        "{starts:?}"
    );

    // Without anything that tells one file from another, what was written stays alone.
    let (ended, out) = into_file(
        &place,
        place.get(&["-o", "-", "--retry-wait", "0.05", &server.url("/untagged")]),
    );
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        !out.is_empty() && body.starts_with(&out),
        "other bytes came out"
    );
}

#[test]
fn a_limit_holds_for_standard_output_too() {
    let (place, body) = (Place::new(), bytes(600_000));
    let server = Server::start(body.clone());
    let (ended, out) = into_file(
        &place,
        place.get(&["-o", "-", "--limit", "300000", &server.url("/f.bin")]),
    );
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(out == body, "other bytes came out");
    assert!(
        ended.took > Duration::from_millis(1400),
        "it took {:?}",
        ended.took
    );
}
