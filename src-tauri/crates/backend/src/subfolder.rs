//! Folders in a chosen folder, for new downloads: their names, and making them. A name is one folder, never a path: what is
//! added stays in the folder that the user chose.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use millrace_engine::check_file_name;

/// Why there is no such folder. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubfolderError {
    #[error("subfolder: {0}")]
    BadName(String),
    /// The path, and what the system says.
    #[error("the folder {0} could not be made: {1}")]
    NotMade(String, String),
}

/// For a file without an extension.
const NO_EXTENSION: &str = "file";

/// The folder's name for a file of this name from this host: `{host}` and `{ext}` stand for the host and for the extension
/// in lower case.
///
/// # Errors
///
/// [`SubfolderError::BadName`] when this system takes no such name, or the text has another field.
pub fn expand(text: &str, name: &str, host: &str) -> Result<String, SubfolderError> {
    let wrong = SubfolderError::BadName;
    let ending = Path::new(name).extension().and_then(|end| end.to_str());
    let ending = ending.unwrap_or(NO_EXTENSION).to_lowercase();
    // As the host of an IPv6 address has signs that some systems take in no name.
    let host = host.trim_matches(['[', ']']).replace(':', "-");
    let mut made = String::new();
    let mut rest = text.trim();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((field, behind)) = after.split_once('}') else {
            return Err(wrong("a field has no end".into()));
        };
        made.push_str(before);
        match field {
            "host" => made.push_str(&host),
            "ext" => made.push_str(&ending),
            other => return Err(wrong(format!("there is no field {other:?}"))),
        }
        rest = behind;
    }
    made.push_str(rest);
    check_file_name(&made).map_err(|error| wrong(error.to_string()))?;
    Ok(made)
}

/// Makes those that are not there, in folders that are. Returns what was made, for [`discard`]. Waits for the disk on a
/// thread of its own.
///
/// # Errors
///
/// [`SubfolderError::NotMade`]; nothing is left behind.
pub async fn create(folders: Vec<PathBuf>) -> Result<Vec<PathBuf>, SubfolderError> {
    let work = tokio::task::spawn_blocking(move || {
        let mut made = Vec::new();
        for folder in folders.into_iter().collect::<BTreeSet<_>>() {
            match make(&folder) {
                Ok(true) => made.push(folder),
                Ok(false) => {}
                Err(error) => {
                    remove(made);
                    let path = folder.display().to_string();
                    return Err(SubfolderError::NotMade(path, error.to_string()));
                }
            }
        }
        Ok(made)
    });
    let stopped = |error: tokio::task::JoinError| {
        Err(SubfolderError::NotMade(String::new(), error.to_string()))
    };
    work.await.unwrap_or_else(stopped)
}

/// Removes folders that were made for nothing, as far as they are empty.
pub async fn discard(made: Vec<PathBuf>) {
    // A folder that stays is empty, and harms nobody.
    let _ended = tokio::task::spawn_blocking(move || remove(made)).await;
}

/// True when it was made.
fn make(folder: &Path) -> io::Result<bool> {
    match fs::create_dir(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(false),
        Err(error) => Err(error),
    }
}

fn remove(made: Vec<PathBuf>) {
    for folder in made {
        if let Err(error) = fs::remove_dir(&folder) {
            tracing::warn!("the folder {} stays: {error}", folder.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_stand_for_host_and_extension() {
        for (text, name, host, expected) in [
            ("Lectures", "a.zip", "h", "Lectures"),
            (
                " {host} ",
                "a.zip",
                "files.example.org",
                "files.example.org",
            ),
            ("{host} {ext}", "A.ZIP", "h", "h zip"),
            ("{ext}", "README", "h", "file"),
            ("{host}", "a", "[::1]", "--1"),
        ] {
            assert_eq!(expand(text, name, host).unwrap(), expected);
        }
    }

    #[test]
    fn nothing_leads_out_of_the_chosen_folder() {
        for text in [
            "",
            " ",
            ".",
            "..",
            "a/b",
            "/etc",
            "../a",
            "{host}/..",
            "{name}",
            "{host",
            "a\0",
        ] {
            let refused = expand(text, "a.zip", "h").unwrap_err();
            assert!(matches!(refused, SubfolderError::BadName(_)), "{text:?}");
        }
        // The host comes from the link.
        expand("{host}", "a", "..").unwrap_err();
        assert_eq!(expand("{ext}", "a./b", "h").unwrap(), "file");
    }

    #[tokio::test]
    async fn folders_are_made_once_and_all_or_none() {
        let place = tempfile::tempdir().unwrap();
        let (one, two) = (place.path().join("one"), place.path().join("two"));
        let made = create(vec![one.clone(), one.clone()]).await.unwrap();
        assert_eq!(made, std::slice::from_ref(&one));
        assert_eq!(create(vec![one.clone()]).await.unwrap(), [] as [PathBuf; 0]);
        fs::write(&two, "a file is in the way").unwrap();
        let other = place.path().join("another");
        let refused = create(vec![other.clone(), two]).await.unwrap_err();
        assert!(matches!(refused, SubfolderError::NotMade(..)));
        assert!(!other.exists());
        fs::write(one.join("kept"), "").unwrap();
        discard(made).await;
        assert!(one.join("kept").exists());
    }
}
