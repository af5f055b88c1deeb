//! Keeps what the person has set: checks it, stores it, and tells whoever wants to know.
//!
//! In `settings.json`, replaced as a whole. One that cannot be read is set aside, and the defaults hold. Applies nothing
//! itself: `subscribe` tells of every change.

mod file;
#[cfg(test)]
mod tests;
mod validation;

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::folder_grants::FolderGrants;
use crate::ipc::{IpcError, IpcErrorCode, Settings};
use crate::paths::AppPaths;

/// The settings, and who set them so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingsChange {
    /// With the proxy's password.
    pub(crate) settings: Settings,
    /// The window whose page did; `None` is anything else.
    pub(crate) by: Option<String>,
}

#[derive(Debug)]
pub(crate) struct SettingsStore {
    file: PathBuf,
    folders: Arc<FolderGrants>,
    now: watch::Sender<SettingsChange>,
    /// One change at a time, from reading to storing.
    changing: Mutex<()>,
}

/// A file that could not be read; it is here now, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplacedFile(pub(crate) PathBuf);

impl SettingsStore {
    pub(crate) fn open(
        home: &AppPaths,
        folders: Arc<FolderGrants>,
    ) -> (Self, Option<ReplacedFile>) {
        let file = home.settings();
        let (mut settings, set_aside) = match file::read(&file, &folders) {
            Ok(Some(settings)) => (settings, None),
            Ok(None) => (Settings::new(folders.latest()), None),
            Err(place) => (
                Settings::new(folders.downloads()),
                Some(ReplacedFile(place)),
            ),
        };
        if home.fixed_downloads {
            settings.folder = folders.downloads();
        }
        folders.pin(settings.folders());
        let store = Self {
            file,
            folders,
            now: watch::Sender::new(SettingsChange { settings, by: None }),
            changing: Mutex::new(()),
        };
        (store, set_aside)
    }

    /// What is set now, with the proxy's password.
    pub(crate) fn now(&self) -> Settings {
        self.now.borrow().settings.clone()
    }

    /// What is set now and after every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<SettingsChange> {
        self.now.subscribe()
    }

    /// Changes something, for the page of a window or for something else. Blocks until it is stored. Nothing has
    /// changed when this fails.
    ///
    /// # Errors
    ///
    /// `bad-setting` when a value is not possible, `unknown-folder`, and `system` when it cannot be stored.
    pub(crate) fn change(
        &self,
        by: Option<&str>,
        change: impl FnOnce(&mut Settings),
    ) -> Result<Settings, IpcError> {
        let _alone = self.changing.lock();
        let now = self.now();
        let mut new = now.clone();
        change(&mut new);
        let new = validation::validate(new, &now, &self.folders)?;
        if new == now {
            return Ok(new);
        }
        file::write(&self.file, &new, &self.folders).map_err(|error| {
            let message =
                format!("the settings could not be stored, and are as they were: {error}");
            IpcError::new(IpcErrorCode::System, message)
        })?;
        self.folders.pin(new.folders());
        self.now.send_replace(SettingsChange {
            settings: new.clone(),
            by: by.map(str::to_owned),
        });
        Ok(new)
    }
}

impl Settings {
    /// The ids of all folders in it.
    fn folders(&self) -> Vec<String> {
        let own = self.categories.iter().map(|one| &one.folder);
        let all = own.chain([&self.folder]);
        all.map(|folder| folder.id.clone()).collect()
    }
}
