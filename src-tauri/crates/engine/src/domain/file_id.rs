//! Identity of a file on disk, independent of its name and mount point. Pure: `disk` reads it from the system.
//!
//! The text is `device:inode:birth` or `device:inode:birth:volume`, all decimal. Earlier versions stored the first
//! form, on Windows the birth alone; both are still read, and replaced when the file is opened again.

use std::fmt;

use super::document_id;
pub(crate) use super::id_match::IdMatch;

/// The known parts of a file's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FileId {
    /// Device number of the mounted disk (st_dev). A hint: it changes with the order in which disks are attached, and
    /// with each mount of a file system that has no device of its own.
    pub(crate) device: u64,
    /// Inode number on the file system (st_ino); 0 where the file system makes one up for each mount.
    pub(crate) inode: u64,
    /// Creation time in nanoseconds since 1970; 0 where unknown. Inode numbers are reused, this is not.
    pub(crate) birth: u128,
    /// Identity of the file system, however it is attached (f_fsid derived from its UUID, a volume's serial number);
    /// `None` where it has none.
    pub(crate) volume: Option<u64>,
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.device, self.inode, self.birth)?;
        match self.volume {
            Some(volume) => write!(f, ":{volume}"),
            None => Ok(()),
        }
    }
}

impl FileId {
    /// `None` for ids of another kind: those of a document provider (see [`document_id`]).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(':').collect();
        match fields.as_slice() {
            [birth] => Some(Self {
                birth: birth.parse().ok()?,
                ..Self::default()
            }),
            [device, inode, birth, volume @ ..] => Some(Self {
                device: device.parse().ok()?,
                inode: inode.parse().ok()?,
                birth: birth.parse().ok()?,
                volume: match volume {
                    [] => None,
                    [volume] => Some(volume.parse().ok()?),
                    _ => return None,
                },
            }),
            _ => None,
        }
    }

    /// Whether the file system may derive the creation time from the time of the last write, as some do that Windows
    /// attaches: network drives, Wine's. Only ids of Windows have an inode number and no device.
    fn births_move(&self) -> bool {
        self.device == 0 && self.inode != 0
    }

    fn compare(&self, other: &Self) -> IdMatch {
        let volumes = self.volume.zip(other.volume);
        let same_volume = volumes.map(|(one, other)| one == other);
        let same_device = self.device == other.device;
        let same_inode = self.inode == other.inode;
        if self.birth != 0 && other.birth != 0 {
            let unnumbered = self.inode == 0 || other.inode == 0;
            return if self.birth != other.birth {
                if self.births_move()
                    && other.births_move()
                    && same_inode
                    && same_volume == Some(true)
                {
                    IdMatch::Inconclusive
                } else {
                    IdMatch::Different
                }
            } else if (same_inode || unnumbered) && (same_device || same_volume != Some(false)) {
                IdMatch::Same
            } else {
                // A copy of the whole disk, or a file system that renumbers its files with each mount.
                IdMatch::Inconclusive
            };
        }
        match same_volume {
            Some(false) => IdMatch::Different,
            Some(true) if same_inode => IdMatch::Same,
            None if same_inode && same_device => IdMatch::Same,
            None if same_inode => IdMatch::Inconclusive,
            // A file system that reports nothing about itself may renumber its files with each mount.
            None if self.birth == 0 && other.birth == 0 => IdMatch::Inconclusive,
            Some(true) | None => IdMatch::Different,
        }
    }
}

/// Compares a stored id with that of a file found now.
pub(crate) fn compare_ids(stored: &str, found: &str) -> IdMatch {
    if let Some(matched) = document_id::compare(stored, found) {
        return matched;
    }
    if stored == found {
        return IdMatch::Same;
    }
    match (FileId::parse(stored), FileId::parse(found)) {
        (Some(stored), Some(found)) => stored.compare(&found),
        _ => IdMatch::Different,
    }
}

/// Whether the file found now is on another file system than the stored one; false where that is unknown.
pub(crate) fn on_other_volume(stored: &str, found: &str) -> bool {
    match (FileId::parse(stored), FileId::parse(found)) {
        (Some(stored), Some(found)) => match stored.volume.zip(found.volume) {
            Some((stored, found)) => stored != found,
            None => {
                let known = stored.device != 0 && found.device != 0;
                known && stored.device != found.device
            }
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_birth_identify_a_file_and_its_device_is_only_a_hint() {
        use IdMatch::{Different, Inconclusive, Same};
        for (stored, found, expected, why) in [
            ("1:5:9:7", "1:5:9:7", Same, "nothing has changed"),
            ("1:5:9:7", "2:5:9:7", Same, "attached in another order"),
            ("1:5:9", "2:5:9", Same, "the same, without a volume's name"),
            ("1:5:9", "2:5:9:7", Same, "stored by an earlier version"),
            ("1:5:9:7", "1:5:9:8", Same, "a system that names it anew"),
            (
                "1:5:9:7",
                "2:5:9:8",
                Inconclusive,
                "a copy of the whole disk",
            ),
            ("1:5:9:7", "1:6:9:7", Inconclusive, "numbered anew"),
            ("1:5:9:7", "1:5:8:7", Different, "its number was used again"),
            (
                "1:5:9",
                "1:0:9:7",
                Same,
                "a number that lasts for one mount",
            ),
            ("9", "0:5:9:7", Same, "Windows, an earlier version"),
            ("8", "0:5:9:7", Different, "the same, another file"),
            (
                "0:5:9:7",
                "0:5:8:7",
                Inconclusive,
                "Windows, a birth that moves",
            ),
            ("0:5:9:7", "0:6:8:7", Different, "Windows, another number"),
            ("0:5:9:7", "0:5:8:6", Different, "Windows, another volume"),
            ("1:5:0", "1:5:0", Same, "no birth, nothing has changed"),
            ("1:5:0:7", "2:5:0:7", Same, "no birth, the same volume"),
            ("1:5:0:7", "2:5:0:8", Different, "no birth, another volume"),
            ("1:5:0", "2:5:0", Inconclusive, "no birth, another device"),
            ("1:5:0", "2:6:0", Inconclusive, "nothing that lasts at all"),
            ("1:5:0:7", "1:6:0:7", Different, "no birth, another number"),
            (
                "1:5:9",
                "1:5:0",
                Same,
                "a system that has forgotten the birth",
            ),
            ("0:0:0", "1:5:9:7", Different, "nothing is known"),
            ("media:5", "media:5", Same, "a provider's"),
            ("media:5", "media:6", Different, "a provider's"),
            ("document", "1:5:9", Different, "of two kinds"),
            ("unknown", "0:5:9:7", Different, "Windows, nothing known"),
            ("1:5:9:7:3", "1:5:9:7", Different, "no such form"),
        ] {
            assert_eq!(compare_ids(stored, found), expected, "{why}");
            assert_eq!(compare_ids(found, stored), expected, "{why}, reversed");
        }
    }

    #[test]
    fn another_file_system_is_known_by_its_name_else_by_its_device() {
        for (stored, found, other) in [
            ("1:5:9:7", "1:2:3:8", true),
            ("1:5:9:7", "2:2:3:7", false),
            ("1:5:9", "2:2:3:7", true),
            ("1:5:9", "1:2:3:7", false),
            ("9", "0:2:3:7", false),
            ("9", "5:2:3:7", false),
            ("media:5", "1:2:3", false),
        ] {
            assert_eq!(on_other_volume(stored, found), other, "{stored} {found}");
        }
    }

    #[test]
    fn the_text_is_read_as_it_is_written() {
        for text in ["1:2:3", "1:2:3:4", "0:0:0"] {
            assert_eq!(
                FileId::parse(text).map(|id| id.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in ["", "a", "1:2", "1:2:", "1:2:3:", "1:2:3:4:5", "media:5"] {
            assert_eq!(FileId::parse(text), None, "{text}");
        }
    }
}
