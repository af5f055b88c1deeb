//! Credentials: where they are sent, when, and how often.

use millrace_engine::{Credentials, Fix};
use sha2::{Digest, Sha256, Sha512_256};

use crate::rig::{Rig, bytes};
use crate::scripted_server::{Head, Script, answer};

const BASIC: &str = "Basic YWRhOnNlY3JldA==";

fn ada(password: &str) -> Option<Credentials> {
    Some(Credentials {
        user: "ada".into(),
        password: password.into(),
    })
}

fn hex(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a Digest response proves the password for that nonce (RFC 7616, section 3.4).
fn right(head: &Head, nonce: &str) -> bool {
    let field = head.header("authorization").unwrap_or_default();
    let part = |name: &str| {
        let (_, rest) = field.split_once(&format!("{name}="))?;
        Some(
            rest.trim_start_matches('"')
                .split(['"', ','])
                .next()?
                .to_owned(),
        )
    };
    let (Some(nc), Some(cnonce), Some(found)) = (part(" nc"), part("cnonce"), part("response"))
    else {
        return false;
    };
    let secret = hex("ada:r:secret");
    let asked = hex(&format!("GET:{}", head.path()));
    part(" nonce").as_deref() == Some(nonce)
        && found == hex(&format!("{secret}:{nonce}:{nc}:{cnonce}:auth:{asked}"))
}

fn digest(nonce: &str, more: &str) -> String {
    format!(
        "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"{nonce}\"{more}"
    )
}

#[tokio::test]
async fn basic_credentials_in_a_link_answer_a_challenge_and_are_shown_nowhere() {
    let body = bytes(5000);
    let file = body.clone();
    let server = Script::start("127.0.0.1:0", move |head| {
        if head.header("authorization") == Some(BASIC) {
            answer(200, &[], &file)
        } else {
            answer(401, &["WWW-Authenticate: Basic realm=\"r\""], b"")
        }
    })
    .await;
    let rig = Rig::new();
    let link = server
        .url("/file.bin")
        .replace("http://", "http://ada:secret@");
    let id = rig.add(link).await;
    let done = rig.done(id).await;
    assert_eq!(done.url, server.url("/file.bin"));
    let sent: Vec<Option<String>> = server
        .asked()
        .iter()
        .map(|head| head.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(sent, [None, Some(BASIC.to_owned())]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_digest_challenge_is_answered_and_a_stale_nonce_once_more() {
    let body = bytes(5000);
    let file = body.clone();
    let server = Script::start("127.0.0.1:0", move |head| {
        if right(head, "two") {
            answer(200, &[], &file)
        } else if right(head, "one") {
            answer(401, &[&digest("two", ", stale=true")], b"")
        } else {
            answer(401, &[&digest("one", "")], b"")
        }
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin?a=b"));
    wish.credentials = ada("secret");
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    assert_eq!(server.asked().len(), 3);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_digest_of_sha_512_256_that_protects_the_body_is_answered() {
    let hex = |text: &str| -> String {
        let hash = Sha512_256::digest(text.as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let file = bytes(5000);
    let body = file.clone();
    let server = Script::start("127.0.0.1:0", move |head| {
        let field = head.header("authorization").unwrap_or_default();
        let part = |name: &str| {
            let (_, rest) = field.split_once(&format!(" {name}="))?;
            rest.trim_start_matches('"').split(['"', ',']).next()
        };
        let (nc, cnonce) = (part("nc").unwrap_or(""), part("cnonce").unwrap_or(""));
        let secret = hex("ada:r:secret");
        let asked = hex(&format!("GET:{}:{}", head.path(), hex("")));
        let expected = hex(&format!("{secret}:n:{nc}:{cnonce}:auth-int:{asked}"));
        if part("response") == Some(&*expected) && part("qop") == Some("auth-int") {
            answer(200, &[], &file)
        } else {
            let challenge = "WWW-Authenticate: Digest realm=\"r\", qop=\"auth-int\", algorithm=SHA-512-256, nonce=\"n\"";
            answer(401, &[challenge], b"")
        }
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin?a=b"));
    wish.credentials = ada("secret");
    let id = rig.add_as(wish).await;
    rig.delivers(id, &body).await;
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_no_password_not_at_all() {
    for (credentials, requests) in [(ada("wrong"), 2), (None, 1)] {
        for challenge in [
            "WWW-Authenticate: Basic realm=\"r\"".to_owned(),
            digest("n", ""),
        ] {
            let server =
                Script::start("127.0.0.1:0", move |_| answer(401, &[&challenge], b"")).await;
            let rig = Rig::new();
            let mut wish = rig.wish(server.url("/file.bin"));
            wish.credentials.clone_from(&credentials);
            let id = rig.add_as(wish).await;
            let failed = rig.failed(id, "unauthorized", Fix::NewLink).await;
            assert_eq!(failed.attempts, 1);
            assert_eq!(server.asked().len(), requests);
            rig.close(&[]).await;
        }
    }
}

#[tokio::test]
async fn credentials_are_not_given_to_the_origin_that_a_redirect_leads_to() {
    let other = Script::start("127.0.0.1:0", |_| {
        answer(401, &["WWW-Authenticate: Basic realm=\"r\""], b"")
    })
    .await;
    let place = format!(
        "Location: {}",
        other.url("/file.bin").replace("://", "://eve:x@")
    );
    let server = Script::start("127.0.0.1:0", move |_| answer(302, &[&place], b"")).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/start.bin"));
    wish.credentials = ada("secret");
    let id = rig.add_as(wish).await;
    rig.failed(id, "unauthorized", Fix::NewLink).await;
    assert_eq!(other.asked().len(), 1);
    assert_eq!(other.asked()[0].header("authorization"), None);
    rig.close(&[]).await;
}
