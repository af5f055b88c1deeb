//! Everything that is kept of a download between two runs of the program. A value.

use std::path::PathBuf;

use super::byte_ranges::ByteRanges;
use super::checksum::Checksum;
use super::credentials::{self, Credentials};
use super::download::{DownloadId, NewDownload, UnixMillis};
use super::fingerprint::Fingerprint;
use super::proxy::ProxyChoice;
use super::queue_key::Priority;
use super::state::State;
use super::verdict::{ExpectedDigest, Verdict};

/// One download as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: DownloadId,
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
    pub(crate) wanted_name: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) proxy: Option<ProxyChoice>,
    pub(crate) connections: Option<u32>,
    pub(crate) limit: Option<u64>,
    pub(crate) priority: Priority,
    /// Its place among those of its priority; without one its age decides.
    pub(crate) queue_position: Option<i64>,
    pub(crate) state: State,
    /// When it starts by itself; only while paused.
    pub(crate) start_at: Option<UnixMillis>,
    /// Attempts in a row that brought no byte.
    pub(crate) attempts: u32,
    /// How often the file was begun again from nothing.
    pub(crate) epoch: u32,
    pub(crate) added_at: UnixMillis,
    /// The final name, without `.part`, once it is chosen.
    pub(crate) name: Option<String>,
    /// Which file on disk holds the bytes (or, at the end, is the finished file).
    pub(crate) file_id: Option<String>,
    pub(crate) validators: Validators,
    /// Whether the server gives ranges.
    pub(crate) resumable: Option<bool>,
    /// The bytes that are on disk for sure.
    pub(crate) done: ByteRanges,
    /// The digest that the server stated of the file that is being fetched.
    pub(crate) server_digest: Option<ExpectedDigest>,
    /// What proved the finished file. Before that: [`Verdict::Nothing`] once every byte is here of a length that only the
    /// end of the answer told, else none.
    pub(crate) verdict: Option<Verdict>,
    /// What some of them were.
    pub(crate) fingerprint: Fingerprint,
    /// Waits for a network that does not cost by the byte, whatever the rules are.
    pub(crate) unmetered_only: bool,
}

/// What tells one version of the server's file from another (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    /// Bytes of the whole.
    pub(crate) total: Option<u64>,
    /// A strong entity tag.
    pub(crate) etag: Option<String>,
    /// Last-Modified, as sent; after `W/` where it is only a weak validator: see [`super::validators`].
    pub(crate) last_modified: Option<String>,
    /// The registered content codings that the answer named, empty without any; `None` where they are not known any more:
    /// they are not stored.
    pub(crate) coding: Option<String>,
}

impl Validators {
    /// What this one knows, and what only the earlier one knew of the same file.
    pub(crate) fn or(self, earlier: Self) -> Self {
        Self {
            total: self.total.or(earlier.total),
            etag: self.etag.or(earlier.etag),
            last_modified: self.last_modified.or(earlier.last_modified),
            coding: self.coding.or(earlier.coding),
        }
    }
}

impl Record {
    /// A download as it is when just asked for; the store gives the id.
    pub(crate) fn new(mut new: NewDownload, now: UnixMillis) -> Self {
        // What is kept, shown and logged as the link never names a password.
        let named = credentials::take_from_text(&mut new.url);
        let start_at = new.start_at.filter(|at| *at > now);
        let state = if new.paused || start_at.is_some() {
            State::Paused
        } else {
            State::Queued
        };
        Self {
            id: DownloadId(0),
            url: new.url,
            folder: new.folder,
            wanted_name: new.name,
            headers: new.headers,
            checksum: new.checksum,
            credentials: new.credentials.or(named),
            proxy: new.proxy,
            connections: new.connections,
            limit: new.limit,
            priority: new.priority,
            queue_position: None,
            state,
            start_at,
            attempts: 0,
            epoch: 0,
            added_at: now,
            name: None,
            file_id: None,
            validators: Validators::default(),
            resumable: None,
            done: ByteRanges::default(),
            server_digest: None,
            verdict: None,
            fingerprint: Fingerprint::default(),
            unmetered_only: new.unmetered_only,
        }
    }

    /// Forgets what was given to prove to servers and proxies who asks: credentials, the proxy, and all headers but those
    /// that `harmless` knows. Returns whether there was any.
    pub(crate) fn drop_secrets(&mut self, harmless: impl Fn(&str) -> bool) -> bool {
        let any = self.has_secrets(&harmless);
        self.headers.retain(|(name, _)| harmless(name));
        self.credentials = None;
        self.proxy = None;
        any
    }

    /// Whether there is anything for [`Record::drop_secrets`] to forget.
    pub(crate) fn has_secrets(&self, harmless: impl Fn(&str) -> bool) -> bool {
        let header = self.headers.iter().any(|(name, _)| !harmless(name));
        header || self.credentials.is_some() || self.proxy.is_some()
    }

    /// Forgets everything about the bytes: the next start is from nothing.
    pub(crate) fn reset_transfer(&mut self) {
        self.epoch += 1;
        self.name = None;
        self.file_id = None;
        self.validators = Validators::default();
        self.resumable = None;
        self.done = ByteRanges::default();
        self.server_digest = None;
        self.verdict = None;
        self.fingerprint = Fingerprint::default();
    }
}
