//! Parsing of options that may hold a secret: an error does not repeat the value.

use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Parses a value with a function whose error says what would be valid.
#[derive(Debug, Clone)]
pub(crate) struct Unquoted<T>(pub(crate) fn(&str) -> Result<T, String>);

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Unquoted<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, Error> {
        let wrong = |reason: &str| {
            let argument = argument.map(ToString::to_string).unwrap_or_default();
            let text = format!("invalid value for '{argument}': {reason}\n");
            Error::raw(ErrorKind::ValueValidation, text).with_cmd(command)
        };
        let text = value.to_str().ok_or_else(|| wrong("it is not UTF-8"))?;
        (self.0)(text).map_err(|reason| wrong(&reason))
    }
}
