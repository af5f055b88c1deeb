//! `millrace get URL`: the engine without a window. Exit status 0 when everything completed, 1 when anything failed,
//! 2 for wrong usage.

mod args;
mod byte_size;
mod causes;
mod cookies;
#[cfg(test)]
mod docs_tests;
mod entry_options;
mod get;
mod link_list;
#[cfg(test)]
mod manual;
mod messages;
mod mirrors;
mod netrc;
mod new_downloads;
mod output;
mod output_path;
mod password;
mod paths;
mod request_options;
mod secret_options;
mod signals;
mod stream_output;
mod text;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Why a run did not start or could not continue.
#[derive(Debug)]
pub(crate) enum RunError {
    /// Wrong usage: exit status 2.
    Usage(String),
    /// Exit status 1.
    Failed(String),
}

impl From<String> for RunError {
    fn from(reason: String) -> Self {
        Self::Failed(reason)
    }
}

fn main() -> ExitCode {
    let args::Args {
        command: args::Command::Get(mut get),
    } = args::Args::parse();
    let ready = get.check().map_err(RunError::Usage);
    if let Err(error) = ready.and_then(|()| password::complete(&mut get)) {
        return ended_by(error);
    }
    // If it cannot be raised, fewer downloads can run in parallel, and those that cannot report it.
    let _limit = millrace_engine::raise_descriptor_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system gives threads at start");
    // As a task, on the threads that receive the updates: the main thread would have to be woken for each.
    let running = runtime.spawn(get::run(get));
    let ended = runtime.block_on(running);
    // Does not wait for calls that are blocked by an unresponsive disk.
    runtime.shutdown_background();
    match ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => ended_by(error),
    }
}

fn ended_by(error: RunError) -> ExitCode {
    let (reason, status) = match error {
        RunError::Usage(reason) => (reason, 2),
        RunError::Failed(reason) => (reason, 1),
    };
    print_error(&reason);
    ExitCode::from(status)
}

/// Prints a line on stderr. If even that fails, only the exit status remains.
fn print_error(text: &str) {
    let _unheard = writeln!(std::io::stderr(), "millrace: {text}");
}
