//! Validates settings returned by a page, and restores values that the page only sees masked.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use millrace_engine::{ProxyChoice, normalize_tags};
use url::Url;

use super::{Proxy, Settings, SettingsError};
use crate::folder_grants::{Folder, FolderGrants};
use crate::rules::Rule;

/// Replaces a password.
const MASK: &str = "***";
const PARALLEL_RANGE: RangeInclusive<u32> = 1..=32;
/// Maximum length of a proxy's URL in bytes: settings fit into a frame.
const MAX_URL: usize = 500;
const MAX_RULES: usize = 100;
/// Maximum length of a rule's pattern in bytes.
const MAX_PATTERN: usize = 200;
const CONNECTIONS_RANGE: RangeInclusive<u32> = 1..=16;

/// Checks `new` and normalizes its folders and proxy. A masked password is replaced by that in `now`.
pub(super) fn validate(
    mut new: Settings,
    now: &Settings,
    folders: &FolderGrants,
) -> Result<Settings, SettingsError> {
    check_range("parallel", new.parallel, PARALLEL_RANGE)?;
    if let Some(per_host) = new.per_host {
        check_range("perHost", per_host, PARALLEL_RANGE)?;
    }
    check_range("connections", new.connections, CONNECTIONS_RANGE)?;
    if new.limit == Some(0) {
        return Err(invalid("limit", "is null or at least 1"));
    }
    if new.slow_limit == 0 {
        return Err(invalid("slowLimit", "is at least 1"));
    }
    new.folder = check_folder(&new.folder, folders)?;
    let mut seen = BTreeSet::new();
    for own in &mut new.categories {
        if !seen.insert(own.category) {
            return Err(invalid("categories", "name each category once"));
        }
        own.folder = check_folder(&own.folder, folders)?;
    }
    check_rules(&mut new.rules, folders)?;
    if let Proxy::Custom { url } = &mut new.proxy {
        *url = check_proxy(url, &now.proxy)?;
    }
    Ok(new)
}

fn check_range(
    name: &'static str,
    value: u32,
    range: RangeInclusive<u32>,
) -> Result<(), SettingsError> {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    Err(invalid(
        name,
        &format!("is from {least} to {most}, not {value}"),
    ))
}

/// Trims the patterns; a pattern without text is none.
fn check_rules(rules: &mut [Rule], folders: &FolderGrants) -> Result<(), SettingsError> {
    if rules.len() > MAX_RULES {
        return Err(invalid("rules", &format!("are at most {MAX_RULES}")));
    }
    for rule in rules {
        for pattern in [&mut rule.name, &mut rule.host] {
            let trimmed = pattern.as_deref().map(str::trim);
            *pattern = trimmed.filter(|text| !text.is_empty()).map(str::to_owned);
            if pattern
                .as_ref()
                .is_some_and(|text| text.len() > MAX_PATTERN)
            {
                return Err(invalid("rules", "have patterns of at most 200 characters"));
            }
        }
        if !rule.has_condition() {
            return Err(invalid("rules", "each name a file, a host or a type"));
        }
        rule.tags = normalize_tags(&rule.tags);
        if let Some(folder) = &mut rule.folder {
            *folder = check_folder(folder, folders)?;
        }
    }
    Ok(())
}

fn invalid(name: &'static str, why: &str) -> SettingsError {
    let why = why.to_owned();
    SettingsError::Invalid { name, why }
}

/// The label is set here, whatever the page sent.
fn check_folder(folder: &Folder, folders: &FolderGrants) -> Result<Folder, SettingsError> {
    Ok(folders.get(&folder.id)?)
}

/// The URL of a proxy in normalized form, with its password.
fn check_proxy(url: &str, now: &Proxy) -> Result<String, SettingsError> {
    let wrong = || {
        invalid(
            "proxy",
            "is a link that begins with http://, https://, socks5:// or socks5h://",
        )
    };
    let choice: ProxyChoice = url.parse().map_err(|_| wrong())?;
    let ProxyChoice::Url(_) = &choice else {
        return Err(wrong());
    };
    let plain = choice.to_string();
    if plain.len() > MAX_URL {
        return Err(invalid("proxy", "has a link of at most 500 characters"));
    }
    let Some(hidden) = parsed(&plain).filter(|url| url.password() == Some(MASK)) else {
        return Ok(plain);
    };
    // The password belongs to this proxy and user name only: it is sent to no other.
    if let Proxy::Custom { url } = now
        && parsed(url).is_some_and(|known| redact_url(known) == hidden)
    {
        return Ok(url.clone());
    }
    Err(invalid(
        "proxy",
        "has another name or address than before: give its password again",
    ))
}

fn parsed(url: &str) -> Option<Url> {
    url.parse().ok()
}

fn redact_url(mut url: Url) -> Url {
    if url.password().is_some() {
        // Cannot fail: a URL with a host, as here, takes a password.
        let _taken = url.set_password(Some(MASK));
    }
    url
}

impl Settings {
    /// The settings as a page may see them: the proxy's password is masked.
    pub(crate) fn redacted(&self) -> Self {
        let mut shown = self.clone();
        if let Proxy::Custom { url } = &mut shown.proxy
            && let Some(link) = parsed(url)
        {
            *url = redact_url(link).into();
        }
        shown
    }

    /// The proxy setting as the engine's type.
    pub fn proxy_choice(&self) -> ProxyChoice {
        match &self.proxy {
            Proxy::System => ProxyChoice::System,
            Proxy::None => ProxyChoice::None,
            // it was validated when it was set
            Proxy::Custom { url } => url.parse().unwrap_or_default(),
        }
    }
}
