//! Shared state of the commands: handles to the engine, the hub, the app and the settings. Contains no logic.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use millrace_engine::{CommandError, Handle};
use parking_lot::RwLock;
use tokio::sync::mpsc::UnboundedSender;

use crate::app_log::AppLog;
use crate::folder_grants::FolderGrants;
use crate::history::History;
use crate::hub::Hub;
use crate::option_changes::OptionChanges;
use crate::request::Request;
use crate::settings;

/// What a system can say of network and battery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Says {
    pub metered: bool,
    pub battery: bool,
}

/// Passed to every command, and used by the app's loop.
#[derive(Debug, Clone)]
pub struct AppState {
    pub engine: EngineSlot,
    pub hub: Hub,
    pub requests: UnboundedSender<Request>,
    pub folders: Arc<FolderGrants>,
    pub settings: Arc<settings::SettingsStore>,
    pub log: AppLog,
    pub history: History,
    /// The phone has ended work in progress.
    pub work_ended: Arc<AtomicBool>,
    /// Held while a picture is decoded.
    pub decoding: Arc<tokio::sync::Mutex<()>>,
    /// Whether the system currently reports metered networks and a battery.
    pub says: Arc<RwLock<Says>>,
    /// Held while the free space of a disk is measured: one that does not respond keeps one thread, however often it is
    /// asked.
    pub measures_free_space: Arc<tokio::sync::Mutex<()>>,
    pub option_changes: Arc<OptionChanges>,
}

impl AppState {
    pub fn says(&self) -> Says {
        *self.says.read()
    }

    pub fn set_says(&self, says: Says) {
        *self.says.write() = says;
    }
}

/// The only holder of the engine's handle, so that closing it ends the engine.
#[derive(Debug, Clone)]
pub struct EngineSlot(Arc<RwLock<Option<Handle>>>);

impl EngineSlot {
    pub fn new(handle: Handle) -> Self {
        Self(Arc::new(RwLock::new(Some(handle))))
    }

    /// For one command; must not be stored.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub fn handle(&self) -> Result<Handle, CommandError> {
        let handle = self.0.read();
        handle.clone().ok_or(CommandError::Stopped)
    }

    /// Makes the engine flush and end.
    pub fn close(&self) {
        self.0.write().take();
    }
}
