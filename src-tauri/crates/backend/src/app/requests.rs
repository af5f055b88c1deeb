//! Handles requests of the page, the desktop and later starts of the program.

use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::{CommandError, DownloadId};
use tokio::sync::oneshot;

use super::platform_services::{PlatformError, PlatformServices, Question};
use super::{App, TrackedDownload, executable_types};
use crate::folder_grants::Folder;
use crate::i18n::MessageKey;
use crate::notification_permission::NotificationPermission;
use crate::request::{NotificationAction, OpenBy, Reply, Request, RequestError, TrayAction};

impl<S: PlatformServices> App<S> {
    pub(super) async fn handle_request(&mut self, request: Request) {
        match request {
            Request::Links(links) => self.open_links_when_decided(links).await,
            Request::Offered(links) => self.offer(links),
            Request::Paste => {
                self.state.hub.add(Vec::new());
                self.show_window();
            }
            Request::TrayAvailable(there) => self.set_tray_available(there),
            Request::TrayAction(ask) => self.tray_action(ask).await,
            Request::Open(id, reply) => self.open_asking(id, OpenBy::Default, reply).await,
            Request::OpenWith(id, reply) => self.open_asking(id, OpenBy::Choice, reply).await,
            Request::OpenProgram(id, by, reply) => {
                let answer = self.open(id, by).await;
                // the page may be gone by now; the same applies to the replies below
                let _ = reply.send(answer);
            }
            Request::OpenLink(id, reply) => {
                let _ = reply.send(self.open_link(id).await);
            }
            Request::Reveal(id, reply) => {
                let _ = reply.send(self.reveal(id).await);
            }
            Request::DragOut(ids, reply) => self.drag_out(&ids, reply).await,
            Request::Locate(id, reply) => {
                let requests = self.state.requests.clone();
                self.platform.pick_file(Box::new(move |path| {
                    let _ = requests.send(Request::FilePicked(id, path, reply));
                }));
            }
            Request::FilePicked(id, path, reply) => self.locate(id, path, reply),
            Request::RevealLog(reply) => {
                let path = self.state.log.path().to_path_buf();
                let _ = reply.send(
                    self.with_platform(move |platform| platform.reveal(&path))
                        .await,
                );
            }
            Request::PickFolder(reply) => {
                let requests = self.state.requests.clone();
                // the loop continues while the dialog is open
                self.platform.pick_folder(Box::new(move |path| {
                    let _ = requests.send(Request::FolderPicked(path, reply));
                }));
            }
            Request::FolderPicked(path, reply) => {
                let _ = reply.send(Ok(path.map(|path| self.grant_folder(path))));
            }
            Request::NotificationAction(click) => self.notification_action(click).await,
            Request::Remove(ids, leftover, reply) => {
                let _ = reply.send(self.remove(ids, leftover).await);
            }
            Request::Undo(ids, reply) => {
                let _ = reply.send(self.undo(&ids).await);
            }
            Request::Clipboard(reply) => {
                let platform = Arc::clone(&self.platform);
                // the clipboard's owner may be slow to provide the text
                tokio::task::spawn_blocking(move || reply.send(Ok(platform.clipboard())));
            }
            Request::NotificationPermission(reply) => {
                let platform = Arc::clone(&self.platform);
                tokio::task::spawn_blocking(move || {
                    reply.send(Ok(platform.notification_permission()))
                });
            }
            Request::AskNotificationPermission(reply) => {
                let platform = Arc::clone(&self.platform);
                // waits until the user has decided
                tokio::task::spawn_blocking(move || {
                    reply.send(Ok(notification_permission(platform.as_ref())))
                });
            }
            Request::ApproachLocal => self.ask_for_local_network(),
            Request::LocalNetwork(reached) => self.local_network(reached).await,
            Request::AskForPublicFolder => self.ask_for_public_folder(),
            Request::PublicFolder(folder) => self.public_folder(folder).await,
            Request::BatterySettings(reply) => {
                let _ = reply.send(self.with_platform(S::battery_settings).await);
            }
        }
    }

    async fn tray_action(&mut self, ask: TrayAction) {
        let done = match ask {
            TrayAction::Open => {
                self.show_window();
                Ok(())
            }
            TrayAction::PauseAll => self.pause_or_resume_all(true).await,
            TrayAction::ResumeAll => self.pause_or_resume_all(false).await,
            TrayAction::Slow => self.toggle_slow_mode().await,
            TrayAction::Quit => {
                self.platform.quit();
                Ok(())
            }
        };
        if let Err(failure) = done {
            tracing::warn!("{ask:?} failed: {failure}");
            // the window shows the user why
            self.show_window();
        }
    }

    async fn pause_or_resume_all(&self, pause: bool) -> Result<(), RequestError> {
        let engine = self.state.engine.handle()?;
        let done = if pause {
            engine.pause_all().await
        } else {
            engine.resume_all().await
        };
        Ok(done?)
    }

    /// Toggles slow mode; reported like every change of the settings.
    async fn toggle_slow_mode(&self) -> Result<(), RequestError> {
        let settings = Arc::clone(&self.state.settings);
        let change = move || settings.change(None, |settings| settings.slow = !settings.slow);
        tokio::task::spawn_blocking(change).await??;
        Ok(())
    }

    pub(super) fn known(&self, id: DownloadId) -> Result<&TrackedDownload, RequestError> {
        let known = self.tracked.get(&id.0);
        known.ok_or_else(|| CommandError::UnknownDownload(id).into())
    }

    /// Executable files are opened only after the user's confirmation, in a dialog that the page cannot operate.
    async fn open_asking(&self, id: DownloadId, by: OpenBy, reply: Reply<()>) {
        let Some(question) = self.about_program(id) else {
            let _ = reply.send(self.open(id, by).await);
            return;
        };
        let requests = self.state.requests.clone();
        self.platform.confirm(
            question,
            Box::new(move |agreed| {
                let _ = if agreed {
                    requests.send(Request::OpenProgram(id, by, reply)).is_ok()
                } else {
                    // declined by the user: not an error
                    reply.send(Ok(())).is_ok()
                };
            }),
        );
    }

    /// The confirmation for opening this file; `None` unless it is a finished executable.
    fn about_program(&self, id: DownloadId) -> Option<Question> {
        let known = self.known(id).ok().filter(|known| known.opens)?;
        let name = known.path.file_name()?.to_string_lossy();
        if !executable_types::runs(&name) {
            return None;
        }
        let messages = &self.behavior.messages;
        let values = [("name", &*name), ("host", &known.host)];
        Some(Question {
            title: messages.get(MessageKey::ProgramTitle),
            body: messages.format(MessageKey::ProgramBody, &values),
            yes: messages.get(MessageKey::ProgramOpen),
            no: messages.get(MessageKey::ProgramLeave),
        })
    }

    async fn open(&self, id: DownloadId, by: OpenBy) -> Result<(), RequestError> {
        let known = self.known(id)?;
        if !known.opens {
            return Err(CommandError::NotNow(id).into());
        }
        let path = known.path.clone();
        self.still_there(id).await?;
        self.with_platform(move |platform| match by {
            OpenBy::Default => platform.open(&path),
            OpenBy::Choice => platform.open_with(&path),
        })
        .await
    }

    /// Does not wait: the whole file may have to be read.
    fn locate(&self, id: DownloadId, path: Option<PathBuf>, reply: Reply<bool>) {
        let Some(path) = path else {
            let _ = reply.send(Ok(false));
            return;
        };
        let engine = self.state.engine.handle();
        tokio::spawn(async move {
            let located = match engine {
                Ok(engine) => engine.locate(id, path).await,
                Err(stopped) => Err(stopped),
            };
            reply.send(located.map(|()| true).map_err(Into::into))
        });
    }

    /// Fails if the file was moved, deleted or replaced: another file of the same name is not what the user trusts.
    async fn still_there(&self, id: DownloadId) -> Result<(), RequestError> {
        if self.state.engine.handle()?.has_file(id).await? {
            return Ok(());
        }
        Err(RequestError::Replaced)
    }

    async fn open_link(&self, id: DownloadId) -> Result<(), RequestError> {
        let list = self.state.engine.handle()?.list().await?;
        let known = list.into_iter().find(|one| one.id == id);
        let link = known.ok_or(CommandError::UnknownDownload(id))?.url;
        self.with_platform(move |platform| platform.open_link(&link))
            .await
    }

    async fn reveal(&self, id: DownloadId) -> Result<(), RequestError> {
        let known = self.known(id)?;
        let (path, opens) = (known.path.clone(), known.opens);
        if opens {
            self.still_there(id).await?;
        }
        self.with_platform(move |platform| platform.reveal(&path))
            .await
    }

    /// Runs on a blocking thread: the desktop may be slow.
    async fn with_platform(
        &self,
        act: impl FnOnce(&S) -> Result<(), PlatformError> + Send + 'static,
    ) -> Result<(), RequestError> {
        let platform = Arc::clone(&self.platform);
        let done = tokio::task::spawn_blocking(move || act(&platform)).await?;
        done.map_err(platform_error)
    }

    /// All of them or none. The loop continues while they are dragged.
    async fn drag_out(&self, ids: &[DownloadId], reply: Reply<()>) {
        let paths = match self.finished_paths(ids).await {
            Ok(paths) => paths,
            Err(error) => {
                let _ = reply.send(Err(error));
                return;
            }
        };
        let platform = Arc::clone(&self.platform);
        tokio::task::spawn_blocking(move || {
            reply.send(platform.drag_out(paths).map_err(platform_error))
        });
    }

    async fn finished_paths(&self, ids: &[DownloadId]) -> Result<Vec<PathBuf>, RequestError> {
        let mut paths = Vec::with_capacity(ids.len());
        for &id in ids {
            let known = self.known(id)?;
            if !known.opens {
                return Err(CommandError::NotNow(id).into());
            }
            self.still_there(id).await?;
            paths.push(known.path.clone());
        }
        Ok(paths)
    }

    fn grant_folder(&self, path: PathBuf) -> Folder {
        let (folder, stored) = self.state.folders.grant(path);
        if let Err(error) = stored {
            tracing::warn!("the chosen folder is used, but not stored: {error}");
        }
        folder
    }

    async fn notification_action(&mut self, click: NotificationAction) {
        let done = match click {
            NotificationAction::Open(id) if self.about_program(id).is_some() => {
                return self.open_clicked(id).await;
            }
            NotificationAction::Open(id) => self.open(id, OpenBy::Default).await,
            NotificationAction::Reveal(id) => self.reveal(id).await,
            NotificationAction::Retry(id) => self.retry(id).await,
            NotificationAction::Show(about) => {
                if let Some(id) = about {
                    self.state.hub.open(id.0);
                }
                self.show_window();
                Ok(())
            }
        };
        if let Err(failure) = done {
            tracing::warn!("{click:?} failed: {failure}");
            // the window shows the user why
            self.show_window();
        }
    }

    /// Does not wait: the loop continues while the user is asked.
    async fn open_clicked(&self, id: DownloadId) {
        let (reply, answer) = oneshot::channel();
        self.open_asking(id, OpenBy::Default, reply).await;
        let requests = self.state.requests.clone();
        tokio::spawn(async move {
            if let Ok(Err(failure)) = answer.await {
                tracing::warn!("not opened: {failure}");
                // the window shows the user why
                let _ = requests.send(Request::NotificationAction(NotificationAction::Show(Some(
                    id,
                ))));
            }
        });
    }

    async fn retry(&self, id: DownloadId) -> Result<(), RequestError> {
        Ok(self.state.engine.handle()?.retry(id).await?)
    }
}

fn platform_error(error: PlatformError) -> RequestError {
    match error {
        PlatformError::Missing => RequestError::Missing,
        PlatformError::Refused(why) => RequestError::Refused(why),
    }
}

/// Asks only a user who has not decided yet: some systems ask only once, and a refusal is final.
fn notification_permission(platform: &impl PlatformServices) -> NotificationPermission {
    match platform.notification_permission() {
        NotificationPermission::NotAsked => platform.request_notification_permission(),
        decided @ (NotificationPermission::Given | NotificationPermission::Refused) => decided,
    }
}
