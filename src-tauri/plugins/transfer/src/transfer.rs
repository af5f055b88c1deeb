//! One function per command of the platform. Calls block until it has responded: not for async workers.

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

/// Commands of the platform.
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

    /// Calls `told` for every event of the platform, on its threads, the present status first. Only once.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
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

    /// The present state of network and battery.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn status(&self) -> Result<PlatformStatus, Error> {
        self.background("surroundings", &json!({}))
    }

    /// Keeps the process, its network and the CPU awake for this work, and shows it. Called again, updates what is
    /// shown. [`PlatformEvent::TimeUp`] is sent when the system ends it.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn keep_alive(&self, work: &OngoingWork) -> Result<(), Error> {
        self.background::<Value>("hold", work).map(drop)
    }

    /// The work is over: shows nothing, keeps nothing awake.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn release(&self) -> Result<(), Error> {
        self.background::<Value>("release", &json!({})).map(drop)
    }

    /// Offloads ranges to the system, which fetches them while the app is suspended; replaces earlier ones. iOS only:
    /// on Android the app itself stays awake.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn offload(&self, fetches: &[RangeFetch]) -> Result<(), Error> {
        let words = json!({ "fetches": fetches });
        self.background::<Value>("handOver", &words).map(drop)
    }

    /// Shows a finished file, or the apps that can open it. On Android only one in the app's own folder.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn open(&self, path: &str) -> Result<(), Error> {
        self.foreground("open", json!({ "uri": path }))
    }

    /// Shows the share sheet for a finished file; the same files as [`Transfer::open`].
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn share(&self, path: &str) -> Result<(), Error> {
        self.foreground("share", json!({ "uri": path }))
    }

    /// Shows the system's settings for background work of apps. Android only.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn battery_settings(&self) -> Result<(), Error> {
        self.foreground("batterySettings", json!({}))
    }

    /// Whether the user lets the app access the local network, asked for unless they were asked before; `None` where no
    /// permission is needed. Only in the foreground. Android only, as all below.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn local_network(&self) -> Result<Option<bool>, Error> {
        #[derive(Deserialize)]
        struct Permission {
            given: Option<bool>,
        }
        let answer = self.0.foreground("localNetwork", json!({}))?;
        let leave: Permission = serde_json::from_value(answer).map_err(unreadable)?;
        Ok(leave.given)
    }

    /// The public downloads folder below Android 11, if the user lets the app write to it.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn public_folder(&self) -> Result<Option<PathBuf>, Error> {
        self.background("publicFolder", &json!({})).map(folder)
    }

    /// The same, asking the user unless they were asked before. Only in the foreground.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn ask_for_public_folder(&self) -> Result<Option<PathBuf>, Error> {
        let answer = self.0.foreground("askForPublicFolder", json!({}))?;
        serde_json::from_value(answer)
            .map(folder)
            .map_err(unreadable)
    }

    /// Adds a finished file of that folder to the lists of galleries, players and the system.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn scan(&self, path: &str) -> Result<(), Error> {
        let words = json!({ "path": path });
        self.background::<Value>("scan", &words).map(drop)
    }

    /// Shows that this is paused, with a button to resume it; `None` removes the notification.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn rest(&self, rest: Option<&Rest>) -> Result<(), Error> {
        let words = json!({ "rest": rest });
        self.background::<Value>("rest", &words).map(drop)
    }

    /// Sets the time at which the system wakes the app, replacing an earlier one; `None` clears it.
    /// [`PlatformEvent::Due`] is sent when it has come; the notification is shown unless the app is in the foreground
    /// or its work is held.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn wake(&self, wake: Option<&Wake>) -> Result<(), Error> {
        let words = json!({ "wake": wake });
        self.background::<Value>("wake", &words).map(drop)
    }

    /// Shows a notification.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn show(&self, message: &Message) -> Result<(), Error> {
        self.background::<Value>("show", message).map(drop)
    }

    /// The app's own row of this name in the shared list of downloads, pending or not.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn media_find(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaFind", &json!({ "name": name }))
    }

    /// Creates a pending row: a file that only this app sees until it is renamed to a name without `.part`.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn media_create(&self, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaCreate", &json!({ "name": name }))
    }

    /// Renames a row and returns it: the system may choose another name than the requested one.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn media_rename(&self, uri: &str, name: &str) -> Result<Option<MediaRow>, Error> {
        self.row("mediaRename", &json!({ "uri": uri, "name": name }))
    }

    /// Deletes the row and its file.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn media_remove(&self, uri: &str) -> Result<(), Error> {
        let words = json!({ "uri": uri });
        self.row::<MediaRow>("mediaRemove", &words).map(drop)
    }

    /// Whether the user lets us read and write in the folder of this tree URI, also after a restart.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Refused`].
    pub fn document_granted(&self, tree: &str) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Granted {
            granted: bool,
        }
        let answer: Granted = self.background("documentGranted", &json!({ "tree": tree }))?;
        Ok(answer.granted)
    }

    /// The document of this name in a folder. `tree` is the URI of the granted tree, `folder` that of the document in
    /// it.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`] if the grant is gone; [`Error::Refused`].
    pub fn document_find(
        &self,
        tree: &str,
        folder: &str,
        name: &str,
    ) -> Result<Option<Document>, Error> {
        let words = json!({ "tree": tree, "folder": folder, "name": name });
        self.row("documentFind", &words)
    }

    /// Creates a document. The provider may choose another name than the requested one.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn document_create(
        &self,
        tree: &str,
        folder: &str,
        name: &str,
    ) -> Result<Option<Document>, Error> {
        let words = json!({ "tree": tree, "folder": folder, "name": name });
        self.row("documentCreate", &words)
    }

    /// Renames a document and returns it: name and URI may be others than before.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn document_rename(&self, uri: &str, name: &str) -> Result<Option<Document>, Error> {
        self.row("documentRename", &json!({ "uri": uri, "name": name }))
    }

    /// Deletes the document.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
    pub fn document_remove(&self, uri: &str) -> Result<(), Error> {
        let words = json!({ "uri": uri });
        self.row::<Document>("documentRemove", &words).map(drop)
    }

    /// Opens a `content:` URI for reading and writing at any position, without truncating it.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`]; [`Error::Denied`]; [`Error::Refused`].
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
