//! Why a command failed, in a form that the page can act on.

use millrace_engine::{CommandError, ParseChecksumError, Problem};
use serde::Serialize;

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
    NotStored,
    Stopped,
    /// Another document of this window has attached since, or the session was closed.
    StaleSession,
    TooMany,
    UnknownFolder,
    /// `message` begins with the setting's name.
    BadSetting,
    NoSuchFile,
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
    /// What is wrong with the link, for `bad-link`.
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

    pub fn stale_session() -> Self {
        Self::new(
            IpcErrorCode::StaleSession,
            "this session is closed; attach again",
        )
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
            CommandError::Stopped => (IpcErrorCode::Stopped, None),
        };
        Self {
            code,
            problem,
            message,
        }
    }
}

impl From<ParseChecksumError> for IpcError {
    fn from(error: ParseChecksumError) -> Self {
        Self::new(IpcErrorCode::BadChecksum, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
