//! What Android shows as notices beside that of the work, as values. The shapes are those of `Models.kt`.

use serde::Serialize;

/// A notice of something that has ended. Android only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// A later one with the same number takes its place.
    pub id: i32,
    pub title: String,
    pub text: String,
    /// The name of this kind of notices in the system's settings.
    pub channel: String,
    pub buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Comes back with [`PlatformEvent::Clicked`](crate::PlatformEvent::Clicked).
    pub id: &'static str,
    pub label: String,
}

/// Work that the person has paused from its notice, as it is shown until it is resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rest {
    pub title: String,
    pub text: String,
    /// What the button says.
    pub resume: String,
    /// The name of this kind of notices in the system's settings.
    pub channel: String,
}

/// A moment at which something is to start. What the person reads then if nothing of the app runs that could start it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wake {
    /// In milliseconds since 1970.
    pub at: u64,
    pub title: String,
    pub text: String,
    /// The name of this kind of notices in the system's settings.
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
