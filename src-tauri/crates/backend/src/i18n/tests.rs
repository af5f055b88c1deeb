//! Every text in every language, formatted speeds, and problems.

use std::collections::BTreeSet;

use super::*;

const ALL: [MessageKey; 46] = [
    MessageKey::Open,
    MessageKey::PauseAll,
    MessageKey::ResumeAll,
    MessageKey::Slow,
    MessageKey::Quit,
    MessageKey::Idle,
    MessageKey::Active,
    MessageKey::Awake,
    MessageKey::Finished,
    MessageKey::Stopped,
    MessageKey::Refused,
    MessageKey::Kept,
    MessageKey::Many,
    MessageKey::ManyFinished,
    MessageKey::ManyStopped,
    MessageKey::ManyRefused,
    MessageKey::ManyKept,
    MessageKey::ActionOpen,
    MessageKey::ActionReveal,
    MessageKey::ActionRetry,
    MessageKey::ProgramTitle,
    MessageKey::ProgramBody,
    MessageKey::ProgramOpen,
    MessageKey::ProgramLeave,
    MessageKey::LinkUnknown,
    MessageKey::LinkEmpty,
    MessageKey::LinkScheme,
    MessageKey::LinkLong,
    MessageKey::WorkPause,
    MessageKey::WorkCancel,
    MessageKey::WorkPaused,
    MessageKey::WorkResume,
    MessageKey::Due,
    MessageKey::ManyDue,
    MessageKey::DueTap,
    MessageKey::WorkChannel,
    MessageKey::DoneChannel,
    MessageKey::WaitsNetwork,
    MessageKey::WaitsUnmetered,
    MessageKey::WaitsRoaming,
    MessageKey::ListTitle,
    MessageKey::ListEmpty,
    MessageKey::ListOne,
    MessageKey::ListSome,
    MessageKey::SettingsTitle,
    MessageKey::SettingsAside,
];

#[test]
fn everything_can_be_said_in_every_language_with_the_same_values() {
    let holes = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let english = Messages::for_locales(["en"]);
    for language in LOCALES {
        let messages = Messages::for_locales([language.tag]);
        for text in ALL {
            let said = messages.get(text);
            assert!(!said.is_empty(), "{} {text:?}", language.tag);
            assert_eq!(holes(&said), holes(&english.get(text)), "{said}");
        }
        let ours = |key: &str| key.starts_with("desktop_");
        let desktop = messages.texts.keys().filter(|key| ours(key)).count();
        let said = ALL.iter().filter(|text| ours(text.key())).count();
        assert_eq!(desktop, said, "a text that nobody says");
    }
}

#[test]
fn the_first_wanted_language_that_is_known_is_spoken() {
    let spoken = |wanted: &[&'static str]| Messages::for_locales(wanted.iter().copied()).tag;
    assert_eq!(spoken(&["fr_FR.UTF-8", "de_AT.UTF-8", "en"]), "de");
    assert_eq!(spoken(&["zh-Hans-CN"]), "zh");
    assert_eq!(spoken(&["C", "C.UTF-8"]), "en");
    assert_eq!(spoken(&[]), "en");
}

#[test]
fn speeds_have_three_digits() {
    let (english, german) = (Messages::for_locales(["en"]), Messages::for_locales(["de"]));
    let table = [
        (0, "0 B/s"),
        (999, "999 B/s"),
        (1_000, "1.00 kB/s"),
        (1_239_000, "1.24 MB/s"),
        (62_100_000, "62.1 MB/s"),
        (999_499_999, "999 MB/s"),
        (999_500_000, "1.00 GB/s"),
        (120_000, "120 kB/s"),
    ];
    for (rate, wanted) in table {
        assert_eq!(english.speed(rate), wanted);
    }
    assert_eq!(german.speed(1_239_000), "1,24 MB/s");
}

#[test]
fn a_problem_is_told_as_the_page_tells_it_or_by_its_code() {
    let english = Messages::for_locales(["en"]);
    let gone = Problem::NotFound {
        host: "host.example".into(),
    };
    let said = english.problem(&gone);
    assert!(!said.contains('{') && !said.is_empty(), "{said}");
    let silent = Messages {
        tag: "en",
        texts: BTreeMap::new(),
    };
    assert_eq!(silent.problem(&gone), "not found");
}
