//! A phone has no trash that apps may use for their files.

use std::io;
use std::path::Path;

pub(super) fn discard(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}
