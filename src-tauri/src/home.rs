//! Where this instance keeps its state and puts files. Two environment variables move it, so that tests and
//! several instances stay apart.

#[cfg_attr(desktop, path = "home/desktop.rs")]
#[cfg_attr(target_os = "android", path = "home/android.rs")]
#[cfg_attr(target_os = "ios", path = "home/ios.rs")]
mod usual;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf, absolute};

use tauri::{AppHandle, Manager, Runtime};

/// The folder of all state.
const STATE: &str = "MILLRACE_HOME";
/// The default folder for files.
const DOWNLOADS: &str = "MILLRACE_DOWNLOADS";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) state: PathBuf,
    pub(crate) downloads: PathBuf,
    /// The environment named the folder for files: it is the default at the start, whatever was set before.
    pub(crate) fixed_downloads: bool,
}

impl Home {
    /// Creates the folders if they are missing.
    pub(crate) fn find<R: Runtime>(app: &AppHandle<R>) -> io::Result<Self> {
        let state = match named(STATE)? {
            Some(folder) => folder,
            None => app.path().app_data_dir().map_err(io::Error::other)?,
        };
        let fixed = named(DOWNLOADS)?;
        let fixed_downloads = fixed.is_some();
        let downloads = match fixed {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                folder
            }
            None => usual::downloads(app)?,
        };
        std::fs::create_dir_all(&state)?;
        Ok(Self {
            state,
            downloads,
            fixed_downloads,
        })
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.state.join("list.db")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.state.join("settings.json")
    }

    /// There while a phone holds work.
    #[cfg(any(test, mobile))]
    pub(crate) fn held(&self) -> PathBuf {
        self.state.join("held")
    }

    pub(crate) fn window(&self) -> PathBuf {
        self.state.join("window.json")
    }

    pub(crate) fn folders(&self) -> PathBuf {
        self.state.join("folders.json")
    }
}

fn named(variable: &str) -> io::Result<Option<PathBuf>> {
    match std::env::var_os(variable).filter(|value| !value.is_empty()) {
        Some(folder) => Ok(Some(absolute(folder)?)),
        None => Ok(None),
    }
}

/// The name under which this instance is alone on the session bus; another one for every folder of state.
pub(crate) fn bus_name(identifier: &str) -> String {
    bus_name_of(identifier, std::env::var_os(STATE))
}

fn bus_name_of(identifier: &str, state: Option<OsString>) -> String {
    match state.filter(|folder| !folder.is_empty()) {
        None => identifier.to_owned(),
        Some(folder) => {
            let folder = absolute(&folder).unwrap_or_else(|_| Path::new(&folder).to_path_buf());
            let folder = folder.components().collect::<PathBuf>();
            let hash = fnv1a(folder.as_os_str().as_encoded_bytes());
            format!("{identifier}.home{hash:016x}")
        }
    }
}

/// FNV-1a, 64 bits: equal in every build, unlike the standard library's hash.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_state_has_its_own_name_on_the_bus() {
        let name = |folder: &str| bus_name_of("dev.millrace.downloader", Some(folder.into()));
        assert_eq!(name("a/b"), name("a//b/"));
        assert_ne!(name("a/b"), name("a/c"));
        assert!(name("a").starts_with("dev.millrace.downloader.home"));
        assert_eq!(bus_name_of("dev.x", None), "dev.x");
        assert_eq!(bus_name_of("dev.x", Some("".into())), "dev.x");
    }

    #[test]
    fn the_hash_is_fnv1a() {
        // test vectors of the algorithm's authors
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
