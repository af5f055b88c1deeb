//! The name of an instance, by its folder of state. Knows no bus.

use std::ffi::OsString;
use std::path::{Path, PathBuf, absolute};

use super::STATE;

/// The name under which this instance is alone on the session bus; another one for every folder of state.
pub(crate) fn bus_name(identifier: &str) -> String {
    bus_name_of(identifier, std::env::var_os(STATE))
}

fn bus_name_of(identifier: &str, state: Option<OsString>) -> String {
    match state.filter(|folder| !folder.is_empty()) {
        None => identifier.to_owned(),
        Some(folder) => {
            let folder = absolute(&folder).unwrap_or_else(|_| Path::new(&folder).to_path_buf());
            let folder = folder.components().collect::<PathBuf>();
            let hash = fnv1a(folder.as_os_str().as_encoded_bytes());
            format!("{identifier}.home{hash:016x}")
        }
    }
}

/// FNV-1a, 64 bits: equal in every build, unlike the standard library's hash.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_state_has_its_own_name_on_the_bus() {
        let name = |folder: &str| bus_name_of("dev.millrace.downloader", Some(folder.into()));
        assert_eq!(name("a/b"), name("a//b/"));
        assert_ne!(name("a/b"), name("a/c"));
        assert!(name("a").starts_with("dev.millrace.downloader.home"));
        assert_eq!(bus_name_of("dev.x", None), "dev.x");
        assert_eq!(bus_name_of("dev.x", Some("".into())), "dev.x");
    }

    #[test]
    fn the_hash_is_fnv1a() {
        // test vectors of the algorithm's authors
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
