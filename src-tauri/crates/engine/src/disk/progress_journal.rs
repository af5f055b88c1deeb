//! Journal of the bytes written to a partial file, kept without waiting for the disk: after a kill they are still in
//! the page cache, and need not be fetched again.
//!
//! One small file per running download, beside the list. It holds slots of 32 bytes, each valid by itself: "these
//! bytes of that file were written, in this boot, on this mount". So a slot that is torn, stale, or of another boot is
//! recognised by its checksum and ignored, and the order in which slots reach the file does not matter. Never synced.
//! Knows no download and no list; holds no URL and no name.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use sha2::{Digest, Sha256};

use super::file_system::FileSystem;
use super::owner_only;
use super::positioned_io::write_at;
use super::progress_slots::{SLOT, Slot, Slots};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};

/// Maximum number of slots of one file; beyond it adjacent ranges are merged.
const MAX_SLOTS: usize = 4096;
/// Bytes that a kill may cost: a smaller file gets no journal.
const MIN_BYTES: u64 = 64 << 10;

/// The folder of the journals of one list, for this boot.
#[derive(Debug, Clone)]
pub(crate) struct ProgressDir {
    folder: PathBuf,
    boot: String,
}

impl ProgressDir {
    /// The folder for the list at `store`; `None` where boots cannot be told apart.
    pub(crate) fn new(store: &Path, boot: Option<&str>) -> Option<Self> {
        let mut folder = store.as_os_str().to_owned();
        folder.push("-progress");
        Some(Self {
            folder: PathBuf::from(folder),
            boot: boot?.to_owned(),
        })
    }

    /// Deletes journals of earlier boots, which are no longer valid.
    pub(crate) fn remove_stale(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        let current = prefix(&self.boot);
        for entry in entries.flatten() {
            let name = entry.file_name();
            if !name.to_string_lossy().starts_with(&current) {
                // Retried at the next start.
                let _stays = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Deletes the journal of the file with that id: it is no longer valid, or no longer needed.
    pub(crate) fn forget(&self, id: &str) {
        // Most downloads never had one.
        let _none = std::fs::remove_file(self.path(id));
    }

    /// The ranges written into the open file with that id that it still contains. Synced before they are returned.
    pub(crate) fn recover(&self, files: &dyn FileSystem, file: &File, id: &str) -> ByteRanges {
        let mut ranges = ByteRanges::default();
        let (Ok(slots), Ok(key)) = (std::fs::read(self.path(id)), self.key(file, id)) else {
            return ranges;
        };
        let length = file.metadata().map_or(0, |found| found.len());
        let slots = slots.chunks_exact(SLOT).take(MAX_SLOTS);
        let slots = slots.filter_map(|bytes| Slot::read(bytes, key));
        for slot in slots.filter(|slot| slot.span.end <= length && slot.holds(file)) {
            ranges.insert(slot.span);
        }
        // The system reports a write that failed after the process was gone to the next one that syncs.
        if ranges.is_empty() || files.sync(file).is_err() {
            return ByteRanges::default();
        }
        ranges
    }

    /// The journal of a file that already contains `done`.
    pub(super) fn journal(&self, id: &str, done: &ByteRanges) -> Journal {
        let mut slots = Slots::default();
        slots.reset(done);
        Journal {
            dir: self.clone(),
            id: id.to_owned(),
            state: Mutex::new(State::Early { slots, bytes: 0 }),
        }
    }

    fn path(&self, id: &str) -> PathBuf {
        let name = format!("{}{:016x}", prefix(&self.boot), first_64(id.as_bytes()));
        self.folder.join(name)
    }

    /// The checksum key of all slots of one file in one boot.
    fn key(&self, file: &File, id: &str) -> io::Result<u64> {
        let mount = mount_id(file)?;
        Ok(first_64(format!("{}\n{id}\n{mount}", self.boot).as_bytes()))
    }
}

fn prefix(boot: &str) -> String {
    format!("{:016x}-", first_64(boot.as_bytes()))
}

fn first_64(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    let first = digest.iter().take(8);
    first.fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// Identifies the mount that an open file is on: a stick that was unplugged and attached again is another mount, and
/// has lost unsynced data.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn mount_id(file: &File) -> io::Result<u64> {
    use rustix::fs::{AtFlags, StatxFlags, statx};
    /// Never reused, unlike the older id (since Linux 6.8).
    const UNIQUE: StatxFlags = StatxFlags::from_bits_retain(0x4000);
    match statx(file, c"", AtFlags::EMPTY_PATH, UNIQUE | StatxFlags::MNT_ID) {
        Ok(found) => Ok(found.stx_mnt_id),
        Err(error) => Err(error.into()),
    }
}

/// On other systems the file's id identifies its disk.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn mount_id(_file: &File) -> io::Result<u64> {
    Ok(0)
}

/// The journal of one running download.
#[derive(Debug)]
pub(super) struct Journal {
    dir: ProgressDir,
    id: String,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Too few bytes yet to be worth a file.
    Early { slots: Slots, bytes: u64 },
    Open {
        slots: Slots,
        key: u64,
        journal: File,
    },
    /// It could not be written, or is invalid: unsynced bytes are fetched again.
    Off,
}

impl Journal {
    /// Records bytes that were just written into `file`.
    pub(super) fn wrote(&self, file: &File, offset: u64, bytes: &[u8]) {
        let Some(span) = ByteRange::new(offset, offset + bytes.len() as u64) else {
            return;
        };
        let mut state = self.state.lock();
        let noted = match &mut *state {
            State::Off => return,
            State::Early {
                slots,
                bytes: count,
            } => {
                slots.wrote(span, bytes);
                *count += span.len();
                if *count < MIN_BYTES {
                    return;
                }
                self.open(file, std::mem::take(slots)).map(Some)
            }
            State::Open {
                slots,
                key,
                journal,
            } => {
                let at = slots.wrote(span, bytes);
                let slot = slots.all[at].bytes(*key);
                let noted = write_at(journal, &slot, (at * SLOT) as u64);
                noted
                    .and_then(|()| {
                        if slots.all.len() < MAX_SLOTS {
                            return Ok(());
                        }
                        slots.join();
                        write_all(journal, slots, *key)
                    })
                    .map(|()| None)
            }
        };
        match noted {
            Ok(None) => {}
            Ok(Some(open)) => *state = open,
            Err(_) => *state = State::Off,
        }
    }

    fn open(&self, file: &File, mut slots: Slots) -> io::Result<State> {
        owner_only::create_private_dir(&self.dir.folder)?;
        let key = self.dir.key(file, &self.id)?;
        let journal = owner_only::private_file().open(self.dir.path(&self.id))?;
        if slots.all.len() > MAX_SLOTS / 2 {
            slots.join();
        }
        write_all(&journal, &slots, key)?;
        Ok(State::Open {
            slots,
            key,
            journal,
        })
    }

    /// Invalidates the journal: written bytes may be lost, only the ranges on the list remain valid.
    pub(super) fn give_up(&self) {
        *self.state.lock() = State::Off;
        self.dir.forget(&self.id);
    }
}

/// Writes all slots from the start and truncates the rest. The slots overwritten were just as valid.
fn write_all(journal: &File, slots: &Slots, key: u64) -> io::Result<()> {
    if slots.all.len() > MAX_SLOTS / 2 {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let bytes: Vec<u8> = slots.all.iter().flat_map(|slot| slot.bytes(key)).collect();
    write_at(journal, &bytes, 0)?;
    journal.set_len(bytes.len() as u64)
}

#[cfg(test)]
#[path = "progress_journal_tests.rs"]
mod tests;
