//! Keeps what the person has set: checks it, stores it, and tells whoever wants to know.
//!
//! In `settings.json`, replaced as a whole. One that cannot be read is set aside, and the defaults hold. Applies nothing
//! itself: `subscribe` tells of every change.

mod checks;
mod file;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::folders::Folders;
use crate::home::Home;
use crate::view::{CommandFailure, FailureCode, Settings};

/// The settings, and who set them so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set {
    /// With the proxy's password.
    pub(crate) settings: Settings,
    /// The window whose page did; `None` is anything else.
    pub(crate) by: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Store {
    file: PathBuf,
    folders: Arc<Folders>,
    now: watch::Sender<Set>,
    /// One change at a time, from reading to storing.
    changing: Mutex<()>,
}

/// A file that could not be read; it is here now, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetAside(pub(crate) PathBuf);

impl Store {
    pub(crate) fn open(home: &Home, folders: Arc<Folders>) -> (Self, Option<SetAside>) {
        let file = home.settings();
        let (mut settings, set_aside) = match file::read(&file, &folders) {
            Ok(Some(settings)) => (settings, None),
            Ok(None) => (Settings::new(folders.chosen_last()), None),
            Err(place) => (Settings::new(folders.downloads()), Some(SetAside(place))),
        };
        if home.fixed_downloads {
            settings.folder = folders.downloads();
        }
        folders.pin(settings.folders());
        let store = Self {
            file,
            folders,
            now: watch::Sender::new(Set { settings, by: None }),
            changing: Mutex::new(()),
        };
        (store, set_aside)
    }

    /// What is set now, with the proxy's password.
    pub(crate) fn now(&self) -> Settings {
        self.now.borrow().settings.clone()
    }

    /// What is set now and after every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Set> {
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
    ) -> Result<Settings, CommandFailure> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let mut new = now.clone();
        change(&mut new);
        let new = checks::checked(new, &now, &self.folders)?;
        if new == now {
            return Ok(new);
        }
        file::write(&self.file, &new, &self.folders).map_err(|error| {
            let message =
                format!("the settings could not be stored, and are as they were: {error}");
            CommandFailure::new(FailureCode::System, message)
        })?;
        self.folders.pin(new.folders());
        self.now.send_replace(Set {
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
