//! What a tray, a taskbar and a badge show of how things stand, in words. Pure; knows no desktop.

use super::standing::{Progress, Standing};
use crate::words::{Text, Words};

/// Everything that is shown outside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panel {
    /// One line: how many are active, and how fast.
    pub(crate) status: String,
    /// The tray's menu, from top to bottom, in groups.
    pub(crate) menu: Vec<Vec<Item>>,
    pub(crate) progress: Progress,
    /// Downloads that are not done and will be without anybody doing anything.
    pub(crate) badge: u32,
}

/// An entry of the tray's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) ask: Ask,
    pub(crate) label: String,
    pub(crate) enabled: bool,
    /// None: nothing to tick.
    pub(crate) ticked: Option<bool>,
}

/// What the tray can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    Open,
    PauseAll,
    ResumeAll,
    /// Slow mode, the other way round.
    Slow,
    Quit,
}

impl Panel {
    pub(crate) fn of(standing: &Standing, words: &Words) -> Self {
        let busy = standing.active + standing.queued;
        let item = |ask, text, enabled| Item {
            ask,
            label: words.say(text),
            enabled,
            ticked: None,
        };
        let slow = Item {
            ticked: Some(standing.slow),
            ..item(Ask::Slow, Text::Slow, true)
        };
        Self {
            status: status(standing, words),
            menu: vec![
                vec![item(Ask::Open, Text::Open, true)],
                vec![
                    item(Ask::PauseAll, Text::PauseAll, busy > 0),
                    item(Ask::ResumeAll, Text::ResumeAll, standing.paused > 0),
                    slow,
                ],
                vec![item(Ask::Quit, Text::Quit, true)],
            ],
            progress: standing.progress,
            badge: busy,
        }
    }
}

fn status(standing: &Standing, words: &Words) -> String {
    if standing.active == 0 {
        return words.say(Text::Idle);
    }
    let (count, speed) = (standing.active.to_string(), words.speed(standing.speed));
    words.fill(Text::Active, &[("count", &count), ("speed", &speed)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enabled(standing: &Standing) -> Vec<Ask> {
        let panel = Panel::of(standing, &Words::in_one_of(["en"]));
        let items = panel.menu.into_iter().flatten();
        items
            .filter(|item| item.enabled)
            .map(|item| item.ask)
            .collect()
    }

    #[test]
    fn the_menu_offers_only_what_would_change_something() {
        let mut standing = Standing::default();
        assert_eq!(enabled(&standing), [Ask::Open, Ask::Slow, Ask::Quit]);
        standing.queued = 1;
        assert!(enabled(&standing).contains(&Ask::PauseAll));
        standing = Standing {
            paused: 1,
            ..Standing::default()
        };
        assert!(enabled(&standing).contains(&Ask::ResumeAll));
    }

    #[test]
    fn the_status_says_how_many_and_how_fast() {
        let words = Words::in_one_of(["en"]);
        let mut standing = Standing::default();
        assert_eq!(
            Panel::of(&standing, &words).status,
            "Nothing is downloading"
        );
        (standing.active, standing.speed) = (2, 3_400_000);
        let panel = Panel::of(&standing, &words);
        assert_eq!(
            (panel.status.as_str(), panel.badge),
            ("2 active, 3.40 MB/s", 2)
        );
    }
}
