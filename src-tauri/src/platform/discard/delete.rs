//! A phone: discarded files are deleted, because there is no trash for apps' files.

use std::io;
use std::path::Path;

pub(super) fn discard(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}
