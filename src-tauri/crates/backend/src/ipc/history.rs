//! The history, for the page.

use millrace_engine::{HistoryEntry, Traffic};
use serde::Serialize;

use crate::truncate::truncate;

/// Longest text of an entry, in bytes of JSON.
const MAX_TEXT: usize = 500;

/// A download that was finished or removed, for display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    pub id: u64,
    /// The beginning of it.
    pub url: String,
    pub name: String,
    pub folder: String,
    pub host: String,
    /// Bytes of the whole file.
    pub total: Option<u64>,
    /// Bytes that were here at the end.
    pub received: u64,
    /// In ms since 1970; the same for the other one.
    pub finished_at: Option<u64>,
    pub removed_at: Option<u64>,
}

/// A part of the history, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    pub items: Vec<HistoryItem>,
    /// Whether there are later ones.
    pub more: bool,
}

/// Bytes received in the last 90 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrafficReport {
    /// Hours since 1970 with the bytes of each, oldest first; hours without any are left out.
    pub hours: Vec<(u64, u64)>,
    /// Hosts with their bytes, most first; the first 50.
    pub hosts: Vec<(String, u64)>,
}

impl From<HistoryEntry> for HistoryItem {
    fn from(entry: HistoryEntry) -> Self {
        let short = |text: &str| truncate(text, MAX_TEXT);
        Self {
            id: u64::try_from(entry.id).unwrap_or_default(),
            url: short(&entry.url),
            name: short(&entry.name),
            folder: short(&entry.folder),
            host: short(&entry.host),
            total: entry.total,
            received: entry.received,
            finished_at: entry.finished_at,
            removed_at: entry.removed_at,
        }
    }
}

impl From<Traffic> for TrafficReport {
    fn from(traffic: Traffic) -> Self {
        let Traffic { hours, hosts } = traffic;
        Self { hours, hosts }
    }
}
