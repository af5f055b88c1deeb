//! An end in one line: what proved the file; or what was kept, and what to do next.

use millrace_engine::{Fix, Problem, Snapshot};

/// `<path>: verified: <what proved the file>`.
pub(crate) fn proof(snapshot: &Snapshot) -> String {
    let verdict = snapshot.verdict.as_ref().map(ToString::to_string);
    let verdict = verdict.unwrap_or_else(|| "nothing".into());
    format!("{}: verified: {verdict}", snapshot.path().display())
}

/// What a run waits for, where that may take long and needs nobody.
pub(crate) fn waiting(problem: &Problem) -> Option<&'static str> {
    match problem.code() {
        "offline" => Some("no network; waiting for it, what is here is kept"),
        "disk-silent" => Some("the disk does not answer; waiting for it, what is here is kept"),
        _ => None,
    }
}

/// `<problem-code>: <what was kept, what to do>`.
pub(crate) fn failure(snapshot: &Snapshot) -> String {
    if let Some(problem @ Problem::FileExists { path }) = &snapshot.problem {
        let next = "move it away, or name another file with -o, then run the command again";
        let kept = match snapshot.received {
            0 => "nothing was downloaded".into(),
            received => format!("{received} bytes are kept beside it"),
        };
        let what = "is there already and is not replaced";
        return format!(
            "{}: {}: {path} {what}; {kept}; {next}",
            problem.code(),
            snapshot.url
        );
    }
    let code = snapshot
        .problem
        .as_ref()
        .map_or("failed", |problem| problem.code());
    let next = match snapshot.fix {
        Some(Fix::NewLink) => "check the link",
        Some(Fix::FreeSpace) => "free some space, then run the same command again",
        Some(Fix::OtherFolder) => "choose a folder that can be written, with -d",
        Some(Fix::StartOver) => "run the same command again, it starts from the beginning",
        Some(Fix::Retry) | None => "run the same command again, it goes on from there",
    };
    format!("{code}: {}: {}; {next}", snapshot.url, kept(snapshot))
}

fn kept(snapshot: &Snapshot) -> String {
    if let Some(Problem::ChecksumMismatch {
        algorithm,
        header,
        kept,
        ..
    }) = &snapshot.problem
    {
        let who = header.as_ref().map_or_else(
            || "was given".to_owned(),
            |header| format!("the server states in {header}"),
        );
        let fate = kept.as_ref().map_or_else(
            || "the file could not be kept".to_owned(),
            |path| format!("the file is kept as {path}"),
        );
        return format!("its {algorithm} is not the one that {who}; {fate}");
    }
    if snapshot.received == 0 {
        return "nothing was downloaded".into();
    }
    let part = format!("{}.part", snapshot.path().display());
    format!("{} bytes are kept in {part}", snapshot.received)
}
