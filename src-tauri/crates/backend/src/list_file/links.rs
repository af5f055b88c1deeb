//! Plain lists: one link a line. Empty lines and those that begin with `#` or `;` say nothing.

use super::{
    Collector, FaultReason, ImportFormat, ListEntry, ListFile, is_link, without_credentials,
};

pub(super) fn parse(text: &str) -> ListFile {
    let mut found = Collector::default();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if is_link(line) {
            let url = line.to_owned();
            found.take(
                number,
                ListEntry {
                    url,
                    ..ListEntry::default()
                },
            );
        } else {
            let reason = if line.contains("://") || line.starts_with("magnet:") {
                FaultReason::Link
            } else {
                FaultReason::Entry
            };
            found.fault(number, reason, &without_credentials(line));
        }
    }
    found.into_list(ImportFormat::Links)
}

pub(super) fn write(entries: &[ListEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        text.push_str(&entry.url);
        text.push('\n');
    }
    text
}
