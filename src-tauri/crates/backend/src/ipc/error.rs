//! Why a command failed, in a form that the page can act on.

use millrace_engine::{CommandError, ParseChecksumError, Problem};
use serde::Serialize;

use crate::folder_grants::FolderError;
use crate::hub::HubError;
use crate::request::RequestError;
use crate::settings::SettingsError;
use crate::subfolder::SubfolderError;

/// Stable codes; never renamed or reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum IpcErrorCode {
    UnknownDownload,
    NotNow,
    BadLink,
    BadChecksum,
    BadHeader,
    /// Nothing can be taken of a file; `message` says why.
    BadFile,
    NotStored,
    Stopped,
    /// Another document of this window has attached since, or the session was closed.
    StaleSession,
    TooMany,
    UnknownFolder,
    /// `message` begins with the setting's name.
    BadSetting,
    NoSuchFile,
    /// This system takes no such name for a file.
    BadName,
    /// The chosen file is not the one that was downloaded.
    OtherFile,
    /// The file is where it was, with the name that it had; `problem` says why.
    NotMoved,
    /// The file is as it was, and nothing is known of it now; `problem` says why.
    NotVerified,
    /// The desktop refused; `message` says what.
    System,
}

/// Nothing has changed when a command fails like this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct IpcError {
    pub code: IpcErrorCode,
    /// What is wrong with the link, for `bad-link`; with the disk, for `not-moved`; with the
    /// disk or the server, for `not-verified`.
    pub problem: Option<Box<Problem>>,
    /// For the log; the page has its own words.
    pub message: String,
}

impl IpcError {
    pub fn new(code: IpcErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            problem: None,
            message: message.into(),
        }
    }

    pub fn stopped() -> Self {
        CommandError::Stopped.into()
    }
}

impl From<CommandError> for IpcError {
    fn from(error: CommandError) -> Self {
        let message = error.to_string();
        let (code, problem) = match error {
            CommandError::UnknownDownload(_) => (IpcErrorCode::UnknownDownload, None),
            CommandError::NotNow(_) => (IpcErrorCode::NotNow, None),
            CommandError::InvalidUrl(problem) => (IpcErrorCode::BadLink, Some(Box::new(problem))),
            CommandError::BadHeader(_) => (IpcErrorCode::BadHeader, None),
            CommandError::NotStored(_) => (IpcErrorCode::NotStored, None),
            CommandError::BadName(_) => (IpcErrorCode::BadName, None),
            CommandError::FileMissing(_) => (IpcErrorCode::NoSuchFile, None),
            CommandError::OtherFile(_) => (IpcErrorCode::OtherFile, None),
            CommandError::Relocation(problem) => (IpcErrorCode::NotMoved, Some(Box::new(problem))),
            CommandError::Verification(problem) => {
                (IpcErrorCode::NotVerified, Some(Box::new(problem)))
            }
            CommandError::Stopped => (IpcErrorCode::Stopped, None),
        };
        Self {
            code,
            problem,
            message,
        }
    }
}

impl From<FolderError> for IpcError {
    fn from(error: FolderError) -> Self {
        let code = match error {
            FolderError::Unknown => IpcErrorCode::UnknownFolder,
        };
        Self::new(code, error.to_string())
    }
}

impl From<SubfolderError> for IpcError {
    fn from(error: SubfolderError) -> Self {
        let code = match error {
            SubfolderError::BadName(_) => IpcErrorCode::BadName,
            SubfolderError::NotMade(..) => IpcErrorCode::System,
        };
        Self::new(code, error.to_string())
    }
}

impl From<SettingsError> for IpcError {
    fn from(error: SettingsError) -> Self {
        let code = match &error {
            SettingsError::Invalid { .. } => IpcErrorCode::BadSetting,
            SettingsError::Folder(error) => return Self::from(*error),
            SettingsError::NotStored(_) => IpcErrorCode::System,
        };
        Self::new(code, error.to_string())
    }
}

impl From<HubError> for IpcError {
    fn from(error: HubError) -> Self {
        let code = match error {
            HubError::Stopped => IpcErrorCode::Stopped,
            HubError::UnknownDownload(_) => IpcErrorCode::UnknownDownload,
            HubError::StaleSession => IpcErrorCode::StaleSession,
            HubError::TooManyAttaches | HubError::TooManySessions => IpcErrorCode::TooMany,
        };
        Self::new(code, error.to_string())
    }
}

impl From<RequestError> for IpcError {
    fn from(error: RequestError) -> Self {
        let code = match error {
            RequestError::Engine(error) => return error.into(),
            RequestError::Hub(error) => return error.into(),
            RequestError::Folder(error) => return error.into(),
            RequestError::Settings(error) => return error.into(),
            RequestError::Missing | RequestError::Replaced => IpcErrorCode::NoSuchFile,
            RequestError::Refused(_) | RequestError::Broken(_) => IpcErrorCode::System,
        };
        Self::new(code, error.to_string())
    }
}

impl From<ParseChecksumError> for IpcError {
    fn from(error: ParseChecksumError) -> Self {
        Self::new(IpcErrorCode::BadChecksum, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use millrace_engine::DownloadId;

    use super::*;

    #[test]
    fn what_each_part_refuses_has_its_code_and_keeps_its_words() {
        let invalid = |name, why: &str| {
            let why = why.to_owned();
            SettingsError::Invalid { name, why }
        };
        let disk = || std::io::Error::other("no space");
        let unknown = || HubError::UnknownDownload(DownloadId(7));
        let table = [
            (IpcError::stopped(), "stopped", "the engine has stopped"),
            (
                HubError::Stopped.into(),
                "stopped",
                "the engine has stopped",
            ),
            (
                unknown().into(),
                "unknown-download",
                "no download has the number 7; the list is unchanged",
            ),
            (
                CommandError::UnknownDownload(DownloadId(7)).into(),
                "unknown-download",
                "no download has the number 7; the list is unchanged",
            ),
            (
                HubError::StaleSession.into(),
                "stale-session",
                "this session is closed; attach again",
            ),
            (
                HubError::TooManyAttaches.into(),
                "too-many",
                "this page attaches too often; wait a second",
            ),
            (
                HubError::TooManySessions.into(),
                "too-many",
                "too many windows watch the list; close one",
            ),
            (
                FolderError::Unknown.into(),
                "unknown-folder",
                "this folder is not known any more; choose it again",
            ),
            (
                SettingsError::from(FolderError::Unknown).into(),
                "unknown-folder",
                "this folder is not known any more; choose it again",
            ),
            (
                invalid("limit", "is null or at least 1").into(),
                "bad-setting",
                "limit is null or at least 1; nothing was changed",
            ),
            (
                SettingsError::NotStored(disk()).into(),
                "system",
                "the settings could not be stored, and are as they were: no space",
            ),
            (
                RequestError::from(unknown()).into(),
                "unknown-download",
                "no download has the number 7; the list is unchanged",
            ),
            (
                RequestError::Missing.into(),
                "no-such-file",
                "the file is not there any more; it was moved or deleted",
            ),
            (
                RequestError::Replaced.into(),
                "no-such-file",
                "the file is not there any more; it was moved, deleted or replaced",
            ),
            (RequestError::Refused("why".into()).into(), "system", "why"),
        ];
        for (error, code, message) in table {
            let told: IpcError = error;
            assert_eq!(serde_json::to_value(told.code).unwrap(), code);
            assert_eq!((told.message.as_str(), &told.problem), (message, &None));
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_has_a_code_of_its_own() {
        let full = Problem::DiskFull {
            folder: "/f".into(),
            needed: Some(7),
        };
        let bad = millrace_engine::check_file_name("").unwrap_err();
        for (error, code, problem) in [
            (CommandError::BadName(bad), "bad-name", None),
            (
                CommandError::FileMissing(DownloadId(7)),
                "no-such-file",
                None,
            ),
            (CommandError::OtherFile(DownloadId(7)), "other-file", None),
            (
                CommandError::Relocation(full.clone()),
                "not-moved",
                Some(full.clone()),
            ),
            (
                CommandError::Verification(full.clone()),
                "not-verified",
                Some(full),
            ),
        ] {
            let told = IpcError::from(error);
            assert_eq!(serde_json::to_value(told.code).unwrap(), code);
            assert_eq!(told.problem.as_deref(), problem.as_ref());
        }
    }

    #[test]
    fn a_bad_link_says_what_is_wrong_with_it() {
        let error = CommandError::InvalidUrl(Problem::UnsupportedScheme {
            scheme: "ftp".into(),
        });
        let failure = serde_json::to_value(IpcError::from(error)).unwrap();
        assert_eq!(failure["code"], "bad-link");
        assert_eq!(failure["problem"]["code"], "unsupported-scheme");
        assert_eq!(failure["problem"]["scheme"], "ftp");
    }
}
