//! Files that carry a list of downloads from one program to another: reads and writes them. Pure; touches no files.
//!
//! Own files are JSON (`docs/list-file.md`). Read are also aria2's input files, plain lists of links, what AB Download
//! Manager copies as JSON, and the tasks that gopeed's API returns.

mod aria2;
mod json;
mod links;
mod other_programs;
#[cfg(test)]
mod tests;

use millrace_engine::{
    Checksum, Priority, ProxyChoice, check_file_name, is_reserved_header, is_sendable_header,
};
use serde::{Deserialize, Serialize};
use url::Url;

pub use self::json::VERSION;

/// The longest file that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The most characters of a fault.
const MAX_TEXT: usize = 80;
/// The most downloads that one file may have.
pub const MAX_ENTRIES: usize = 20_000;

/// Formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    Json,
    Aria2,
    Links,
}

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum ImportFormat {
    Json,
    Aria2,
    Links,
    AbDownloadManager,
    Gopeed,
}

/// What a download was doing when the list was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    #[default]
    Queued,
    Paused,
    Failed,
    Done,
}

/// One download of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListEntry {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A path on the system that wrote the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// `sha-256:HEX` and its like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// `none`, `system` or a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Bytes per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    pub priority: Priority,
    pub state: EntryState,
    /// In ms since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unmetered_only: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// In ms since 1970; the same holds for `finished_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<u64>,
    /// Length of the file in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    pub format: ImportFormat,
    /// All of them can be added.
    pub entries: Vec<ListEntry>,
    pub faults: Vec<Fault>,
}

/// What was not taken of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Number of the line, from 1; of the download in a JSON file.
    pub place: u32,
    pub reason: FaultReason,
    /// The beginning of what was not understood; empty where it may be a secret.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum FaultReason {
    /// Not a link that can be downloaded; left out.
    Link,
    /// Not a download; left out.
    Entry,
    /// The name cannot be used here; the download is taken without it. The same holds for those below.
    Name,
    Checksum,
    Header,
    Proxy,
    /// An option has an invalid value.
    Option,
}

/// Nothing can be taken of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFileError {
    #[error("the file is longer than {} MB; nothing was added", MAX_BYTES >> 20)]
    TooLong,
    #[error("the file has more than {MAX_ENTRIES} downloads; nothing was added")]
    TooMany,
    #[error("line {line}: the JSON ends or breaks here ({what}); nothing was added")]
    Json { line: usize, what: String },
    #[error("the file was written by a newer version (format {0}); nothing was added")]
    Newer(u64),
    #[error("the file has no download in a format that is known; nothing was added")]
    Unknown,
}

/// Reads a file of any known format.
///
/// # Errors
///
/// [`ListFileError`]. A part that is not understood is a [`Fault`] of what is returned, not an error.
pub fn parse(text: &str) -> Result<ListFile, ListFileError> {
    if text.len() > MAX_BYTES {
        return Err(ListFileError::TooLong);
    }
    let text = text.trim_start_matches('\u{feff}');
    let list = if text.trim_start().starts_with(['{', '[']) {
        json::parse(text)?
    } else if aria2::is_likely(text) {
        aria2::parse(text)
    } else {
        links::parse(text)
    };
    if list.entries.len() > MAX_ENTRIES {
        return Err(ListFileError::TooMany);
    }
    if list.entries.is_empty()
        && list
            .faults
            .iter()
            .all(|one| one.reason == FaultReason::Entry)
    {
        return Err(ListFileError::Unknown);
    }
    Ok(list)
}

/// Writes the list; reading it again gives the same downloads, as far as the format can say it.
pub fn write(entries: &[ListEntry], format: ExportFormat) -> String {
    match format {
        ExportFormat::Json => json::write(entries),
        ExportFormat::Aria2 => aria2::write(entries),
        ExportFormat::Links => links::write(entries),
    }
}

/// Collects downloads, and what is wrong with them.
#[derive(Debug, Default)]
struct Collector {
    entries: Vec<ListEntry>,
    faults: Vec<Fault>,
}

impl Collector {
    fn fault(&mut self, place: usize, reason: FaultReason, text: &str) {
        self.faults.push(Fault {
            place: u32::try_from(place).unwrap_or(u32::MAX),
            reason,
            text: text.chars().take(MAX_TEXT).collect(),
        });
    }

    /// Adds the download without those of its options that cannot be used here; not at all if its link cannot.
    fn take(&mut self, place: usize, mut entry: ListEntry) {
        entry.url = entry.url.trim().to_owned();
        if !is_link(&entry.url) {
            self.fault(place, FaultReason::Link, &without_credentials(&entry.url));
            return;
        }
        if let Some(name) = entry.name.take_if(|name| check_file_name(name).is_err()) {
            self.fault(place, FaultReason::Name, &name);
        }
        let proof = |text: &mut String| text.parse::<Checksum>().is_err();
        if let Some(checksum) = entry.checksum.take_if(proof) {
            self.fault(place, FaultReason::Checksum, &checksum);
        }
        let way = |text: &mut String| text.parse::<ProxyChoice>().is_err();
        if entry.proxy.take_if(way).is_some() {
            self.fault(place, FaultReason::Proxy, "");
        }
        let headers = std::mem::take(&mut entry.headers).into_iter();
        let (good, bad): (Vec<_>, Vec<_>) =
            headers.partition(|(name, value)| is_sendable_header(name, value));
        // the engine sends its own
        entry.headers = good
            .into_iter()
            .filter(|(name, _)| !is_reserved_header(name))
            .collect();
        for (name, _) in bad {
            self.fault(place, FaultReason::Header, &name);
        }
        entry.connections = entry.connections.filter(|count| *count > 0);
        entry.limit = entry.limit.filter(|limit| *limit > 0);
        self.entries.push(entry);
    }

    fn into_list(self, format: ImportFormat) -> ListFile {
        ListFile {
            format,
            entries: self.entries,
            faults: self.faults,
        }
    }
}

fn is_link(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
    })
}

/// The scheme of a link, or all of a text that is none: what follows a scheme may be a password.
fn without_credentials(text: &str) -> String {
    let at = text.find(':').map_or(text.len(), |at| at + 1);
    text[..at].to_owned()
}
