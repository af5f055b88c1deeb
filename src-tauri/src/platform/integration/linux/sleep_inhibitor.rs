//! Asks a Linux desktop not to fall asleep by itself while downloads run. The screen may go dark, and a person who sends
//! the machine to sleep is obeyed.
//!
//! Two ask in different places: GNOME's session decides for itself; everybody else listens to logind.

use zbus::blocking::Connection;
use zbus::zvariant::OwnedFd;

/// GNOME: the session is not to be suspended because nobody does anything.
const GNOME_SUSPEND: u32 = 4;

/// Released when dropped.
pub(super) struct SleepInhibitor {
    _logind: Option<OwnedFd>,
    session: Option<(Connection, u32)>,
}

impl SleepInhibitor {
    /// As far as somebody listens.
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
            // a session that is gone holds nothing
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

/// Holds as long as the descriptor is open.
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

/// Holds until it is taken back, or our connection ends.
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
