//! Texts shown outside the page (notifications, tray), in the user's language. The texts are those of the page in
//! `src/messages/`, compiled in. Pure.

use std::collections::BTreeMap;

use millrace_engine::Problem;
use serde_json::Value;

use crate::settings::Settings;

/// A message of `src/messages/notifications/`. Comments name its placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKey {
    Open,
    PauseAll,
    ResumeAll,
    Slow,
    Quit,
    Idle,
    /// With `count` and `speed`.
    Active,
    Awake,
    Finished,
    /// With `why`.
    Stopped,
    /// With `why`.
    Refused,
    Kept,
    /// With `count`, as the following up to `ManyKept`.
    Many,
    ManyFinished,
    ManyStopped,
    ManyRefused,
    ManyKept,
    ActionOpen,
    ActionReveal,
    ActionRetry,
    ProgramTitle,
    /// With `name` and `host`.
    ProgramBody,
    ProgramOpen,
    ProgramLeave,
    LinkUnknown,
    LinkEmpty,
    LinkScheme,
    LinkLong,
    /// A button of the phone's notification of the work, as the next one.
    WorkPause,
    WorkCancel,
    /// Title of the notification after Pause; the next one is its button.
    WorkPaused,
    WorkResume,
    /// Title of the notification of a scheduled start; the next one with `count`.
    Due,
    ManyDue,
    DueTap,
    /// Name of the channel of these notifications.
    WorkChannel,
    /// Name of the channel of notifications about ended downloads.
    DoneChannel,
    WaitsNetwork,
    WaitsUnmetered,
    WaitsRoaming,
    ListTitle,
    /// With `place`, as the following two; `ListSome` with `count` too.
    ListEmpty,
    ListOne,
    ListSome,
    SettingsTitle,
    /// With `place`.
    SettingsAside,
}

impl MessageKey {
    fn key(self) -> &'static str {
        match self {
            Self::Open => "desktop_open",
            Self::PauseAll => "desktop_pause_all",
            Self::ResumeAll => "desktop_resume_all",
            Self::Slow => "desktop_slow",
            Self::Quit => "desktop_quit",
            Self::Idle => "desktop_idle",
            Self::Active => "desktop_active",
            Self::Awake => "desktop_awake",
            Self::Finished => "desktop_finished",
            Self::Stopped => "desktop_stopped",
            Self::Refused => "desktop_refused",
            Self::Kept => "desktop_kept",
            Self::Many => "desktop_many",
            Self::ManyFinished => "desktop_many_finished",
            Self::ManyStopped => "desktop_many_stopped",
            Self::ManyRefused => "desktop_many_refused",
            Self::ManyKept => "desktop_many_kept",
            Self::ActionOpen => "desktop_action_open",
            Self::ActionReveal => "desktop_action_reveal",
            Self::ActionRetry => "desktop_action_retry",
            Self::ProgramTitle => "desktop_program_title",
            Self::ProgramBody => "desktop_program_body",
            Self::ProgramOpen => "desktop_program_open",
            Self::ProgramLeave => "desktop_program_leave",
            Self::LinkUnknown => "desktop_link_unknown",
            Self::LinkEmpty => "desktop_link_empty",
            Self::LinkScheme => "desktop_link_scheme",
            Self::LinkLong => "desktop_link_long",
            Self::WorkPause => "desktop_work_pause",
            Self::WorkCancel => "desktop_work_cancel",
            Self::WorkPaused => "desktop_work_paused",
            Self::WorkResume => "desktop_work_resume",
            Self::Due => "desktop_due",
            Self::ManyDue => "desktop_many_due",
            Self::DueTap => "desktop_due_tap",
            Self::WorkChannel => "desktop_work_channel",
            Self::DoneChannel => "desktop_done_channel",
            Self::WaitsNetwork => "problems_waits_network",
            Self::WaitsUnmetered => "problems_waits_unmetered",
            Self::WaitsRoaming => "problems_waits_roaming",
            Self::ListTitle => "desktop_list_title",
            Self::ListEmpty => "desktop_list_empty",
            Self::ListOne => "desktop_list_one",
            Self::ListSome => "desktop_list_some",
            Self::SettingsTitle => "desktop_settings_title",
            Self::SettingsAside => "desktop_settings_aside",
        }
    }
}

/// A supported language with its texts.
#[derive(Debug)]
struct Locale {
    tag: &'static str,
    texts: [&'static str; 2],
}

/// The first one is the fallback.
const LOCALES: [Locale; 3] = [
    Locale {
        tag: "en",
        texts: [
            include_str!("../../../../../src/messages/notifications/en.json"),
            include_str!("../../../../../src/messages/problems/en.json"),
        ],
    },
    Locale {
        tag: "de",
        texts: [
            include_str!("../../../../../src/messages/notifications/de.json"),
            include_str!("../../../../../src/messages/problems/de.json"),
        ],
    },
    Locale {
        tag: "zh",
        texts: [
            include_str!("../../../../../src/messages/notifications/zh.json"),
            include_str!("../../../../../src/messages/problems/zh.json"),
        ],
    },
];

/// The texts of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    tag: &'static str,
    texts: BTreeMap<String, String>,
}

impl Messages {
    /// In the language of the settings, otherwise in the preferred one of the system.
    pub fn for_settings(settings: &Settings, system: &[String]) -> Self {
        let chosen = settings.language.map(|language| language.tag());
        let system = system.iter().map(String::as_str);
        Self::for_locales(chosen.into_iter().chain(system))
    }

    /// In the first supported one of these languages (`de`, `de-AT`, `de_AT.UTF-8`), otherwise in English.
    pub fn for_locales<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |tag: &str| {
            let language = tag.split(['-', '_', '.']).next().unwrap_or_default();
            let mut known = LOCALES.iter();
            known.find(|one| one.tag.eq_ignore_ascii_case(language))
        };
        let language = wanted.into_iter().find_map(known);
        let language = language.unwrap_or(&LOCALES[0]);
        let files = language.texts.iter();
        let parsed = files.filter_map(|text| serde_json::from_str(text).ok());
        let texts = parsed.flat_map(|file: BTreeMap<String, Value>| file);
        Self {
            tag: language.tag,
            // texts with plural forms are used only by the page
            texts: texts
                .filter_map(|(key, text)| Some((key, text.as_str()?.to_owned())))
                .collect(),
        }
    }

    pub fn get(&self, text: MessageKey) -> String {
        self.format(text, &[])
    }

    /// The text with each `{name}` replaced by its value.
    pub fn format(&self, text: MessageKey, values: &[(&str, &str)]) -> String {
        let text = self.texts.get(text.key()).cloned().unwrap_or_default();
        values.iter().fold(text, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// The page's text of a problem; where that has values not available here, the code as words.
    pub fn problem(&self, problem: &Problem) -> String {
        let code = problem.code();
        let key = format!("problems_{}_what", code.replace('-', "_"));
        let fields = serde_json::to_value(problem).unwrap_or_default();
        let text = self.texts.get(&key).cloned().unwrap_or_default();
        let values = fields.as_object().into_iter().flatten();
        let text = values.fold(text, |text, (name, value)| {
            let value = match value {
                Value::String(value) => value.clone(),
                Value::Number(value) => value.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return text,
            };
            text.replace(&format!("{{{name}}}"), &value)
        });
        if text.is_empty() || text.contains('{') {
            code.replace('-', " ")
        } else {
            text
        }
    }

    /// Bytes per second with three digits, in decimal units as everywhere in the app: `0 B/s`, `1.24 MB/s`.
    pub fn speed(&self, rate: u64) -> String {
        const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
        if rate < 1_000 {
            return format!("{rate} B/s");
        }
        // in thousandths of a unit, to avoid floats
        let (mut thousandths, mut unit) = (rate, 0);
        while thousandths >= 999_500 && unit + 1 < UNITS.len() {
            thousandths /= 1_000;
            unit += 1;
        }
        let digits: u32 = match thousandths {
            0..9_995 => 2,
            9_995..99_950 => 1,
            99_950.. => 0,
        };
        let step = 10_u64.pow(3 - digits);
        let rounded = (thousandths + step / 2) / step;
        let (whole, rest) = (rounded / 10_u64.pow(digits), rounded % 10_u64.pow(digits));
        let point = if self.tag == "de" { ',' } else { '.' };
        let unit = UNITS[unit];
        match digits {
            0 => format!("{whole} {unit}/s"),
            digits => {
                let width = usize::try_from(digits).unwrap_or_default();
                format!("{whole}{point}{rest:0width$} {unit}/s")
            }
        }
    }
}

#[cfg(test)]
mod tests;
