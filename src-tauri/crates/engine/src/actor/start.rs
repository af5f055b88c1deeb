//! Opens store, network and disk, and restores the downloads of an earlier run.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::constraints::ConstraintState;
use super::crash_recovery::recover_named;
use super::downloads::Downloads;
use super::file_tasks::FileTasks;
use super::network_monitor::NetworkMonitor;
use super::persistence::Persistence;
use super::probes::ProbeCache;
use super::scheduler::Scheduler;
use super::updates::Updates;
use super::workers::Workers;
use super::{Actor, unix_now};
use crate::config::{Config, StoreMode};
use crate::disk::{self, ListMark, ProgressDir, WriterPool};
use crate::handle::Handle;
use crate::http::{HttpClient, HttpConfig};
use crate::store::{BackupFiles, Store};

/// Writer threads, shared by all downloads.
const DISK_THREADS: usize = 2;

const BACKUP_FILES: BackupFiles = BackupFiles {
    create: disk::create_private,
    replace: disk::atomic_replace,
};

/// Starts an engine: [`Engine::start`] returns its handle and the future to run.
#[derive(Debug)]
pub struct Engine;

/// Something about the start that the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartNotice {
    /// The list was corrupt: it was moved aside to `place`, and a new one was made with the `taken_over` downloads that
    /// could be read from it or from its backup. Files are untouched, unfinished downloads continue.
    StoreRecovered { place: PathBuf, taken_over: usize },
}

/// Why an engine could not start. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("another Millrace already uses {0}; close it first, nothing was changed")]
    InUse(String),
    #[error("the list in {path} could not be opened: {reason}; it was left as it is")]
    Store { path: String, reason: String },
    #[error("the network could not be set up: {0}; nothing was changed")]
    Network(String),
}

impl Engine {
    /// Opens the store and restores unfinished downloads. The future runs the engine until the last handle is dropped
    /// and everything is flushed; spawn it, and await it before the process ends.
    ///
    /// # Errors
    ///
    /// [`StartError::InUse`] if another process has the list ([`StoreMode::Exclusive`] only); [`StartError::Store`] if
    /// it cannot be locked or opened; [`StartError::Network`] if the HTTP client cannot be set up.
    pub fn start(
        config: Config,
    ) -> Result<
        (
            Handle,
            impl Future<Output = ()> + Send + 'static,
            Option<StartNotice>,
        ),
        StartError,
    > {
        let path = config.store.display().to_string();
        let store_error = |reason: String| StartError::Store {
            path: path.clone(),
            reason,
        };
        let lock = match config.store_mode {
            StoreMode::Shared => None,
            StoreMode::Exclusive => {
                let mut beside = config.store.clone().into_os_string();
                beside.push(".lock");
                let lock = disk::lock(beside.as_ref()).map_err(|e| store_error(e.to_string()))?;
                Some(lock.ok_or_else(|| StartError::InUse(path.clone()))?)
            }
        };
        let net = HttpClient::new(&HttpConfig {
            timeout: config.timeout,
            extra_roots: config.extra_roots.clone(),
            proxy: config.proxy.clone(),
            host_credentials: config.host_credentials.clone(),
            cookies: config.cookies.clone(),
        });
        let http = net.map_err(|error| StartError::Network(error.to_string()))?;
        // Best effort: some file systems have no owners.
        if let Err(error) = disk::restrict_to_owner(&config.store) {
            tracing::warn!("the list is readable for other users: {error}");
        }
        disk::delete_old_broken(&config.store);
        let opened = match config.store_mode {
            StoreMode::Exclusive => Store::open_all(&config.store, disk::move_aside),
            StoreMode::Shared => {
                Store::open(&config.store, disk::move_aside).map(|store| (store, Vec::new()))
            }
        };
        let (store, records) = opened.map_err(|error| store_error(error.to_string()))?;
        let set_aside = store.recovered.clone();
        if let Some((place, taken_over)) = &set_aside {
            let place = place.display();
            tracing::error!("the list was corrupt: moved to {place}, {taken_over} downloads read");
        }
        let notice =
            set_aside.map(|(place, taken_over)| StartNotice::StoreRecovered { place, taken_over });
        let progress = ProgressDir::new(&config.store, config.boot_id.as_deref());
        if let Some(progress) = &progress {
            progress.remove_stale();
        }
        // An exclusive list is kept with more care, and may have several unfinished files of one URL.
        let marks = match config.store_mode {
            StoreMode::Exclusive => None,
            StoreMode::Shared => Some(ListMark::new(&config.store, store.id())),
        };
        // The command line's rows only serve to run the same command again, and are shared: not worth a backup.
        let store = match config.store_mode {
            StoreMode::Exclusive => store.into_writer(Some(BACKUP_FILES)),
            StoreMode::Shared => store.into_writer(None).without_secrets(),
        };
        let writer_pool = WriterPool::start(DISK_THREADS, Arc::clone(&config.file_system))
            .with_progress(progress)
            .with_marks(marks);
        let writer_pool = Arc::new(writer_pool);
        let (commands, inbox) = mpsc::channel(64);
        let actor = Actor {
            inbox,
            downloads: Downloads::default(),
            scheduler: Scheduler::new(config.parallel, config.per_host),
            constraints: ConstraintState::new(config.constraints, config.device_status),
            network_monitor: NetworkMonitor::new(
                Arc::clone(&config.network),
                config.wait_for_network,
            ),
            workers: Workers::new(http, Arc::clone(&writer_pool), config.limit),
            file_tasks: FileTasks::new(Arc::clone(&config.file_system), writer_pool),
            probes: ProbeCache::new(config.probe_ttl),
            persistence: Persistence::new(store, config.store_mode, lock),
            // Greater than any revision of an earlier run.
            updates: Updates::new(unix_now() * 1000),
            config,
        };
        let run = async move {
            let mut actor = actor;
            let records = recover_named(records, &actor.persistence, &actor.config).await;
            let stored: Vec<_> = records.iter().map(|record| record.id).collect();
            for record in records {
                actor.restore_download(record);
            }
            actor.restore_replacements(&stored);
            actor.run().await;
        };
        Ok((Handle { commands }, run, notice))
    }
}
