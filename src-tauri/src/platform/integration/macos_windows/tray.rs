//! The tray of Windows and the menu bar item of macOS, through Tauri.

use millrace_backend::app::{DesktopStatus, TrayMenuItem};
use millrace_backend::request::{Request, TrayAction};
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

pub(super) struct Tray<R: Runtime> {
    icon: TrayIcon<R>,
    /// `None` until there is a status. Updated in place, because replacing a menu closes it while the user has it open.
    menu: Option<TrayMenu<R>>,
}

struct TrayMenu<R: Runtime> {
    status: MenuItem<R>,
    entries: Vec<TrayMenuEntry<R>>,
}

enum TrayMenuEntry<R: Runtime> {
    Plain(MenuItem<R>),
    Ticked(CheckMenuItem<R>),
}

impl<R: Runtime> Tray<R> {
    pub(super) fn start(
        app: &AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> tauri::Result<Self> {
        let clicks = requests.clone();
        let mut builder = TrayIconBuilder::new()
            // on Windows the left button opens the window, the right one the menu
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(move |_, event| {
                if let Some(ask) = action_for(event.id().as_ref()) {
                    // ignored: the receiver is gone during shutdown; the same applies to the sends below
                    let _ = requests.send(Request::TrayAction(ask));
                }
            })
            .on_tray_icon_event(move |_, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                    && cfg!(windows)
                {
                    let _ = clicks.send(Request::TrayAction(TrayAction::Open));
                }
            });
        if let Some(icon) = app.default_window_icon() {
            builder = builder.icon(icon.clone());
        }
        Ok(Self {
            icon: builder.build(app)?,
            menu: None,
        })
    }

    pub(super) fn show(&mut self, app: &AppHandle<R>, status: &DesktopStatus) -> tauri::Result<()> {
        self.icon.set_tooltip(Some(&status.status))?;
        let items: Vec<&TrayMenuItem> = status.menu.iter().flatten().collect();
        match &self.menu {
            Some(shown) => {
                shown.status.set_text(&status.status)?;
                for (entry, item) in shown.entries.iter().zip(items) {
                    entry.change(item)?;
                }
            }
            None => self.menu = Some(self.build(app, status)?),
        }
        Ok(())
    }

    fn build(&self, app: &AppHandle<R>, status: &DesktopStatus) -> tauri::Result<TrayMenu<R>> {
        let first = MenuItem::new(app, &status.status, false, None::<&str>)?;
        let menu = Menu::with_items(app, &[&first])?;
        let mut entries = Vec::new();
        for group in &status.menu {
            menu.append(&PredefinedMenuItem::separator(app)?)?;
            for item in group {
                let entry = TrayMenuEntry::new(app, item)?;
                menu.append(entry.as_item())?;
                entries.push(entry);
            }
        }
        self.icon.set_menu(Some(menu))?;
        Ok(TrayMenu {
            status: first,
            entries,
        })
    }
}

impl<R: Runtime> TrayMenuEntry<R> {
    fn new(app: &AppHandle<R>, item: &TrayMenuItem) -> tauri::Result<Self> {
        let (id, none) = (item_id(item.ask), None::<&str>);
        Ok(match item.ticked {
            Some(ticked) => Self::Ticked(CheckMenuItem::with_id(
                app,
                id,
                &item.label,
                item.enabled,
                ticked,
                none,
            )?),
            None => Self::Plain(MenuItem::with_id(app, id, &item.label, item.enabled, none)?),
        })
    }

    fn as_item(&self) -> &dyn IsMenuItem<R> {
        match self {
            Self::Plain(entry) => entry,
            Self::Ticked(entry) => entry,
        }
    }

    fn change(&self, item: &TrayMenuItem) -> tauri::Result<()> {
        match self {
            Self::Plain(entry) => {
                entry.set_text(&item.label)?;
                entry.set_enabled(item.enabled)
            }
            Self::Ticked(entry) => {
                entry.set_text(&item.label)?;
                entry.set_checked(item.ticked.unwrap_or_default())
            }
        }
    }
}

fn item_id(ask: TrayAction) -> &'static str {
    match ask {
        TrayAction::Open => "open",
        TrayAction::PauseAll => "pause-all",
        TrayAction::ResumeAll => "resume-all",
        TrayAction::Slow => "slow",
        TrayAction::Quit => "quit",
    }
}

fn action_for(name: &str) -> Option<TrayAction> {
    let all = [
        TrayAction::Open,
        TrayAction::PauseAll,
        TrayAction::ResumeAll,
        TrayAction::Slow,
        TrayAction::Quit,
    ];
    all.into_iter().find(|ask| item_id(*ask) == name)
}
