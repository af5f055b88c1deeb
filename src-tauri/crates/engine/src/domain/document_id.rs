//! Identity of a file behind a document provider: the provider's document id, and what is known of its content. Pure.
//!
//! The text is `document:length:milliseconds:name`; the two numbers are decimal or empty. A provider's document id may
//! be no more than a path, which the next file there has too. So the id alone proves nothing: a finished file is
//! recognised by its length and time too, an unfinished one by its bytes. An earlier version stored `document` for all
//! of them.

use super::id_match::IdMatch;

const KIND: &str = "document";

/// The id of a document as it is now: the provider's document id, the length in bytes, and the time of the last change
/// in milliseconds since 1970, where the provider reports one.
pub fn document_id(document: &str, length: u64, modified: Option<u64>) -> String {
    let modified = modified.map(|at| at.to_string()).unwrap_or_default();
    format!("{KIND}:{length}:{modified}:{document}")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DocumentId<'a> {
    length: Option<u64>,
    modified: Option<u64>,
    document: Option<&'a str>,
}

impl<'a> DocumentId<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(KIND)?;
        if rest.is_empty() {
            return Some(Self {
                length: None,
                modified: None,
                document: None,
            });
        }
        let mut fields = rest.strip_prefix(':')?.splitn(3, ':');
        let mut number = || match fields.next()? {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        Some(Self {
            length: number()?,
            modified: number()?,
            document: Some(fields.next()?),
        })
    }

    fn compare(&self, other: &Self) -> IdMatch {
        let differ = |pair: Option<bool>| pair == Some(false);
        let document = self.document.zip(other.document).map(|(a, b)| a == b);
        let length = self.length.zip(other.length).map(|(a, b)| a == b);
        let modified = self.modified.zip(other.modified).map(|(a, b)| a == b);
        if differ(document) || differ(length) {
            IdMatch::Different
        } else if [document, length, modified] == [Some(true); 3] {
            IdMatch::Same
        } else {
            // The time alone may change when the file is copied.
            IdMatch::Inconclusive
        }
    }
}

/// `None` when neither id is a document's.
pub(super) fn compare(stored: &str, found: &str) -> Option<IdMatch> {
    match (DocumentId::parse(stored), DocumentId::parse(found)) {
        (Some(stored), Some(found)) => Some(stored.compare(&found)),
        (None, None) => None,
        _ => Some(IdMatch::Different),
    }
}

/// The provider's document id in `id`; `None` for ids of another kind.
pub fn document_of(id: &str) -> Option<&str> {
    DocumentId::parse(id)?.document
}

/// Whether the id is a document's: the provider may assign another one when it is renamed.
pub(crate) fn is_document(id: &str) -> bool {
    DocumentId::parse(id).is_some()
}

/// The id of a file that is still growing: for a document, without length and time.
pub(crate) fn unfinished(id: String) -> String {
    match DocumentId::parse(&id).and_then(|id| id.document) {
        Some(document) => format!("{KIND}:::{document}"),
        None => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_name_its_length_and_its_time_together() {
        use IdMatch::{Different, Inconclusive, Same};
        let id = document_id("a/b%3Ac:d", 5, Some(9));
        assert_eq!(id, "document:5:9:a/b%3Ac:d");
        assert_eq!(document_of(&id), Some("a/b%3Ac:d"));
        for (found, expected, why) in [
            ("document:5:9:a/b%3Ac:d", Some(Same), "nothing has changed"),
            ("document:5:9:a/b", Some(Different), "another document"),
            ("document:6:9:a/b%3Ac:d", Some(Different), "another length"),
            ("document:5:8:a/b%3Ac:d", Some(Inconclusive), "another time"),
            ("document:5::a/b%3Ac:d", Some(Inconclusive), "no time"),
            ("document:::a/b%3Ac:d", Some(Inconclusive), "it was growing"),
            ("document", Some(Inconclusive), "an earlier version's"),
            ("document:5", Some(Different), "no such form"),
            ("media:5", Some(Different), "of another kind"),
            ("1:5:9", Some(Different), "of another kind"),
        ] {
            assert_eq!(compare(&id, found), expected, "{why}");
            assert_eq!(compare(found, &id), expected, "{why}, reversed");
        }
        let growing = unfinished(id);
        assert_eq!(growing, "document:::a/b%3Ac:d");
        assert_eq!(compare(&growing, &growing), Some(Inconclusive));
        assert_eq!(unfinished(growing.clone()), growing);
        assert_eq!(unfinished("1:5:9".into()), "1:5:9");
        assert_eq!(compare("media:5", "1:5:9"), None);
    }
}
