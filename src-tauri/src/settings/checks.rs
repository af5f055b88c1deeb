//! Whether settings that a page hands back are possible, and what in them stands for something that it never saw.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use millrace_engine::ProxyChoice;
use tauri::Url;

use crate::folders::Folders;
use crate::view::{CommandFailure, FailureCode, Folder, Proxy, Settings};

/// Stands for a password.
const HIDDEN: &str = "***";
const AT_ONCE: RangeInclusive<u32> = 1..=32;
/// Bytes of a proxy's link: settings fit a frame.
const LONGEST: usize = 500;
const CONNECTIONS: RangeInclusive<u32> = 1..=16;

/// `new` with known folders, and with the password that `now` has where the page only knows that there is one.
pub(super) fn checked(
    mut new: Settings,
    now: &Settings,
    folders: &Folders,
) -> Result<Settings, CommandFailure> {
    within("parallel", new.parallel, AT_ONCE)?;
    if let Some(per_host) = new.per_host {
        within("perHost", per_host, AT_ONCE)?;
    }
    within("connections", new.connections, CONNECTIONS)?;
    if new.limit == Some(0) {
        return Err(bad("limit", "is null or at least 1"));
    }
    if new.slow_limit == 0 {
        return Err(bad("slowLimit", "is at least 1"));
    }
    new.folder = known(&new.folder, folders)?;
    let mut seen = BTreeSet::new();
    for own in &mut new.categories {
        if !seen.insert(own.category) {
            return Err(bad("categories", "name each category once"));
        }
        own.folder = known(&own.folder, folders)?;
    }
    if let Proxy::Custom { url } = &mut new.proxy {
        *url = proxy(url, &now.proxy)?;
    }
    Ok(new)
}

fn within(name: &str, value: u32, range: RangeInclusive<u32>) -> Result<(), CommandFailure> {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    Err(bad(
        name,
        &format!("is from {least} to {most}, not {value}"),
    ))
}

fn bad(name: &str, why: &str) -> CommandFailure {
    let message = format!("{name} {why}; nothing was changed");
    CommandFailure::new(FailureCode::BadSetting, message)
}

/// The label is ours to give.
fn known(folder: &Folder, folders: &Folders) -> Result<Folder, CommandFailure> {
    folders.find(&folder.id)
}

/// The link of a proxy in its plain form, with its password.
fn proxy(url: &str, now: &Proxy) -> Result<String, CommandFailure> {
    let wrong = || {
        bad(
            "proxy",
            "is a link that begins with http://, https://, socks5:// or socks5h://",
        )
    };
    let choice: ProxyChoice = url.parse().map_err(|_| wrong())?;
    let ProxyChoice::Link(_) = &choice else {
        return Err(wrong());
    };
    let plain = choice.to_string();
    if plain.len() > LONGEST {
        return Err(bad("proxy", "has a link of at most 500 characters"));
    }
    let Some(hidden) = parsed(&plain).filter(|url| url.password() == Some(HIDDEN)) else {
        return Ok(plain);
    };
    // The password belongs to one proxy and one name there: it is sent to no other.
    if let Proxy::Custom { url } = now
        && parsed(url).is_some_and(|known| shown_link(known) == hidden)
    {
        return Ok(url.clone());
    }
    Err(bad(
        "proxy",
        "has another name or address than before: give its password again",
    ))
}

fn parsed(url: &str) -> Option<Url> {
    url.parse().ok()
}

fn shown_link(mut url: Url) -> Url {
    if url.password().is_some() {
        // A link with a host, which this is, takes a password.
        let _taken = url.set_password(Some(HIDDEN));
    }
    url
}

impl Settings {
    /// As the page may see it.
    pub(crate) fn shown(&self) -> Self {
        let mut shown = self.clone();
        if let Proxy::Custom { url } = &mut shown.proxy
            && let Some(link) = parsed(url)
        {
            *url = shown_link(link).into();
        }
        shown
    }

    /// As the engine takes it.
    pub(crate) fn proxy_choice(&self) -> ProxyChoice {
        match &self.proxy {
            Proxy::System => ProxyChoice::System,
            Proxy::None => ProxyChoice::None,
            // it was checked when it came
            Proxy::Custom { url } => url.parse().unwrap_or_default(),
        }
    }
}
