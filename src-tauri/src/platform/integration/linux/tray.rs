//! The tray of a Linux desktop, over D-Bus (StatusNotifierItem): an icon with a menu. Also reports whether there is a
//! host that shows such icons.

use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::{CheckmarkItem, StandardItem};
use ksni::{Category, Icon, MenuItem, OfflineReason, ToolTip};
use millrace_backend::app::{DesktopStatus, TrayMenuItem};
use millrace_backend::request::{Request, TrayAction};
use tauri::image::Image;
use tokio::sync::mpsc::UnboundedSender;

/// Used from one thread; every call may wait for the bus.
pub(super) struct Tray(Option<Handle<TrayState>>);

/// What is shown, and where clicks are sent.
struct TrayState {
    title: String,
    icon: Vec<Icon>,
    status: Option<DesktopStatus>,
    requests: UnboundedSender<Request>,
}

impl Tray {
    /// Registers the icon; without a session bus there is never a tray.
    pub(super) fn start(
        title: String,
        icon: Option<&Image<'_>>,
        requests: UnboundedSender<Request>,
    ) -> Self {
        let place = TrayState {
            title,
            icon: icon.map(argb).into_iter().collect(),
            status: None,
            requests,
        };
        // assumed until the actual state is reported, which happens before `spawn` returns
        place.report_available(true);
        let requests = place.requests.clone();
        // a desktop may start its tray after this app
        let spawned = place.assume_sni_available(true).spawn();
        if spawned.is_err() {
            // ignored: the receiver is gone during shutdown; the same applies to the sends below
            let _ = requests.send(Request::TrayAvailable(false));
        }
        Self(spawned.ok())
    }

    pub(super) fn show(&self, status: DesktopStatus) {
        if let Some(handle) = &self.0 {
            handle.update(|place| place.status = Some(status));
        }
    }
}

impl TrayState {
    fn action(&self, ask: TrayAction) {
        let _ = self.requests.send(Request::TrayAction(ask));
    }

    /// Whether there is a host that shows icons.
    fn report_available(&self, there: bool) {
        let _ = self.requests.send(Request::TrayAvailable(there));
    }

    fn status(&self) -> String {
        let status = self.status.as_ref();
        status
            .map(|status| status.status.clone())
            .unwrap_or_default()
    }
}

impl ksni::Tray for TrayState {
    fn id(&self) -> String {
        "millrace".into()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        self.icon.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.title.clone(),
            description: self.status(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.action(TrayAction::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let Some(status) = &self.status else {
            return Vec::new();
        };
        let mut menu = vec![MenuItem::Standard(StandardItem {
            label: escaped(&status.status),
            enabled: false,
            ..StandardItem::default()
        })];
        for group in &status.menu {
            menu.push(MenuItem::Separator);
            menu.extend(group.iter().map(to_ksni));
        }
        menu
    }

    fn watcher_online(&self) {
        self.report_available(true);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.report_available(false);
        // keep running: the host may come back
        true
    }
}

fn to_ksni(item: &TrayMenuItem) -> MenuItem<TrayState> {
    let (label, enabled, ask) = (escaped(&item.label), item.enabled, item.ask);
    match item.ticked {
        Some(checked) => MenuItem::Checkmark(CheckmarkItem {
            label,
            enabled,
            checked,
            activate: Box::new(move |place: &mut TrayState| place.action(ask)),
            ..CheckmarkItem::default()
        }),
        None => MenuItem::Standard(StandardItem {
            label,
            enabled,
            activate: Box::new(move |place: &mut TrayState| place.action(ask)),
            ..StandardItem::default()
        }),
    }
}

/// Doubles underscores, which would otherwise mark the next letter as access key.
fn escaped(label: &str) -> String {
    label.replace('_', "__")
}

/// Converts RGBA pixels to ARGB.
fn argb(image: &Image<'_>) -> Icon {
    let mut data = image.rgba().to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let side = |length: u32| i32::try_from(length).unwrap_or_default();
    Icon {
        width: side(image.width()),
        height: side(image.height()),
        data,
    }
}
