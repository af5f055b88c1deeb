//! A file found at a path. A value.

/// A file found at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// A regular file, neither a folder nor a symbolic link.
    pub is_file: bool,
    /// Length in bytes.
    pub length: u64,
    /// Identity of the file, independent of its name, as far as the platform can tell. For native files
    /// `device:inode:birth`, with `:volume` where the file system has an id of its own, in decimal; ids that differ
    /// only in the device are of the same file. For a provider's documents the result of [`crate::document_id`].
    pub id: String,
}
