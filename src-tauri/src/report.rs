//! What a person hands on when something is wrong: version, system, settings, log. Without secrets. Pure.

use std::fmt::Write;

use crate::view::{Platform, Settings};

/// `settings` as a page may see them.
pub(crate) fn text(settings: &Settings, log: &str) -> String {
    let platform = Platform::of_this_build();
    let settings = serde_json::to_string_pretty(settings).unwrap_or_default();
    let mut text = format!("Millrace {}\n", platform.version);
    // writing to a text cannot fail
    let _ = writeln!(
        text,
        "{} {}, tauri {}, webview {}\n\nSettings\n{settings}\n\nLog",
        std::env::consts::OS,
        std::env::consts::ARCH,
        tauri::VERSION,
        tauri::webview_version().unwrap_or_else(|_| "unknown".into()),
    );
    for line in log.lines() {
        text.push_str(&without_secrets(line));
        text.push('\n');
    }
    text
}

/// Credentials, queries and fragments of links may be secrets; what is left still tells which server it was.
fn without_secrets(line: &str) -> String {
    let mut rest = line;
    let mut clean = String::with_capacity(line.len());
    while let Some(at) = rest.find("://") {
        let (before, link) = rest.split_at(at + 3);
        let end = link
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')'))
            .unwrap_or(link.len());
        let (link, after) = link.split_at(end);
        clean.push_str(before);
        clean.push_str(&shortened(link));
        rest = after;
    }
    clean.push_str(rest);
    clean
}

/// What follows `://`.
fn shortened(link: &str) -> String {
    let end = link.find(['?', '#']).unwrap_or(link.len());
    let (link, secret) = link.split_at(end);
    let path = link.find('/').unwrap_or(link.len());
    let (authority, path) = link.split_at(path);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let hidden = if secret.is_empty() { "" } else { "?***" };
    format!("{host}{path}{hidden}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Folder;

    #[test]
    fn links_in_the_log_lose_their_secrets_and_keep_their_server() {
        for (line, clean) in [
            ("no link", "no link"),
            ("a https://u:p@h:8/x?token=1#f b", "a https://h:8/x?*** b"),
            ("(http://h) \"http://h/#k\"", "(http://h) \"http://h/?***\""),
            ("x://p@w@h", "x://h"),
        ] {
            assert_eq!(without_secrets(line), clean);
        }
    }

    #[test]
    fn a_report_says_version_system_settings_and_log() {
        let folder = Folder {
            id: "downloads".into(),
            label: "files".into(),
        };
        let text = text(&Settings::new(folder), "one\ntwo http://h/?secret");
        for part in [
            concat!("Millrace ", env!("CARGO_PKG_VERSION")),
            std::env::consts::ARCH,
            "\"parallel\": 4",
            "\none\ntwo http://h/?***\n",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }
}
