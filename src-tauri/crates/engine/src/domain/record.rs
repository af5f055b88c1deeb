//! Everything stored about a download between two runs of the program. A value.

use std::path::PathBuf;

use super::byte_ranges::ByteRanges;
use super::checksum::Checksum;
use super::credentials::Credentials;
use super::download::{DownloadId, NewDownload, UnixMillis};
use super::download_url::{DownloadUrl, StoredUrl};
use super::fingerprint::Fingerprint;
use super::problem::Problem;
use super::proxy::ProxyChoice;
use super::queue_key::{Priority, QueueKey};
use super::relocation::Relocation;
use super::replacement::Replacement;
use super::speed_history::SpeedHistory;
use super::state::State;
use super::tags;
use super::verdict::{ExpectedDigest, Verdict};
use super::verification::Verifications;

/// One stored download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: DownloadId,
    pub(crate) url: StoredUrl,
    pub(crate) folder: PathBuf,
    pub(crate) wanted_name: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) proxy: Option<ProxyChoice>,
    pub(crate) connections: Option<u32>,
    pub(crate) limit: Option<u64>,
    pub(crate) priority: Priority,
    /// Position among those of its priority; without one its age decides.
    pub(crate) queue_position: Option<i64>,
    pub(crate) state: State,
    /// Scheduled start; only while paused.
    pub(crate) start_at: Option<UnixMillis>,
    /// Consecutive attempts without progress.
    pub(crate) attempts: u32,
    /// Number of restarts from zero.
    pub(crate) epoch: u32,
    pub(crate) added_at: UnixMillis,
    /// The final name, without `.part`, once chosen.
    pub(crate) name: Option<String>,
    /// Identity of the file that holds the bytes (in the end, the finished file).
    pub(crate) file_id: Option<String>,
    pub(crate) validators: Validators,
    /// Whether the server supports range requests.
    pub(crate) resumable: Option<bool>,
    /// Byte ranges that are safely on disk.
    pub(crate) done: ByteRanges,
    /// The digest that the server stated for this version of the file.
    pub(crate) server_digest: Option<ExpectedDigest>,
    /// How the finished file was verified. Before that: [`Verdict::Nothing`] once every byte has arrived of a length
    /// known only from the end of the response, else `None`.
    pub(crate) verdict: Option<Verdict>,
    /// Hashes of some blocks of `done`.
    pub(crate) fingerprint: Fingerprint,
    /// Waits for an unmetered network, whatever the general constraints are.
    pub(crate) unmetered_only: bool,
    /// For display.
    pub(crate) speed_history: SpeedHistory,
    /// A rename or move of the file that is under way.
    pub(crate) relocation: Option<Relocation>,
    /// Words of the user to find it by.
    pub(crate) tags: Vec<String>,
    /// Verifications of the finished file on request.
    pub(crate) verification: Option<Verifications>,
    /// The downloads whose place it takes when it is complete.
    pub(crate) replaces: Option<Replacement>,
}

/// What distinguishes versions of the server's file (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    /// Length of the whole file in bytes.
    pub(crate) total: Option<u64>,
    /// A strong entity tag.
    pub(crate) etag: Option<String>,
    /// Last-Modified, as sent; prefixed with `W/` where it is only a weak validator: see [`super::validators`].
    pub(crate) last_modified: Option<String>,
    /// The registered content codings of the response, empty without any; `None` where unknown: they are not stored.
    pub(crate) coding: Option<String>,
}

impl Validators {
    /// These validators, completed by earlier ones of the same file.
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
    /// A newly added download, if its URL is valid; the store assigns the id.
    pub(crate) fn new(new: NewDownload, now: UnixMillis) -> Result<Self, Problem> {
        // The stored, displayed and logged URL never contains a password.
        let (url, named) = DownloadUrl::parse(&new.url)?;
        let start_at = new.start_at.filter(|at| *at > now);
        let state = if new.paused || start_at.is_some() {
            State::Paused
        } else {
            State::Queued
        };
        Ok(Self {
            id: DownloadId(0),
            url: StoredUrl::Valid(url),
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
            speed_history: SpeedHistory::default(),
            relocation: None,
            tags: tags::normalize(&new.tags),
            verification: None,
            replaces: None,
        })
    }

    /// Its place in the queue.
    pub(crate) fn queue_key(&self) -> QueueKey {
        QueueKey::new(self.priority, self.queue_position, self.id)
    }

    /// Drops everything that authenticates the user to servers and proxies: credentials, the proxy, and all headers
    /// except those that `harmless` accepts. Returns whether there was any.
    pub(crate) fn drop_secrets(&mut self, harmless: impl Fn(&str) -> bool) -> bool {
        let any = self.has_secrets(&harmless);
        self.headers.retain(|(name, _)| harmless(name));
        self.credentials = None;
        self.proxy = None;
        any
    }

    /// Whether [`Record::drop_secrets`] would drop anything.
    pub(crate) fn has_secrets(&self, harmless: impl Fn(&str) -> bool) -> bool {
        let header = self.headers.iter().any(|(name, _)| !harmless(name));
        header || self.credentials.is_some() || self.proxy.is_some()
    }

    /// Drops everything about the received bytes: the next start is from zero.
    pub(crate) fn reset_transfer(&mut self) {
        self.epoch += 1;
        self.name = None;
        self.file_id = None;
        self.validators = Validators::default();
        self.resumable = None;
        self.done = ByteRanges::default();
        self.server_digest = None;
        self.verdict = None;
        self.verification = None;
        self.fingerprint = Fingerprint::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(change: impl FnOnce(&mut NewDownload)) -> Record {
        let mut new = NewDownload {
            url: "https://host/a.zip".into(),
            ..NewDownload::default()
        };
        change(&mut new);
        Record::new(new, 1000).expect("the URL is valid")
    }

    #[test]
    fn a_download_that_is_to_start_later_is_paused_and_one_whose_time_is_over_is_queued() {
        let state = |paused, start_at| {
            let record = record(|new| {
                new.paused = paused;
                new.start_at = start_at;
            });
            (record.state, record.start_at)
        };
        assert_eq!(state(false, None), (State::Queued, None));
        assert_eq!(state(true, None), (State::Paused, None));
        assert_eq!(state(false, Some(1001)), (State::Paused, Some(1001)));
        assert_eq!(state(false, Some(1000)), (State::Queued, None));
    }

    #[test]
    fn secrets_are_dropped_and_harmless_headers_stay() {
        let harmless = |name: &str| name == "Accept";
        let accept = ("Accept".to_owned(), "*/*".to_owned());
        let mut plain = record(|new| new.headers = vec![accept.clone()]);
        assert!(!plain.has_secrets(harmless) && !plain.drop_secrets(harmless));
        let cookie = ("Cookie".to_owned(), "a=b".to_owned());
        let mut secret = record(|new| {
            new.url = "https://ada:pw@host/a.zip".into();
            new.headers = vec![accept.clone(), cookie];
            new.proxy = Some(ProxyChoice::System);
        });
        assert!(secret.credentials.is_some());
        assert!(secret.has_secrets(harmless) && secret.drop_secrets(harmless));
        assert!(secret.credentials.is_none() && secret.proxy.is_none());
        assert_eq!(secret.headers, [accept]);
        assert!(!secret.has_secrets(harmless));
        let named = record(|new| new.url = "https://ada:pw@host/a.zip".into());
        assert!(named.has_secrets(harmless));
        let proxied = record(|new| new.proxy = Some(ProxyChoice::System));
        assert!(proxied.has_secrets(harmless));
    }

    #[test]
    fn after_a_reset_nothing_is_left_of_the_transfer() {
        let fresh = record(|_| ());
        let mut begun = fresh.clone();
        begun.name = Some("a.zip".into());
        begun.file_id = Some("1:2:3".into());
        begun.validators.total = Some(9);
        begun.resumable = Some(true);
        begun.done = ByteRanges::up_to(5);
        begun.verdict = Some(Verdict::Nothing);
        begun.reset_transfer();
        assert_eq!(begun, Record { epoch: 1, ..fresh });
    }

    #[test]
    fn validators_are_completed_by_earlier_ones() {
        let one = |total, etag: Option<&str>| Validators {
            total,
            etag: etag.map(str::to_owned),
            ..Validators::default()
        };
        let both = one(Some(1), None).or(one(Some(2), Some("\"a\"")));
        assert_eq!(both, one(Some(1), Some("\"a\"")));
    }
}
