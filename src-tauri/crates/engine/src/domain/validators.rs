//! Compares the validators of two responses: whether they are of the same version of a file. Pure.

use std::time::Duration;

use super::record::Validators;

/// The result of comparing the fields that both have (RFC 9110, section 8.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidatorMatch {
    /// A strong validator matches, entity tag or time of the last change, and nothing contradicts it.
    Same,
    /// The length matches, and no strong validator is known on both sides.
    LengthOnly,
    /// The length matches, and one of entity tag and time, but not the other; or the tag differs and there is no time.
    /// Servers behind one name send such responses for one file.
    Inconclusive,
    /// Another version or file.
    Different,
    /// No field is known on both sides.
    Unknown,
}

/// Prefix of a stored `Last-Modified` that is only a weak validator.
const WEAK: &str = "W/";
/// Minimum age of `Last-Modified` relative to `Date` for it to be a strong validator (RFC 9110, section 8.8.2.2). It
/// has a resolution of seconds: a file that is changed twice within one keeps its time. A whole minute, because the
/// clocks of the storage and of the responding server may differ.
const SETTLED: Duration = Duration::from_secs(60);

/// The stored form of `Last-Modified`: marked as weak unless the response's `Date` shows it to be strong.
pub(crate) fn last_modified(said: &str, date: Option<&str>) -> String {
    let read = |text: &str| httpdate::parse_http_date(text).ok();
    let age = || read(date?)?.duration_since(read(said)?).ok();
    if age().is_some_and(|age| age >= SETTLED) {
        said.to_owned()
    } else {
        format!("{WEAK}{said}")
    }
}

/// As sent by the server, without the mark.
pub(crate) fn bare(modified: &str) -> &str {
    modified.strip_prefix(WEAK).unwrap_or(modified)
}

fn strong(modified: &str) -> bool {
    !modified.starts_with(WEAK)
}

/// `None` unless both are known.
fn equal<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<bool> {
    Some(one? == other?)
}

impl Validators {
    /// Whether a validator other than the length identifies this version.
    pub(crate) fn is_strong(&self) -> bool {
        self.etag.is_some() || self.last_modified.as_deref().is_some_and(strong)
    }

    /// `Last-Modified` as sent by the server.
    pub(crate) fn last_modified(&self) -> Option<&str> {
        self.last_modified.as_deref().map(bare)
    }

    /// Compares these validators with those of another response.
    pub(crate) fn compare(&self, other: &Self) -> ValidatorMatch {
        let length = equal(self.total.as_ref(), other.total.as_ref());
        let tag = equal(self.etag.as_ref(), other.etag.as_ref());
        let time = equal(self.last_modified(), other.last_modified());
        let both = [&self.last_modified, &other.last_modified];
        let weak = both
            .iter()
            .any(|one| one.as_deref().is_some_and(|text| !strong(text)));
        // A matching weak time says nothing; one that differs says as much as a strong one.
        let time = time.filter(|equal| !(*equal && weak));
        // Bytes in different codings differ, whatever the validators say; only comparing the bytes shows whether the
        // same coding was just named differently.
        let coding = equal(self.coding.as_ref(), other.coding.as_ref());
        match (length, tag, time) {
            (Some(false), _, _) => ValidatorMatch::Different,
            (None, Some(true), _) | (Some(true), Some(true), _) | (_, None, Some(true))
                if coding == Some(false) =>
            {
                ValidatorMatch::Inconclusive
            }
            (Some(true) | None, Some(true), Some(true) | None)
            | (Some(true) | None, None, Some(true)) => ValidatorMatch::Same,
            (Some(true), None, None) => ValidatorMatch::LengthOnly,
            (Some(true), Some(true), Some(false))
            | (Some(true), Some(false), Some(true) | None) => ValidatorMatch::Inconclusive,
            (Some(true), Some(false) | None, Some(false))
            | (None, Some(true) | None, Some(false))
            | (None, Some(false), _) => ValidatorMatch::Different,
            (None, None, None) => ValidatorMatch::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(total: u64, etag: &str, modified: &str) -> Validators {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Validators {
            total: (total > 0).then_some(total),
            etag: text(etag),
            last_modified: text(modified),
            coding: None,
        }
    }

    #[test]
    fn what_two_answers_have_in_common_decides_how_sure_it_is() {
        let here = known(5, "a", "mon");
        for (there, expected) in [
            (known(5, "a", "mon"), ValidatorMatch::Same),
            (known(5, "a", ""), ValidatorMatch::Same),
            (known(5, "", "mon"), ValidatorMatch::Same),
            (known(0, "a", ""), ValidatorMatch::Same),
            (known(5, "", ""), ValidatorMatch::LengthOnly),
            (known(5, "b", "mon"), ValidatorMatch::Inconclusive),
            (known(5, "b", ""), ValidatorMatch::Inconclusive),
            (known(5, "a", "tue"), ValidatorMatch::Inconclusive),
            (known(5, "b", "tue"), ValidatorMatch::Different),
            (known(5, "", "tue"), ValidatorMatch::Different),
            (known(6, "a", "mon"), ValidatorMatch::Different),
            (known(0, "b", "mon"), ValidatorMatch::Different),
            (known(0, "a", "tue"), ValidatorMatch::Different),
            (known(0, "", ""), ValidatorMatch::Unknown),
            (known(5, "", "W/mon"), ValidatorMatch::LengthOnly),
            (known(5, "a", "W/mon"), ValidatorMatch::Same),
            (known(5, "b", "W/mon"), ValidatorMatch::Inconclusive),
            (known(5, "", "W/tue"), ValidatorMatch::Different),
            (known(0, "", "W/mon"), ValidatorMatch::Unknown),
        ] {
            assert_eq!(here.compare(&there), expected, "{there:?}");
            assert_eq!(there.compare(&here), expected, "{there:?}");
        }
    }

    #[test]
    fn a_time_of_change_is_a_strong_validator_only_when_its_answer_is_a_minute_younger() {
        let said = "Sun, 01 Nov 2026 08:49:00 GMT";
        for (date, strong) in [
            (Some("Sun, 01 Nov 2026 08:50:00 GMT"), true),
            (Some("Sun, 01 Nov 2026 08:49:59 GMT"), false),
            (Some("Sun, 01 Nov 2026 08:48:00 GMT"), false),
            (Some("soon"), false),
            (None, false),
        ] {
            let kept = last_modified(said, date);
            assert_eq!(bare(&kept), said);
            let identity = known(5, "", &kept);
            assert_eq!(identity.is_strong(), strong, "{date:?}");
            let like = identity.compare(&identity.clone());
            assert_eq!(like == ValidatorMatch::Same, strong, "{date:?}");
        }
        let nonsense = last_modified("long ago", Some(said));
        assert!(!known(5, "", &nonsense).is_strong());
    }

    #[test]
    fn answers_in_different_codings_are_never_the_same_unseen() {
        let coded = |total, etag, modified, coding: Option<&str>| Validators {
            coding: coding.map(str::to_owned),
            ..known(total, etag, modified)
        };
        for (total, etag, modified) in [(5, "a", "mon"), (5, "a", ""), (5, "", "mon"), (0, "a", "")]
        {
            let likeness = |one, other| {
                let one = coded(total, etag, modified, one);
                one.compare(&coded(total, etag, modified, other))
            };
            assert_eq!(
                likeness(Some("gzip"), Some("")),
                ValidatorMatch::Inconclusive
            );
            assert_eq!(likeness(Some("gzip"), Some("gzip")), ValidatorMatch::Same);
            assert_eq!(likeness(Some("gzip"), None), ValidatorMatch::Same);
        }
    }
}
