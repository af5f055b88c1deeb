//! A failure in one line: what was kept, and what to do next.

use millrace_engine::{Fix, Snapshot};

/// `<problem-code>: <what was kept, what to do>`.
pub(crate) fn failure(snapshot: &Snapshot) -> String {
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
    if snapshot.received == 0 {
        return "nothing was downloaded".into();
    }
    let part = format!("{}.part", snapshot.path().display());
    format!("{} bytes are kept in {part}", snapshot.received)
}
