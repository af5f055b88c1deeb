//! What happens to a download's files when it leaves the list.

/// What happens to the files on disk when a download leaves the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoveMode {
    /// Keeps a finished file; deletes a partial one.
    Keep,
    /// Moves a finished file to the trash; deletes a partial one.
    Trash,
}
