//! The interface to Kotlin and Swift as a trait, so that tests can use a double that blocks and aborts where the
//! platforms do.

use serde_json::Value;

use crate::Error;

/// Access to the platform. Every call blocks until the platform has responded: not for async workers.
pub trait Platform: Send + Sync + 'static {
    /// Whether [`Platform::background`] may be called on the thread that starts the app. `false` where the platform
    /// responds on that very thread: a call would deadlock.
    fn answers_while_starting(&self) -> bool;

    /// Runs a command that shows nothing: works without an activity.
    ///
    /// # Errors
    ///
    /// On Android [`Error::Missing`] and [`Error::Denied`], as the system reports them; [`Error::Refused`].
    fn background(&self, command: &str, words: Value) -> Result<Value, Error>;

    /// Runs a command that shows something. Only while the app is in the foreground: on Android it ends a process
    /// without an activity.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    fn foreground(&self, command: &str, words: Value) -> Result<Value, Error>;

    /// Calls `told` with every event of the platform, as JSON, on its threads. Only once, while the app starts or is in
    /// the foreground.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    fn listen(&self, told: Box<dyn Fn(&str) + Send + Sync>) -> Result<(), Error>;
}

/// Parses a response of `Calls.kt`: `{"ok": VALUE}`, or `{"error": TEXT, "kind": "missing" | "denied" | "other"}`.
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
