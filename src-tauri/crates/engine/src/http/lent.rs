//! Requests that somebody else makes for us: what goes along, and whether the answer may be used. No byte of it is seen
//! here, only its head.

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use url::Url;

use super::fields::NOT_THEIRS;
use super::login::Login;
use super::{NAME, answer, coding, headers, redirect};
use crate::core::likeness::Likeness;
use crate::core::link;
use crate::core::plan::Span;
use crate::core::problem::Problem;
use crate::core::record::{Identity, Record};

/// What is sent for this download, beside the range. `None` when a secret would have to go along and might travel on:
/// whoever asks for us follows redirects unasked, so that secrets go only to a link that is `at_home`, one that was
/// answered by its own origin; and a password only where it may go before it is asked for.
pub(crate) fn fields_for(record: &Record, at_home: bool) -> Option<Vec<(String, String)>> {
    let url = link::parse(&record.url).ok()?;
    let travels = |(name, _): &(String, String)| redirect::travels(name);
    let secret = record.credentials.is_some() || !record.headers.iter().all(travels);
    if secret && !at_home {
        return None;
    }
    let mut fields = read(&record.headers);
    for name in NOT_THEIRS {
        fields.remove(name);
    }
    fields.remove(ACCEPT_ENCODING);
    if let (Some(credentials), false) = (&record.credentials, fields.contains_key(AUTHORIZATION)) {
        let (_, field) = Login::new(credentials.clone()).field(&url);
        fields.insert(AUTHORIZATION, field?);
    }
    if !fields.contains_key(USER_AGENT) {
        fields.insert(USER_AGENT, HeaderValue::from_static(NAME));
    }
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    };
    fields.iter().map(text).collect()
}

/// Which bytes an answer to the question for `wanted` brought, if it is of the file that is `known`. Judged as any answer,
/// but for what would take another question: where only a look at the server's bytes could tell whether it is the same
/// file, it is none.
pub(crate) fn judge(
    url: &Url,
    wanted: Span,
    known: &Identity,
    status: u16,
    said: &[(String, String)],
) -> Result<Span, Problem> {
    let host = link::host(url);
    let Ok(status) = StatusCode::from_u16(status) else {
        return Err(Problem::BadResponse { host });
    };
    let fields = read(said);
    let head = answer::head(status, &fields, &host, wanted.start, Some(wanted.end))?;
    // Whether whoever asked has undone it, nobody knows.
    let content = coding::content(&fields, &[]);
    if let Some(coding) = content.own.iter().chain(&content.undo).next() {
        let encoding = coding.name().to_owned();
        return Err(Problem::Encoded { host, encoding });
    }
    let found = headers::identity(&fields, head.total, &content.label());
    let end = if head.whole {
        found.total
    } else {
        Some(head.start + head.named)
    };
    let page = head.whole && headers::page(&fields);
    match known.likeness(&found) {
        // A whole that is the part that was asked for; and a part of a whole whose length it names.
        Likeness::Same if head.start == wanted.start && found.total == known.total => end
            .and_then(|end| Span::new(head.start, end))
            .filter(|span| span.end <= wanted.end)
            .ok_or(Problem::RangeMismatch { host }),
        _any if page => Err(Problem::NotTheFile { host }),
        Likeness::Same | Likeness::OnlyLength | Likeness::Unknown => {
            Err(Problem::RangeMismatch { host })
        }
        Likeness::Doubtful | Likeness::Different => Err(Problem::Changed { host }),
    }
}

/// Without those that are none.
fn read(said: &[(String, String)]) -> HeaderMap {
    let parsed = said.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        let value = HeaderValue::from_str(value.trim()).ok()?;
        Some((name, value))
    });
    let mut fields = HeaderMap::new();
    for (name, value) in parsed {
        fields.append(name, value);
    }
    fields
}

#[cfg(test)]
#[path = "lent_tests.rs"]
mod tests;
