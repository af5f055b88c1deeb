//! Texts and numbers for the tray, the taskbar and the badge. Pure; does not depend on the desktop.

use super::summary::{Summary, TaskbarProgress};
use crate::i18n::{MessageKey, Messages};
use crate::request::TrayAction;

/// Everything shown outside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopStatus {
    /// One line: number of active downloads and speed.
    pub status: String,
    /// Groups of the tray's menu, from top to bottom.
    pub menu: Vec<Vec<TrayMenuItem>>,
    pub progress: TaskbarProgress,
    /// Number of downloads that are active or queued.
    pub badge: u32,
}

/// An entry of the tray's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayMenuItem {
    pub ask: TrayAction,
    pub label: String,
    pub enabled: bool,
    /// Whether the entry is checked; `None` for an entry without a check mark.
    pub ticked: Option<bool>,
}

impl DesktopStatus {
    pub fn of(standing: &Summary, messages: &Messages) -> Self {
        let busy = standing.active + standing.queued;
        let item = |ask, text, enabled| TrayMenuItem {
            ask,
            label: messages.get(text),
            enabled,
            ticked: None,
        };
        let slow = TrayMenuItem {
            ticked: Some(standing.slow),
            ..item(TrayAction::Slow, MessageKey::Slow, true)
        };
        Self {
            status: status(standing, messages),
            menu: vec![
                vec![item(TrayAction::Open, MessageKey::Open, true)],
                vec![
                    item(TrayAction::PauseAll, MessageKey::PauseAll, busy > 0),
                    item(
                        TrayAction::ResumeAll,
                        MessageKey::ResumeAll,
                        standing.paused > 0,
                    ),
                    slow,
                ],
                vec![item(TrayAction::Quit, MessageKey::Quit, true)],
            ],
            progress: standing.progress,
            badge: busy,
        }
    }
}

fn status(standing: &Summary, messages: &Messages) -> String {
    if standing.active == 0 {
        return messages.get(MessageKey::Idle);
    }
    let (count, speed) = (standing.active.to_string(), messages.speed(standing.speed));
    messages.format(MessageKey::Active, &[("count", &count), ("speed", &speed)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enabled(standing: &Summary) -> Vec<TrayAction> {
        let status = DesktopStatus::of(standing, &Messages::for_locales(["en"]));
        let items = status.menu.into_iter().flatten();
        items
            .filter(|item| item.enabled)
            .map(|item| item.ask)
            .collect()
    }

    #[test]
    fn the_menu_offers_only_what_would_change_something() {
        let mut standing = Summary::default();
        assert_eq!(
            enabled(&standing),
            [TrayAction::Open, TrayAction::Slow, TrayAction::Quit]
        );
        standing.queued = 1;
        assert!(enabled(&standing).contains(&TrayAction::PauseAll));
        standing = Summary {
            paused: 1,
            ..Summary::default()
        };
        assert!(enabled(&standing).contains(&TrayAction::ResumeAll));
    }

    #[test]
    fn the_status_says_how_many_and_how_fast() {
        let messages = Messages::for_locales(["en"]);
        let mut standing = Summary::default();
        assert_eq!(
            DesktopStatus::of(&standing, &messages).status,
            "Nothing is downloading"
        );
        (standing.active, standing.speed) = (2, 3_400_000);
        let status = DesktopStatus::of(&standing, &messages);
        assert_eq!(
            (status.status.as_str(), status.badge),
            ("2 active, 3.40 MB/s", 2)
        );
    }
}
