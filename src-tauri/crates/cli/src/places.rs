//! Where state and files go.

use std::path::PathBuf;

/// The folder for all state: `MILLRACE_HOME`, else the system's place for it.
pub(crate) fn home() -> Result<PathBuf, String> {
    let own = || dirs::data_dir().map(|data| data.join("dev.millrace.downloader"));
    let home = set("MILLRACE_HOME").or_else(own);
    let home = home.ok_or("no folder for state is known; name one in MILLRACE_HOME")?;
    millrace_engine::create_state_dir(&home).map_err(|error| {
        format!(
            "{}: {error}; name another folder in MILLRACE_HOME",
            home.display()
        )
    })?;
    Ok(home)
}

/// The folder for files, made if need be: the one asked for, else `MILLRACE_DOWNLOADS`, else the current one.
pub(crate) fn downloads(asked: Option<PathBuf>) -> Result<PathBuf, String> {
    let folder = unmade(asked);
    let trouble =
        |error: std::io::Error| format!("{}: {error}; nothing was downloaded", folder.display());
    std::fs::create_dir_all(&folder).map_err(trouble)?;
    // One folder, one name, however it is written: unfinished downloads are found by it.
    std::fs::canonicalize(&folder).map_err(trouble)
}

/// The same, as it is.
pub(crate) fn unmade(asked: Option<PathBuf>) -> PathBuf {
    asked
        .or_else(|| set("MILLRACE_DOWNLOADS"))
        .unwrap_or_else(|| ".".into())
}

fn set(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
