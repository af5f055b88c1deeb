//! Every text in every language, speeds, and problems.

use std::collections::BTreeSet;

use super::*;

const ALL: [Text; 46] = [
    Text::Open,
    Text::PauseAll,
    Text::ResumeAll,
    Text::Slow,
    Text::Quit,
    Text::Idle,
    Text::Active,
    Text::Awake,
    Text::Finished,
    Text::Stopped,
    Text::Refused,
    Text::Kept,
    Text::Many,
    Text::ManyFinished,
    Text::ManyStopped,
    Text::ManyRefused,
    Text::ManyKept,
    Text::ActionOpen,
    Text::ActionReveal,
    Text::ActionRetry,
    Text::ProgramTitle,
    Text::ProgramBody,
    Text::ProgramOpen,
    Text::ProgramLeave,
    Text::LinkUnknown,
    Text::LinkEmpty,
    Text::LinkScheme,
    Text::LinkLong,
    Text::WorkPause,
    Text::WorkCancel,
    Text::WorkPaused,
    Text::WorkResume,
    Text::Due,
    Text::ManyDue,
    Text::DueTap,
    Text::WorkChannel,
    Text::DoneChannel,
    Text::WaitsNetwork,
    Text::WaitsUnmetered,
    Text::WaitsRoaming,
    Text::ListTitle,
    Text::ListEmpty,
    Text::ListOne,
    Text::ListSome,
    Text::SettingsTitle,
    Text::SettingsAside,
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
    let english = Words::in_one_of(["en"]);
    for language in LANGUAGES {
        let words = Words::in_one_of([language.tag]);
        for text in ALL {
            let said = words.say(text);
            assert!(!said.is_empty(), "{} {text:?}", language.tag);
            assert_eq!(holes(&said), holes(&english.say(text)), "{said}");
        }
        let ours = |key: &str| key.starts_with("desktop_");
        let desktop = words.texts.keys().filter(|key| ours(key)).count();
        let said = ALL.iter().filter(|text| ours(text.key())).count();
        assert_eq!(desktop, said, "a text that nobody says");
    }
}

#[test]
fn the_first_wanted_language_that_is_known_is_spoken() {
    let spoken = |wanted: &[&'static str]| Words::in_one_of(wanted.iter().copied()).tag;
    assert_eq!(spoken(&["fr_FR.UTF-8", "de_AT.UTF-8", "en"]), "de");
    assert_eq!(spoken(&["zh-Hans-CN"]), "zh");
    assert_eq!(spoken(&["C", "C.UTF-8"]), "en");
    assert_eq!(spoken(&[]), "en");
}

#[test]
fn speeds_have_three_digits() {
    let (english, german) = (Words::in_one_of(["en"]), Words::in_one_of(["de"]));
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
    let english = Words::in_one_of(["en"]);
    let gone = Problem::NotFound {
        host: "host.example".into(),
    };
    let said = english.problem(&gone);
    assert!(!said.contains('{') && !said.is_empty(), "{said}");
    let silent = Words {
        tag: "en",
        texts: BTreeMap::new(),
    };
    assert_eq!(silent.problem(&gone), "not found");
}
