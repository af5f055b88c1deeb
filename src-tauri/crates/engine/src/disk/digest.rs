//! The hash of a whole file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal, read from the start; `None` when `stop` became true on the way.
pub(crate) fn sha256(mut file: &File, stop: impl Fn() -> bool) -> io::Result<Option<String>> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        if stop() {
            return Ok(None);
        }
        let length = file.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        hash.update(&buffer[..length]);
    }
    let digest = hash.finalize();
    Ok(Some(
        digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    ))
}
