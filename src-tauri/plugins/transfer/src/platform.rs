//! The border to Kotlin and Swift as a trait, so that tests can put a double in its place that blocks and aborts where the
//! platforms do.

use serde_json::Value;

use crate::Error;

/// How the platform is reached. Every call blocks until the platform has answered: not for async workers.
pub trait Platform: Send + Sync + 'static {
    /// Whether [`Platform::background`] may be called on the thread that starts the app. False where the platform answers
    /// from that very thread: whoever waits on it there waits for ever.
    fn answers_while_starting(&self) -> bool;

    /// Carries out a command for which nothing needs to be shown: it works while the app has no activity.
    fn background(&self, command: &str, words: Value) -> Result<Value, Error>;

    /// Carries out a command that shows something. Only while the person looks at the app: on Android a process without an
    /// activity is ended by it.
    fn foreground(&self, command: &str, words: Value) -> Result<Value, Error>;

    /// Calls `told` with every message of the platform, as JSON, from its threads. Only once, while the app starts or is
    /// seen.
    fn listen(&self, told: Box<dyn Fn(&str) + Send + Sync>) -> Result<(), Error>;
}

/// What `Calls.kt` answers: `{"ok": VALUE}`, or `{"error": TEXT, "kind": "missing" | "denied" | "other"}`.
#[cfg_attr(
    not(any(test, target_os = "android")),
    expect(dead_code, reason = "only Android answers so")
)]
pub(crate) fn answer(json: &str) -> Result<Value, Error> {
    let refused = |why: &str| Error::Refused(why.to_owned());
    let mut answer: Value =
        serde_json::from_str(json).map_err(|error| refused(&error.to_string()))?;
    if let Some(value) = answer.get_mut("ok") {
        return Ok(value.take());
    }
    let why = answer["error"].as_str().unwrap_or("it does not say why");
    Err(match answer["kind"].as_str() {
        Some("missing") => Error::Missing(why.to_owned()),
        Some("denied") => Error::Denied(why.to_owned()),
        _ => refused(why),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_value_or_why_there_is_none() {
        let ok = answer(r#"{"ok":{"row":null}}"#).expect("it went well");
        assert_eq!(ok, serde_json::json!({ "row": null }));
        assert_eq!(answer(r#"{"ok":null}"#).expect("so did this"), Value::Null);
        for (json, says) in [
            (
                r#"{"error":"gone","kind":"missing"}"#,
                "the system does not find it: gone",
            ),
            (
                r#"{"error":"no grant","kind":"denied"}"#,
                "the system does not allow it: no grant",
            ),
            (
                r#"{"error":"no room","kind":"other"}"#,
                "the system did not do it, nothing was changed: no room",
            ),
            (
                "{}",
                "the system did not do it, nothing was changed: it does not say why",
            ),
        ] {
            let error = answer(json).expect_err("it went wrong");
            assert_eq!(error.to_string(), says, "{json}");
        }
        assert!(matches!(answer("?"), Err(Error::Refused(_))));
    }
}
