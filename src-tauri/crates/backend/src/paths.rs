//! Where this instance stores its state and files. Two environment variables change that, so that tests and several
//! instances are separate. Does not know where a system keeps such folders.

use std::io;
use std::path::{PathBuf, absolute};

use millrace_engine::{DOWNLOADS_VAR, HOME_VAR};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPaths {
    pub state: PathBuf,
    pub downloads: PathBuf,
    /// The download folder was set by the environment: it is the default at the start, whatever the settings say.
    pub fixed_downloads: bool,
    /// Files there are deleted together with the app; the user may allow a folder in which they stay.
    pub private_downloads: bool,
}

/// A download folder, and whether its files are deleted together with the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadFolder {
    pub folder: PathBuf,
    pub private: bool,
}

impl AppPaths {
    /// The folders of the environment, otherwise those of the system; creates them if they are missing.
    ///
    /// # Errors
    ///
    /// Those of the file system and of the two functions.
    pub fn resolve(
        usual_state: impl FnOnce() -> io::Result<PathBuf>,
        usual_downloads: impl FnOnce() -> io::Result<DownloadFolder>,
    ) -> io::Result<Self> {
        let state = state_dir(usual_state)?;
        let fixed = env_path(DOWNLOADS_VAR)?;
        let fixed_downloads = fixed.is_some();
        let DownloadFolder { folder, private } = match fixed {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                folder.into()
            }
            None => usual_downloads()?,
        };
        Ok(Self {
            state,
            downloads: folder,
            fixed_downloads,
            private_downloads: private,
        })
    }

    pub fn list_db(&self) -> PathBuf {
        self.state.join("list.db")
    }

    pub fn history_db(&self) -> PathBuf {
        self.state.join("history.db")
    }

    pub fn settings(&self) -> PathBuf {
        self.state.join("settings.json")
    }

    /// Exists while a phone keeps work alive.
    pub fn crash_marker(&self) -> PathBuf {
        self.state.join("held")
    }

    /// Downloads paused with a phone's notification.
    pub fn paused(&self) -> PathBuf {
        self.state.join("paused.json")
    }

    pub fn window(&self) -> PathBuf {
        self.state.join("window.json")
    }

    pub fn folders(&self) -> PathBuf {
        self.state.join("folders.json")
    }
}

impl From<PathBuf> for DownloadFolder {
    /// A folder whose files stay when the app is removed.
    fn from(folder: PathBuf) -> Self {
        Self {
            folder,
            private: false,
        }
    }
}

/// The state folder: from the environment, otherwise `usual`. Created if it is missing.
///
/// # Errors
///
/// Those of the file system and of `usual`.
pub fn state_dir(usual: impl FnOnce() -> io::Result<PathBuf>) -> io::Result<PathBuf> {
    let state = env_path(HOME_VAR)?.map_or_else(usual, Ok)?;
    millrace_engine::create_state_dir(&state)?;
    Ok(state)
}

fn env_path(variable: &str) -> io::Result<Option<PathBuf>> {
    match std::env::var_os(variable).filter(|value| !value.is_empty()) {
        Some(folder) => Ok(Some(absolute(folder)?)),
        None => Ok(None),
    }
}
