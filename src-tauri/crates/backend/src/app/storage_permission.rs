//! The public folder, in which files stay when the app is removed. Android before 11 requires the user's permission for
//! it: they are asked before the first download of a run, and links that need no other confirmation wait for their
//! decision.

use std::path::PathBuf;
use std::sync::Arc;

use super::App;
use super::platform_services::PlatformServices;
use crate::request::Request;

/// State of the permission in this run.
#[derive(Debug, Default)]
pub(super) enum Permission {
    #[default]
    NotAsked,
    /// The links that wait for the decision.
    Asking(Vec<String>),
    Decided,
}

impl<S: PlatformServices> App<S> {
    /// Opens links of the user; they wait while the user is being asked about the public folder.
    pub(super) async fn open_links_when_decided(&mut self, links: Vec<String>) {
        self.ask_for_public_folder();
        match &mut self.leave {
            Permission::Asking(waiting) => waiting.extend(links),
            Permission::NotAsked | Permission::Decided => self.open_links(links).await,
        }
    }

    /// Once per run, and only while there is a window to ask in.
    pub(super) fn ask_for_public_folder(&mut self) {
        let asks = matches!(self.leave, Permission::NotAsked) && self.state.folders.are_private();
        if !asks || !self.platform.has_window() {
            return;
        }
        self.leave = Permission::Asking(Vec::new());
        let (platform, requests) = (Arc::clone(&self.platform), self.state.requests.clone());
        // waits until the user has decided
        tokio::task::spawn_blocking(move || {
            let _ = requests.send(Request::PublicFolder(platform.ask_for_public_folder()));
        });
    }

    /// Applies the user's decision: the folder, or `None`.
    pub(super) async fn public_folder(&mut self, folder: Option<PathBuf>) {
        if let Some(folder) = folder {
            self.state.folders.go_public(folder);
            let settings = Arc::clone(&self.state.settings);
            // its label is part of the settings
            let renamed = tokio::task::spawn_blocking(move || settings.change(None, |_| ())).await;
            if !matches!(renamed, Ok(Ok(_))) {
                tracing::warn!("the folder for downloads has changed, and is not shown yet");
            }
        }
        if let Permission::Asking(links) = std::mem::replace(&mut self.leave, Permission::Decided)
            && !links.is_empty()
        {
            self.open_links(links).await;
        }
    }
}
