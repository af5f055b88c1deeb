//! Where this instance stores its state and files. Two environment variables change that, so that tests and several
//! instances are separate.

#[cfg_attr(desktop, path = "desktop.rs")]
#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
mod platform_downloads;

use std::io;
use std::path::{PathBuf, absolute};

use millrace_engine::{DOWNLOADS_VAR, HOME_VAR};
use tauri::{AppHandle, Manager, Runtime};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppPaths {
    pub(crate) state: PathBuf,
    pub(crate) downloads: PathBuf,
    /// The download folder was set by the environment: it is the default at the start, whatever the settings say.
    pub(crate) fixed_downloads: bool,
    /// Files there are deleted together with the app; the user may allow a folder in which they stay.
    pub(crate) private_downloads: bool,
}

/// A download folder, and whether its files are deleted together with the app.
pub(crate) struct Usual {
    folder: PathBuf,
    private: bool,
}

impl AppPaths {
    /// Determines the folders, and creates them if they are missing.
    pub(crate) fn resolve<R: Runtime>(app: &AppHandle<R>) -> io::Result<Self> {
        let state = state(|| app.path().app_data_dir().map_err(io::Error::other))?;
        let fixed = env_path(DOWNLOADS_VAR)?;
        let fixed_downloads = fixed.is_some();
        let Usual { folder, private } = match fixed {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                folder.into()
            }
            None => platform_downloads::downloads(app)?,
        };
        Ok(Self {
            state,
            downloads: folder,
            fixed_downloads,
            private_downloads: private,
        })
    }

    /// The state folder, before there is an app; created if it is missing.
    #[cfg(all(desktop, unix))]
    pub(crate) fn state_of(identifier: &str) -> io::Result<PathBuf> {
        // the parent of the app's own data folder, as in Tauri
        let data = || dirs::data_dir().ok_or_else(|| io::ErrorKind::NotFound.into());
        state(|| data().map(|folder| folder.join(identifier)))
    }

    pub(crate) fn list_db(&self) -> PathBuf {
        self.state.join("list.db")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.state.join("settings.json")
    }

    /// Exists while a phone keeps work alive.
    #[cfg(any(test, mobile))]
    pub(crate) fn crash_marker(&self) -> PathBuf {
        self.state.join("held")
    }

    /// Downloads paused with a phone's notification.
    #[cfg(any(test, mobile))]
    pub(crate) fn paused(&self) -> PathBuf {
        self.state.join("paused.json")
    }

    pub(crate) fn window(&self) -> PathBuf {
        self.state.join("window.json")
    }

    pub(crate) fn folders(&self) -> PathBuf {
        self.state.join("folders.json")
    }
}

impl From<PathBuf> for Usual {
    /// A folder whose files stay when the app is removed.
    fn from(folder: PathBuf) -> Self {
        Self {
            folder,
            private: false,
        }
    }
}

/// The state folder: from the environment, otherwise `usual`.
fn state(usual: impl FnOnce() -> io::Result<PathBuf>) -> io::Result<PathBuf> {
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
