//! Validates and stores the settings, and notifies subscribers of changes.
//!
//! Stored in `settings.json`, which is replaced as a whole. An unreadable file is moved aside, and the defaults apply.
//! Applies nothing itself: `subscribe` reports every change.

mod error;
mod file;
#[cfg(test)]
mod tests;
mod validation;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

pub use self::error::SettingsError;
pub use self::values::{CategoryFolder, ConstraintSettings, Language, Proxy, Settings, Theme};
use crate::folder_grants::FolderGrants;
use crate::paths::AppPaths;

/// The settings, and what changed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsChange {
    /// Including the proxy's password.
    pub settings: Settings,
    /// The window whose page made the change; `None` for any other source.
    pub by: Option<String>,
}

#[derive(Debug)]
pub struct SettingsStore {
    file: PathBuf,
    folders: Arc<FolderGrants>,
    now: watch::Sender<SettingsChange>,
    /// Serializes changes, from reading to storing.
    changing: Mutex<()>,
}

/// A file that could not be read, at its new path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedFile(pub(crate) PathBuf);

impl SettingsStore {
    pub fn open(home: &AppPaths, folders: Arc<FolderGrants>) -> (Self, Option<ReplacedFile>) {
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

    /// The current settings, including the proxy's password.
    pub fn now(&self) -> Settings {
        self.now.borrow().settings.clone()
    }

    /// The current settings and every later change.
    pub fn subscribe(&self) -> watch::Receiver<SettingsChange> {
        self.now.subscribe()
    }

    /// Changes the settings; `by` is the window whose page does so, `None` any other source. Blocks until they are
    /// stored. Nothing has changed when this fails.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Invalid`] for an invalid value, [`SettingsError::Folder`] for an unknown one, and
    /// [`SettingsError::NotStored`].
    pub fn change(
        &self,
        by: Option<&str>,
        change: impl FnOnce(&mut Settings),
    ) -> Result<Settings, SettingsError> {
        let _alone = self.changing.lock();
        let now = self.now();
        let mut new = now.clone();
        change(&mut new);
        let new = validation::validate(new, &now, &self.folders)?;
        if new == now {
            return Ok(new);
        }
        file::write(&self.file, &new, &self.folders).map_err(SettingsError::NotStored)?;
        self.folders.pin(new.folders());
        self.now.send_replace(SettingsChange {
            settings: new.clone(),
            by: by.map(str::to_owned),
        });
        Ok(new)
    }
}

impl Settings {
    /// The ids of all folders in the settings.
    fn folders(&self) -> Vec<String> {
        let own = self.categories.iter().map(|one| &one.folder);
        let rules = self.rules.iter().filter_map(|rule| rule.folder.as_ref());
        let all = own.chain(rules).chain([&self.folder]);
        all.map(|folder| folder.id.clone()).collect()
    }
}
