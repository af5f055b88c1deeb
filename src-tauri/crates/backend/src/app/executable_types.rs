//! Which files run code when they are opened, by the extension of their names. Pure.
//!
//! Opening one runs what a server sent: the core asks the user first. The page cannot confirm in their place.

/// Extensions of files from which a system, or the program it opens them with, runs code: executables and installers,
/// scripts, shortcuts and settings that name a command, documents that may contain macros.
const ENDINGS: &str = "\
    exe com scr pif cpl msi msp msix msixbundle appx appxbundle appinstaller application appref-ms gadget xbap \
    bat cmd ps1 ps1xml psc1 psd1 psm1 vb vbe vbs vbscript js jse mjs ws wsc wsf wsh sct hta chm hlp reg inf ins isp job msc mst \
    lnk url website library-ms search-ms searchconnector-ms settingcontent-ms scf shb shs theme themepack rdp iqy slk \
    docm dotm xlsm xltm xlam xll pptm potm ppam ppsm sldm accde accdb mdb mde ade adp \
    app pkg mpkg dmg command tool terminal workflow action scpt scptd applescript osax prefpane webloc inetloc fileloc \
    mobileconfig kext \
    sh bash csh ksh zsh fish run elf appimage deb rpm apk aab xapk ipa snap flatpak flatpakref flatpakrepo desktop \
    jar jnlp class py pyc pyo pyw pyz pyzw pl php rb tcl lua";

/// Whether opening a file of this name may run code. Trailing dots and spaces are ignored, because Windows drops them.
pub(super) fn runs(name: &str) -> bool {
    let name = name.trim_end_matches(['.', ' ']);
    let Some((_, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let ending = ending.to_ascii_lowercase();
    ENDINGS.split_ascii_whitespace().any(|one| one == ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_when_it_is_opened_is_known_by_its_last_ending_in_any_case() {
        for name in [
            "setup.exe",
            "report.pdf.scr",
            "Report.PDF.SCR",
            "a.lnk",
            "x.desktop",
            "install.sh",
            "Tool.AppImage",
            "a.JAR",
            "sheet.xlsm",
            "setup.exe.",
            "setup.exe . ",
            ".command",
        ] {
            assert!(runs(name), "{name}");
        }
        for name in [
            "a.zip",
            "exe",
            "a.exe.zip",
            "film.mkv",
            "notes.txt",
            "firmware.bin",
            "a.",
            "",
            "page.html",
        ] {
            assert!(!runs(name), "{name}");
        }
    }
}
