//! Downloads as two other programs write them in JSON.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{EntryState, ListEntry};

/// What AB Download Manager puts on the clipboard with "Copy as JSON": one object or an array of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AbEntry {
    link: String,
    headers: Option<Map<String, Value>>,
    username: Option<String>,
    password: Option<String>,
    /// The page that had the link; servers may ask for it.
    download_page: Option<String>,
    user_agent: Option<String>,
}

pub(super) fn ab_download_manager(value: &Value) -> Option<ListEntry> {
    // a playlist has several files: "type" is "hls" there
    if value["type"].as_str().is_some_and(|kind| kind != "http") {
        return None;
    }
    let one: AbEntry = read(value)?;
    let mut headers = pairs(one.headers.unwrap_or_default());
    let mut add = |name: &str, value: Option<String>| {
        let given = |(known, _): &(String, String)| known.eq_ignore_ascii_case(name);
        if let Some(value) = value.filter(|_| !headers.iter().any(given)) {
            headers.push((name.to_owned(), value));
        }
    };
    add("User-Agent", one.user_agent);
    add("Referer", one.download_page);
    Some(ListEntry {
        url: one.link,
        headers,
        user: one.username,
        password: one.password,
        ..ListEntry::default()
    })
}

/// A task as gopeed's API returns it from `/api/v1/tasks`.
#[derive(Deserialize)]
struct GopeedTask {
    meta: GopeedMeta,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct GopeedMeta {
    req: GopeedRequest,
    opts: Option<GopeedOptions>,
}

#[derive(Deserialize)]
struct GopeedRequest {
    url: String,
    extra: Option<GopeedExtra>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GopeedExtra {
    method: String,
    header: Option<Map<String, Value>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GopeedOptions {
    name: String,
    path: String,
    extra: Option<GopeedConnections>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GopeedConnections {
    connections: Option<u32>,
}

pub(super) fn gopeed(value: &Value) -> Option<ListEntry> {
    let GopeedTask { meta, status } = read(value)?;
    let extra = meta.req.extra.unwrap_or_default();
    // another method is no download that can be repeated
    if !matches!(extra.method.as_str(), "" | "GET") {
        return None;
    }
    let options = meta.opts.unwrap_or_default();
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(ListEntry {
        url: meta.req.url,
        name: text(options.name),
        folder: text(options.path),
        headers: pairs(extra.header.unwrap_or_default()),
        connections: options.extra.unwrap_or_default().connections,
        state: match status.as_str() {
            "pause" => EntryState::Paused,
            "error" => EntryState::Failed,
            "done" => EntryState::Done,
            _ => EntryState::Queued,
        },
        ..ListEntry::default()
    })
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn pairs(headers: Map<String, Value>) -> Vec<(String, String)> {
    let pair = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
    headers.into_iter().filter_map(pair).collect()
}
