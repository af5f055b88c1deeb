//! Proxies from the environment or the system (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, or the settings of
//! macOS and Windows). Selects the one for a URL; opens no connection.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::domain::credentials::{self, Credentials};
use crate::domain::download_url;
use crate::domain::problem::Problem;

/// The proxies as configured when they were first needed.
#[derive(Debug)]
pub(super) struct SystemProxies {
    matcher: Matcher,
    /// Matches the URLs that `no_proxy` does not exempt, whatever the proxy.
    exceptions: Matcher,
    /// Values of the environment that are not a valid proxy: for http, and for https.
    malformed: [Option<String>; 2],
}

/// URL of a proxy, including its credentials. More schemes are possible than the user can choose.
pub(super) struct SystemProxy(Url);

impl SystemProxy {
    fn of(found: &Intercept) -> Option<Self> {
        let mut url = Url::parse(&found.uri().to_string()).ok()?;
        let basic = found.basic_auth().and_then(|field| {
            let pair = field.to_str().ok()?.strip_prefix("Basic ")?;
            let pair = String::from_utf8(BASE64_STANDARD.decode(pair).ok()?).ok()?;
            let (user, password) = pair.split_once(':')?;
            Some((user.to_owned(), password.to_owned()))
        });
        let raw = found.raw_auth();
        let raw = raw.map(|(user, password)| (user.to_owned(), password.to_owned()));
        if let Some((user, password)) = basic.or(raw) {
            url.set_username(&user).ok()?;
            url.set_password(Some(&password)).ok()?;
        }
        Some(Self(url))
    }

    pub(super) fn host(&self) -> String {
        download_url::host_with_port(&self.0)
    }

    pub(super) fn credentials(&self) -> Option<Credentials> {
        credentials::take_from_url(&mut self.0.clone())
    }

    pub(super) fn into_url(self) -> String {
        self.0.into()
    }
}

impl SystemProxies {
    pub(super) fn from_system() -> Self {
        let first = |names: [&str; 2]| {
            let mut values = names
                .into_iter()
                .filter_map(|name| std::env::var(name).ok());
            values.next().unwrap_or_default()
        };
        let all = first(["ALL_PROXY", "all_proxy"]);
        let own = [
            first(["HTTP_PROXY", "http_proxy"]),
            first(["HTTPS_PROXY", "https_proxy"]),
        ];
        // In a CGI script, http_proxy may be set by a client of that server (httpoxy).
        let ours = std::env::var_os("REQUEST_METHOD").is_none();
        let malformed = own.map(|own| {
            let text = if own.is_empty() { all.clone() } else { own };
            Some(text).filter(|text| ours && is_malformed(text))
        });
        Self {
            matcher: Matcher::from_system(),
            exceptions: exceptions(&first(["NO_PROXY", "no_proxy"])),
            malformed,
        }
    }

    /// The proxy for a URL; `None` only where none is set or the URL is exempt.
    ///
    /// # Errors
    ///
    /// [`Problem::ProxyUnreachable`] for a proxy that cannot be used: it is never bypassed. [`Problem::InvalidLink`]
    /// for a URL that is not a valid URI.
    pub(super) fn proxy_for(&self, url: &Url) -> Result<Option<SystemProxy>, Problem> {
        let Ok(uri) = url.as_str().parse::<Uri>() else {
            return Err(Problem::InvalidLink);
        };
        let [http, https] = &self.malformed;
        let malformed = if url.scheme() == "https" { https } else { http };
        if let Some(text) = malformed
            && self.exceptions.intercept(&uri).is_some()
        {
            // Everything before the `@` may be a password.
            let host = text.rsplit('@').next().unwrap_or_default().to_owned();
            return Err(Problem::ProxyUnreachable { host });
        }
        let Some(found) = self.matcher.intercept(&uri) else {
            return Ok(None);
        };
        let authority = found.uri().authority().map(|host| host.as_str().to_owned());
        let unusable = || Problem::ProxyUnreachable {
            host: authority.unwrap_or_default(),
        };
        SystemProxy::of(&found).map(Some).ok_or_else(unusable)
    }
}

fn exceptions(no_proxy: &str) -> Matcher {
    Matcher::builder().all("http://any").no(no_proxy).build()
}

/// Whether a variable is set to something that is not a valid proxy.
fn is_malformed(text: &str) -> bool {
    let any = Uri::from_static("http://any/");
    !text.is_empty()
        && Matcher::builder()
            .all(text)
            .build()
            .intercept(&any)
            .is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(proxy: &str, no_proxy: &str) -> SystemProxies {
        let malformed = Some(proxy.to_owned()).filter(|text| is_malformed(text));
        SystemProxies {
            matcher: Matcher::builder().all(proxy).no(no_proxy).build(),
            exceptions: exceptions(no_proxy),
            malformed: [malformed.clone(), malformed],
        }
    }

    fn proxy_for(system: &SystemProxies, link: &str) -> Result<Option<String>, Problem> {
        let found = system.proxy_for(&Url::parse(link).expect("a link"))?;
        Ok(found.map(SystemProxy::into_url))
    }

    #[test]
    fn the_exceptions_of_the_environment_are_names_endings_numbers_and_networks() {
        let exceptions = "plain.example, .dotted.example,10.0.0.0/8,192.0.2.7,2001:db8::/32";
        let all = system("http://p:1", exceptions);
        for (link, expected) in [
            ("http://plain.example/", false),
            ("https://www.plain.example:8443/", false),
            ("http://notplain.example/", true),
            ("http://www.dotted.example/", false),
            ("http://10.1.2.3/", false),
            ("http://11.1.2.3/", true),
            ("http://192.0.2.7:99/", false),
            ("http://192.0.2.8/", true),
            ("http://[2001:db8::1]/", false),
            ("http://[2001:db9::1]/", true),
            // Loopback addresses are not exempt by themselves.
            ("http://127.0.0.1/", true),
            ("http://[::1]:80/", true),
            ("http://localhost/", true),
        ] {
            let found = proxy_for(&all, link).expect("the proxy can be used");
            assert_eq!(found.is_some(), expected, "{link}");
        }
        let none = system("http://p:1", "*");
        assert_eq!(proxy_for(&none, "http://any.example/"), Ok(None));
    }

    #[test]
    fn what_is_for_the_proxy_stays_with_it() {
        for (text, expected) in [
            ("p:3128", "http://p:3128/"),
            ("http://ada:s%3A1@p:3128", "http://ada:s%3A1@p:3128/"),
            ("https://ada:s@p", "https://ada:s@p/"),
            ("socks5h://ada:s@p:1080", "socks5h://ada:s@p:1080"),
        ] {
            let found = proxy_for(&system(text, ""), "https://any.example/");
            let found = found.expect("it can be used").expect("there is one");
            assert_eq!(found.trim_end_matches('/'), expected.trim_end_matches('/'));
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_read_is_an_error_except_for_the_exceptions() {
        let all = system("http://ada:s3cret@p:99999", "near.example");
        let refused = proxy_for(&all, "http://any.example/");
        let host = "p:99999".to_owned();
        assert_eq!(refused, Err(Problem::ProxyUnreachable { host }));
        assert_eq!(proxy_for(&all, "http://near.example/"), Ok(None));
    }
}
