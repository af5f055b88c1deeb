//! Configuration of an engine. Values and the platform's interfaces; decides nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::connectivity::{ConnectivitySource, RouteTable};
use crate::disk::{self, FileSystem};
use crate::domain::constraints::{Constraints, DeviceStatus};
use crate::domain::credentials::HostCredentials;
use crate::domain::proxy::ProxyChoice;
use crate::domain::retry_policy::RetryPolicy;
use crate::http::Cookie;

/// Environment variable that overrides the folder for state.
pub const HOME_VAR: &str = "MILLRACE_HOME";
/// Environment variable that overrides the folder for downloaded files.
pub const DOWNLOADS_VAR: &str = "MILLRACE_DOWNLOADS";

/// Everything an engine needs before it starts.
#[derive(Clone)]
pub struct Config {
    /// The list's database file; its folder must exist.
    pub store: PathBuf,
    /// How files are opened, renamed and discarded; the app's implementation uses its file plugin.
    pub file_system: Arc<dyn FileSystem>,
    /// Maximum number of downloads running in parallel.
    pub parallel: u32,
    /// Maximum number of downloads running in parallel per host. Unlimited by default: `parallel` bounds them already,
    /// and the limit of a host that refuses connections is learned.
    pub per_host: Option<u32>,
    /// Maximum number of connections per download.
    pub connections: u32,
    pub retry: RetryPolicy,
    /// Timeout for connecting, for the first byte, and for a stalled transfer.
    pub timeout: Duration,
    /// Timeout for one disk write; a sync gets twenty times as long. At most 5 s once a download is to stop.
    pub disk_timeout: Duration,
    /// PEM of certificates that are trusted in addition to the system's.
    pub extra_roots: Vec<Vec<u8>>,
    /// The proxy for downloads without one of their own.
    pub proxy: ProxyChoice,
    /// Credentials for hosts that are reached by redirects; each is sent to its own host only. Not stored.
    pub host_credentials: Vec<HostCredentials>,
    /// Cookies, sent to the hosts in their scope, on redirects too. Not stored.
    pub cookies: Vec<Cookie>,
    /// Rate limit of all downloads together, in bytes per second.
    pub limit: Option<u64>,
    /// Constraints on network and battery, and their status at the start.
    pub constraints: Constraints,
    pub device_status: DeviceStatus,
    /// Whether a download waits without using up attempts while this machine has no network. Otherwise that is a
    /// failure like any other.
    pub wait_for_network: bool,
    /// Source of the network's state.
    pub network: Arc<dyn ConnectivitySource>,
    /// How long the response to a probe is kept open for a download to continue with.
    pub probe_ttl: Duration,
    /// Minimum interval between two updates of a running download.
    pub progress_interval: Duration,
    /// Whether the name given with a download is the only permitted one: when it is taken, the download fails with
    /// [`crate::Problem::FileExists`] instead of using a numbered name.
    pub exact_names: bool,
    /// Whether a finished file gets the server's modification time (`Last-Modified`).
    pub remote_time: bool,
    /// Which stored downloads this engine restores; the command line only those it is given.
    pub store_mode: StoreMode,
    /// Whether files are marked as downloaded from the internet, as browsers do: the system then asks before it runs
    /// one.
    pub quarantine: bool,
    /// Identifies this boot of the machine. Bytes that a killed process wrote in the same boot are trusted although
    /// they were not synced; with `None` only synced bytes are.
    pub boot_id: Option<String>,
}

/// Which stored downloads an engine loads at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreMode {
    /// All: the engine owns the list exclusively (enforced by a lock file beside the store).
    Exclusive,
    /// None, but adding the URL and folder of an unfinished download that no process works on restores it. Several
    /// engines may share such a store.
    Shared,
}

impl Config {
    /// The defaults for everything but the store and the file system.
    pub fn new(store: PathBuf, file_system: Arc<dyn FileSystem>) -> Self {
        Self {
            store,
            file_system,
            parallel: 4,
            per_host: None,
            connections: 16,
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            disk_timeout: Duration::from_secs(30),
            extra_roots: Vec::new(),
            proxy: ProxyChoice::default(),
            host_credentials: Vec::new(),
            cookies: Vec::new(),
            limit: None,
            constraints: Constraints::default(),
            device_status: DeviceStatus::default(),
            wait_for_network: true,
            network: Arc::new(RouteTable),
            probe_ttl: Duration::from_secs(120),
            progress_interval: Duration::from_millis(100),
            exact_names: false,
            remote_time: false,
            store_mode: StoreMode::Exclusive,
            quarantine: true,
            boot_id: disk::boot_id(),
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("store", &self.store)
            .field("parallel", &self.parallel)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}
