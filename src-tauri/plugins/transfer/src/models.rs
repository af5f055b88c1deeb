//! What is said across the border, as values. The shapes are those of `Models.kt` and `Models.swift`.

use serde::{Deserialize, Serialize};

/// Work that is going on, as the person sees it while the app is away.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OngoingWork {
    pub title: String,
    /// Below the title: how fast, how long.
    pub text: String,
    /// From 0 to 1; none while nobody knows.
    pub fraction: Option<f64>,
    /// Bytes of it that are here.
    pub received: u64,
    /// Bytes that are expected to come, for a system that plans with them.
    pub expected: Option<u64>,
    /// What the buttons say, in the person's language.
    pub pause: String,
    pub cancel: String,
    /// The name of this kind of notices in the system's settings.
    pub channel: String,
    pub needs: Needs,
    /// All of it waits for such a network: nothing is kept awake, and the system starts it when there is one.
    pub waits: bool,
}

/// The least that a network has to be for work, from the least on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Needs {
    #[default]
    Any,
    NotRoaming,
    NotMetered,
}

/// How the network and the battery are. What the platform does not say is `None`.
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

/// What a button of the notice of the work asks for, or of the one after Pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkAction {
    Pause,
    Resume,
    Cancel,
}

/// How links come from another app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// The person shared a text with this app: they want what it links to.
    Shared,
    /// Something was opened with this app, by the person, a page or an app: who wrote the link is not known.
    Opened,
}

/// A link that another app hands in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Link {
    pub url: String,
    /// What the file is to be called, as that app says.
    pub name: Option<String>,
    /// What that app would send along with the request.
    pub headers: Vec<(String, String)>,
}

/// What the platform tells by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "camelCase")]
pub enum PlatformEvent {
    #[serde(rename = "surroundings")]
    PlatformStatus(PlatformStatus),
    #[serde(rename = "intent")]
    WorkAction(WorkAction),
    /// Another app hands in these links.
    Links { how: How, links: Vec<Link> },
    /// The person asked, outside the app, to add what the clipboard holds.
    Paste,
    /// The app is no longer seen; it may be frozen at any moment unless work is held. On iOS told only when nothing keeps it
    /// awake, and once more when it was woken up for what the system has fetched and all of that was told.
    Away,
    /// The app is seen again. `work_ended` when the system had ended the held work meanwhile.
    #[serde(rename_all = "camelCase")]
    Back { work_ended: bool },
    /// The system gives the work no more time: it ends now, in order, and may be held again when the app is seen.
    TimeUp,
    /// The held work is over for now because the person stopped it in the system, or for want of a network: the system itself
    /// had nothing against it. It may be held again when the app is seen.
    Stopped,
    #[serde(rename = "fetched")]
    RangeFetched(RangeFetched),
    /// The moment of a [`Wake`](crate::Wake) has come, while this process is there. Android only.
    Due,
    /// A button of a [`Message`](crate::Message) was pressed; an empty one is the message itself.
    Clicked { id: i32, button: String },
}

/// A range that the system fetches while the app sleeps, into a file of its own. See `ios/Sources/BackgroundDownloads.swift`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeFetch {
    /// Comes back with what was fetched.
    pub token: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// The first byte of the range and the one after its last; none to the end.
    pub from: u64,
    pub to: Option<u64>,
    /// Not over networks that cost by the byte.
    pub unmetered_only: bool,
}

/// A fetch that the system did by itself has ended. What the server said is to be checked like any answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RangeFetched {
    pub token: String,
    /// Where its bytes are, for whoever takes them; none when it brought nothing.
    pub file: Option<String>,
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

/// A file in Android's shared list of downloads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MediaRow {
    pub uri: String,
    /// What it is really called.
    pub name: String,
    /// In bytes, as they are on disk.
    pub length: u64,
}

/// A file behind one of Android's document providers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Document {
    pub uri: String,
    pub name: String,
    /// In bytes; 0 where the provider does not say it.
    pub length: u64,
    /// When it was last changed, in milliseconds since 1970; none where the provider does not say it.
    pub modified: Option<u64>,
    pub folder: bool,
}

/// Reads one message of the platform; `None` when it is not one of ours.
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
                // Swift leaves out what there is not
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
            // both ways to say nothing
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
