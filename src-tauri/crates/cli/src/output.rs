//! Output of a run: progress bars on a terminal, events as JSON lines, a line for each file, or nothing.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::Path;

use indicatif::{DecimalBytes, MultiProgress, ProgressBar, ProgressStyle};
use millrace_engine::{DownloadId, Phase, Problem, Snapshot, unix_now};
use millrace_protocol::EventTracker;
use serde_json::json;

use crate::messages;

pub(crate) enum Output {
    Bars(MultiProgress, HashMap<DownloadId, ProgressBar>),
    Json(HashMap<DownloadId, EventTracker>),
    /// Not a terminal: prints only what verified each file.
    Lines,
    Nothing,
}

impl Output {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        if json {
            Self::Json(HashMap::new())
        } else if quiet {
            Self::Nothing
        } else if !std::io::stderr().is_terminal() {
            Self::Lines
        } else {
            Self::Bars(MultiProgress::new(), HashMap::new())
        }
    }

    /// Shows a change. An error means that the reader of standard output is gone.
    pub(crate) fn on_snapshot(&mut self, snapshot: &Snapshot) -> std::io::Result<()> {
        match self {
            Self::Lines | Self::Nothing => Ok(()),
            Self::Json(trackers) => {
                let now = unix_now();
                let tracker = trackers.entry(snapshot.id).or_default();
                let mut out = std::io::stdout().lock();
                for event in tracker.update(snapshot, now) {
                    serde_json::to_writer(&mut out, &event)?;
                    out.write_all(b"\n")?;
                }
                out.flush()
            }
            Self::Bars(all, bars) => {
                let bar = bars.entry(snapshot.id).or_insert_with(|| all.add(bar()));
                update_bar(bar, snapshot);
                Ok(())
            }
        }
    }

    /// Prints a line without disturbing the bars.
    pub(crate) fn line(&self, text: &str) {
        match self {
            Self::Bars(all, _) => all.suspend(|| crate::print_error(text)),
            Self::Json(_) | Self::Lines | Self::Nothing => crate::print_error(text),
        }
    }

    /// Reports a file that an earlier run has downloaded. An error means that the reader of standard output is gone.
    pub(crate) fn already_here(&self, url: &str, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Json(_) => {
                let data = json!({ "url": url, "path": path.to_string_lossy() });
                let event = json!({ "event": "alreadyHere", "data": data });
                let mut out = std::io::stdout().lock();
                writeln!(out, "{event}")?;
                out.flush()
            }
            Self::Bars(..) | Self::Lines | Self::Nothing => {
                self.verified(&messages::already_here(path));
                Ok(())
            }
        }
    }

    /// Prints what verified a file, unless the output is JSON or off.
    pub(crate) fn verified(&self, text: &str) {
        match self {
            Self::Bars(..) | Self::Lines => self.line(text),
            Self::Json(_) | Self::Nothing => {}
        }
    }
}

/// The name takes what is left of the line, so that narrow terminals still show the speed.
const SIZED: &str =
    "{wide_msg} {percent:>3}% [{bar:10}] {decimal_bytes:>9}/{decimal_total_bytes:9} {prefix:24}";
/// Without a known size there is no percentage.
const UNSIZED: &str = "{wide_msg} {decimal_bytes:>9} {prefix:24}";

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).expect("the template is sound");
    style.progress_chars("=> ")
}

fn bar() -> ProgressBar {
    ProgressBar::no_length().with_style(style(UNSIZED))
}

fn update_bar(bar: &ProgressBar, snapshot: &Snapshot) {
    bar.set_message(snapshot.name.clone());
    match (bar.length(), snapshot.total) {
        (None, Some(total)) => {
            bar.set_style(style(SIZED));
            bar.set_length(total);
        }
        (Some(_), Some(total)) => bar.set_length(total),
        (Some(_), None) => {
            bar.set_style(style(UNSIZED));
            bar.unset_length();
        }
        (None, None) => {}
    }
    bar.set_position(snapshot.received);
    let speed = format!("{}/s", DecimalBytes(snapshot.speed));
    match snapshot.phase {
        Phase::Done => {
            bar.set_prefix("done");
            bar.finish();
        }
        Phase::Failed => {
            bar.set_prefix("failed");
            bar.abandon();
        }
        Phase::Running => bar.set_prefix(match snapshot.eta.filter(|seconds| *seconds > 0) {
            Some(seconds) => {
                let span = messages::duration(seconds.saturating_mul(1000));
                format!("{speed}, {span} left")
            }
            None => speed,
        }),
        Phase::Waiting => bar.set_prefix(match snapshot.problem {
            Some(Problem::Offline { .. }) => "waiting for a network",
            Some(_) | None => "waiting to retry",
        }),
        Phase::Queued | Phase::Probing | Phase::Stopping | Phase::Finishing | Phase::Paused => {
            bar.set_prefix("");
        }
    }
}
