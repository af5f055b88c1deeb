//! What a page sees of the list and the settings, in the form in which it is sent: the hub counts its bytes.
//!
//! Field names are camel case. Numbers are JSON numbers: sizes, times and ids stay far below 2^53. Does not depend on
//! windows or channels.

mod row;
mod settings;

use serde::{Deserialize, Serialize};

pub use self::row::{Row, RowNumbers, only_numbers_changed};
pub use self::settings::Settings;

/// Counts over the whole list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Bytes per second of everything together.
    pub speed: u64,
    pub all: u32,
    /// Probing, running, finishing, stopping or waiting.
    pub active: u32,
    pub queued: u32,
    pub paused: u32,
    pub failed: u32,
    pub done: u32,
}

/// A stretch of the list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// The place of the first row in the whole list, from 0.
    pub first: u32,
    pub rows: Vec<Row>,
    /// Rows in the whole list.
    pub length: u32,
    pub totals: Totals,
}

/// What changed in the list since the frame before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// From 1, without gaps within a session.
    pub seq: u32,
    /// New rows, and those in which more than numbers changed.
    pub rows: Vec<Row>,
    /// Of the other rows that changed.
    pub numbers: Vec<RowNumbers>,
    /// Ids that left the list. One that was removed comes back, as a row of a later frame, only when that is undone.
    pub removed: Vec<u64>,
    pub totals: Totals,
    /// Too much has changed to be told row by row: pull the pages again.
    pub resync: bool,
    /// What is set now; set when something else than this page has changed it.
    pub settings: Option<Settings>,
    /// The download to show: a notice about it was clicked.
    pub open: Option<u64>,
    /// Links from elsewhere, to be put before the person, who decides; nothing is added yet. Without any, the person wants to
    /// add one, and the clipboard may hold it.
    pub add: Option<Vec<Offered>>,
}

/// A link from elsewhere, with what goes along with the request, as the app says that handed it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Offered {
    pub url: String,
    pub name: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl Offered {
    /// Total length of its texts in bytes.
    pub fn length(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        self.url.len() + self.name.as_ref().map_or(0, String::len) + headers
    }
}

impl From<String> for Offered {
    fn from(url: String) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }
}

/// How much of the page the person sees; sets the rate of frames.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    #[default]
    Focused,
    Visible,
    Hidden,
}
