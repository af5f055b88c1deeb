//! How each link is asked for: its headers, cookies and credentials, from the command line and the files it names.

use std::path::{Path, PathBuf};

use millrace_engine::{Cookie, Credentials, HostCredentials};
use url::Url;

use crate::args::Get;
use crate::{cookies, netrc, text};

/// What is the same for all links, read once.
pub(crate) struct Manner {
    headers: Vec<(String, String)>,
    user: Option<Credentials>,
    netrc: Option<String>,
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
        let netrc = netrc(get)?;
        Ok(Self {
            headers,
            user,
            netrc,
        })
    }

    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        self.headers.clone()
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

/// For the hosts that links lead to. The default entry names none of them.
pub(crate) fn host_credentials(get: &Get) -> Result<Vec<HostCredentials>, String> {
    let all = netrc(get)?.map(|text| netrc::by_host(&text));
    let entry = |(host, user, password)| HostCredentials {
        host,
        credentials: Credentials { user, password },
    };
    Ok(all.unwrap_or_default().into_iter().map(entry).collect())
}

/// For every link, and wherever it leads.
pub(crate) fn cookies(get: &Get) -> Result<Vec<Cookie>, String> {
    let file = get.cookies.as_deref().map(text).transpose()?;
    Ok(file.as_deref().map(cookies::read).unwrap_or_default())
}

fn netrc(get: &Get) -> Result<Option<String>, String> {
    if !get.netrc {
        return Ok(None);
    }
    let place = netrc_place().ok_or("no netrc file is known; name one in NETRC")?;
    text(&place).map(Some)
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
