//! The Tauri plugin, and the [`Platform`] that calls Kotlin and Swift through it.

use serde_json::{Value, json};
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::plugin::{Builder, PluginHandle, TauriPlugin};
use tauri::{Manager, Runtime};

use crate::{Error, Platform, Transfer};

#[cfg(target_os = "android")]
const PACKAGE: &str = "dev.millrace.transfer";

#[cfg(target_os = "ios")]
tauri::ios_plugin_binding!(init_plugin_transfer);

/// The plugin, for the app's builder.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("transfer")
        .setup(|app, api| {
            #[cfg(target_os = "android")]
            let handle = api.register_android_plugin(PACKAGE, "TransferPlugin")?;
            #[cfg(target_os = "ios")]
            let handle = api.register_ios_plugin(init_plugin_transfer)?;
            app.manage(Transfer::new(Plugin(handle)));
            Ok(())
        })
        .build()
}

pub trait TransferExt<R: Runtime> {
    fn transfer(&self) -> &Transfer;
}

impl<R: Runtime, M: Manager<R>> TransferExt<R> for M {
    fn transfer(&self) -> &Transfer {
        self.state::<Transfer>().inner()
    }
}

/// Runs commands through Tauri. On Android this needs an activity.
struct Plugin<R: Runtime>(PluginHandle<R>);

impl<R: Runtime> Platform for Plugin<R> {
    fn answers_while_starting(&self) -> bool {
        // Swift responds on the main queue, whose thread starts the app
        cfg!(target_os = "android")
    }

    #[cfg(target_os = "android")]
    fn background(&self, command: &str, words: Value) -> Result<Value, Error> {
        crate::android::call(command, &words)
    }

    #[cfg(target_os = "ios")]
    fn background(&self, command: &str, words: Value) -> Result<Value, Error> {
        self.foreground(command, words)
    }

    fn foreground(&self, command: &str, words: Value) -> Result<Value, Error> {
        let done = self.0.run_mobile_plugin(command, words);
        done.map_err(|error| Error::Refused(error.to_string()))
    }

    fn listen(&self, told: Box<dyn Fn(&str) + Send + Sync>) -> Result<(), Error> {
        let handler: Channel = Channel::new(move |body| {
            if let InvokeResponseBody::Json(json) = body {
                told(&json);
            }
            Ok(())
        });
        let words = json!({ "handler": handler });
        self.foreground("listen", words).map(drop)
    }
}
