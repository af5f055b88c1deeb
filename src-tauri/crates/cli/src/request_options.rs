//! How each URL is requested: headers, cookies and credentials, from the command line and the files it names.

use std::path::{Path, PathBuf};

use millrace_engine::{Cookie, Credentials, HostCredentials};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::args::GetArgs;
use crate::{cookies, netrc, text};

/// Options that are the same for all URLs, read once.
pub(crate) struct RequestOptions {
    headers: Vec<(String, String)>,
    /// Without a password, each host has its own in the netrc file.
    user: Option<(String, Option<String>)>,
    netrc: Option<String>,
}

impl RequestOptions {
    pub(crate) fn read(get: &GetArgs) -> Result<Self, String> {
        let mut headers = get.headers.clone();
        let named = [("User-Agent", &get.user_agent), ("Referer", &get.referer)];
        for (name, value) in named {
            headers.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        let user = get.user.as_ref().map(|pair| match pair.split_once(':') {
            Some((user, password)) => (user.to_owned(), Some(password.to_owned())),
            None => (pair.clone(), None),
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

    /// Those of `-u`, whose password may come from the netrc file; otherwise, if the URL has no password itself, those
    /// of the netrc file.
    pub(crate) fn credentials(&self, link: &str) -> Option<Credentials> {
        match self.user.clone() {
            Some((user, Some(password))) => Some(Credentials { user, password }),
            Some((user, None)) => self.netrc_entry(&Url::parse(link).ok()?, Some(user)),
            None if self.netrc.is_none() => None,
            None => self.netrc_entry(&Url::parse(link).ok()?, None),
        }
    }

    /// The URL with the netrc entry for its host, unless it has a user with a password itself.
    pub(crate) fn mirror(&self, link: String) -> String {
        let signed = |mut url: Url| {
            let found = self.netrc_entry(&url, None)?;
            url.set_username(&found.user).ok()?;
            url.set_password(Some(&found.password)).ok()?;
            Some(url.into())
        };
        Url::parse(&link).ok().and_then(signed).unwrap_or(link)
    }

    /// The netrc entry for the URL's host: for `user`, else for the user that the URL has without a password.
    fn netrc_entry(&self, url: &Url, user: Option<String>) -> Option<Credentials> {
        let (file, host) = (self.netrc.as_deref()?, url.host_str()?);
        let named = Some(url.username()).filter(|name| !name.is_empty());
        let named = named.map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned());
        if user.is_none() && url.password().is_some() {
            return None;
        }
        let (user, password) = match user.or(named) {
            Some(user) => {
                let password = netrc::password(file, host, &user)?;
                (user, password)
            }
            None => netrc::find(file, host)?,
        };
        Some(Credentials { user, password })
    }
}

/// Credentials for the hosts that redirects lead to. The default entry names no host.
pub(crate) fn host_credentials(get: &GetArgs) -> Result<Vec<HostCredentials>, String> {
    let all = netrc(get)?.map(|text| netrc::by_host(&text));
    let entry = |(host, user, password)| HostCredentials {
        host,
        credentials: Credentials { user, password },
    };
    Ok(all.unwrap_or_default().into_iter().map(entry).collect())
}

/// Cookies for every URL, including redirects.
pub(crate) fn cookies(get: &GetArgs) -> Result<Vec<Cookie>, String> {
    let file = get.cookies.as_deref().map(read_file).transpose()?;
    Ok(file.as_deref().map(cookies::read).unwrap_or_default())
}

/// The text of the netrc file, if one is to be used.
pub(crate) fn netrc(get: &GetArgs) -> Result<Option<String>, String> {
    if !get.netrc {
        return Ok(None);
    }
    let place = netrc_path().ok_or("no netrc file found; set its path in NETRC")?;
    read_file(&place).map(Some)
}

fn netrc_path() -> Option<PathBuf> {
    let named = std::env::var_os("NETRC").filter(|value| !value.is_empty());
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    named
        .map(PathBuf::from)
        .or_else(|| dirs::home_dir().map(|home| home.join(name)))
}

fn read_file(path: &Path) -> Result<String, String> {
    std::fs::read(path)
        .map(|bytes| text::decode(&bytes))
        .map_err(|error| format!("{}: {error}; nothing was downloaded", path.display()))
}
