//! A desktop: discarded files are moved to the trash.

use std::io;
use std::path::Path;

pub(super) fn discard(path: &Path) -> io::Result<()> {
    trash::delete(path).map_err(io::Error::other)
}
