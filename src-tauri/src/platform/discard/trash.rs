//! A desktop has a trash.

use std::io;
use std::path::Path;

pub(super) fn discard(path: &Path) -> io::Result<()> {
    trash::delete(path).map_err(io::Error::other)
}
