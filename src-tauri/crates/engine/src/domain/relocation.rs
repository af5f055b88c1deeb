//! A rename or move of a download's file, as it is stored while it is under way. Values.
//!
//! ```text
//!  Requested -- renamed within one file system ----------------------> (none)
//!      |
//!      +------- copied and checked --> Copied -- under its name --> DeleteSource --> (none)
//! ```
//!
//! Each step is stored before the next begins, and each can be repeated: whatever step a process dies in, the next one
//! finds the file at one of its places and continues. The source is deleted only when the row refers to the copy.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where the file is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Destination {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    /// Whether only this name will do; otherwise a numbered one when it is taken.
    pub(crate) exact: bool,
    /// Name of the copy while it is being written. Random, so that a file of this name is this download's own.
    pub(crate) temporary: String,
}

/// The step that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub(crate) enum Relocation {
    Requested {
        to: Destination,
    },
    /// The copy is complete, checked and synced, under its temporary name; `file` is its id.
    Copied {
        to: Destination,
        file: String,
    },
    /// The row refers to the copy; the file that it was made of remains to be deleted.
    DeleteSource {
        folder: PathBuf,
        /// Its name on disk, for an unfinished file with `.part`.
        name: String,
        file: String,
    },
}

impl Destination {
    /// `nonce` makes the temporary name unique.
    pub(crate) fn new(folder: PathBuf, name: String, exact: bool, nonce: u64) -> Self {
        Self {
            folder,
            name,
            exact,
            temporary: format!("millrace-{nonce:016x}.part"),
        }
    }
}

/// How far a copy to another file system is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RelocationProgress {
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub copied: u64,
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_of_a_step_comes_back() {
        let to = Destination::new("/f".into(), "a.zip".into(), true, 0xAB);
        assert_eq!(to.temporary, "millrace-00000000000000ab.part");
        let file = "1:2:3".to_owned();
        for (step, begins) in [
            (
                Relocation::Requested { to: to.clone() },
                r#"{"step":"requested","to":{"folder":"/f","name":"a.zip","exact":true"#,
            ),
            (
                Relocation::Copied {
                    to,
                    file: file.clone(),
                },
                r#"{"step":"copied","to""#,
            ),
            (
                Relocation::DeleteSource {
                    folder: "/g".into(),
                    name: "a".into(),
                    file,
                },
                r#"{"step":"delete-source","folder":"/g","name":"a""#,
            ),
        ] {
            let text = serde_json::to_string(&step).expect("steps serialise");
            assert!(text.starts_with(begins), "{text}");
            let back: Relocation = serde_json::from_str(&text).expect("and come back");
            assert_eq!(back, step);
        }
    }
}
