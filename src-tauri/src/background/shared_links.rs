//! What is done with links from other apps. Pure.

use tauri_plugin_transfer::{How, Link};

use crate::app::Request;
use crate::ipc::Offered;

/// A shared text is the user's request, except for deep links inside it, which the app asks about. The origin of an
/// opened link is unknown: it is offered to the user, with the name and headers from the other app.
pub(crate) fn accept_links(how: How, links: Vec<Link>) -> Request {
    match how {
        How::Shared => Request::Links(links.into_iter().map(|link| link.url).collect()),
        How::Opened => Request::Offered(links.into_iter().map(to_offer).collect()),
    }
}

fn to_offer(link: Link) -> Offered {
    Offered {
        url: link.url,
        name: link.name,
        headers: link.headers,
    }
}
