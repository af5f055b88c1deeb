//! Implements what the app needs of the desktop with Tauri's plugins. Decides nothing.

#[cfg(any(test, target_os = "android"))]
mod content_provider;
#[cfg(desktop)]
mod device_status;
#[cfg_attr(target_os = "linux", path = "drag_out/linux.rs")]
#[cfg_attr(any(target_os = "macos", windows), path = "drag_out/macos_windows.rs")]
#[cfg_attr(mobile, path = "drag_out/mobile.rs")]
mod drag_out;
mod files;
mod integration;
#[cfg(not(target_os = "android"))]
mod notification_markup;
mod notifications;
#[cfg_attr(desktop, path = "open_with/desktop.rs")]
#[cfg_attr(target_os = "android", path = "open_with/android.rs")]
#[cfg_attr(target_os = "ios", path = "open_with/ios.rs")]
mod open_with;
mod tauri;

#[cfg(target_os = "android")]
pub(crate) use self::content_provider::files;
#[cfg(desktop)]
pub(crate) use self::device_status::{Reading, watch};
#[cfg(not(target_os = "android"))]
pub(crate) use self::files::files;
pub(crate) use self::integration::{HIDDEN, IntegrationThread, autostart};
pub(crate) use self::notifications::on_notification_action;
#[cfg(any(test, mobile))]
pub(crate) use self::notifications::to_action;
pub(crate) use self::tauri::TauriPlatform;
