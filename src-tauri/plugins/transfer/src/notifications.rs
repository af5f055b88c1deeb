//! Android's notifications beside the progress notification, as data types. The shapes are those of `Models.kt`.

use serde::Serialize;

/// Notification of something that has ended. Android only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// A later one with the same id replaces it.
    pub id: i32,
    pub title: String,
    pub text: String,
    /// Name of the notification channel in the system's settings.
    pub channel: String,
    pub buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Returned with [`PlatformEvent::Clicked`](crate::PlatformEvent::Clicked).
    pub id: &'static str,
    pub label: String,
}

/// Notification of work that the user paused from the progress notification, shown until it is resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rest {
    pub title: String,
    pub text: String,
    /// Label of the button.
    pub resume: String,
    /// Name of the notification channel in the system's settings.
    pub channel: String,
}

/// Time at which something is to start, and the text to show if no process of the app runs then that could start it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wake {
    /// In milliseconds since 1970.
    pub at: u64,
    pub title: String,
    pub text: String,
    /// Name of the notification channel in the system's settings.
    pub channel: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rests_is_written_as_kotlin_reads_it() {
        let rest = Rest {
            title: "Paused".into(),
            text: "a.bin".into(),
            resume: "Resume".into(),
            channel: "Downloads".into(),
        };
        // `ModelsTest.kt` has the same text
        let json = r#"{"title":"Paused","text":"a.bin","resume":"Resume","channel":"Downloads"}"#;
        assert_eq!(serde_json::to_string(&rest).expect("it is plain"), json);
    }

    #[test]
    fn a_moment_is_written_as_kotlin_reads_it() {
        let wake = Wake {
            at: 1_796_000_000_000,
            title: "2 downloads are to start now".into(),
            text: "Tap to start.".into(),
            channel: "Downloads".into(),
        };
        // `AlarmTest.kt` has the same text
        let json = concat!(
            r#"{"at":1796000000000,"title":"2 downloads are to start now","text":"Tap to start.","#,
            r#""channel":"Downloads"}"#
        );
        assert_eq!(serde_json::to_string(&wake).expect("it is plain"), json);
    }
}
