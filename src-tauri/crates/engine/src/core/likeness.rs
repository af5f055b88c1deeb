//! How sure it is that two answers speak of the same file. Pure.

use super::record::Identity;

/// What the fields that both know say (RFC 9110, section 8.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// A strong tag or the time of the last change agrees, and nothing speaks against it.
    Same,
    /// The length agrees, and that is all there is: no tag and no time that both know.
    OnlyLength,
    /// The length agrees, and one of tag and time, but not the other; or the tag differs and there is no time. Servers
    /// behind one name give such answers for one file.
    Doubtful,
    /// Another file.
    Different,
    /// There is nothing that both know.
    Unknown,
}

/// `None` when only one knows.
fn equal<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> Option<bool> {
    Some(one? == other?)
}

impl Identity {
    /// What can be said of this and another answer.
    pub(crate) fn likeness(&self, other: &Self) -> Likeness {
        let length = equal(self.total.as_ref(), other.total.as_ref());
        let tag = equal(self.etag.as_ref(), other.etag.as_ref());
        let time = equal(self.modified.as_ref(), other.modified.as_ref());
        match (length, tag, time) {
            (Some(false), _, _) => Likeness::Different,
            (Some(true) | None, Some(true), Some(true) | None)
            | (Some(true) | None, None, Some(true)) => Likeness::Same,
            (Some(true), None, None) => Likeness::OnlyLength,
            (Some(true), Some(true), Some(false))
            | (Some(true), Some(false), Some(true) | None) => Likeness::Doubtful,
            (Some(true), Some(false) | None, Some(false))
            | (None, Some(true) | None, Some(false))
            | (None, Some(false), _) => Likeness::Different,
            (None, None, None) => Likeness::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(total: u64, etag: &str, modified: &str) -> Identity {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Identity {
            total: (total > 0).then_some(total),
            etag: text(etag),
            modified: text(modified),
        }
    }

    #[test]
    fn what_two_answers_have_in_common_decides_how_sure_it_is() {
        let here = known(5, "a", "mon");
        for (there, expected) in [
            (known(5, "a", "mon"), Likeness::Same),
            (known(5, "a", ""), Likeness::Same),
            (known(5, "", "mon"), Likeness::Same),
            (known(0, "a", ""), Likeness::Same),
            (known(5, "", ""), Likeness::OnlyLength),
            (known(5, "b", "mon"), Likeness::Doubtful),
            (known(5, "b", ""), Likeness::Doubtful),
            (known(5, "a", "tue"), Likeness::Doubtful),
            (known(5, "b", "tue"), Likeness::Different),
            (known(5, "", "tue"), Likeness::Different),
            (known(6, "a", "mon"), Likeness::Different),
            (known(0, "b", "mon"), Likeness::Different),
            (known(0, "a", "tue"), Likeness::Different),
            (known(0, "", ""), Likeness::Unknown),
        ] {
            assert_eq!(here.likeness(&there), expected, "{there:?}");
            assert_eq!(there.likeness(&here), expected, "{there:?}");
        }
    }
}
