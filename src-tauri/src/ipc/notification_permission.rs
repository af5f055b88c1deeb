//! Whether the user allows notifications.

use serde::Serialize;
use specta::Type;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NotificationPermission {
    /// Also where nobody has to be asked.
    Given,
    /// Once is enough: nobody is asked again.
    Refused,
    NotAsked,
}
