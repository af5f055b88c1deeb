//! A request for a byte range. A value.

use url::Url;

/// A request for a byte range of a URL.
#[derive(Debug, Clone)]
pub(crate) struct RangeRequest<'a> {
    pub(crate) url: &'a Url,
    /// The URL that the user gave: the headers are meant for its origin.
    pub(crate) origin_url: &'a Url,
    pub(crate) headers: &'a [(String, String)],
    /// The first byte wanted.
    pub(crate) from: u64,
    /// One past the last byte requested; `None` means up to the end.
    pub(crate) to: Option<u64>,
}
