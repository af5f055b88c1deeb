//! What becomes of a download's files when it leaves the list.

/// What happens to the bytes on disk when a download leaves the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoveMode {
    /// A finished file stays; the unfinished part of one is deleted.
    Keep,
    /// A finished file goes to the trash; the unfinished part of one is deleted.
    Trash,
}
