//! Simulates the background session of a phone's system while an app sleeps: fetches offloaded ranges, each into a
//! file of its own, and hands those over. Knows nothing of downloads.

use std::path::PathBuf;

use millrace_engine::{OffloadedRange, OffloadedResponse};
use reqwest::{Client, StatusCode};
use tempfile::TempDir;

pub(crate) struct System {
    folder: TempDir,
    client: Client,
}

impl System {
    pub(crate) fn new() -> Self {
        let client = Client::builder().no_proxy().build();
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            client: client.expect("a client"),
        }
    }

    /// Fetches the range from the server.
    pub(crate) async fn fetch(&self, lent: &OffloadedRange) -> OffloadedResponse {
        let mut request = self.client.get(&lent.url);
        for (name, value) in &lent.headers {
            request = request.header(name, value);
        }
        let range = format!("bytes={}-{}", lent.from, lent.to - 1);
        let request = request.header("Range", range);
        let request = request.header("Accept-Encoding", "identity");
        let answer = request.send().await.expect("the server answers");
        let headers = answer.headers().iter().map(|(name, value)| {
            let value = value.to_str().expect("text").to_owned();
            (name.to_string(), value)
        });
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        let content = answer.bytes().await.expect("the answer is whole");
        OffloadedResponse {
            token: lent.token.clone(),
            file: Some(self.file(&content)),
            status,
            headers,
        }
    }

    /// A made-up response of a correct server: the range of a file of that length under that entity tag.
    pub(crate) fn made_up(
        &self,
        lent: &OffloadedRange,
        content: &[u8],
        total: usize,
        tag: &str,
    ) -> OffloadedResponse {
        let text = |name: &str, value: String| (name.to_owned(), value);
        let range = format!("bytes {}-{}/{total}", lent.from, lent.to - 1);
        OffloadedResponse {
            token: lent.token.clone(),
            file: Some(self.file(content)),
            status: StatusCode::PARTIAL_CONTENT.as_u16(),
            headers: vec![text("Content-Range", range), text("Etag", tag.to_owned())],
        }
    }

    pub(crate) fn file(&self, content: &[u8]) -> PathBuf {
        let (_, path) = tempfile::Builder::new()
            .tempfile_in(&self.folder)
            .and_then(|file| Ok(file.keep()?))
            .expect("a file");
        std::fs::write(&path, content).expect("room");
        path
    }

    /// Files that have not been deleted.
    pub(crate) fn left(&self) -> usize {
        let left = std::fs::read_dir(&self.folder).expect("the folder is there");
        left.count()
    }
}
