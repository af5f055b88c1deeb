//! State shared by all connections of one download.

use std::sync::Arc;

use tokio::sync::Notify;
use url::Url;

use super::accepted_validators::AcceptedValidators;
use super::boundary::Boundaries;
use super::rate_limiter::RateLimiter;
use super::wait_meter::WaitMeters;
use crate::disk::FileWriter;
use crate::domain::record::Validators;
use crate::http::HttpClient;

pub(super) struct TransferContext {
    pub(super) net: HttpClient,
    pub(super) url: Url,
    /// The URL that the user gave.
    pub(super) home: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) identity: Validators,
    /// Other validators that were shown to be of the same file.
    pub(super) accepted: AcceptedValidators,
    /// Where responses are compared before they are joined.
    pub(super) boundaries: Boundaries,
    pub(super) sink: FileWriter,
    /// The limit of all downloads, and this one's own.
    pub(super) limits: [Arc<RateLimiter>; 2],
    pub(super) waits: Arc<WaitMeters>,
    /// Notified when a stream reaches a gap.
    pub(super) at_gap: Notify,
}
