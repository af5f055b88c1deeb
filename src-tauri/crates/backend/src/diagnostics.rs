//! Renders the report that a user copies into a bug report: program, system, settings, a summary of the list and the
//! end of the log, without secrets. Sends nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use millrace_engine::Snapshot;

use crate::redact::redact;

/// Maximum size of the log's part, in bytes.
pub const MAX_LOG: u64 = 32 * 1024;

/// Input of the report, not yet redacted.
#[derive(Debug)]
pub struct DiagnosticsInput {
    pub version: String,
    /// Names and values, one line each.
    pub system: Vec<(&'static str, String)>,
    /// Text of the stored settings.
    pub settings: String,
    pub list: Vec<Snapshot>,
    pub log: String,
    /// The user's home folder, which is redacted.
    pub home: Option<PathBuf>,
}

/// The report in English, with secrets redacted.
pub fn render(facts: &DiagnosticsInput) -> String {
    let mut lines = vec![format!("Millrace {}", facts.version)];
    let system = facts.system.iter();
    lines.extend(system.map(|(name, value)| format!("{name}: {value}")));
    lines.push(format!("downloads: {}", list_summary(&facts.list)));
    for (title, text) in [("settings", &facts.settings), ("log", &facts.log)] {
        lines.push(format!("\n-- {title}\n{}", text.trim_end()));
    }
    let text = lines.join("\n") + "\n";
    redact(&text, facts.home.as_deref())
}

/// `12 done, 3 failed (not-found 2, timed-out 1)`; contains no names, URLs or folders.
fn list_summary(list: &[Snapshot]) -> String {
    let mut phases = BTreeMap::<String, u32>::new();
    let mut problems = BTreeMap::<&str, u32>::new();
    for one in list {
        let phase = format!("{:?}", one.phase).to_lowercase();
        *phases.entry(phase).or_default() += 1;
        if let Some(problem) = &one.problem {
            *problems.entry(problem.code()).or_default() += 1;
        }
    }
    let phases: Vec<String> = phases
        .iter()
        .map(|(phase, number)| format!("{number} {phase}"))
        .collect();
    let problems: Vec<String> = problems
        .iter()
        .map(|(code, number)| format!("{code} {number}"))
        .collect();
    match (phases.is_empty(), problems.is_empty()) {
        (true, _) => "none".to_owned(),
        (false, true) => phases.join(", "),
        (false, false) => format!("{} ({})", phases.join(", "), problems.join(", ")),
    }
}

/// Properties of the system; those it does not report are left out. `webview` is the version of what shows the page.
pub fn system(webview: Option<String>) -> Vec<(&'static str, String)> {
    let named = |name, variable| {
        let value = std::env::var(variable).ok();
        value
            .filter(|value| !value.is_empty())
            .map(|value| (name, value))
    };
    let facts = [
        Some((
            "system",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        )),
        distribution().map(|name| ("distribution", name)),
        named("desktop", "XDG_CURRENT_DESKTOP"),
        named("session", "XDG_SESSION_TYPE"),
        webview.map(|version| ("webview", version)),
    ];
    facts.into_iter().flatten().collect()
}

/// The name in `/etc/os-release`, where there is one (Linux).
fn distribution() -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    line.map(|name| name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use millrace_engine::{Phase, Problem};

    use super::*;
    use crate::test_snapshot::snapshot;

    #[test]
    fn a_report_tells_what_happened_and_no_secret() {
        let mut failed = snapshot(2);
        failed.phase = Phase::Failed;
        failed.problem = Some(Problem::NotFound {
            host: "host".into(),
        });
        failed.url = "https://host/private.bin".into();
        let text = render(&DiagnosticsInput {
            version: "0.1.0".into(),
            system: vec![("system", "linux x86_64".into())],
            settings: "{\n  \"proxy\": \"http://ada:pw@proxy:3128\"\n}".into(),
            list: vec![snapshot(1), failed],
            log: "Thu GMT open_file failed: /home/ada/x is not there\n".into(),
            home: Some("/home/ada".into()),
        });
        let wanted = "Millrace 0.1.0\nsystem: linux x86_64\ndownloads: 1 failed, 1 running \
            (not-found 1)\n\n-- settings\n{\n  \"proxy\": \"http://***@proxy:3128\"\n}\n\n-- log\n\
            Thu GMT open_file failed: ~/x is not there\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn an_empty_list_is_said_to_be_one() {
        assert_eq!(list_summary(&[]), "none");
        assert!(!system(None).is_empty());
    }
}
