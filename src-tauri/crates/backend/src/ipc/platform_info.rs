//! What this build can do on this system.

use serde::Serialize;

use crate::app_state::Says;

/// What this build and this system can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PlatformInfo {
    pub os: Os,
    pub mobile: bool,
    pub tray: bool,
    pub autostart: bool,
    pub trash: bool,
    /// The person can choose a folder for files.
    pub choose_folder: bool,
    /// The person can point at a file, also at one that was moved.
    pub choose_file: bool,
    /// It lets the person choose the program that opens a file.
    pub open_with: bool,
    /// It says whether a network costs by the byte.
    pub metered: bool,
    /// It has a battery, and says how that is.
    pub battery: bool,
    pub version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Os {
    Linux,
    Macos,
    Windows,
    Android,
    Ios,
}

impl PlatformInfo {
    /// A phone always reports network and battery; a desktop as `says`.
    pub fn of_this_build(says: Says) -> Self {
        let mobile = cfg!(any(target_os = "android", target_os = "ios"));
        Self {
            os: if cfg!(target_os = "android") {
                Os::Android
            } else if cfg!(target_os = "ios") {
                Os::Ios
            } else if cfg!(target_os = "macos") {
                Os::Macos
            } else if cfg!(windows) {
                Os::Windows
            } else {
                Os::Linux
            },
            mobile,
            tray: !mobile,
            autostart: !mobile,
            trash: !mobile,
            choose_folder: !cfg!(target_os = "ios"),
            choose_file: !mobile,
            open_with: !mobile,
            metered: mobile || says.metered,
            battery: mobile || says.battery,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
