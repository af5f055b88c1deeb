//! What is done with links from other apps. Pure.

use millrace_backend::request::Request;
use millrace_backend::view::Offered;
use tauri_plugin_transfer::{How, Link};

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

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Vec<Link> {
        let link = |url: &str| Link {
            url: url.into(),
            name: Some("a.zip".into()),
            headers: vec![("Cookie".into(), "a=b".into())],
        };
        vec![link("http://host/a"), link("millrace://add")]
    }

    #[test]
    fn opened_links_are_offered_with_what_the_other_app_says_of_them() {
        let Request::Offered(offered) = accept_links(How::Opened, links()) else {
            panic!("they would start");
        };
        let urls: Vec<&str> = offered.iter().map(|one| one.url.as_str()).collect();
        assert_eq!(urls, ["http://host/a", "millrace://add"]);
        assert_eq!(offered[0].name.as_deref(), Some("a.zip"));
        assert_eq!(
            offered[0].headers,
            [("Cookie".to_owned(), "a=b".to_owned())]
        );
    }

    #[test]
    fn shared_links_are_as_if_the_person_had_typed_them() {
        let Request::Links(shared) = accept_links(How::Shared, links()) else {
            panic!("they would only be offered");
        };
        assert_eq!(shared, ["http://host/a", "millrace://add"]);
    }
}
