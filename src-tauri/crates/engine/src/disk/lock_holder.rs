//! Finds the process that has locked a file, where the system reports it.

use std::fs::File;

/// The program's name and process id, and its user's id if it is another user: `flock (4242, uid 1001)`.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn holder(file: &File) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata().ok()?;
    let device = metadata.dev();
    let device = (rustix::fs::major(device), rustix::fs::minor(device));
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let process = locked_by(&locks, device, metadata.ino())?;
    let place = std::path::PathBuf::from(format!("/proc/{process}"));
    let name = std::fs::read_to_string(place.join("comm")).ok()?;
    // The process sets this name itself.
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    let user = std::fs::metadata(&place).ok()?.uid();
    Some(if user == rustix::process::geteuid().as_raw() {
        format!("{name} ({process})")
    } else {
        format!("{name} ({process}, uid {user})")
    })
}

/// Unknown on other systems.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn holder(_file: &File) -> Option<String> {
    None
}

/// The process that holds a lock on the whole file (flock), from the lines of proc_locks(5). A file system may show
/// another device number there; then the inode number decides, if only one entry has it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn locked_by(locks: &str, device: (u32, u32), inode: u64) -> Option<u32> {
    let mut found: Vec<((u32, u32), u32)> = locks
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let ["FLOCK", _, _, process, place, ..] = fields.get(1..)? else {
                return None;
            };
            let parts: Vec<&str> = place.split(':').collect();
            let [major, minor, number] = parts.as_slice() else {
                return None;
            };
            let hex = |text: &str| u32::from_str_radix(text, 16).ok();
            let device = (hex(major)?, hex(minor)?);
            let same = number.parse() == Ok(inode);
            same.then_some((device, process.parse().ok()?))
        })
        .collect();
    if let Some((_, process)) = found.iter().find(|(at, _)| *at == device) {
        return Some(*process);
    }
    found
        .pop()
        .filter(|_| found.is_empty())
        .map(|(_, process)| process)
}

#[cfg(test)]
#[cfg(any(target_os = "linux", target_os = "android"))]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  WRITE 11 fd:00:5 0 EOF
2: FLOCK  ADVISORY  WRITE 12 fd:01:5 0 EOF
3: FLOCK  ADVISORY  READ 13 fd:00:5 0 EOF
3: -> FLOCK  ADVISORY  WRITE 14 fd:00:5 0 EOF
4: FLOCK  ADVISORY  WRITE 15 00:2b:77 0 EOF
";

    #[test]
    fn whoever_has_locked_the_file_is_found_by_its_number() {
        for (device, inode, process) in [
            ((0xfd, 0), 5, Some(13)),
            ((0xfd, 1), 5, Some(12)),
            ((0, 0x99), 77, Some(15)),
            ((0, 0x99), 5, None),
            ((0xfd, 0), 6, None),
        ] {
            assert_eq!(
                locked_by(LOCKS, device, inode),
                process,
                "{device:?} {inode}"
            );
        }
        assert_eq!(locked_by("nonsense\n1: FLOCK\n", (0, 0), 5), None);
    }
}
