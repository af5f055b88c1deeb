//! What a download replaces, as it is stored with the new one: both are in the list until the new one is complete, so that
//! no end of the process loses either. Values.

use serde::{Deserialize, Serialize};

use super::download_id::DownloadId;
use super::file_name::numbered;

/// How many numbered names are looked at. Beyond them the file keeps its number.
const MAX_NUMBER: u32 = 1_000;

/// The downloads that leave the list once this one is complete, and the name that becomes free with them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replacement {
    pub(crate) downloads: Vec<DownloadId>,
    /// The name of the replaced file.
    pub(crate) name: String,
}

impl Replacement {
    /// Of a download named `name`, which may itself replace others.
    pub(crate) fn of(old: DownloadId, name: &str, earlier: Option<Self>) -> Self {
        let mut replacement = earlier.unwrap_or_else(|| Self {
            downloads: Vec::new(),
            name: name.to_owned(),
        });
        replacement.downloads.push(old);
        replacement
    }

    /// The name for a file that is called `now` only because the replaced one was in its way.
    pub(crate) fn freed_name(&self, now: &str) -> Option<&str> {
        let numbered = (1..=MAX_NUMBER).any(|n| numbered(&self.name, n) == now);
        numbered.then_some(&*self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_numbered_name_gives_way_to_the_one_that_became_free() {
        let replacement = Replacement::of(DownloadId(1), "a.zip", None);
        assert_eq!(replacement.freed_name("a (1).zip"), Some("a.zip"));
        assert_eq!(replacement.freed_name("a (12).zip"), Some("a.zip"));
        for other in ["a.zip", "b.zip", "a (0).zip", "a (1) (1).zip", "b (1).zip"] {
            assert_eq!(replacement.freed_name(other), None, "{other}");
        }
    }

    #[test]
    fn who_replaces_a_replacement_replaces_all_of_them_under_the_first_name() {
        let first = Replacement::of(DownloadId(1), "a.zip", None);
        let both = Replacement::of(DownloadId(2), "a (1).zip", Some(first));
        assert_eq!(both.downloads, [DownloadId(1), DownloadId(2)]);
        assert_eq!(both.name, "a.zip");
    }
}
