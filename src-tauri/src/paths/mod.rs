//! Where this instance keeps its state and puts files. Two environment variables move it, so that tests and
//! several instances stay apart.

#[cfg_attr(desktop, path = "desktop.rs")]
#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
mod platform_downloads;

use std::io;
use std::path::{PathBuf, absolute};

use tauri::{AppHandle, Manager, Runtime};

/// The folder of all state.
const HOME_VAR: &str = "MILLRACE_HOME";
/// The default folder for files.
const DOWNLOADS_VAR: &str = "MILLRACE_DOWNLOADS";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppPaths {
    pub(crate) state: PathBuf,
    pub(crate) downloads: PathBuf,
    /// The environment named the folder for files: it is the default at the start, whatever was set before.
    pub(crate) fixed_downloads: bool,
    /// Files there go with the app, and the person may give leave for a folder in which they stay.
    pub(crate) private_downloads: bool,
}

/// A folder for files, and whether they go with the app.
pub(crate) struct Usual {
    folder: PathBuf,
    private: bool,
}

impl AppPaths {
    /// Creates the folders if they are missing.
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

    /// The folder of all state, before there is an app; created if it is missing.
    #[cfg(all(desktop, unix))]
    pub(crate) fn state_of(identifier: &str) -> io::Result<PathBuf> {
        // where the app's own paths begin, too
        let data = || dirs::data_dir().ok_or_else(|| io::ErrorKind::NotFound.into());
        state(|| data().map(|folder| folder.join(identifier)))
    }

    pub(crate) fn list_db(&self) -> PathBuf {
        self.state.join("list.db")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.state.join("settings.json")
    }

    /// There while a phone holds work.
    #[cfg(any(test, mobile))]
    pub(crate) fn crash_marker(&self) -> PathBuf {
        self.state.join("held")
    }

    /// What a phone's notice has paused.
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
    /// One in which files stay.
    fn from(folder: PathBuf) -> Self {
        Self {
            folder,
            private: false,
        }
    }
}

/// The folder of all state: the one that the environment names, else the `usual` one.
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
