//! All settings as one value, in the form in which they are stored.

use millrace_engine::Constraints;
use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::folder_grants::Folder;
use crate::rules::Rule;

/// Everything that is set, as it is stored. What a file does not mention has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether the page offers a copied link when it gets the focus.
    pub watch_clipboard: bool,
    /// Folder and priority of new downloads. Not among what a page gets of the settings: there may be many.
    pub rules: Vec<Rule>,
}

/// Where files of one category go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CategoryFolder {
    pub category: Category,
    pub folder: Folder,
}

/// The way to servers. A password in `url` never goes to the page: it is told as `***`, which, handed back, keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Proxy {
    System,
    None,
    /// Beginning with http, https, socks5 or socks5h.
    Custom {
        url: String,
    },
}

/// Without what is in the link: it may be a password.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::None => "None",
            Self::Custom { .. } => "Custom",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// Languages that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Language {
    En,
    De,
    Zh,
}

/// When downloads wait although there is a network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ConstraintSettings {
    pub unmetered_only: bool,
    pub pause_on_roaming: bool,
    pub pause_on_low_battery: bool,
    pub only_when_charging: bool,
}

impl From<ConstraintSettings> for Constraints {
    fn from(policy: ConstraintSettings) -> Self {
        Self {
            unmetered_only: policy.unmetered_only,
            pause_on_roaming: policy.pause_on_roaming,
            pause_on_low_battery: policy.pause_on_low_battery,
            only_when_charging: policy.only_when_charging,
        }
    }
}

impl Language {
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Zh => "zh",
        }
    }
}

impl Settings {
    /// The default settings.
    pub fn new(folder: Folder) -> Self {
        Self {
            folder,
            categories: Vec::new(),
            parallel: 4,
            per_host: None,
            connections: 16,
            limit: None,
            slow: false,
            slow_limit: 250_000,
            proxy: Proxy::System,
            notify_finished: true,
            notify_failed: true,
            theme: Theme::System,
            language: None,
            start_with_system: false,
            close_to_tray: false,
            keep_awake: true,
            mark_downloads: true,
            network: ConstraintSettings::default(),
            history: true,
            welcomed: false,
            watch_clipboard: false,
            rules: Vec::new(),
        }
    }

    /// The limit currently applied, in bytes per second.
    pub fn effective_limit(&self) -> Option<u64> {
        if self.slow {
            Some(
                self.limit
                    .map_or(self.slow_limit, |limit| limit.min(self.slow_limit)),
            )
        } else {
            self.limit
        }
    }

    /// The folder for a file of this name from this host: that of the first rule that applies, else its category's.
    pub fn folder_for(&self, name: &str, host: &str) -> &Folder {
        let rule = Rule::find(&self.rules, name, host);
        if let Some(folder) = rule.and_then(|rule| rule.folder.as_ref()) {
            return folder;
        }
        let category = Category::of(name);
        let own = self.categories.iter().find(|one| one.category == category);
        own.map_or(&self.folder, |one| &one.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(id: &str) -> Folder {
        Folder {
            id: id.into(),
            label: id.into(),
        }
    }

    #[test]
    fn a_file_goes_to_the_folder_of_a_rule_or_of_its_category_or_else_to_the_default_one() {
        let mut settings = Settings::new(folder("all"));
        settings.categories.push(CategoryFolder {
            category: Category::Audio,
            folder: folder("music"),
        });
        settings.rules.push(Rule {
            name: Some("live*".into()),
            host: None,
            category: None,
            folder: Some(folder("concerts")),
            priority: None,
            tags: Vec::new(),
            queue_first: false,
        });
        let folder_for = |name| settings.folder_for(name, "a.example").id.as_str();
        assert_eq!(folder_for("a.flac"), "music");
        assert_eq!(folder_for("a.zip"), "all");
        assert_eq!(folder_for("live.flac"), "concerts");
    }

    #[test]
    fn slow_is_never_faster_than_the_limit() {
        let mut settings = Settings::new(folder("all"));
        assert_eq!(settings.effective_limit(), None);
        settings.slow = true;
        assert_eq!(settings.effective_limit(), Some(settings.slow_limit));
        settings.limit = Some(1_000);
        assert_eq!(settings.effective_limit(), Some(1_000));
        settings.slow = false;
        settings.limit = Some(settings.slow_limit * 2);
        assert_eq!(settings.effective_limit(), settings.limit);
    }
}
