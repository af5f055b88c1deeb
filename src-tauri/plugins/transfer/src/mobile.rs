//! Speaks with the Kotlin or Swift side. Calls block until the platform has answered: not for async workers.

use serde::{Serialize, de::DeserializeOwned};
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::plugin::{Builder, PluginHandle, TauriPlugin};
use tauri::{Manager, Runtime};

#[cfg(target_os = "ios")]
use crate::Fetch;
#[cfg(target_os = "android")]
use crate::MediaRow;
use crate::words::heard;
use crate::{Error, Heard, Surroundings, Work};

#[cfg(target_os = "android")]
const PACKAGE: &str = "dev.millrace.transfer";

#[cfg(target_os = "ios")]
tauri::ios_plugin_binding!(init_plugin_transfer);

/// The plugin, to be given to the app's builder.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("transfer")
        .setup(|app, api| {
            #[cfg(target_os = "android")]
            let handle = api.register_android_plugin(PACKAGE, "TransferPlugin")?;
            #[cfg(target_os = "ios")]
            let handle = api.register_ios_plugin(init_plugin_transfer)?;
            app.manage(Transfer(handle));
            Ok(())
        })
        .build()
}

/// What the platform does for us.
#[derive(Debug, Clone)]
pub struct Transfer<R: Runtime>(PluginHandle<R>);

pub trait TransferExt<R: Runtime> {
    fn transfer(&self) -> &Transfer<R>;
}

impl<R: Runtime, M: Manager<R>> TransferExt<R> for M {
    fn transfer(&self) -> &Transfer<R> {
        self.state::<Transfer<R>>().inner()
    }
}

#[derive(Serialize)]
struct Listen {
    handler: Channel,
}

#[derive(Serialize)]
struct Nothing {}

impl<R: Runtime> Transfer<R> {
    /// Calls `told` for everything that the platform tells, from its threads: surroundings first. Once.
    pub fn listen(&self, told: impl Fn(Heard) + Send + Sync + 'static) -> Result<(), Error> {
        let handler = Channel::new(move |body| {
            if let InvokeResponseBody::Json(json) = body
                && let Some(heard) = heard(&json)
            {
                told(heard);
            }
            Ok(())
        });
        self.call("listen", Listen { handler })
    }

    /// How the network and the battery are now.
    pub fn surroundings(&self) -> Result<Surroundings, Error> {
        self.call("surroundings", Nothing {})
    }

    /// Keeps the process, its network and the processor awake for this work and shows it. Called again, shows how far it
    /// has come. [`Heard::TimeUp`] says when the system ends it.
    pub fn hold(&self, work: &Work) -> Result<(), Error> {
        self.call("hold", work)
    }

    /// The work is over: nothing is shown, nothing kept awake.
    pub fn release(&self) -> Result<(), Error> {
        self.call("release", Nothing {})
    }

    /// Gives ranges to the system, which fetches them while the app sleeps; earlier ones are forgotten. iOS only: on
    /// Android the app itself stays awake.
    #[cfg(target_os = "ios")]
    pub fn hand_over(&self, fetches: &[Fetch]) -> Result<(), Error> {
        #[derive(Serialize)]
        struct HandOver<'a> {
            fetches: &'a [Fetch],
        }
        self.call("handOver", HandOver { fetches })
    }

    /// Shows a finished file, or what other apps do with it. On Android only one of the app's own folder.
    pub fn open(&self, path: &str) -> Result<(), Error> {
        self.call("open", Place { uri: path })
    }

    /// Shows the sheet from which a finished file goes to other apps and people; the same files.
    pub fn share(&self, path: &str) -> Result<(), Error> {
        self.call("share", Place { uri: path })
    }

    /// Shows where the person lets apps work in the background.
    #[cfg(target_os = "android")]
    pub fn battery_settings(&self) -> Result<(), Error> {
        self.call("batterySettings", Nothing {})
    }

    /// The app's own row of that name in the shared list of downloads, pending or not.
    #[cfg(target_os = "android")]
    pub fn media_find(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.media("mediaFind", name, "")
    }

    /// A new pending row: a file that only this app sees until it is renamed to a name without `.part`.
    #[cfg(target_os = "android")]
    pub fn media_create(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.media("mediaCreate", name, "")
    }

    /// What it is now: the system may give another name than the one asked for.
    #[cfg(target_os = "android")]
    pub fn media_rename(&self, uri: &str, name: &str) -> Result<Option<MediaRow>, Error> {
        self.media("mediaRename", name, uri)
    }

    #[cfg(target_os = "android")]
    pub fn media_remove(&self, uri: &str) -> Result<(), Error> {
        self.media("mediaRemove", "", uri).map(drop)
    }

    #[cfg(target_os = "android")]
    fn media(&self, command: &str, name: &str, uri: &str) -> Result<Option<MediaRow>, Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            name: &'a str,
            uri: &'a str,
        }
        #[derive(serde::Deserialize)]
        struct Found {
            row: Option<MediaRow>,
        }
        let found: Found = self.call(command, Row { name, uri })?;
        Ok(found.row)
    }

    fn call<T: DeserializeOwned>(&self, command: &str, words: impl Serialize) -> Result<T, Error> {
        Ok(self.0.run_mobile_plugin(command, words)?)
    }
}

#[derive(Serialize)]
struct Place<'a> {
    uri: &'a str,
}
