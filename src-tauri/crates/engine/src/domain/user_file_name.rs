//! Checks file names given by the user: used byte for byte, or rejected with the reason. Pure.
//!
//! Names from servers and URLs are sanitised instead: see `domain::file_name`.

use super::name_limits::{MAX_LEN, reserved};

/// Why a name cannot be used on this system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    #[error("it names no file")]
    Empty,
    #[error("it names a folder")]
    Folder,
    #[error("it is a path, not a name")]
    Path,
    #[error("it is longer than {MAX_LEN} bytes, which leaves no room for `.part` and a number")]
    TooLong,
    #[error("this system takes no {0:?} in a name")]
    Character(char),
    #[error("this system takes no name that ends in a dot or a space")]
    End,
    #[error("this system keeps that name for a device")]
    Device,
}

/// Checks whether a file of exactly this name can be created on this system. A file system may permit still less; then
/// creating the file fails.
///
/// # Errors
///
/// [`FileNameError`] with the first rule that the name breaks.
pub fn check_file_name(name: &str) -> Result<(), FileNameError> {
    check(name, cfg!(any(windows, target_os = "android")))
}

/// `strict`: the rules of Win32 (and of Android's shared storage); else those of POSIX.
fn check(name: &str, strict: bool) -> Result<(), FileNameError> {
    let separator = |c: char| c == '/' || (strict && c == '\\');
    if name.is_empty() {
        return Err(FileNameError::Empty);
    }
    if matches!(name, "." | "..") {
        return Err(FileNameError::Folder);
    }
    if name.contains(separator) {
        return Err(FileNameError::Path);
    }
    if name.len() > MAX_LEN {
        return Err(FileNameError::TooLong);
    }
    let forbidden = |c: char| c == '\0' || (strict && (c.is_control() || r#"<>:"|?*"#.contains(c)));
    if let Some(c) = name.chars().find(|c| forbidden(*c)) {
        return Err(FileNameError::Character(c));
    }
    if !strict {
        return Ok(());
    }
    if name.ends_with(['.', ' ']) {
        return Err(FileNameError::End);
    }
    if reserved(name.split('.').next().unwrap_or_default().trim_end()) {
        return Err(FileNameError::Device);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_as_far_as_the_system_can_hold_it() {
        use FileNameError::{Character, Device, Empty, End, Folder, Path, TooLong};
        let long = "語".repeat(81);
        for (name, posix, win32) in [
            (".env", Ok(()), Ok(())),
            ("name.part", Ok(()), Ok(())),
            (" a", Ok(()), Ok(())),
            ("a:b.txt", Ok(()), Err(Character(':'))),
            ("what?.txt", Ok(()), Err(Character('?'))),
            ("con.txt", Ok(()), Err(Device)),
            ("nul", Ok(()), Err(Device)),
            ("a\\b", Ok(()), Err(Path)),
            ("line\nbreak", Ok(()), Err(Character('\n'))),
            ("end.", Ok(()), Err(End)),
            ("end ", Ok(()), Err(End)),
            ("...", Ok(()), Err(End)),
            ("", Err(Empty), Err(Empty)),
            (".", Err(Folder), Err(Folder)),
            ("..", Err(Folder), Err(Folder)),
            ("a/b", Err(Path), Err(Path)),
            ("a\0b", Err(Character('\0')), Err(Character('\0'))),
            (long.as_str(), Err(TooLong), Err(TooLong)),
        ] {
            assert_eq!(check(name, false), posix, "{name:?}");
            assert_eq!(check(name, true), win32, "{name:?}");
        }
    }
}
