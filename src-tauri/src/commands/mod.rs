//! One function per command, for Tauri: names its arguments, and calls its body, which is in the backend. The bodies of
//! those that need the window, a dialog or a phone ask the app's loop here.

pub(crate) mod add;
mod channel_sink;
pub(crate) mod control;
pub(crate) mod desktop;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod list_file;
pub(crate) mod mobile;
pub(crate) mod options;
pub(crate) mod preview;
pub(crate) mod settings;
pub(crate) mod subscribe;
#[cfg(test)]
mod tests;

use specta::{Types, datatype::DataType, function::FunctionArg};
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};

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
