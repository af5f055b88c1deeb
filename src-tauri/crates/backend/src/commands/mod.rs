//! The bodies of the commands, one function each: converts the arguments, forwards them, and returns the reply. Decides
//! nothing. What needs a window, a dialog or a phone has its body where these are; [`COMMANDS`] names all.

pub mod add;
pub mod control;
pub mod files;
pub mod history;
pub mod list;
pub mod list_file;
pub mod options;
pub mod preview;
pub mod settings;
pub mod subscribe;
mod table;
#[cfg(test)]
mod tests;

use millrace_engine::CommandError;
use tokio::sync::oneshot;

pub use self::table::{Body, COMMANDS, Command};
use crate::app_state::AppState;
use crate::ipc::IpcError;
use crate::request::{Reply, Request};

pub type CommandResult<T> = Result<T, IpcError>;

/// Writes a failure to the app's log, and passes the result on.
fn log_failure<T>(command: &str, answer: Result<T, impl Into<IpcError>>) -> CommandResult<T> {
    let answer = answer.map_err(Into::into);
    if let Err(failure) = &answer {
        tracing::warn!("{command} failed: {failure}");
    }
    answer
}

/// Sends a request to the app's loop, waits for the reply, and logs a failure of `command`.
///
/// # Errors
///
/// `stopped` when the loop has ended, otherwise what it replies.
pub async fn request<T>(
    state: &AppState,
    command: &str,
    request: impl FnOnce(Reply<T>) -> Request,
) -> CommandResult<T> {
    let (reply, answer) = oneshot::channel();
    let sent = state.requests.send(request(reply));
    let answer = match sent {
        Ok(()) => answer.await.unwrap_or(Err(CommandError::Stopped.into())),
        Err(_) => Err(CommandError::Stopped.into()),
    };
    log_failure(command, answer)
}
