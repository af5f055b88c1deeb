//! One function per intent of the person: take the wire type apart, pass it on, answer. No decisions.

pub(crate) mod add;
pub(crate) mod control;
pub(crate) mod desktop;
pub(crate) mod list;
pub(crate) mod mobile;
pub(crate) mod settings;
pub(crate) mod subscribe;
#[cfg(test)]
mod tests;

use specta::{Types, datatype::DataType, function::FunctionArg};
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tokio::sync::oneshot;

use crate::app::Request;
use crate::app_state::AppState;
use crate::ipc::IpcError;

type CommandResult<T> = Result<T, IpcError>;

/// The label of the window that calls. The page cannot choose it.
pub(crate) struct Caller(String);

impl<'de, R: Runtime> CommandArg<'de, R> for Caller {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Ok(Self(command.message.webview_ref().label().to_owned()))
    }
}

impl FunctionArg for Caller {
    fn to_datatype(_types: &mut Types) -> Option<DataType> {
        // not sent by the page
        None
    }
}

/// Writes a failure to the app's log on its way to the page.
fn log_failure<T>(state: &AppState, command: &str, answer: CommandResult<T>) -> CommandResult<T> {
    if let Err(failure) = &answer {
        state.log.write(&format!("{command} failed: {failure}"));
    }
    answer
}

/// Has the app's loop do something, and waits for its answer.
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
