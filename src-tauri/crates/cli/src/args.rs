//! The command-line arguments. Fixed: scripts depend on them.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use millrace_engine::{
    Checksum, ParseChecksumError, ParseProxyError, ProxyChoice, is_reserved_header,
    is_sendable_header,
};

use crate::byte_size;
use crate::output_path::{self, OutputPath};
use crate::secret_options::Unquoted;

/// Fast, resumable, verified downloads over HTTP and HTTPS.
#[derive(Debug, Parser)]
#[command(name = "millrace", version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Download one or more links. Run the same command again to resume.
    #[command(after_help = EXAMPLES)]
    Get(GetArgs),
}

const EXAMPLES: &str = "\
Examples:
  millrace get https://example.org/file.iso
  millrace get -d isos -j 8 --limit 2.5M -i links.txt
  millrace get --sha256 HEX -o new.iso https://example.org/file.iso";

// Old names of options are aliases, which no help shows: scripts use them.
#[derive(Debug, clap::Args)]
pub(crate) struct GetArgs {
    /// Directory to save to, created if missing [default: $MILLRACE_DOWNLOADS or the current directory]
    #[arg(short = 'd', long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// File name or path (single link only); `-` for stdout. Existing files are never replaced
    #[arg(short = 'o', long, value_name = "FILE", value_parser = output_path::parse)]
    pub(crate) output: Option<OutputPath>,
    /// Maximum connections per download, 1 to 16
    #[arg(short = 'x', long, alias = "max-connections", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub(crate) connections: Option<u32>,
    /// Simultaneous downloads
    #[arg(short = 'j', long = "jobs", alias = "parallel", value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) parallel: u32,
    /// Simultaneous downloads per host [default: same as -j]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) per_host: Option<u32>,
    /// Read links from a file, one per line (`-` for stdin). aria2's options may be indented below a link
    #[arg(short = 'i', long = "input-file", value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// Extra request header, sent only to the link's own server (repeatable)
    #[arg(short = 'H', long = "header", value_name = "Name: value", value_parser = Unquoted(header))]
    pub(crate) headers: Vec<(String, String)>,
    /// User-Agent to send
    #[arg(short = 'A', long, value_name = "NAME", value_parser = Unquoted(field))]
    pub(crate) user_agent: Option<String>,
    /// Referer to send
    #[arg(short = 'e', long, value_name = "URL", value_parser = Unquoted(field))]
    pub(crate) referer: Option<String>,
    /// Credentials, sent only to the links' own servers. Without PASSWORD it is taken from netrc (-n) or asked for
    #[arg(short = 'u', long, value_name = "USER[:PASSWORD]")]
    pub(crate) user: Option<String>,
    /// Read the password for -u from the first line of a file (`-` for stdin)
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// Read credentials from $NETRC or ~/.netrc for links without any, and passwords for user names without one
    #[arg(short = 'n', long)]
    pub(crate) netrc: bool,
    /// Load cookies from a cookies.txt file; sent only to matching servers
    #[arg(long, value_name = "FILE")]
    pub(crate) cookies: Option<PathBuf>,
    /// Proxy for all requests: an http, https, socks5 or socks5h URL, `none`, or `system`
    #[arg(long, value_name = "PROXY", default_value = "system", value_parser = Unquoted(proxy))]
    pub(crate) proxy: ProxyChoice,
    /// Expected digest (single link only): md5, sha-1, sha-256 or sha-512
    #[arg(long, value_name = "ALGORITHM:HEX", conflicts_with = "sha256")]
    pub(crate) checksum: Option<Checksum>,
    /// Shorthand for --checksum sha-256:HEX
    #[arg(long, value_name = "HEX", value_parser = sha256)]
    pub(crate) sha256: Option<Checksum>,
    /// Total speed limit in bytes per second, such as 500k or 2.5M
    #[arg(long, alias = "limit-rate", value_name = "RATE", value_parser = byte_size::parse)]
    pub(crate) limit: Option<u64>,
    /// Give up after this many attempts without progress
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) tries: u32,
    /// Maximum delay between retries in seconds, unless the server asks for more
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds)]
    pub(crate) retry_wait: f64,
    /// Timeout in seconds for connecting, the first byte and stalled transfers
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds)]
    pub(crate) timeout: f64,
    /// Set each file's modification time to the one from the server
    #[arg(short = 'R', long)]
    pub(crate) remote_time: bool,
    /// Wait while there is no network, without counting attempts
    #[arg(long)]
    pub(crate) wait_for_network: bool,
    /// Additional CA certificates (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_cert: Option<PathBuf>,
    /// Do not mark files as downloaded from the internet
    #[arg(long)]
    pub(crate) no_mark: bool,
    /// Print events as JSON lines
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(short = 'q', long)]
    pub(crate) quiet: bool,
    /// http or https links
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,
}

impl GetArgs {
    /// Checks that the parser cannot do by itself.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.urls.is_empty() && self.list.is_none() {
            return Err("no link given; add one, or a list with -i".into());
        }
        let several = self.urls.len() > 1 || self.list.is_some();
        if several && (self.output.is_some() || self.digest().is_some()) {
            return Err(
                "-o, --checksum and --sha256 need a single link; remove them, or give one link only"
                    .into(),
            );
        }
        if self.output == Some(OutputPath::Stdout) && self.json {
            return Err("-o - and --json both write to standard output; use only one".into());
        }
        Ok(())
    }

    /// Headers that are given but not sent, because the engine controls them.
    pub(crate) fn reserved_headers(&self) -> impl Iterator<Item = &str> {
        let names = self.headers.iter().map(|(name, _)| name.as_str());
        names.filter(|name| is_reserved_header(name))
    }

    /// The digest that the file must have, whichever option gave it.
    pub(crate) fn digest(&self) -> Option<&Checksum> {
        self.checksum.as_ref().or(self.sha256.as_ref())
    }
}

pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    let blanks = [' ', '\t'];
    let (name, value) = text.split_once(':').ok_or("use the form 'Name: value'")?;
    let (name, value) = (name.trim_matches(blanks), value.trim_matches(blanks));
    if !is_sendable_header(name, "") {
        return Err("not a valid header name: use letters, digits and hyphens; headers that set the length of a request are not allowed".into());
    }
    Ok((name.to_owned(), field(value)?))
}

/// Parses the value of a header.
pub(crate) fn field(value: &str) -> Result<String, String> {
    if is_sendable_header("x", value) {
        Ok(value.to_owned())
    } else {
        Err("line breaks and other control characters are not allowed in a header".into())
    }
}

fn proxy(text: &str) -> Result<ProxyChoice, String> {
    text.parse()
        .map_err(|error: ParseProxyError| error.to_string())
}

fn sha256(text: &str) -> Result<Checksum, String> {
    let digest = format!("sha-256:{text}").parse();
    digest.map_err(|ParseChecksumError| "a SHA-256 has 64 hexadecimal digits".into())
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.01..=86_400.0).contains(&seconds) => Ok(seconds),
        Ok(_) | Err(_) => Err("use seconds from 0.01 to 86400".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_known_by_its_short_its_long_and_its_older_name() {
        for [short, long, older] in [
            ["-x", "--connections", "--max-connections"],
            ["-j", "--jobs", "--parallel"],
            ["--limit", "--limit", "--limit-rate"],
            ["-d", "--dir", "--dir"],
            ["-o", "--output", "--output"],
            ["-i", "--input-file", "--input-file"],
        ] {
            for name in [short, long, older] {
                let parsed = Args::try_parse_from(["millrace", "get", name, "7", "http://h/"]);
                let Command::Get(get) = parsed.expect(name).command;
                let seven = [
                    get.connections == Some(7),
                    get.parallel == 7,
                    get.limit == Some(7),
                    get.dir == Some("7".into()),
                    get.output == output_path::parse("7").ok(),
                    get.list == Some("7".into()),
                ];
                let set = seven.iter().filter(|set| **set).count();
                assert_eq!(set, 1, "{name}: {get:?}");
            }
        }
    }
}
