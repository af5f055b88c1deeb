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

/// Download files over http and https: exact, resumable.
#[derive(Debug, Parser)]
#[command(name = "millrace", version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Download links; run again with the same link and folder, it continues what is unfinished.
    Get(GetArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct GetArgs {
    /// Folder for the files, made if need be [default: $MILLRACE_DOWNLOADS, else the current one]
    #[arg(short = 'd', long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The file to write, when there is one link: a name, or a path below the folder of -d, or an absolute one.
    /// `-` is standard output. A file that is there is never replaced
    #[arg(short = 'o', long, value_name = "FILE", value_parser = output_path::parse)]
    pub(crate) output: Option<OutputPath>,
    /// Connections of one download, at most
    #[arg(short = 'x', long = "max-connections", value_name = "CONNECTIONS", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub(crate) connections: Option<u32>,
    /// Downloads at once
    #[arg(short = 'j', long, value_name = "PARALLEL", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) parallel: u32,
    /// Downloads at once from one host [default: as many as -j says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) per_host: Option<u32>,
    /// File with a link a line, and aria2's options indented below it; `-` is standard input
    #[arg(short = 'i', long = "input-file", value_name = "LIST")]
    pub(crate) list: Option<PathBuf>,
    /// Request header, sent to the link's own server only; may be given several times
    #[arg(short = 'H', long = "header", value_name = "Name: value", value_parser = Unquoted(header))]
    pub(crate) headers: Vec<(String, String)>,
    /// What to call itself to servers
    #[arg(short = 'A', long, value_name = "NAME", value_parser = Unquoted(field))]
    pub(crate) user_agent: Option<String>,
    /// The page that the link stands on
    #[arg(short = 'e', long, value_name = "URL", value_parser = Unquoted(field))]
    pub(crate) referer: Option<String>,
    /// Name and password, for the links' own servers only. Without a password it is that of the netrc file with -n, or asked
    /// for on the terminal, so that no list of processes shows it
    #[arg(short = 'u', long, value_name = "USER[:PASSWORD]")]
    pub(crate) user: Option<String>,
    /// File whose first line is the password for -u; `-` is standard input
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// Names and passwords from $NETRC, else ~/.netrc, for links that name none, and passwords for the names that they or -u
    /// give
    #[arg(short = 'n', long)]
    pub(crate) netrc: bool,
    /// Cookies from a cookies.txt; each link gets those of its own server
    #[arg(long, value_name = "FILE")]
    pub(crate) cookies: Option<PathBuf>,
    /// Proxy for everything: an http, https, socks5 or socks5h link, `none`, or `system`
    #[arg(long, value_name = "PROXY", default_value = "system", value_parser = Unquoted(proxy))]
    pub(crate) proxy: ProxyChoice,
    /// The digest that the file must have, when there is one link: md5, sha-1, sha-256 or sha-512
    #[arg(long, value_name = "ALGORITHM:HEX", conflicts_with = "sha256")]
    pub(crate) checksum: Option<Checksum>,
    /// The same as --checksum sha-256:HEX
    #[arg(long, value_name = "HEX", value_parser = sha256)]
    pub(crate) sha256: Option<Checksum>,
    /// Bytes per second for everything together: 500000, 500k, 2M, 1.5MiB
    #[arg(long, alias = "limit-rate", value_name = "BYTES_PER_S", value_parser = byte_size::parse)]
    pub(crate) limit: Option<u64>,
    /// Attempts in a row that bring no byte
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) tries: u32,
    /// Longest pause between attempts in seconds, unless the server asks for more
    #[arg(long, value_name = "S", default_value_t = 30.0, value_parser = seconds)]
    pub(crate) retry_wait: f64,
    /// Seconds for connecting, for the first byte, and for a transfer that stands still
    #[arg(long, value_name = "S", default_value_t = 30.0, value_parser = seconds)]
    pub(crate) timeout: f64,
    /// Give each file the modification time that its server states
    #[arg(short = 'R', long)]
    pub(crate) remote_time: bool,
    /// On a machine without a network, wait for one, without using up tries
    #[arg(long)]
    pub(crate) wait_for_network: bool,
    /// Certificates to trust beside the system's
    #[arg(long, value_name = "PEM")]
    pub(crate) ca_cert: Option<PathBuf>,
    /// Do not mark files as come from the internet
    #[arg(long)]
    pub(crate) no_mark: bool,
    /// Events as JSON lines on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress
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
            return Err("no link given; name one, or a list with -i".into());
        }
        let several = self.urls.len() > 1 || self.list.is_some();
        if several && (self.output.is_some() || self.digest().is_some()) {
            return Err(
                "-o, --checksum and --sha256 are for one link; leave them out or name one link only"
                    .into(),
            );
        }
        if self.output == Some(OutputPath::Stdout) && self.json {
            return Err(
                "with -o - the file goes to standard output, where --json writes too; leave one out"
                    .into(),
            );
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
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is written 'Name: value'")?;
    let (name, value) = (name.trim_matches(blanks), value.trim_matches(blanks));
    if !is_sendable_header(name, "") {
        return Err("the name of a header is letters, digits and hyphens, without blanks, and none that says how long a request is".into());
    }
    Ok((name.to_owned(), field(value)?))
}

/// Parses the value of a header.
pub(crate) fn field(value: &str) -> Result<String, String> {
    if is_sendable_header("x", value) {
        Ok(value.to_owned())
    } else {
        Err("a header holds no line breaks and no other control characters".into())
    }
}

fn proxy(text: &str) -> Result<ProxyChoice, String> {
    text.parse()
        .map_err(|error: ParseProxyError| error.to_string())
}

fn sha256(text: &str) -> Result<Checksum, String> {
    let digest = format!("sha-256:{text}").parse();
    digest.map_err(|ParseChecksumError| "a SHA-256 is 64 hexadecimal digits".into())
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.01..=86_400.0).contains(&seconds) => Ok(seconds),
        Ok(_) | Err(_) => Err("seconds, from 0.01 to 86400".into()),
    }
}
