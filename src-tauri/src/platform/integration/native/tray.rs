//! The tray of Windows and the menu bar of macOS, by Tauri.

use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

use crate::app::{Ask, Item, Panel, Request};

pub(super) struct Tray<R: Runtime> {
    icon: TrayIcon<R>,
    /// None until there is something to show. Kept, because a menu that is replaced closes under the person's hand.
    menu: Option<Entries<R>>,
}

struct TrayMenu<R: Runtime> {
    status: MenuItem<R>,
    entries: Vec<Entry<R>>,
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
            // on Windows a click opens the window, and the other button the menu
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(move |_, event| {
                if let Some(ask) = ask(event.id().as_ref()) {
                    // an app that is ending has no ear for it; so below
                    let _ = requests.send(Request::Asked(ask));
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
                    let _ = clicks.send(Request::Asked(Ask::Open));
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

    pub(super) fn show(&mut self, app: &AppHandle<R>, status: &Panel) -> tauri::Result<()> {
        self.icon.set_tooltip(Some(&status.status))?;
        let items: Vec<&Item> = status.menu.iter().flatten().collect();
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

    fn build(&self, app: &AppHandle<R>, status: &Panel) -> tauri::Result<Entries<R>> {
        let status = MenuItem::new(app, &status.status, false, None::<&str>)?;
        let menu = Menu::with_items(app, &[&status])?;
        let mut entries = Vec::new();
        for group in &status.menu {
            menu.append(&PredefinedMenuItem::separator(app)?)?;
            for item in group {
                let entry = Entry::new(app, item)?;
                menu.append(entry.as_item())?;
                entries.push(entry);
            }
        }
        self.icon.set_menu(Some(menu))?;
        Ok(Entries { status, entries })
    }
}

impl<R: Runtime> Entry<R> {
    fn new(app: &AppHandle<R>, item: &Item) -> tauri::Result<Self> {
        let (id, none) = (name(item.ask), None::<&str>);
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

    fn change(&self, item: &Item) -> tauri::Result<()> {
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

fn item_id(ask: Ask) -> &'static str {
    match ask {
        Ask::Open => "open",
        Ask::PauseAll => "pause-all",
        Ask::ResumeAll => "resume-all",
        Ask::Slow => "slow",
        Ask::Quit => "quit",
    }
}

fn action_for(name: &str) -> Option<Ask> {
    let all = [
        Ask::Open,
        Ask::PauseAll,
        Ask::ResumeAll,
        Ask::Slow,
        Ask::Quit,
    ];
    all.into_iter().find(|ask| self::name(*ask) == name)
}
