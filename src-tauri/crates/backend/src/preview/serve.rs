//! The scheme from which the quick look loads pictures, sounds and films: `/ID`, in ranges, and nothing else.

use millrace_engine::{CommandError, DownloadId, FinishedFile, Handle};

use super::kind::media_type;

/// Name of the scheme.
pub const SCHEME: &str = "preview";
/// Bytes of one answer at most; a player asks for the rest.
const MAX_RANGE: u64 = 2 << 20;
/// Bytes of a file that is asked for without a range at most.
const MAX_WHOLE: u64 = 64 << 20;

/// The origin of the page, which alone may read what it fetches.
const PAGE_ORIGIN: &str = if cfg!(any(windows, target_os = "android")) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// An answer of the scheme.
#[derive(Debug, PartialEq, Eq)]
pub struct PreviewResponse {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// The address of a download's file.
pub fn url_of(id: DownloadId) -> String {
    // where a scheme of its own is not possible, as Tauri does it
    let origin = if cfg!(any(windows, target_os = "android")) {
        "http://preview.localhost"
    } else {
        "preview://localhost"
    };
    format!("{origin}/{}", id.0)
}

/// Answers a request for `path` with that range header. Blocks no thread of the runtime.
pub async fn serve(engine: Handle, path: String, range: Option<String>) -> PreviewResponse {
    match answer(engine, &path, range).await {
        Ok(response) => response,
        Err(status) => PreviewResponse {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        },
    }
}

async fn answer(engine: Handle, path: &str, range: Option<String>) -> Result<PreviewResponse, u16> {
    let digits = path.strip_prefix('/').unwrap_or_default();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let id = digits.parse().ok().filter(|_| plain).ok_or(404_u16)?;
    let file = engine.open_file(DownloadId(id)).await;
    let file = file.map_err(|error| {
        let stopped = matches!(error, CommandError::Stopped);
        if stopped { 503_u16 } else { 404 }
    })?;
    let media = media_type(&file.name).ok_or(415_u16)?;
    let read = move || read(&file, media, range.as_deref());
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| 500_u16)?
}

fn read(file: &FinishedFile, media: &str, range: Option<&str>) -> Result<PreviewResponse, u16> {
    let length = file.length;
    let (start, end, status) = match range {
        None if length <= MAX_WHOLE => (0, length, 200),
        None => return Err(413),
        Some(range) => {
            let (start, end) = parse_range(range, length).ok_or(416_u16)?;
            (start, end.min(start + MAX_RANGE), 206)
        }
    };
    let count = usize::try_from(end - start).map_err(|_| 413_u16)?;
    let mut body = vec![0; count];
    file.read_at(&mut body, start).map_err(|_| 404_u16)?;
    let mut headers = vec![
        ("Content-Type", media.to_owned()),
        ("Accept-Ranges", "bytes".to_owned()),
        ("Cache-Control", "no-store".to_owned()),
        // WebKitGTK plays nothing from a scheme: the page fetches the file instead.
        ("Access-Control-Allow-Origin", PAGE_ORIGIN.to_owned()),
        // A picture may be a document with scripts: it runs none, loads nothing, and is what it is said to be.
        ("X-Content-Type-Options", "nosniff".to_owned()),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
    ];
    if status == 206 {
        let range = format!("bytes {start}-{}/{length}", end - 1);
        headers.push(("Content-Range", range));
    }
    Ok(PreviewResponse {
        status,
        headers,
        body,
    })
}

/// Start and end, exclusive, of a range of one part (RFC 9110, section 14.1.2).
fn parse_range(text: &str, length: u64) -> Option<(u64, u64)> {
    let (from, to) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (from, to) {
        ("", last) => (length.saturating_sub(last.parse().ok()?), length),
        (from, "") => (from.parse().ok()?, length),
        (from, to) => {
            let end: u64 = to.parse().ok()?;
            (from.parse().ok()?, end.saturating_add(1).min(length))
        }
    };
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use millrace_engine::{NewDownload, Phase};

    use super::*;
    use crate::fixtures::{Server, TestEngine};

    #[test]
    fn ranges_are_within_the_file_or_refused() {
        for (text, range) in [
            ("bytes=0-", Some((0, 100))),
            ("bytes=10-19", Some((10, 20))),
            ("bytes=90-500", Some((90, 100))),
            ("bytes=-7", Some((93, 100))),
            ("bytes=-700", Some((0, 100))),
            ("bytes=100-", None),
            ("bytes=20-10", None),
            ("bytes=-0", None),
            ("bytes=0-1,5-6", None),
            ("bytes=a-b", None),
            ("pieces=0-1", None),
            ("bytes=18446744073709551615-18446744073709551615", None),
        ] {
            assert_eq!(parse_range(text, 100), range, "{text}");
        }
    }

    async fn done(works: &TestEngine, url: String) -> DownloadId {
        let new = NewDownload {
            url,
            folder: works.home().downloads,
            ..NewDownload::default()
        };
        let id = works.handle.add(new).await.unwrap();
        loop {
            let list = works.handle.list().await.unwrap();
            if list
                .iter()
                .any(|one| one.id == id && one.phase == Phase::Done)
            {
                return id;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_finished_files_of_a_known_type_are_sent_and_only_while_they_are_the_ones() {
        let server = Server::start(b"0123456789".to_vec(), Duration::ZERO);
        let works = TestEngine::start();
        let image = done(&works, server.url("a.png")).await;
        let archive = done(&works, server.url("a.zip")).await;
        let get = async |path: &str, range: Option<&str>| {
            let range = range.map(str::to_owned);
            serve(works.handle.clone(), path.to_owned(), range).await
        };
        let path = format!("/{}", image.0);
        let whole = get(&path, None).await;
        assert_eq!((whole.status, &whole.body[..]), (200, &b"0123456789"[..]));
        assert!(
            whole
                .headers
                .contains(&("Content-Type", "image/png".into()))
        );
        assert!(
            whole
                .headers
                .contains(&("X-Content-Type-Options", "nosniff".into()))
        );
        let part = get(&path, Some("bytes=2-4")).await;
        assert_eq!((part.status, &part.body[..]), (206, &b"234"[..]));
        assert!(
            part.headers
                .contains(&("Content-Range", "bytes 2-4/10".into()))
        );
        assert_eq!(get(&path, Some("bytes=10-")).await.status, 416);
        assert_eq!(get(&format!("/{}", archive.0), None).await.status, 415);
        let files = works.home().downloads;
        let inside = format!("/{}", files.join("a.png").display());
        for other in [
            "",
            "/",
            "/99",
            "/../1",
            "/1/2",
            "/+1",
            "/%31",
            inside.as_str(),
        ] {
            assert_eq!(get(other, None).await.status, 404, "{other}");
        }
        // Another file at its place is not the one.
        std::fs::remove_file(files.join("a.png")).unwrap();
        std::fs::write(files.join("keeps the number"), b"secret").unwrap();
        std::fs::write(files.join("a.png"), b"secret").unwrap();
        assert_eq!(get(&path, None).await.status, 404);
        assert!(url_of(image).ends_with(&format!("localhost/{}", image.0)));
    }

    #[cfg(unix)]
    #[tokio::test(flavor = "multi_thread")]
    async fn a_link_in_place_of_the_file_is_not_followed() {
        let server = Server::start(b"0123456789".to_vec(), Duration::ZERO);
        let works = TestEngine::start();
        let id = done(&works, server.url("a.png")).await;
        let files = works.home().downloads;
        std::fs::write(files.join("secret"), b"something secret").unwrap();
        std::fs::remove_file(files.join("a.png")).unwrap();
        std::os::unix::fs::symlink(files.join("secret"), files.join("a.png")).unwrap();
        let answer = serve(works.handle.clone(), format!("/{}", id.0), None).await;
        assert_eq!((answer.status, answer.body.len()), (404, 0));
    }
}
