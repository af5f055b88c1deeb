//! Result of comparing two stored ids of files.

/// Whether two ids are of the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdMatch {
    Same,
    /// All parts known on both sides agree, but they are too few: the content has to be compared.
    Inconclusive,
    Different,
}
