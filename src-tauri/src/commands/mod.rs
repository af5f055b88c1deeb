//! One function per command: converts the arguments, forwards them, and returns the reply. Decides nothing.

pub(crate) mod add;
mod channel_sink;
pub(crate) mod control;
pub(crate) mod desktop;
pub(crate) mod list;
pub(crate) mod mobile;
pub(crate) mod settings;
pub(crate) mod subscribe;
#[cfg(test)]
mod tests;

use millrace_backend::app_state::AppState;
use millrace_backend::ipc::IpcError;
use millrace_backend::request::Request;
use specta::{Types, datatype::DataType, function::FunctionArg};
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tokio::sync::oneshot;

type CommandResult<T> = Result<T, IpcError>;

/// The label of the calling window. Cannot be chosen by the page.
pub(crate) struct Caller(String);

impl<'de, R: Runtime> CommandArg<'de, R> for Caller {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Ok(Self(command.message.webview_ref().label().to_owned()))
    }
}

impl FunctionArg for Caller {
    fn to_datatype(_types: &mut Types) -> Option<DataType> {
        // not an argument of the page
        None
    }
}

/// Writes a failure to the app's log, and passes the result on.
fn log_failure<T>(state: &AppState, command: &str, answer: CommandResult<T>) -> CommandResult<T> {
    if let Err(failure) = &answer {
        state.log.write(&format!("{command} failed: {failure}"));
    }
    answer
}

/// Sends a request to the app's loop, and waits for the reply.
async fn request<T>(
    state: &AppState,
    request: impl FnOnce(oneshot::Sender<CommandResult<T>>) -> Request,
) -> CommandResult<T> {
    let (reply, answer) = oneshot::channel();
    state
        .requests
        .send(request(reply))
        .map_err(|_| IpcError::stopped())?;
    answer.await.map_err(|_| IpcError::stopped())?
}
