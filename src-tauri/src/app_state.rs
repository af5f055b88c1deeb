//! Shared state of the commands: handles to the engine, the hub, the app and the settings. Contains no logic.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use millrace_engine::Handle;
use parking_lot::RwLock;
use tokio::sync::mpsc::UnboundedSender;

use crate::app::Request;
use crate::app_log::AppLog;
use crate::folder_grants::FolderGrants;
use crate::hub::Hub;
use crate::ipc::{IpcError, Says};
use crate::settings;

/// Managed by Tauri; passed to every command, and used by the app's loop.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) engine: EngineSlot,
    pub(crate) hub: Hub,
    pub(crate) requests: UnboundedSender<Request>,
    pub(crate) folders: Arc<FolderGrants>,
    pub(crate) settings: Arc<settings::SettingsStore>,
    pub(crate) log: AppLog,
    /// The phone has ended work in progress.
    pub(crate) work_ended: Arc<AtomicBool>,
    /// Whether the system currently reports metered networks and a battery.
    pub(crate) says: Arc<RwLock<Says>>,
}

impl AppState {
    pub(crate) fn says(&self) -> Says {
        *self.says.read()
    }

    #[cfg(desktop)]
    pub(crate) fn set_says(&self, says: Says) {
        *self.says.write() = says;
    }
}

/// The only holder of the engine's handle, so that closing it ends the engine.
#[derive(Clone)]
pub(crate) struct EngineSlot(Arc<RwLock<Option<Handle>>>);

impl EngineSlot {
    pub(crate) fn new(handle: Handle) -> Self {
        Self(Arc::new(RwLock::new(Some(handle))))
    }

    /// For one command; must not be stored.
    pub(crate) fn handle(&self) -> Result<Handle, IpcError> {
        let handle = self.0.read();
        handle.clone().ok_or_else(IpcError::stopped)
    }

    /// Makes the engine flush and end.
    pub(crate) fn close(&self) {
        self.0.write().take();
    }
}
