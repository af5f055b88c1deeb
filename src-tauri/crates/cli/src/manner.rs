//! How each link is asked for: its headers, cookies and credentials, from the command line and the files it names.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use millrace_engine::Credentials;
use url::Url;

use crate::args::Get;
use crate::cookies::{self, Place};
use crate::{netrc, text};

/// What is the same for all links, read once.
pub(crate) struct Manner {
    headers: Vec<(String, String)>,
    user: Option<Credentials>,
    netrc: Option<String>,
    cookies: Option<String>,
    /// Seconds since 1970.
    now: u64,
}

impl Manner {
    pub(crate) fn read(get: &Get) -> Result<Self, String> {
        let mut headers = get.headers.clone();
        let named = [("User-Agent", &get.user_agent), ("Referer", &get.referer)];
        for (name, value) in named {
            headers.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        let user = get.user.as_ref().map(|pair| {
            let (user, password) = pair.split_once(':').unwrap_or((pair, ""));
            Credentials {
                user: user.to_owned(),
                password: password.to_owned(),
            }
        });
        let netrc = if get.netrc {
            let place = netrc_place().ok_or("no netrc file is known; name one in NETRC")?;
            Some(text(&place)?)
        } else {
            None
        };
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Self {
            headers,
            user,
            netrc,
            cookies: get.cookies.as_deref().map(text).transpose()?,
            now: since.unwrap_or_default().as_secs(),
        })
    }

    pub(crate) fn headers(&self, link: &str) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        let cookies = self.cookies.as_deref().and_then(|text| {
            let url = Url::parse(link).ok()?;
            let place = Place {
                host: url.host_str()?,
                path: url.path(),
                secure: url.scheme() == "https",
            };
            cookies::header(text, place, self.now)
        });
        headers.extend(cookies.map(|value| ("Cookie".to_owned(), value)));
        headers
    }

    /// Those of `-u`; else, where the link names none itself, the file's.
    pub(crate) fn credentials(&self, link: &str) -> Option<Credentials> {
        if self.user.is_some() {
            return self.user.clone();
        }
        let url = Url::parse(link).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let (user, password) = netrc::find(self.netrc.as_deref()?, url.host_str()?)?;
        Some(Credentials { user, password })
    }
}

fn netrc_place() -> Option<PathBuf> {
    let named = std::env::var_os("NETRC").filter(|value| !value.is_empty());
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    named
        .map(PathBuf::from)
        .or_else(|| dirs::home_dir().map(|home| home.join(name)))
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read(path)
        .map(|bytes| text::decode(&bytes))
        .map_err(|error| format!("{}: {error}; nothing was downloaded", path.display()))
}
