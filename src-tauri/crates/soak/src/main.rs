//! Soak test: a server with random faults, and an engine that is randomly paused, controlled and killed, from one seed,
//! for any duration. In the end every file must be right and nothing left over.
//!
//! Two roles in one program: the driver (with the server inside), and the engine's process that it kills.

mod body;
mod check;
mod child;
mod content;
mod control_messages;
mod disk;
mod driver;
mod engine;
mod kill_rounds;
mod ledger;
mod paced;
mod request;
mod rng;
mod server;
mod server_model;
mod soak_run;
mod unread;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use millrace_engine::unix_now;

#[derive(Debug, Parser)]
#[command(
    about = "Random faults, pauses and kills; in the end every file must be right and nothing left over"
)]
struct Args {
    /// How long the faults go on.
    #[arg(long, default_value_t = 30.0)]
    minutes: f64,
    /// What all chance comes from; without one, a new one is made and printed.
    #[arg(long)]
    seed: Option<u64>,
    /// How often a download is killed again and again, before the faults.
    #[arg(long, default_value_t = 20)]
    kill_rounds: u64,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// The process with the engine; for the driver only.
    #[command(hide = true)]
    Engine { home: PathBuf },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system gives threads at start");
    let result = match args.role {
        Some(Role::Engine { home }) => runtime.block_on(engine::run(&home)),
        None => {
            let seed = args.seed.unwrap_or_else(|| unix_now() / 1000);
            let minutes = Duration::from_secs_f64(args.minutes * 60.0);
            say(&format!("soak: seed {seed}, {:.1} minutes", args.minutes));
            let result = runtime.block_on(async {
                kill_rounds::run(seed, args.kill_rounds).await?;
                driver::run(seed, minutes).await
            });
            result.map_err(|wrong| format!("seed {seed}: {wrong}"))
        }
    };
    // Does not wait for calls that are blocked by an unresponsive disk.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            say(&format!("soak failed: {wrong}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line on stderr; in the engine's role, standard output is for its replies.
fn say(text: &str) {
    let _unheard = writeln!(std::io::stderr(), "{text}");
}
