//! All settings as one value: the page receives and returns it as a whole. Without the password of the proxy.

use serde::{Deserialize, Serialize};

use crate::folder_grants::Folder;
use crate::settings::{self, CategoryFolder, ConstraintSettings, Language, Proxy, Theme};

/// Everything that is set. What a stored file does not mention has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Where files go when nothing else is said.
    pub folder: Folder,
    /// Those that have a folder of their own.
    pub categories: Vec<CategoryFolder>,
    /// Downloads that run at once, 1 to 32.
    pub parallel: u32,
    /// Of these from one host, 1 to 32; null: as many as run.
    pub per_host: Option<u32>,
    /// Connections of one download at most, 1 to 16.
    pub connections: u32,
    /// Bytes per second of everything together.
    pub limit: Option<u64>,
    /// Whether `slow_limit` holds.
    pub slow: bool,
    /// Bytes per second of everything together while slow.
    pub slow_limit: u64,
    pub proxy: Proxy,
    pub notify_finished: bool,
    pub notify_failed: bool,
    pub theme: Theme,
    /// Null: the system's, as far as there are words in it.
    pub language: Option<Language>,
    pub start_with_system: bool,
    pub close_to_tray: bool,
    pub keep_awake: bool,
    /// Whether files are marked as come from the internet.
    pub mark_downloads: bool,
    pub network: ConstraintSettings,
    /// Whether finished and removed downloads are remembered.
    pub history: bool,
    /// Whether the user has seen what is asked at the first start.
    pub welcomed: bool,
    /// Whether a copied link is offered when the window gets the focus.
    pub watch_clipboard: bool,
}

/// The password of the proxy is masked.
impl From<&settings::Settings> for Settings {
    fn from(stored: &settings::Settings) -> Self {
        // every field is named, so that none is forgotten
        let settings::Settings {
            folder,
            categories,
            parallel,
            per_host,
            connections,
            limit,
            slow,
            slow_limit,
            proxy,
            notify_finished,
            notify_failed,
            theme,
            language,
            start_with_system,
            close_to_tray,
            keep_awake,
            mark_downloads,
            network,
            history,
            welcomed,
            watch_clipboard,
            // pulled by a command of their own
            rules: _,
        } = stored.redacted();
        Self {
            folder,
            categories,
            parallel,
            per_host,
            connections,
            limit,
            slow,
            slow_limit,
            proxy,
            notify_finished,
            notify_failed,
            theme,
            language,
            start_with_system,
            close_to_tray,
            keep_awake,
            mark_downloads,
            network,
            history,
            welcomed,
            watch_clipboard,
        }
    }
}

/// Not validated yet; a masked password is not restored yet. Without rules: a page does not return them.
impl From<Settings> for settings::Settings {
    fn from(returned: Settings) -> Self {
        let Settings {
            folder,
            categories,
            parallel,
            per_host,
            connections,
            limit,
            slow,
            slow_limit,
            proxy,
            notify_finished,
            notify_failed,
            theme,
            language,
            start_with_system,
            close_to_tray,
            keep_awake,
            mark_downloads,
            network,
            history,
            welcomed,
            watch_clipboard,
        } = returned;
        Self {
            folder,
            categories,
            parallel,
            per_host,
            connections,
            limit,
            slow,
            slow_limit,
            proxy,
            notify_finished,
            notify_failed,
            theme,
            language,
            start_with_system,
            close_to_tray,
            keep_awake,
            mark_downloads,
            network,
            history,
            welcomed,
            watch_clipboard,
            rules: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_everything_that_is_stored_but_the_password_and_can_hand_it_back() {
        let mut stored = settings::Settings::new(Folder {
            id: "downloads".into(),
            label: "files".into(),
        });
        let shown = serde_json::to_value(Settings::from(&stored)).unwrap();
        let mut whole = serde_json::to_value(&stored).unwrap();
        assert!(whole.as_object_mut().unwrap().remove("rules").is_some());
        assert_eq!(shown, whole);
        assert_eq!(settings::Settings::from(Settings::from(&stored)), stored);
        stored.proxy = Proxy::Custom {
            url: "http://ada:secret@proxy:3128/".into(),
        };
        let shown = Settings::from(&stored);
        let masked = "http://ada:***@proxy:3128/".to_owned();
        assert_eq!(shown.proxy, Proxy::Custom { url: masked });
    }
}
