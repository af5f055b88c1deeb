//! What a file is measured by is asked for, told, and acted on.

use crate::failures::assert_failed;
use crate::run::{Place, assert_same, names, run};
use crate::server::Server;
use crate::success::events;

/// Of `abc`: FIPS 180-4 and RFC 1321 examples.
const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";
const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
const SHA256: &str = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

#[test]
fn a_file_with_the_given_digest_passes_and_is_said_to() {
    for (option, digest, name) in [
        ("--sha256", SHA256.to_owned(), "SHA-256"),
        ("--checksum", format!("sha-256:{SHA256}"), "SHA-256"),
        ("--checksum", format!("sha1={SHA1}"), "SHA-1"),
        ("--checksum", MD5.to_owned(), "MD5"),
    ] {
        let place = Place::new();
        let server = Server::start(b"abc".to_vec());
        let ended = run(place.get(&[option, &digest, &server.url("/abc.txt")]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_same(&place.here().join("abc.txt"), b"abc");
        let line = format!("abc.txt: verified: {name} matches the given checksum\n");
        assert!(ended.err.ends_with(&line), "{ended:?}");
    }
}

#[test]
fn a_quiet_run_does_not_say_what_proved_the_file() {
    let place = Place::new();
    let server = Server::start(b"abc".to_vec());
    let ended = run(place.get(&["-q", "--sha256", SHA256, &server.url("/abc.txt")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!((ended.err.as_str(), ended.out.as_str()), ("", ""));
}

#[test]
fn json_tells_which_digest_proved_the_file_before_it_is_finished() {
    let place = Place::new();
    let server = Server::start(b"abc".to_vec());
    let ended = run(place.get(&["--json", &server.url("/stated.txt")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told = events(&ended.out);
    let [.., verified, finished] = told.as_slice() else {
        panic!("two events at least: {ended:?}");
    };
    assert_eq!(verified["event"], "verified");
    assert_eq!(verified["data"]["verdict"]["by"], "server-digest");
    assert_eq!(verified["data"]["verdict"]["algorithm"], "sha-256");
    assert_eq!(verified["data"]["verdict"]["header"], "Repr-Digest");
    assert_eq!(finished["event"], "finished");
}

#[test]
fn a_wrong_file_is_kept_aside_and_the_same_command_fetches_it_again() {
    let place = Place::new();
    let server = Server::start(b"abd".to_vec());
    let url = server.url("/abc.txt");
    let given = format!("sha-1:{SHA1}");
    for left in [
        &["abc.txt.mismatch"][..],
        &["abc.txt (1).mismatch", "abc.txt.mismatch"],
    ] {
        let ended = run(place.get(&["--checksum", &given, &url]));
        assert_failed(&ended, "checksum-mismatch");
        let kept = place.here().join(left[0]);
        let words = "the SHA-1 doesn't match the given checksum; the file is kept as";
        let said = format!("{words} {}; run", kept.display());
        assert!(ended.err.contains(&said), "{ended:?}");
        assert_eq!(names(&place.here()), left);
        assert_same(&kept, b"abd");
    }
    // Without a digest the same command takes what comes.
    let ended = run(place.get(&[&url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_same(&place.here().join("abc.txt"), b"abd");
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_file_that_is_not_what_its_server_states_says_who_stated_it() {
    let place = Place::new();
    let server = Server::start(b"abd".to_vec());
    let ended = run(place.get(&[&server.url("/stated.txt")]));
    assert_failed(&ended, "checksum-mismatch");
    let words = "the SHA-256 doesn't match the server's Repr-Digest; the file is kept as";
    assert!(ended.err.contains(words), "{ended:?}");
    assert_eq!(names(&place.here()), ["stated.txt.mismatch"]);
}
