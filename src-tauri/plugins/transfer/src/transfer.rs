//! One function for each command of the platform. Calls block until it has answered: not for async workers.

use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::models::parse_event;
use crate::{
    Document, Error, MediaRow, Message, OngoingWork, Platform, PlatformEvent, PlatformStatus,
    RangeFetch, Rest, Wake,
};

/// What the platform does for us.
#[derive(Clone)]
pub struct Transfer(Arc<dyn Platform>);

impl std::fmt::Debug for Transfer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transfer").finish_non_exhaustive()
    }
}

impl Transfer {
    pub fn new(platform: impl Platform) -> Self {
        Self(Arc::new(platform))
    }

    /// Whether commands may be called on the thread that starts the app; see [`Platform::answers_while_starting`].
    pub fn answers_while_starting(&self) -> bool {
        self.0.answers_while_starting()
    }

    /// Calls `told` for everything that the platform tells, from its threads: surroundings first. Once.
    pub fn listen(
        &self,
        told: impl Fn(PlatformEvent) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.0.listen(Box::new(move |json| {
            if let Some(heard) = parse_event(json) {
                told(heard);
            }
        }))
    }

    /// How the network and the battery are now.
    pub fn status(&self) -> Result<PlatformStatus, Error> {
        self.background("surroundings", &json!({}))
    }

    /// Keeps the process, its network and the processor awake for this work and shows it. Called again, shows how far it
    /// has come. [`PlatformEvent::TimeUp`] says when the system ends it.
    pub fn keep_alive(&self, work: &OngoingWork) -> Result<(), Error> {
        self.background::<Value>("hold", work).map(drop)
    }

    /// The work is over: nothing is shown, nothing kept awake.
    pub fn release(&self) -> Result<(), Error> {
        self.background::<Value>("release", &json!({})).map(drop)
    }

    /// Gives ranges to the system, which fetches them while the app sleeps; earlier ones are forgotten. iOS only: on
    /// Android the app itself stays awake.
    pub fn offload(&self, fetches: &[RangeFetch]) -> Result<(), Error> {
        let words = json!({ "fetches": fetches });
        self.background::<Value>("handOver", &words).map(drop)
    }

    /// Shows a finished file, or what other apps do with it. On Android only one of the app's own folder.
    pub fn open(&self, path: &str) -> Result<(), Error> {
        self.foreground("open", json!({ "uri": path }))
    }

    /// Shows the sheet from which a finished file goes to other apps and people; the same files.
    pub fn share(&self, path: &str) -> Result<(), Error> {
        self.foreground("share", json!({ "uri": path }))
    }

    /// Shows where the person lets apps work in the background. Android only.
    pub fn battery_settings(&self) -> Result<(), Error> {
        self.foreground("batterySettings", json!({}))
    }

    /// Whether the person lets the app reach the local network, asked for if nobody has been; none where no leave is wanted.
    /// Only while the app is seen. Android only, as all below.
    pub fn local_network(&self) -> Result<Option<bool>, Error> {
        #[derive(Deserialize)]
        struct Permission {
            given: Option<bool>,
        }
        let answer = self.0.foreground("localNetwork", json!({}))?;
        let leave: Permission = serde_json::from_value(answer).map_err(unreadable)?;
        Ok(leave.given)
    }

    /// The public folder of downloads below Android 11, if the person lets the app write in it.
    pub fn public_folder(&self) -> Result<Option<PathBuf>, Error> {
        self.background("publicFolder", &json!({})).map(folder)
    }

    /// The same, asking them if nobody has. Only while the app is seen.
    pub fn ask_for_public_folder(&self) -> Result<Option<PathBuf>, Error> {
        let answer = self.0.foreground("askForPublicFolder", json!({}))?;
        serde_json::from_value(answer)
            .map(folder)
            .map_err(unreadable)
    }

    /// Brings a finished file of that folder into the lists of galleries, players and the system.
    pub fn scan(&self, path: &str) -> Result<(), Error> {
        let words = json!({ "path": path });
        self.background::<Value>("scan", &words).map(drop)
    }

    /// Shows that this is paused, with a button to resume it; none: nothing is any more.
    pub fn rest(&self, rest: Option<&Rest>) -> Result<(), Error> {
        let words = json!({ "rest": rest });
        self.background::<Value>("rest", &words).map(drop)
    }

    /// Has the system wake the app at that moment, in the place of an earlier one; none: at no moment. [`PlatformEvent::Due`] says
    /// that it has come; what the wake says is shown unless the app is seen or its work is held.
    pub fn wake(&self, wake: Option<&Wake>) -> Result<(), Error> {
        let words = json!({ "wake": wake });
        self.background::<Value>("wake", &words).map(drop)
    }

    /// Shows a notice.
    pub fn show(&self, message: &Message) -> Result<(), Error> {
        self.background::<Value>("show", message).map(drop)
    }

    /// The app's own row of that name in the shared list of downloads, pending or not.
    pub fn media_find(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaFind", &json!({ "name": name }))
    }

    /// A new pending row: a file that only this app sees until it is renamed to a name without `.part`.
    pub fn media_create(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaCreate", &json!({ "name": name }))
    }

    /// What it is now: the system may give another name than the one asked for.
    pub fn media_rename(&self, uri: &str, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaRename", &json!({ "uri": uri, "name": name }))
    }

    pub fn media_remove(&self, uri: &str) -> Result<(), Error> {
        let words = json!({ "uri": uri });
        self.row::<MediaRow>("mediaRemove", &words).map(drop)
    }

    /// Whether the person lets us read and write in the folder of that tree URI, also after a restart.
    pub fn document_granted(&self, tree: &str) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Granted {
            granted: bool,
        }
        let answer: Granted = self.background("documentGranted", &json!({ "tree": tree }))?;
        Ok(answer.granted)
    }

    /// The document of that name in a folder. `tree` is the URI of the granted tree, `folder` that of the document in it.
    pub fn document_find(
        &self,
        tree: &str,
        folder: &str,
        name: &str,
    ) -> Result<Option<Document>, Error> {
        let words = json!({ "tree": tree, "folder": folder, "name": name });
        self.row("documentFind", &words)
    }

    /// A new document. The provider may name it otherwise than asked for.
    pub fn document_create(
        &self,
        tree: &str,
        folder: &str,
        name: &str,
    ) -> Result<Option<Document>, Error> {
        let words = json!({ "tree": tree, "folder": folder, "name": name });
        self.row("documentCreate", &words)
    }

    /// What it is now: name and URI may be others than before.
    pub fn document_rename(&self, uri: &str, name: &str) -> Result<Option<Document>, Error> {
        self.row("documentRename", &json!({ "uri": uri, "name": name }))
    }

    pub fn document_remove(&self, uri: &str) -> Result<(), Error> {
        let words = json!({ "uri": uri });
        self.row::<Document>("documentRemove", &words).map(drop)
    }

    /// Opens what a `content:` URI names for reading and writing at any position; nothing is cut off.
    #[cfg(target_os = "android")]
    pub fn open_content(&self, uri: &str) -> Result<std::fs::File, Error> {
        #[derive(Deserialize)]
        struct Opened {
            fd: std::os::fd::RawFd,
        }
        let opened: Opened = self.background("openContent", &json!({ "uri": uri }))?;
        Ok(crate::android::file(opened.fd))
    }

    fn row<T: DeserializeOwned>(
        &self,
        command: &str,
        words: &impl Serialize,
    ) -> Result<Option<T>, Error> {
        #[derive(Deserialize)]
        struct Found<T> {
            row: Option<T>,
        }
        let found: Found<T> = self.background(command, words)?;
        Ok(found.row)
    }

    fn background<T: DeserializeOwned>(
        &self,
        command: &str,
        words: &impl Serialize,
    ) -> Result<T, Error> {
        let words = serde_json::to_value(words).map_err(unreadable)?;
        let answer = self.0.background(command, words)?;
        serde_json::from_value(answer).map_err(unreadable)
    }

    fn foreground(&self, command: &str, words: Value) -> Result<(), Error> {
        self.0.foreground(command, words).map(drop)
    }
}

#[derive(Deserialize)]
struct PublicFolder {
    folder: Option<PathBuf>,
}

fn folder(found: PublicFolder) -> Option<PathBuf> {
    found.folder
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Refused(error.to_string())
}
