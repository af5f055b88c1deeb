//! `millrace get URL`: the engine without a window. Exit status 0 when everything completed, 1 when anything failed,
//! 2 for wrong usage.

mod args;
mod cookies;
mod get;
mod manner;
mod netrc;
mod places;
mod show;
mod words;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args::Args {
        command: args::Command::Get(get),
    } = args::Args::parse();
    if let Err(wrong) = get.check() {
        complain(&wrong);
        return ExitCode::from(2);
    }
    // With the limit as it was, fewer downloads can run at once, and those that cannot say so.
    let _limit = millrace_engine::raise_descriptor_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system gives threads at start");
    // As a task, on the threads that bring the news: this one would have to be woken for each.
    let running = runtime.spawn(get::run(get));
    let ended = runtime.block_on(running);
    // What still waits for a disk that does not answer is not waited for.
    runtime.shutdown_background();
    match ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(reason) => {
            complain(&reason);
            ExitCode::from(1)
        }
    }
}

/// One line on stderr. Where even that cannot be written, the exit status speaks.
fn complain(text: &str) {
    let _unheard = writeln!(std::io::stderr(), "millrace: {text}");
}
