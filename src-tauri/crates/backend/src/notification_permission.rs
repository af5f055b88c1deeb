//! Whether the user allows notifications.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum NotificationPermission {
    /// Also where nobody has to be asked.
    Given,
    /// Once is enough: nobody is asked again.
    Refused,
    NotAsked,
}
