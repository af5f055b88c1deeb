//! The folders for state and for downloaded files.

use std::path::{Path, PathBuf};

use millrace_engine::{DOWNLOADS_VAR, HOME_VAR};

/// The folder for all state: `MILLRACE_HOME`, else one in the system's data folder.
pub(crate) fn state_dir() -> Result<PathBuf, String> {
    let own = || dirs::data_dir().map(|data| data.join("dev.millrace.downloader"));
    let home = env_path(HOME_VAR).or_else(own);
    let home =
        home.ok_or_else(|| format!("no folder for Millrace's data found; set one in {HOME_VAR}"))?;
    millrace_engine::create_state_dir(&home).map_err(|error| {
        format!(
            "{}: {error}; set another folder in {HOME_VAR}",
            home.display()
        )
    })?;
    Ok(home)
}

/// The folder for files, created if missing: the requested one, else `MILLRACE_DOWNLOADS`, else the current one.
pub(crate) fn download_dir(asked: Option<PathBuf>) -> Result<PathBuf, String> {
    let folder = unmade(asked);
    let trouble =
        |error: std::io::Error| format!("{}: {error}; nothing was downloaded", folder.display());
    std::fs::create_dir_all(&folder).map_err(trouble)?;
    // One form per folder, however it was written: unfinished downloads are found by it.
    Ok(usual(canonical(&folder).map_err(trouble)?))
}

/// Some drives on Windows (RAM disks, network drives) have no canonical form: the absolute path is used for them.
fn canonical(folder: &Path) -> std::io::Result<PathBuf> {
    match std::fs::canonicalize(folder) {
        Err(_) if cfg!(windows) => std::path::absolute(folder),
        done => done,
    }
}

/// A canonical path on Windows has a prefix (`\\?\C:\here`), which is for programs, not for users. If the usual form
/// means the same, it is used; file functions add the prefix again for long paths.
#[cfg(windows)]
fn usual(folder: PathBuf) -> PathBuf {
    let said = folder.to_str().and_then(usual_form);
    said.unwrap_or(folder)
}

#[cfg(not(windows))]
fn usual(folder: PathBuf) -> PathBuf {
    folder
}

/// `None` if a component would mean something else in the usual form: one that ends in a dot or a space, or a device
/// name.
#[cfg(windows)]
fn usual_form(canonical: &str) -> Option<PathBuf> {
    let path = canonical.strip_prefix(r"\\?\")?;
    let (drive, below) = path.split_at_checked(3)?;
    if !drive.ends_with(r":\") {
        return None;
    }
    let mut parts = below.split('\\').filter(|part| !part.is_empty());
    let usual = parts.all(|part| millrace_engine::check_file_name(part).is_ok());
    usual.then(|| path.into())
}

/// The same, neither created nor made canonical.
pub(crate) fn unmade(asked: Option<PathBuf>) -> PathBuf {
    asked
        .or_else(|| env_path(DOWNLOADS_VAR))
        .unwrap_or_else(|| ".".into())
}

fn env_path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

#[cfg(windows)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_called_as_people_call_it_where_that_is_the_same_folder() {
        for (canonical, usual) in [
            (r"\\?\C:\", Some(r"C:\")),
            (r"\\?\C:\here\a b", Some(r"C:\here\a b")),
            (r"\\?\C:\here\end.", None),
            (r"\\?\C:\nul\here", None),
            (r"\\?\UNC\server\share", None),
            (r"C:\here", None),
        ] {
            let usual = usual.map(PathBuf::from);
            assert_eq!(usual_form(canonical), usual, "{canonical}");
        }
    }
}
