//! Input files of aria2 (its manual, "Input File"), which are also its session files: a line with one or more URIs,
//! separated by tabs, and then a line of `name=value` for each option, which begins with a blank.

use super::{Collector, EntryState, FaultReason, ImportFormat, ListEntry, ListFile, is_link};

/// Whether a line has options or more than one URI: otherwise it is a plain list of links.
pub(super) fn is_likely(text: &str) -> bool {
    text.lines().any(|line| {
        let option = line.starts_with([' ', '\t'])
            && line
                .trim()
                .split_once('=')
                .is_some_and(|(name, _)| is_option_name(name));
        let mirrors = line.trim().contains('\t') && line.starts_with(['h', 'f', 'm']);
        option || mirrors
    })
}

fn is_option_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(plain)
}

pub(super) fn parse(text: &str) -> ListFile {
    let mut found = Collector::default();
    // the download whose options are being read, and its line
    let mut open: Option<(usize, ListEntry)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            match &mut open {
                Some((_, entry)) => option(&mut found, number, trimmed, entry),
                None => found.fault(number, FaultReason::Entry, ""),
            }
            continue;
        }
        if let Some((place, entry)) = open.take() {
            found.take(place, entry);
        }
        // of several mirrors the first that can be used
        let mut uris = trimmed.split('\t').map(str::trim);
        let first = uris.clone().next().unwrap_or_default();
        let url = uris.find(|uri| is_link(uri)).unwrap_or(first).to_owned();
        let entry = ListEntry {
            url,
            ..ListEntry::default()
        };
        open = Some((number, entry));
    }
    if let Some((place, entry)) = open {
        found.take(place, entry);
    }
    found.into_list(ImportFormat::Aria2)
}

/// Options that Millrace has no counterpart for are not faults: aria2 writes many of them into each session file.
fn option(found: &mut Collector, place: usize, line: &str, entry: &mut ListEntry) {
    let Some((name, value)) = line.split_once('=') else {
        found.fault(place, FaultReason::Option, line);
        return;
    };
    let value = value.trim();
    let mut wrong = false;
    match name.trim() {
        "out" => entry.name = Some(value.to_owned()),
        "dir" => entry.folder = Some(value.to_owned()),
        "header" => match value.split_once(':') {
            Some((name, value)) => header(entry, name, value),
            None => found.fault(place, FaultReason::Header, ""),
        },
        "user-agent" => header(entry, "User-Agent", value),
        "referer" => header(entry, "Referer", value),
        "checksum" => entry.checksum = Some(value.replacen('=', ":", 1)),
        "http-user" => entry.user = Some(value.to_owned()),
        "http-passwd" => entry.password = Some(value.to_owned()),
        "all-proxy" | "https-proxy" | "http-proxy" => {
            entry.proxy = Some(value.to_owned()).filter(|text| !text.is_empty());
        }
        "split" | "max-connection-per-server" => match value.parse::<u32>() {
            Ok(count) => {
                entry.connections = Some(entry.connections.map_or(count, |one| one.min(count)));
            }
            Err(_) => wrong = true,
        },
        "max-download-limit" => match bytes(value) {
            Some(limit) => entry.limit = Some(limit),
            None => wrong = true,
        },
        "pause" => match value {
            "true" => entry.state = EntryState::Paused,
            "false" => {}
            _ => wrong = true,
        },
        _ => {}
    }
    if wrong {
        found.fault(place, FaultReason::Option, line);
    }
}

fn header(entry: &mut ListEntry, name: &str, value: &str) {
    let pair = (name.trim().to_owned(), value.trim().to_owned());
    entry.headers.push(pair);
}

/// `500K` and `2M` are multiples of 1024, as in aria2.
fn bytes(text: &str) -> Option<u64> {
    let (number, factor) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (&text[..at], 1 << 10),
        (at, 'm' | 'M') => (&text[..at], 1 << 20),
        _ => (text, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// What aria2 has an option for. What is not queued is written as paused, so that aria2 does not fetch it by itself.
pub(super) fn write(entries: &[ListEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        text.extend([&entry.url, "\n"]);
        for (name, value) in options(entry) {
            // a line break would begin another option
            if !value.contains(['\n', '\r']) {
                text.extend(["  ", name, "=", &value, "\n"]);
            }
        }
    }
    text
}

fn options(entry: &ListEntry) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    let mut add = |name, value: Option<String>| options.extend(value.map(|value| (name, value)));
    add("dir", entry.folder.clone());
    add("out", entry.name.clone());
    for (name, value) in &entry.headers {
        add("header", Some(format!("{name}: {value}")));
    }
    let checksum = entry.checksum.as_ref();
    add("checksum", checksum.map(|one| one.replacen(':', "=", 1)));
    add("http-user", entry.user.clone());
    add("http-passwd", entry.password.clone());
    let proxy = entry.proxy.clone();
    add("all-proxy", proxy.filter(|one| one.contains("://")));
    let connections = entry.connections.map(|count| count.to_string());
    add("split", connections.clone());
    add("max-connection-per-server", connections);
    let limit = entry.limit.map(|limit| limit.to_string());
    add("max-download-limit", limit);
    let paused = entry.state != EntryState::Queued;
    add("pause", paused.then(|| "true".to_owned()));
    options
}
