//! Opening everything, and taking up what an earlier run left.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::deadlines::Deadlines;
use super::hold::Policy;
use super::looks::Looks;
use super::watch::Watch;
use super::{Actor, clocks, now, order};
use crate::config::{Adopt, Config};
use crate::core::queue::Queue;
use crate::core::state::{Event, State, Then};
use crate::disk::{self, ListMark, Pool, ProgressDir};
use crate::handle::{Handle, Leftover};
use crate::http::{self, Net, NetConfig};
use crate::store::Store;
use crate::worker::{Changes, Crowd, Limiter};

/// Threads that write for all downloads.
const DISK_THREADS: usize = 2;

/// A started engine: keep `handle`, run the future that came with it.
#[derive(Debug)]
pub struct Engine;

/// Something the person should know about the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The list was broken; it was set aside at `place`, and a new one begun with the `taken_over` downloads that could
    /// still be read there or in the spare copy. Files are untouched, unfinished ones go on.
    ListSetAside { place: PathBuf, taken_over: usize },
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
    /// Opens the store and takes up what is unfinished. The future runs the engine until the last handle is dropped
    /// and everything is flushed; spawn it, and await it before the process ends.
    pub fn start(
        config: Config,
    ) -> Result<
        (
            Handle,
            impl Future<Output = ()> + Send + 'static,
            Option<Notice>,
        ),
        StartError,
    > {
        let path = config.store.display().to_string();
        let store_error = |reason: String| StartError::Store {
            path: path.clone(),
            reason,
        };
        let lock = match config.adopt {
            Adopt::SameLinkAndFolder => None,
            Adopt::All => {
                let mut beside = config.store.clone().into_os_string();
                beside.push(".lock");
                let lock = disk::lock(beside.as_ref()).map_err(|e| store_error(e.to_string()))?;
                Some(lock.ok_or_else(|| StartError::InUse(path.clone()))?)
            }
        };
        let net = Net::new(&NetConfig {
            timeout: config.timeout,
            extra_roots: config.extra_roots.clone(),
            proxy: config.proxy.clone(),
            host_credentials: config.host_credentials.clone(),
            cookies: config.cookies.clone(),
        });
        let net = net.map_err(|error| StartError::Network(error.to_string()))?;
        // On a file system that knows no owners there is nothing to keep.
        let _shared = disk::keep_private(&config.store);
        disk::delete_old_broken(&config.store);
        let opened = match config.adopt {
            Adopt::All => Store::open_all(&config.store, disk::set_aside),
            Adopt::SameLinkAndFolder => {
                Store::open(&config.store, disk::set_aside).map(|store| (store, Vec::new()))
            }
        };
        let (store, records) = opened.map_err(|error| store_error(error.to_string()))?;
        let set_aside = store.set_aside.clone();
        let notice =
            set_aside.map(|(place, taken_over)| Notice::ListSetAside { place, taken_over });
        let progress = ProgressDir::new(&config.store, config.boot_id.as_deref());
        if let Some(progress) = &progress {
            progress.remove_stale();
        }
        // A list that is all taken up is kept with more care, and may have several unfinished files of one link.
        let marks = match config.adopt {
            Adopt::All => None,
            Adopt::SameLinkAndFolder => Some(ListMark::new(&config.store, store.id())),
        };
        let (commands, inbox) = mpsc::channel(64);
        let (report_to, reports) = mpsc::unbounded_channel();
        let actor = Actor {
            inbox,
            downloads: BTreeMap::new(),
            queue: Queue::new(order::limits(config.parallel, config.per_host)),
            crowd: Crowd::new(),
            watch: Watch::new(),
            local_network: true,
            policy: Policy {
                rules: config.rules,
                conditions: config.conditions,
            },
            changes: Changes::default(),
            // The command line's notes are for running the same command again, and shared: not worth a spare copy.
            store: match config.adopt {
                Adopt::All => store.into_writer(Some(disk::replace)),
                Adopt::SameLinkAndFolder => store.into_writer(None).without_secrets(),
            },
            net,
            pool: Arc::new(
                Pool::start(DISK_THREADS, Arc::clone(&config.files))
                    .with_progress(progress)
                    .with_marks(marks),
            ),
            limit: Arc::new(Limiter::new(config.limit)),
            looks: Looks::default(),
            workers: JoinSet::new(),
            whose: HashMap::new(),
            chores: JoinSet::new(),
            reports,
            report_to,
            due: Deadlines::default(),
            turn_changed: false,
            unsaved: BTreeSet::new(),
            subscribers: Vec::new(),
            // Greater than any revision of an earlier run.
            rev: now() * 1000,
            begun: Instant::now(),
            config,
            _lock: lock,
        };
        let run = async move {
            let mut actor = actor;
            for record in actor.named(records).await {
                actor.take_up(record);
            }
            actor.run().await;
        };
        Ok((Handle { commands }, run, notice))
    }
}

impl Actor {
    /// A stored download, as the end of the last run left it.
    fn take_up(&mut self, mut record: crate::core::record::Record) {
        let id = record.id;
        let removing = if let State::Stopping { then } = record.state {
            match then {
                Then::RemoveKeep => Some(Leftover::Keep),
                Then::RemoveTrash => Some(Leftover::Trash),
                Then::Pause | Then::Queue => None,
            }
        } else {
            None
        };
        record.state = record.state.wake();
        if removing.is_some() {
            record.state = State::Paused;
        }
        if let State::Waiting { until, .. } = record.state {
            self.due.wait(id, until, clocks());
        }
        if let Some(at) = record.start_at {
            self.due.appoint(id, at);
        }
        if matches!(record.state, State::Done { .. }) && record.has_secrets(http::travels) {
            // Stored by an earlier version: they leave with the next turn.
            self.unsaved.insert(id);
        }
        self.downloads.insert(id, self.policy.taken(record));
        self.line_up(id);
        if let Some(leftover) = removing {
            self.happen(id, Event::Remove(leftover));
        }
    }
}
