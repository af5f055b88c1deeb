//! Marks files as downloaded from the internet, as the system's browsers do: Windows and macOS ask before they run
//! such a file, Linux stores its origin.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::domain::origin::Origin;

/// Marks the file. A file system without such marks is not an error.
pub(super) fn mark(file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
    match write_mark(file, path, origin) {
        Err(error) if keeps_no_marks(&error) => Ok(()),
        done => done,
    }
}

/// The attributes of freedesktop.org's "Common extended attributes".
#[cfg(target_os = "linux")]
fn write_mark(file: &File, _path: &Path, origin: &Origin) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr};
    let set =
        |name: &str, value: &str| fsetxattr(file, name, value.as_bytes(), XattrFlags::empty());
    set("user.xdg.origin.url", &origin.url)?;
    if let Some(referrer) = &origin.referrer {
        set("user.xdg.referrer.url", referrer)?;
    }
    Ok(())
}

#[cfg(target_os = "macos")]
fn write_mark(file: &File, _path: &Path, _origin: &Origin) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr};
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let value = quarantine_value(now.map_or(0, |now| now.as_secs()));
    fsetxattr(
        file,
        "com.apple.quarantine",
        value.as_bytes(),
        XattrFlags::empty(),
    )?;
    Ok(())
}

/// An alternate data stream of the file ([MS-FSCC], 5.6.1).
#[cfg(windows)]
fn write_mark(_file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    std::fs::write(stream, zone_identifier(origin))
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn write_mark(_file: &File, _path: &Path, _origin: &Origin) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn keeps_no_marks(error: &io::Error) -> bool {
    super::native::is_unsupported(error)
}

/// A file system without streams rejects the stream's name: ERROR_INVALID_NAME (winerror.h).
#[cfg(windows)]
fn keeps_no_marks(error: &io::Error) -> bool {
    error.raw_os_error() == Some(123) || super::native::is_unsupported(error)
}

/// 3 is the internet (URLZONE_INTERNET).
#[cfg(any(windows, test))]
fn zone_identifier(origin: &Origin) -> String {
    let referrer = origin.referrer.as_ref();
    let referrer = referrer.map_or_else(String::new, |page| format!("ReferrerUrl={page}\r\n"));
    let url = &origin.url;
    format!("[ZoneTransfer]\r\nZoneId=3\r\n{referrer}HostUrl={url}\r\n")
}

/// Flags of a file that a browser downloaded and the user has not approved yet, the time (seconds since 1970), and the
/// program that wrote it.
#[cfg(any(target_os = "macos", test))]
fn quarantine_value(seconds: u64) -> String {
    format!("0081;{seconds:08x};Millrace;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(referrer: Option<&str>) -> Origin {
        Origin {
            url: "https://h/a.zip".into(),
            referrer: referrer.map(str::to_owned),
        }
    }

    #[test]
    fn the_zone_is_the_internet_and_both_links_are_named() {
        assert_eq!(
            zone_identifier(&origin(Some("https://p/q"))),
            "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://p/q\r\nHostUrl=https://h/a.zip\r\n"
        );
        assert_eq!(
            zone_identifier(&origin(None)),
            "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://h/a.zip\r\n"
        );
    }

    #[test]
    fn the_quarantine_says_that_nobody_has_agreed_yet() {
        assert_eq!(quarantine_value(0x5991_b778), "0081;5991b778;Millrace;");
    }

    #[cfg(windows)]
    #[test]
    fn a_file_is_marked_in_a_second_stream_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zip");
        let file = File::create(&path).expect("room");
        mark(&file, &path, &origin(None)).expect("no error");
        let stream = folder.path().join("a.zip:Zone.Identifier");
        let said = std::fs::read_to_string(stream).expect("it is there");
        assert_eq!(said, zone_identifier(&origin(None)));
        assert_eq!(file.metadata().expect("it is open").len(), 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_system_that_keeps_no_marks_is_no_error() {
        let file = File::open("/proc/self/status").expect("linux has one");
        mark(&file, Path::new("/proc/self/status"), &origin(None)).expect("no error");
    }
}
