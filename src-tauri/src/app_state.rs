//! What the commands find when they are called: doors to the engine, the hub, the app and the settings.
//! Values only.

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

/// Managed by Tauri; every command gets it, and so does the app's loop.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) engine: EngineSlot,
    pub(crate) hub: Hub,
    pub(crate) requests: UnboundedSender<Request>,
    pub(crate) folders: Arc<FolderGrants>,
    pub(crate) settings: Arc<settings::SettingsStore>,
    pub(crate) log: AppLog,
    /// A phone has ended work that was going on.
    pub(crate) work_ended: Arc<AtomicBool>,
    /// What the system can say of network and battery now.
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

/// The only place that keeps the engine's handle, so that closing it ends the engine.
#[derive(Clone)]
pub(crate) struct EngineSlot(Arc<RwLock<Option<Handle>>>);

impl EngineSlot {
    pub(crate) fn new(handle: Handle) -> Self {
        Self(Arc::new(RwLock::new(Some(handle))))
    }

    /// For one command; not to be kept.
    pub(crate) fn handle(&self) -> Result<Handle, IpcError> {
        let handle = self.0.read();
        handle.clone().ok_or_else(IpcError::stopped)
    }

    /// From now on the engine flushes and ends.
    pub(crate) fn close(&self) {
        self.0.write().take();
    }
}
