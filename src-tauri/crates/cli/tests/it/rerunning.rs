//! The same command once more: what is here already is left alone.

use std::path::Path;

use crate::run::{Place, assert_same, bytes, names, run};
use crate::server::Server;

/// A list of these paths of the server, one a line.
fn list(place: &Place, server: &Server, paths: &[&str]) -> String {
    let path = place.path("list");
    let lines: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    std::fs::write(&path, lines.join("\n")).expect("it can be written");
    path.display().to_string()
}

fn asked(server: &Server) -> Vec<String> {
    server.asked().into_iter().map(|one| one.path).collect()
}

#[test]
fn a_list_that_is_run_again_fetches_only_what_is_missing_and_stores_nothing_twice() {
    // One goes the short way for small files, one does not.
    for length in [5_000, 300_000] {
        let (place, body) = (Place::new(), bytes(length));
        let server = Server::start(body.clone());
        let links = ["/a.bin?sig=one", "/b.bin", "/missing"];
        let list = list(&place, &server, &links);
        let get = || place.get(&["-i", &list]);
        assert_eq!(run(get()).code, Some(1));
        let first = asked(&server).len();
        let again = run(get());
        assert_eq!(again.code, Some(1), "one is still missing");
        // Asked for once more without a range, as any refused one is.
        let mut anew = asked(&server).split_off(first);
        anew.dedup();
        assert_eq!(anew, ["/missing"]);
        assert_eq!(names(&place.here()), ["a.bin", "b.bin"]);
        assert_eq!(
            again.err.matches("already downloaded").count(),
            2,
            "{again:?}"
        );
        // When nothing is missing, that is a success.
        let ended = run(place.get(&[&server.url(links[0]), &server.url(links[1])]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(names(&place.here()), ["a.bin", "b.bin"]);
        for name in ["a.bin", "b.bin"] {
            assert_same(&place.here().join(name), &body);
        }
    }
}

#[test]
fn json_tells_what_is_here_already_and_quiet_says_nothing_of_it() {
    let (place, body) = (Place::new(), bytes(5_000));
    let server = Server::start(body);
    let url = server.url("/a.bin");
    let named = url.replace("http://", "http://ada:s3cret@");
    assert_eq!(run(place.get(&[&named])).code, Some(0));
    let again = run(place.get(&["--json", &named]));
    assert_eq!(again.code, Some(0), "{again:?}");
    let event: serde_json::Value = serde_json::from_str(&again.out).expect("it is one line");
    let path = place
        .here()
        .canonicalize()
        .expect("it is there")
        .join("a.bin");
    // What only programs say before a path on Windows.
    let path = path.to_string_lossy().replace(r"\\?\", "");
    let data = serde_json::json!({ "url": url, "path": path });
    assert_eq!(
        event,
        serde_json::json!({ "event": "alreadyHere", "data": data })
    );
    assert_eq!(again.err, "");
    let quiet = run(place.get(&["-q", &named]));
    assert_eq!((quiet.code, &*quiet.out, &*quiet.err), (Some(0), "", ""));
}

#[test]
fn a_finished_file_that_was_changed_or_moved_since_is_fetched_again() {
    let (place, body) = (Place::new(), bytes(5_000));
    let server = Server::start(body.clone());
    let urls: Vec<String> = ["/a.bin", "/b.bin", "/c.bin", "/d.bin"]
        .iter()
        .map(|path| server.url(path))
        .collect();
    let get = || place.get(&urls.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(run(get()).code, Some(0));
    let at = |name: &str| place.here().join(name);
    // In place and of the same length; by another file; away.
    let mut changed = body.clone();
    changed[7] ^= 1;
    write_over(&at("a.bin"), &changed);
    std::fs::write(at("other"), &body).expect("it can be written");
    std::fs::rename(at("other"), at("b.bin")).expect("it can be replaced");
    std::fs::rename(at("c.bin"), at("elsewhere.bin")).expect("it can be moved");
    let first = asked(&server).len();
    assert_eq!(run(get()).code, Some(0));
    let mut again = asked(&server).split_off(first);
    again.sort();
    assert_eq!(again, ["/a.bin", "/b.bin", "/c.bin"]);
    assert_same(&at("a.bin"), &changed);
    for name in ["a (1).bin", "b (1).bin", "c.bin", "elsewhere.bin"] {
        assert_same(&at(name), &body);
    }
}

/// The same file afterwards.
fn write_over(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    let file = std::fs::File::options().write(true).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes));
    written.expect("it can be written over");
}

#[test]
fn another_name_another_folder_or_a_digest_that_was_not_met_is_another_wish() {
    let (place, body) = (Place::new(), bytes(5_000));
    let server = Server::start(body.clone());
    let url = server.url("/a.bin");
    assert_eq!(run(place.get(&[&url])).code, Some(0));
    let named = run(place.get(&["-o", "b.bin", &url]));
    assert_eq!(named.code, Some(0), "{named:?}");
    let folder = place.path("folder").display().to_string();
    assert_eq!(run(place.get(&["-d", &folder, &url])).code, Some(0));
    assert_eq!(names(&place.here()), ["a.bin", "b.bin"]);
    assert_eq!(names(&place.path("folder")), ["a.bin"]);
    let count = asked(&server).len();
    let wrong = format!("sha-256:{}", "0".repeat(64));
    let ended = run(place.get(&["--checksum", &wrong, &url]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(asked(&server).len() > count);
}
