//! Reads the lines of the app's log: the inverse of how `app_log` writes them. Pure.

use serde::{Deserialize, Serialize};

/// Severity of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum AppLogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// One line of the app's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AppLogLine {
    /// In ms since 1970; null for a line that says no time.
    pub at: Option<u64>,
    pub level: AppLogLevel,
    /// The module that wrote it.
    pub source: String,
    pub text: String,
}

/// Length of the date of HTTP at the beginning of a line.
const DATE: usize = 29;

/// A line in another form is a text of its own, as a warning: something went wrong when it was written.
pub fn parse(line: &str) -> AppLogLine {
    dated(line).unwrap_or_else(|| AppLogLine {
        at: None,
        level: AppLogLevel::Warn,
        source: String::new(),
        text: line.to_owned(),
    })
}

fn dated(line: &str) -> Option<AppLogLine> {
    let (date, rest) = line.split_at_checked(DATE)?;
    let at = httpdate::parse_http_date(date).ok()?;
    let at = at.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis();
    let (level, rest) = rest.trim_start().split_once(' ')?;
    let level = match level {
        "ERROR" => AppLogLevel::Error,
        "WARN" => AppLogLevel::Warn,
        "INFO" => AppLogLevel::Info,
        "DEBUG" | "TRACE" => AppLogLevel::Debug,
        _ => return None,
    };
    let (source, text) = rest.split_once(": ")?;
    Some(AppLogLine {
        at: u64::try_from(at).ok(),
        level,
        source: source.to_owned(),
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_time_a_level_a_source_and_a_text() {
        let line = |level, source: &str, text: &str| AppLogLine {
            at: Some(784_111_777_000),
            level,
            source: source.into(),
            text: text.into(),
        };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (text, expected) in [
            ("  INFO a::b: x: y", line(AppLogLevel::Info, "a::b", "x: y")),
            (
                " ERROR a: failed download=7",
                line(AppLogLevel::Error, "a", "failed download=7"),
            ),
            ("  WARN a: ", line(AppLogLevel::Warn, "a", "")),
            (" TRACE a: x", line(AppLogLevel::Debug, "a", "x")),
        ] {
            assert_eq!(parse(&format!("{date}{text}")), expected);
        }
        for other in [
            "",
            "3 lines are missing here",
            &format!("{date} LOUD a: b"),
            "\u{20ac}".repeat(20).as_str(),
        ] {
            let parsed = parse(other);
            assert_eq!((parsed.at, parsed.text.as_str()), (None, other));
        }
    }
}
