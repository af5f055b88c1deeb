//! A change of one option of an existing download, and which of them it allows now. Values only.

use super::checksum::Checksum;
use super::credentials::Credentials;
use super::download::{AllowedActions, DownloadId, UnixMillis};
use super::proxy::ProxyChoice;
use super::queue_key::Priority;

/// The new value of one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionChange {
    /// The file's name; `None` for the server's.
    Name(Option<String>),
    /// Bytes per second; `None` for no limit of its own.
    Limit(Option<u64>),
    /// Maximum number of connections; `None` for the engine's default.
    Connections(Option<u32>),
    Priority(Priority),
    /// Pauses it until then; starts it when that time has passed; `None`: stays paused without a time.
    StartAt(Option<UnixMillis>),
    UnmeteredOnly(bool),
    Headers(Vec<(String, String)>),
    Credentials(Option<Credentials>),
    /// `None` for the engine's proxy.
    Proxy(Option<ProxyChoice>),
    /// The expected digest of the file.
    Checksum(Option<Checksum>),
}

/// Changes of one download; options without a change stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsPatch {
    pub id: DownloadId,
    pub changes: Vec<OptionChange>,
}

/// The options of one download that can be changed after it was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOptions {
    pub id: DownloadId,
    /// As the user gave it.
    pub name: Option<String>,
    pub limit: Option<u64>,
    pub connections: Option<u32>,
    pub priority: Priority,
    pub start_at: Option<UnixMillis>,
    pub unmetered_only: bool,
    pub headers: Vec<(String, String)>,
    pub credentials: Option<Credentials>,
    pub proxy: Option<ProxyChoice>,
    pub checksum: Option<Checksum>,
}

impl OptionChange {
    /// Whether a download that allows these actions takes this change.
    pub(crate) fn is_allowed(&self, allows: AllowedActions) -> bool {
        match self {
            Self::Name(_) => allows.set_name,
            Self::Limit(_) | Self::Connections(_) | Self::Priority(_) | Self::UnmeteredOnly(_) => {
                allows.set_options
            }
            Self::StartAt(_) => allows.set_start,
            Self::Headers(_) | Self::Credentials(_) | Self::Proxy(_) | Self::Checksum(_) => {
                allows.set_request
            }
        }
    }

    /// Whether a running attempt has to begin its requests anew to follow it.
    pub(crate) fn needs_new_requests(&self) -> bool {
        match self {
            Self::Headers(_) | Self::Credentials(_) | Self::Proxy(_) | Self::Checksum(_) => true,
            Self::Name(_)
            | Self::Limit(_)
            | Self::Connections(_)
            | Self::Priority(_)
            | Self::StartAt(_)
            | Self::UnmeteredOnly(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_changed_only_where_that_is_allowed() {
        use OptionChange as C;
        let none = AllowedActions::default();
        let options = AllowedActions {
            set_options: true,
            ..none
        };
        let request = AllowedActions {
            set_request: true,
            ..none
        };
        let start = AllowedActions {
            set_start: true,
            ..none
        };
        let name = AllowedActions {
            set_name: true,
            ..none
        };
        let all = [options, request, start, name];
        for (change, allowed) in [
            (C::Name(None), name),
            (C::Limit(None), options),
            (C::Connections(None), options),
            (C::Priority(Priority::High), options),
            (C::UnmeteredOnly(true), options),
            (C::StartAt(None), start),
            (C::Headers(Vec::new()), request),
            (C::Credentials(None), request),
            (C::Proxy(None), request),
            (C::Checksum(None), request),
        ] {
            assert!(!change.is_allowed(none), "{change:?}");
            for one in all {
                assert_eq!(change.is_allowed(one), one == allowed, "{change:?}");
            }
            assert_eq!(change.needs_new_requests(), allowed == request);
        }
    }
}
