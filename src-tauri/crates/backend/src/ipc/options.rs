//! The options of existing downloads, as a page reads and changes them. Secrets are masked: what is handed back masked
//! stays as it is.

use millrace_engine::{Priority, StoredOptions};
use serde::{Deserialize, Serialize};

use super::CredentialsInput;

/// Stands for a secret that is set; handed back, it keeps that secret.
pub const MASK: &str = "***";

/// Headers whose values are secrets.
const SECRET: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// What can be changed of a download after it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Properties {
    pub id: u64,
    /// As it was given; null for the server's.
    pub name: Option<String>,
    pub limit: Option<u64>,
    pub connections: Option<u32>,
    pub priority: Priority,
    /// In ms since 1970.
    pub start_at: Option<u64>,
    pub unmetered_only: bool,
    /// The values of `Authorization` and `Cookie` as `***`.
    pub headers: Vec<(String, String)>,
    pub user: Option<String>,
    /// `***` when there is one, else empty.
    pub password: String,
    /// `system`, `none` or a link, with its password as `***`; null for what is set for all.
    pub proxy: Option<String>,
    /// `sha-256:HEX` and its like.
    pub checksum: Option<String>,
}

/// The new value of one option. What is masked stays.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "field", content = "value", rename_all = "camelCase")]
pub enum OptionChange {
    /// Null for the server's.
    Name(Option<String>),
    /// Bytes per second; null for no limit of its own.
    Limit(Option<u64>),
    /// 1 to 16; null for what is set for all.
    Connections(Option<u32>),
    Priority(Priority),
    /// Paused until then, in ms since 1970; null: paused without a time.
    StartAt(Option<u64>),
    UnmeteredOnly(bool),
    Headers(Vec<(String, String)>),
    Credentials(Option<CredentialsInput>),
    /// `system`, `none` or a link; null for what is set for all.
    Proxy(Option<String>),
    Checksum(Option<String>),
}

pub fn is_secret(header: &str) -> bool {
    SECRET
        .iter()
        .any(|one| one.eq_ignore_ascii_case(header.trim()))
}

impl From<StoredOptions> for Properties {
    fn from(stored: StoredOptions) -> Self {
        let masked = |(name, value): (String, String)| {
            let value = if is_secret(&name) { MASK.into() } else { value };
            (name, value)
        };
        let credentials = stored.credentials;
        let secret = credentials
            .as_ref()
            .is_some_and(|own| !own.password.is_empty());
        Self {
            id: stored.id.0,
            name: stored.name,
            limit: stored.limit,
            connections: stored.connections,
            priority: stored.priority,
            start_at: stored.start_at,
            unmetered_only: stored.unmetered_only,
            headers: stored.headers.into_iter().map(masked).collect(),
            user: credentials.map(|own| own.user),
            password: if secret { MASK.into() } else { String::new() },
            proxy: stored.proxy.map(|proxy| masked_proxy(&proxy.to_string())),
            checksum: stored.checksum.map(|sum| sum.to_string()),
        }
    }
}

/// The text of a proxy without its password.
pub fn masked_proxy(text: &str) -> String {
    match text.parse::<url::Url>() {
        Ok(mut url) if url.password().is_some() => {
            // Cannot fail: a URL with a password takes another one.
            let _taken = url.set_password(Some(MASK));
            url.into()
        }
        Ok(_) | Err(_) => text.to_owned(),
    }
}
