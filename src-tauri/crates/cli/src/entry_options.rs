//! Interprets aria2's options below a URL of a list. Pure; creates no folder and does not prompt.

use std::path::PathBuf;

use millrace_engine::{Credentials, NewDownload};

use crate::link_list::ListEntry;
use crate::output_path::{self, OutputPath};
use crate::{args, byte_size};

/// Connections of one download at most, here and in aria2.
const MAX_CONNECTIONS: u32 = 16;

/// The parsed options of one entry.
#[derive(Debug, Default)]
pub(crate) struct EntryOptions {
    /// `dir=`: relative to the current folder, as in aria2.
    pub(crate) dir: Option<PathBuf>,
    /// `out=`: relative to `dir=`, else to the folder of the command.
    pub(crate) out: Option<(PathBuf, String)>,
    headers: Vec<(String, String)>,
    user: Option<String>,
    password: Option<String>,
    /// The options that are used unchanged; all other fields are empty.
    download: NewDownload,
    /// Names of options that are not supported.
    pub(crate) unknown: Vec<String>,
}

impl EntryOptions {
    /// # Errors
    ///
    /// The option whose value cannot be used, and why.
    pub(crate) fn parse(entry: &ListEntry) -> Result<Self, String> {
        let mut options = Self::default();
        for (name, value) in &entry.options {
            // Without the value: it may be a secret.
            let wrong = |reason: String| format!("{name}=: {reason}");
            options.set(name, value).map_err(wrong)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let mut header = |name: &str| {
            self.headers.push((name.to_owned(), args::field(value)?));
            Ok::<(), String>(())
        };
        match name {
            "dir" => self.dir = Some(value.into()),
            "out" => match output_path::parse(value)? {
                OutputPath::File { folder, name } => self.out = Some((folder, name)),
                OutputPath::Stdout => {
                    return Err("standard output takes a single link only, with -o".into());
                }
            },
            "header" => self.headers.push(args::header(value)?),
            "user-agent" => header("User-Agent")?,
            "referer" => header("Referer")?,
            "checksum" => {
                let text = value.replacen('=', ":", 1);
                let checksum = text.parse();
                let wrong = |_| "use the form sha-256=HEX".to_owned();
                self.download.checksum = Some(checksum.map_err(wrong)?);
            }
            "max-connection-per-server" | "split" => {
                let number: u32 = value.parse().map_err(|_| "not a number".to_owned())?;
                let earlier = self.download.connections.unwrap_or(MAX_CONNECTIONS);
                self.download.connections = Some(number.clamp(1, MAX_CONNECTIONS).min(earlier));
            }
            // Zero means no limit in aria2.
            "max-download-limit" if value.trim_start_matches('0').is_empty() => {}
            "max-download-limit" => self.download.limit = Some(byte_size::parse_aria2(value)?),
            "http-user" => self.user = Some(value.to_owned()),
            "http-passwd" => self.password = Some(value.to_owned()),
            other => self.unknown.push(other.to_owned()),
        }
        Ok(())
    }

    /// The entry's options take precedence over those of the command line.
    pub(crate) fn apply(self, new: &mut NewDownload) {
        for (name, value) in self.headers {
            // A name may occur several times, except for headers with a single value.
            let single = ["user-agent", "referer"]
                .iter()
                .any(|one| name.eq_ignore_ascii_case(one));
            if single {
                new.headers
                    .retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
            }
            new.headers.push((name, value));
        }
        if let Some(user) = self.user {
            let password = self.password.unwrap_or_default();
            new.credentials = Some(Credentials { user, password });
        }
        new.checksum = self.download.checksum.or(new.checksum.take());
        new.connections = self.download.connections.or(new.connections);
        new.limit = self.download.limit.or(new.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(options: &[(&str, &str)]) -> ListEntry {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        ListEntry {
            line: 1,
            url: "http://h/".into(),
            mirrors: Vec::new(),
            options: options.iter().map(owned).collect(),
        }
    }

    #[test]
    fn the_options_that_mean_something_here_reach_the_download() {
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let checksum = format!("sha-256={sum}");
        let options = EntryOptions::parse(&entry(&[
            ("header", "X-A: b"),
            ("user-agent", "mine"),
            ("checksum", &checksum),
            ("split", "32"),
            ("max-connection-per-server", "4"),
            ("max-download-limit", "1M"),
            ("http-user", "ada"),
            ("http-passwd", "s"),
            ("out", "sub/x"),
            ("gid", "1"),
        ]));
        let options = options.expect("all of them can be used");
        assert_eq!(options.unknown, ["gid"]);
        assert_eq!(options.out, Some(("sub/".into(), "x".into())));
        let mut new = NewDownload {
            headers: vec![("User-Agent".into(), "all".into())],
            ..NewDownload::default()
        };
        options.apply(&mut new);
        let named = |name: &str| {
            let found = new.headers.iter().filter(|(other, _)| other == name);
            found.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(named("User-Agent"), ["mine"]);
        assert_eq!(named("X-A"), ["b"]);
        assert_eq!((new.connections, new.limit), (Some(4), Some(1 << 20)));
        assert_eq!(new.credentials.expect("given").user, "ada");
        assert!(new.checksum.is_some());
    }

    #[test]
    fn a_value_that_cannot_be_used_is_an_error_with_its_name() {
        for option in [
            ("out", "sub/"),
            ("out", ".."),
            ("out", ""),
            ("out", "-"),
            ("checksum", "sha-256=12"),
            ("split", "many"),
            ("max-download-limit", "fast"),
            ("header", "no colon"),
            ("header", "X Y: 1"),
            ("user-agent", "\u{1}"),
        ] {
            let error = EntryOptions::parse(&entry(&[option])).expect_err(option.0);
            assert!(error.starts_with(option.0), "{error}");
        }
    }
}
