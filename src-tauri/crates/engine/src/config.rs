//! What an engine is started with. Values and the file-opening seam; decides nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::connectivity::{ConnectivitySource, RouteTable};
use crate::disk::{self, FileSystem};
use crate::domain::constraints::{Constraints, DeviceStatus};
use crate::domain::credentials::HostCredentials;
use crate::domain::problem::RetryPolicy;
use crate::domain::proxy::ProxyChoice;
use crate::http::Cookie;

/// Everything an engine needs to know before it starts.
#[derive(Clone)]
pub struct Config {
    /// The database file of the list; its folder must exist.
    pub store: PathBuf,
    /// How files are opened and thrown away; the app's goes through its file plugin.
    pub file_system: Arc<dyn FileSystem>,
    /// Downloads that run at once.
    pub parallel: u32,
    /// Downloads that run at once from one host. Not limited unless asked for: `parallel` bounds them already, and a
    /// host that minds says so and is remembered.
    pub per_host: Option<u32>,
    /// Connections of one download, at most.
    pub connections: u32,
    pub retry: RetryPolicy,
    /// For connecting, for the first byte, and for a transfer that stands still.
    pub timeout: Duration,
    /// For the disk to take some bytes; a sync is given twenty times as long. At most 5 s of it once a download is to
    /// stop.
    pub disk_timeout: Duration,
    /// PEM of certificates that are trusted beside the system's.
    pub extra_roots: Vec<Vec<u8>>,
    /// The way to all servers that no download has its own for.
    pub proxy: ProxyChoice,
    /// For hosts that a link leads to by redirects: each is given its own. Not stored.
    pub host_credentials: Vec<HostCredentials>,
    /// Sent to every host that they are for, on the way of every link. Not stored.
    pub cookies: Vec<Cookie>,
    /// Bytes per second for everything together.
    pub limit: Option<u64>,
    /// On which networks and batteries downloads may run, and what these are at the start.
    pub constraints: Constraints,
    pub device_status: DeviceStatus,
    /// Whether a download waits for a network when this machine has none, without using up its tries. Else that is a
    /// failure like any other.
    pub wait_for_network: bool,
    /// What tells whether there is a network.
    pub network: Arc<dyn ConnectivitySource>,
    /// How long an answer is kept open that was got before its download was added.
    pub probe_ttl: Duration,
    /// The least time between two updates of one running download.
    pub progress_interval: Duration,
    /// Whether the name given with a download is the only one its file may get: with a file of that name there, the
    /// download fails with [`crate::Problem::FileExists`] instead of taking a numbered name.
    pub exact_names: bool,
    /// Whether a finished file gets the modification time that the server states (`Last-Modified`).
    pub remote_time: bool,
    /// Which stored downloads this engine takes up; the command line takes only its own.
    pub store_mode: StoreMode,
    /// Whether files are marked as come from the internet, as browsers mark them: the system then asks before it runs one.
    pub quarantine: bool,
    /// Identifies this boot of the machine. What a killed process wrote in the same boot is believed to be in its file
    /// although it was not synced; with `None` only what was synced is.
    pub boot_id: Option<String>,
}

/// Which stored downloads an engine loads at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreMode {
    /// All: the engine owns the list, and no second one may (a lock beside the store says so).
    Exclusive,
    /// None, but adding the link and folder of an unfinished one that nobody works on takes it up. Several
    /// engines may share such a store.
    Shared,
}

impl Config {
    /// Defaults for everything but the store and the files.
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
