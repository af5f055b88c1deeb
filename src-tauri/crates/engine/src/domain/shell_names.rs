//! File names that a desktop acts on as soon as the file appears in a folder, without it being opened. Pure.
//!
//! Browsers rename such files too: the list follows the behaviour of file managers, no standard defines it.

/// Suffix that makes it an ordinary file for the desktop.
const HARMLESS: &str = ".download";

/// Whole names, and what reads them.
const NAMES: [(&str, &str); 4] = [
    (
        "desktop.ini",
        "Explorer: icon and kind of the folder, also from a far server",
    ),
    (
        "autorun.inf",
        "Windows: what to run when the disk is attached",
    ),
    (
        "thumbs.db",
        "Explorer: its own pictures of the folder's files",
    ),
    (
        "folder.htt",
        "Explorer, old: a page with scripts, shown as the folder",
    ),
];

/// Extensions, and what they make the desktop do.
const ENDINGS: [(&str, &str); 14] = [
    (
        "lnk",
        "Explorer fetches its icon from wherever it says, and follows it",
    ),
    (
        "pif",
        "Windows: a link to a program, which hides its ending",
    ),
    ("scf", "Explorer fetches its icon from wherever it says"),
    (
        "url",
        "Explorer fetches its icon from wherever it says, and follows it",
    ),
    ("website", "the same, with a page in it"),
    (
        "library-ms",
        "Explorer asks the servers in it, and signs in to them",
    ),
    (
        "search-ms",
        "Explorer searches where it says, and signs in there",
    ),
    ("searchconnector-ms", "the same"),
    ("theme", "Explorer fetches the pictures in it for a preview"),
    ("themepack", "the same"),
    ("deskthemepack", "the same"),
    (
        "desktop",
        "Linux: shown under another name and icon, and runs a command",
    ),
    ("directory", "Linux: name and icon of a folder"),
    (
        "local",
        "Windows loads a program's libraries from beside it",
    ),
];

/// Appends [`HARMLESS`] to a name that a desktop would act on.
pub(crate) fn defuse(name: String) -> String {
    if is_shell_integrated(&name) {
        name + HARMLESS
    } else {
        name
    }
}

fn is_shell_integrated(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    NAMES.iter().any(|(one, _)| *one == lower)
        || ENDINGS.iter().any(|(one, _)| *one == ending)
        || is_class_id(ending)
}

/// A class id of the Windows shell, `{8-4-4-4-12}`: Explorer hides it and treats the file as an object of that class.
fn is_class_id(ending: &str) -> bool {
    let inside = ending
        .strip_prefix('{')
        .and_then(|end| end.strip_suffix('}'));
    inside.is_some_and(|inside| {
        let groups: Vec<&str> = inside.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let hex = |group: &&str| group.bytes().all(|c| c.is_ascii_hexdigit());
        lengths == [8, 4, 4, 4, 12] && groups.iter().all(hex)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_desktop_acts_on_by_itself_is_defused() {
        for name in [
            "desktop.ini",
            "Desktop.INI",
            "AUTORUN.inf",
            "Thumbs.db",
            "a.lnk",
            "report.pdf.SCF",
            "a.url",
            "a.website",
            "Documents.library-ms",
            "a.search-ms",
            "a.searchConnector-ms",
            "nice.theme",
            "a.desktop",
            "setup.exe.local",
            "a.pif",
            "a.{20D04FE0-3AEA-1069-A2D8-08002B30309D}",
        ] {
            let defused = defuse(name.to_owned());
            assert_eq!(defused, format!("{name}.download"));
            assert_eq!(defuse(defused.clone()), defused);
        }
    }

    #[test]
    fn other_names_stay_as_they_are() {
        for name in [
            "my desktop.ini",
            "desktop.ini.txt",
            "driver.inf",
            "lnk",
            "a.lnk.zip",
            "a.exe",
            "a.{x}",
            "a.{20D04FE0-3AEA-1069-A2D8}",
            "a.html",
            "url",
            "日本語.txt",
            "localhost.local.tar.gz",
        ] {
            assert_eq!(defuse(name.to_owned()), name);
        }
    }
}
