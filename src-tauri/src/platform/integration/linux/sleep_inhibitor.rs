//! Inhibits automatic suspend on Linux while downloads run. The screen may still turn off, and the user can still
//! suspend the machine.
//!
//! Two inhibitors are needed: GNOME's session manager decides by itself; other desktops use logind.

use zbus::blocking::Connection;
use zbus::zvariant::OwnedFd;

/// GNOME's inhibitor flag: suspending the session when it is idle.
const GNOME_SUSPEND: u32 = 4;

/// Released when dropped.
pub(super) struct SleepInhibitor {
    _logind: Option<OwnedFd>,
    session: Option<(Connection, u32)>,
}

impl SleepInhibitor {
    /// Acquires both inhibitors as far as the services exist.
    pub(super) fn acquire(app: &str, why: &str) -> Self {
        Self {
            _logind: logind(app, why).ok(),
            session: session(app, why).ok(),
        }
    }
}

impl Drop for SleepInhibitor {
    fn drop(&mut self) {
        if let Some((bus, cookie)) = self.session.take() {
            // ignored: if the session manager is gone, so is the inhibitor
            let _ = bus.call_method(
                Some("org.gnome.SessionManager"),
                "/org/gnome/SessionManager",
                Some("org.gnome.SessionManager"),
                "Uninhibit",
                &cookie,
            );
        }
    }
}

/// Held as long as the descriptor is open.
fn logind(app: &str, why: &str) -> zbus::Result<OwnedFd> {
    let answer = Connection::system()?.call_method(
        Some("org.freedesktop.login1"),
        "/org/freedesktop/login1",
        Some("org.freedesktop.login1.Manager"),
        "Inhibit",
        &("idle", app, why, "block"),
    )?;
    answer.body().deserialize()
}

/// Held until `Uninhibit` is called, or the connection is closed.
fn session(app: &str, why: &str) -> zbus::Result<(Connection, u32)> {
    let bus = Connection::session()?;
    let answer = bus.call_method(
        Some("org.gnome.SessionManager"),
        "/org/gnome/SessionManager",
        Some("org.gnome.SessionManager"),
        "Inhibit",
        &(app, 0_u32, why, GNOME_SUSPEND),
    )?;
    let cookie = answer.body().deserialize()?;
    Ok((bus, cookie))
}
