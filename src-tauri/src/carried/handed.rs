//! What becomes of links that other apps hand in. Pure.

use tauri_plugin_transfer::How;

use crate::app::Request;

/// A shared text is the person's wish, but for links of our own inside it, which the app asks about. Who wrote a link that
/// was opened is not known: it is put before the person.
pub(crate) fn handed(how: How, links: Vec<String>) -> Request {
    match how {
        How::Shared => Request::Links(links),
        How::Opened => Request::Offered(links),
    }
}
