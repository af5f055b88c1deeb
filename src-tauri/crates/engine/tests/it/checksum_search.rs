//! Verification of finished files with a checksum that is published beside their link.

use millrace_engine::{
    Algorithm, CommandError, DigestSource, DownloadId, NewDownload, Problem, VerifyOutcome,
};

use crate::digests::sum;
use crate::rig::{Rig, bytes};
use crate::scripted_server::{Head, Script, answer};
use crate::verification::{compared, verification, verified};

/// A server with the file at `/d/a%20b.iso`, and `beside` at the other paths.
async fn site(
    body: &[u8],
    beside: impl Fn(&Head) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Script {
    let file = answer(200, &["Content-Type: application/octet-stream"], body);
    Script::start("127.0.0.1:0", move |head| {
        if head.path() == "/d/a%20b.iso" {
            return file.clone();
        }
        beside(head).unwrap_or_else(|| answer(404, &[], b"none"))
    })
    .await
}

async fn finished_from(server: &Script) -> (Rig, DownloadId) {
    let rig = Rig::new();
    let wish = NewDownload {
        name: Some("mine.iso".into()),
        headers: vec![
            ("X-Key".into(), "secret".into()),
            ("Referer".into(), "https://page/".into()),
        ],
        ..rig.wish(server.url("/d/a%20b.iso"))
    };
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    (rig, id)
}

fn text(content: &str) -> Vec<u8> {
    answer(200, &["Content-Type: text/plain"], content.as_bytes())
}

#[tokio::test]
async fn a_list_of_checksums_beside_the_link_proves_the_file_and_is_named() {
    let body = bytes(100_000);
    let sha256 = sum(Algorithm::Sha256, &body);
    let hex = sha256.hex();
    let server = site(&body, move |head| {
        let list = format!("{}  other.iso\n{hex} *a b.iso\n", "0".repeat(64));
        (head.path() == "/d/SHA256SUMS").then(|| text(&list))
    })
    .await;
    let (rig, id) = finished_from(&server).await;
    let before = server.asked().len();
    let outcome = rig.handle().verify_beside(id).await;
    let found = verification(outcome.expect("the server answers"));
    let host = server.url("").trim_start_matches("http://").to_owned();
    let name = "SHA256SUMS".to_owned();
    let source = DigestSource::File { host, name };
    let expected = compared(&sha256, source.clone(), false, true);
    assert_eq!(found.compared, Some(expected));
    let asked = server.asked().split_off(before);
    let paths: Vec<&str> = asked.iter().map(Head::path).collect();
    let expected = [
        "/d/a%20b.iso.sha256",
        "/d/a%20b.iso.sha512",
        "/d/a%20b.iso.sha1",
        "/d/a%20b.iso.md5",
        "/d/SHA256SUMS",
    ];
    assert_eq!(paths, expected);
    for head in &asked {
        // Secrets are dropped when a download is finished.
        assert_eq!(head.header("X-Key"), None);
        assert_eq!(head.header("Referer"), Some("https://page/"));
        assert_eq!(head.header("Range"), None);
    }
    // Known from then on, also without the server.
    drop(server);
    let rig = rig.restart().await;
    assert_eq!(rig.snapshot(id).await.verification, Some(found));
    let again = verified(&rig, id, None).await;
    let expected = compared(&sha256, source, true, true);
    assert_eq!(again.compared, Some(expected));
    rig.close(&["mine.iso"]).await;
}

#[tokio::test]
async fn a_checksum_beside_the_link_that_does_not_match_is_told() {
    let body = bytes(1000);
    let server = site(&body, |head| {
        (head.path() == "/d/a%20b.iso.sha1").then(|| text(&"1".repeat(40)))
    })
    .await;
    let (rig, id) = finished_from(&server).await;
    let outcome = rig.handle().verify_beside(id).await;
    let compared = verification(outcome.expect("the server answers")).compared;
    let compared = compared.expect("one was found");
    assert!(!compared.matches && !compared.proven);
    assert_eq!(compared.expected, "1".repeat(40));
    assert!(rig.read("mine.iso") == body);
    rig.close(&["mine.iso"]).await;
}

#[tokio::test]
async fn neither_a_page_nor_too_long_a_text_nor_one_elsewhere_is_a_checksum() {
    let body = bytes(1000);
    let hex = sum(Algorithm::Sha256, &body).hex();
    let elsewhere_hex = hex.clone();
    let elsewhere = Script::start("127.0.0.1:0", move |_| text(&elsewhere_hex)).await;
    let away = format!("Location: {}", elsewhere.url("/sum"));
    let server = site(&body, move |head| match head.path() {
        "/d/a%20b.iso.sha256" => Some(answer(302, &[&away], b"")),
        "/d/a%20b.iso.sha512" => Some(answer(200, &["Content-Type: text/html"], hex.as_bytes())),
        "/d/a%20b.iso.sha1" => Some(text(&format!("{hex}\n{}", "#".repeat(1 << 20)))),
        "/d/a%20b.iso.md5" => Some(answer(500, &[], b"")),
        "/d/SHA256SUMS" => Some(text(&hex)),
        _ => None,
    })
    .await;
    let (rig, id) = finished_from(&server).await;
    let outcome = rig.handle().verify_beside(id).await;
    assert_eq!(outcome, Ok(VerifyOutcome::NothingFound));
    assert!(
        elsewhere.asked().is_empty(),
        "nothing goes to another origin"
    );
    assert_eq!(rig.snapshot(id).await.verification, None);
    rig.close(&["mine.iso"]).await;
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_is_told() {
    let server = site(&bytes(1000), |_| None).await;
    let (rig, id) = finished_from(&server).await;
    drop(server);
    let outcome = rig.handle().verify_beside(id).await;
    assert!(
        matches!(
            outcome,
            Err(CommandError::Verification(
                Problem::ConnectionRefused { .. }
            ))
        ),
        "{outcome:?}"
    );
    rig.close(&["mine.iso"]).await;
}
