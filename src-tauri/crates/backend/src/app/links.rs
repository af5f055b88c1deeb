//! Links that arrive from outside the window: offered to the user, or added.

use millrace_engine::{CommandError, NewDownload, file_name_for};

use super::deep_link::Refusal;
use super::notifications::Outcome;
use super::platform_services::PlatformServices;
use super::{App, deep_link};
use crate::request::RequestError;
use crate::rules::{Rule, host_of};
use crate::view::Offered;

impl<S: PlatformServices> App<S> {
    /// Links from another app are only offered: they start nothing, in whichever way they came.
    pub(super) fn offer(&mut self, links: Vec<Offered>) {
        let mut offered: Vec<Offered> = Vec::new();
        for link in links {
            match deep_link::offered(link.clone()) {
                Ok(links) => offered.extend(links),
                Err(refusal) => self.refuse(link.url, refusal),
            }
        }
        let first = offered.first().map(|one| one.url.clone());
        let first = first.unwrap_or_default();
        match deep_link::bounded(offered) {
            Ok(links) => self.state.hub.add(links),
            // each rejected link has been reported
            Err(Refusal::Empty) => {}
            Err(refusal) => self.refuse(first, refusal),
        }
        self.show_window();
    }

    fn refuse(&mut self, link: String, refusal: Refusal) {
        tracing::info!("link refused: {refusal:?}");
        let why = self.behavior.messages.get(refusal.text());
        self.notify(Outcome::Refused { link, why });
    }

    /// Links of a command line come from the user and are added; those inside a deep link may come from anybody and
    /// are offered.
    pub(super) async fn open_links(&mut self, links: Vec<String>) {
        let (ours, plain): (Vec<String>, Vec<String>) = links
            .into_iter()
            .partition(|link| deep_link::is_deep_link(link));
        for link in ours {
            match deep_link::parse(&link) {
                Ok(links) => self
                    .state
                    .hub
                    .add(links.into_iter().map(Offered::from).collect()),
                Err(refusal) => self.refuse(link, refusal),
            }
        }
        self.show_window();
        self.add(plain).await;
    }

    /// Adds the links one by one: an invalid one does not prevent the others.
    async fn add(&mut self, links: Vec<String>) {
        for link in links {
            if let Err(failure) = self.add_one(link.clone()).await {
                tracing::warn!("link not added: {failure}");
                let why = if let RequestError::Engine(CommandError::InvalidUrl(problem)) = &failure
                {
                    self.behavior.messages.problem(problem)
                } else {
                    failure.to_string()
                };
                self.notify(Outcome::Refused { link, why });
            }
        }
    }

    async fn add_one(&self, url: String) -> Result<(), RequestError> {
        let settings = self.state.settings.now();
        let (name, host) = (file_name_for(&url, None), host_of(&url));
        let folder = settings.folder_for(&name, &host);
        let rule = Rule::find(&settings.rules, &name, &host);
        let mut new = NewDownload {
            folder: self.state.folders.resolve(&folder.id)?,
            url,
            ..NewDownload::default()
        };
        if let Some(rule) = rule {
            rule.apply(&mut new);
        }
        self.state.engine.handle()?.add(new).await?;
        Ok(())
    }
}
