//! JSON: the own format, and which other program wrote a file.
//!
//! `{"format": "millrace-list", "version": 1, "downloads": [...]}`; `docs/list-file.md` describes it. A reader ignores
//! fields that it does not know; the version grows only when that is not enough.

use serde::Serialize;
use serde_json::Value;

use super::{Collector, FaultReason, ImportFormat, ListEntry, ListFile, ListFileError};
use super::{MAX_ENTRIES, other_programs};

/// The newest version of the own format.
pub const VERSION: u64 = 1;
const FORMAT: &str = "millrace-list";

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    version: u64,
    downloads: &'a [ListEntry],
}

pub(super) fn write(entries: &[ListEntry]) -> String {
    let written = Written {
        format: FORMAT,
        version: VERSION,
        downloads: entries,
    };
    let text = serde_json::to_string_pretty(&written);
    let mut text = text.expect("texts and numbers can be written as JSON");
    text.push('\n');
    text
}

pub(super) fn parse(text: &str) -> Result<ListFile, ListFileError> {
    let value = serde_json::from_str::<Value>(text).map_err(|error| ListFileError::Json {
        line: error.line(),
        what: error.to_string(),
    })?;
    if value["format"] == FORMAT {
        let version = value["version"].as_u64().unwrap_or_default();
        if version > VERSION {
            return Err(ListFileError::Newer(version));
        }
        return collect(&value["downloads"], ImportFormat::Json, |entry| {
            serde_json::from_value(entry.clone()).ok()
        });
    }
    // gopeed's API answers with an envelope
    let list = if value["data"].is_array() {
        &value["data"]
    } else {
        &value
    };
    let first = list.get(0).unwrap_or(list);
    if first["link"].is_string() {
        let format = ImportFormat::AbDownloadManager;
        collect(list, format, other_programs::ab_download_manager)
    } else if first["meta"].is_object() {
        collect(list, ImportFormat::Gopeed, other_programs::gopeed)
    } else if first.is_string() {
        collect(list, ImportFormat::Links, |link| {
            let url = link.as_str()?.to_owned();
            Some(ListEntry {
                url,
                ..ListEntry::default()
            })
        })
    } else {
        Err(ListFileError::Unknown)
    }
}

/// `list` is an array, or a single download.
fn collect(
    list: &Value,
    format: ImportFormat,
    read: impl Fn(&Value) -> Option<ListEntry>,
) -> Result<ListFile, ListFileError> {
    let entries = match list {
        Value::Array(entries) => entries.as_slice(),
        Value::Object(_) => std::slice::from_ref(list),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(ListFileError::Unknown);
        }
    };
    if entries.len() > MAX_ENTRIES {
        return Err(ListFileError::TooMany);
    }
    let mut found = Collector::default();
    for (number, entry) in (1..).zip(entries) {
        match read(entry) {
            Some(entry) => found.take(number, entry),
            None => found.fault(number, FaultReason::Entry, ""),
        }
    }
    Ok(found.into_list(format))
}
