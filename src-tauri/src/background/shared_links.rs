//! What becomes of links that other apps hand in. Pure.

use tauri_plugin_transfer::{How, Link};

use crate::app::Request;
use crate::ipc::Offered;

/// A shared text is the person's wish, but for links of our own inside it, which the app asks about. Who wrote a link that
/// was opened is not known: it is put before the person, with what its app brought along.
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
