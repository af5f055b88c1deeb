//! Data types of commands and events. The shapes are those of `Models.kt` and `Models.swift`.

use serde::{Deserialize, Serialize};

/// Work in progress, as shown to the user while the app is in the background.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OngoingWork {
    pub title: String,
    /// Second line: speed and remaining time.
    pub text: String,
    /// From 0 to 1; `None` if unknown.
    pub fraction: Option<f64>,
    /// Bytes received.
    pub received: u64,
    /// Bytes still expected, for a system that schedules by them.
    pub expected: Option<u64>,
    /// Labels of the buttons, in the user's language.
    pub pause: String,
    pub cancel: String,
    /// Name of the notification channel in the system's settings.
    pub channel: String,
    pub needs: Needs,
    /// All of it waits for a network that meets `needs`: nothing is kept awake, and the system starts the work when
    /// there is one.
    pub waits: bool,
}

/// Minimum requirement on the network, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Needs {
    #[default]
    Any,
    NotRoaming,
    NotMetered,
}

/// State of network and battery. `None`: not reported by the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlatformStatus {
    pub connected: Option<bool>,
    pub metered: Option<bool>,
    pub roaming: Option<bool>,
    pub vpn: Option<bool>,
    pub charging: Option<bool>,
    /// Per cent.
    pub battery: Option<u8>,
}

/// A button of the progress notification, or of the one shown after Pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkAction {
    Pause,
    Resume,
    Cancel,
}

/// How links arrive from another app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// The user shared a text with this app: the links in it are intended.
    Shared,
    /// Opened with this app, by the user, a page or another app: the author of the link is unknown.
    Opened,
}

/// A link handed over by another app.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Link {
    pub url: String,
    /// File name, as suggested by that app.
    pub name: Option<String>,
    /// Request headers that that app would send.
    pub headers: Vec<(String, String)>,
}

/// Events of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "camelCase")]
pub enum PlatformEvent {
    #[serde(rename = "surroundings")]
    PlatformStatus(PlatformStatus),
    #[serde(rename = "intent")]
    WorkAction(WorkAction),
    /// Another app hands over these links.
    Links { how: How, links: Vec<Link> },
    /// The user asked, outside the app, to add what the clipboard holds.
    Paste,
    /// The app is in the background; it may be frozen at any time unless work is held. On iOS sent only when nothing
    /// keeps the app awake, and once more after it was woken up for background fetches and all of those were reported.
    Away,
    /// The app is in the foreground again. `work_ended`: the system ended the held work meanwhile.
    #[serde(rename_all = "camelCase")]
    Back { work_ended: bool },
    /// The system grants no more time: the work must end now, in order. It may be held again when the app is in the
    /// foreground.
    TimeUp,
    /// The held work is over for now because the user stopped it in the system, or because there is no network; the
    /// system itself did not object. It may be held again when the app is in the foreground.
    Stopped,
    #[serde(rename = "fetched")]
    RangeFetched(RangeFetched),
    /// The time of a [`Wake`](crate::Wake) has come while this process runs. Android only.
    Due,
    /// A button of a [`Message`](crate::Message) was pressed; empty for the message itself.
    Clicked { id: i32, button: String },
}

/// A range that the system fetches into a file of its own while the app is suspended. See
/// `ios/Sources/BackgroundDownloads.swift`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeFetch {
    /// Returned with the result.
    pub token: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// First byte of the range, and one past its last; `None` to the end.
    pub from: u64,
    pub to: Option<u64>,
    /// Not over metered networks.
    pub unmetered_only: bool,
}

/// Result of a background fetch. The response must be checked like any other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RangeFetched {
    pub token: String,
    /// File with its bytes, owned by the receiver; `None` if nothing was fetched.
    pub file: Option<String>,
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

/// A file in Android's shared list of downloads (MediaStore).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MediaRow {
    pub uri: String,
    /// Actual name.
    pub name: String,
    /// Bytes on disk.
    pub length: u64,
}

/// A file behind one of Android's document providers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Document {
    pub uri: String,
    pub name: String,
    /// In bytes; 0 if the provider does not report it.
    pub length: u64,
    /// Time of the last modification in milliseconds since 1970; `None` if the provider does not report it.
    pub modified: Option<u64>,
    pub folder: bool,
}

/// Parses an event of the platform; `None` if it is not one of ours.
pub fn parse_event(json: &str) -> Option<PlatformEvent> {
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_platform_tells_is_read_as_it_is_written() {
        // as `Models.kt` and `Models.swift` write them; their tests have the same texts
        for (json, expected) in [
            (
                r#"{"event":"surroundings","data":{"metered":true,"battery":80}}"#,
                PlatformEvent::PlatformStatus(PlatformStatus {
                    metered: Some(true),
                    battery: Some(80),
                    ..PlatformStatus::default()
                }),
            ),
            (
                r#"{"event":"intent","data":"pause"}"#,
                PlatformEvent::WorkAction(WorkAction::Pause),
            ),
            (
                r#"{"event":"intent","data":"resume"}"#,
                PlatformEvent::WorkAction(WorkAction::Resume),
            ),
            (
                concat!(
                    r#"{"event":"links","data":{"how":"shared","links":[{"url":"https://example.org/a","#,
                    r#""name":null,"headers":[["Referer","https://example.org/"]]}]}}"#
                ),
                PlatformEvent::Links {
                    how: How::Shared,
                    links: vec![Link {
                        url: "https://example.org/a".into(),
                        name: None,
                        headers: vec![("Referer".into(), "https://example.org/".into())],
                    }],
                },
            ),
            (r#"{"event":"paste","data":null}"#, PlatformEvent::Paste),
            (
                // Swift omits absent values
                r#"{"event":"links","data":{"how":"opened","links":[{"url":"https://a/","headers":[]}]}}"#,
                PlatformEvent::Links {
                    how: How::Opened,
                    links: vec![Link {
                        url: "https://a/".into(),
                        name: None,
                        headers: Vec::new(),
                    }],
                },
            ),
            (r#"{"event":"away"}"#, PlatformEvent::Away),
            (
                r#"{"event":"back","data":{"workEnded":true}}"#,
                PlatformEvent::Back { work_ended: true },
            ),
            (r#"{"event":"timeUp"}"#, PlatformEvent::TimeUp),
            (r#"{"event":"stopped"}"#, PlatformEvent::Stopped),
            (r#"{"event":"due","data":null}"#, PlatformEvent::Due),
            (
                r#"{"event":"clicked","data":{"id":7,"button":"open"}}"#,
                PlatformEvent::Clicked {
                    id: 7,
                    button: "open".into(),
                },
            ),
            (
                r#"{"event":"fetched","data":{"token":"7","file":null,"status":0,"headers":[]}}"#,
                PlatformEvent::RangeFetched(RangeFetched {
                    token: "7".into(),
                    file: None,
                    status: 0,
                    headers: Vec::new(),
                }),
            ),
            // both forms of no data
            (r#"{"event":"away","data":null}"#, PlatformEvent::Away),
        ] {
            assert_eq!(parse_event(json), Some(expected), "{json}");
        }
        assert_eq!(parse_event(r#"{"event":"else"}"#), None);
    }

    #[test]
    fn a_fetch_is_written_as_swift_reads_it() {
        let fetch = RangeFetch {
            token: "7-0-300-1000".into(),
            url: "https://example.org/a".into(),
            headers: vec![("user-agent".into(), "Millrace".into())],
            from: 300,
            to: Some(1_000),
            unmetered_only: true,
        };
        let json = serde_json::json!({
            "token": "7-0-300-1000",
            "url": "https://example.org/a",
            "headers": [["user-agent", "Millrace"]],
            "from": 300,
            "to": 1_000,
            "unmeteredOnly": true,
        });
        assert_eq!(serde_json::to_value(fetch).expect("it is plain"), json);
    }

    #[test]
    fn work_is_camel_case_and_an_unknown_fraction_is_null() {
        let work = OngoingWork {
            title: "a.bin".into(),
            text: String::new(),
            fraction: None,
            received: 0,
            expected: None,
            pause: "Pause".into(),
            cancel: "Cancel".into(),
            channel: "Downloads".into(),
            needs: Needs::NotMetered,
            waits: true,
        };
        let json = serde_json::to_value(work).expect("it is plain");
        assert_eq!(
            (&json["needs"], &json["waits"]),
            (&"notMetered".into(), &true.into())
        );
        assert!(json["fraction"].is_null());
        assert_eq!(json["channel"], "Downloads");
    }
}
