//! Reads from a response's head which codings its bytes are in: transfer codings belong to the message and are always
//! undone (RFC 9112, section 7), content codings belong to the file (RFC 9110, section 8.4). Pure; decodes nothing.

use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, TRANSFER_ENCODING,
};
use url::Url;

use crate::domain::content_disposition::file_name;

/// A registered coding, whether or not it can be undone here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Compress,
    Brotli,
    Zstd,
    /// The name of a registered coding that is not used as a file format.
    Other(&'static str),
}

impl Coding {
    /// The registered content codings (IANA, "HTTP Content Coding Registry") except `identity`.
    fn registered(token: &str) -> Option<Self> {
        let found = match token.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "compress" | "x-compress" => Self::Compress,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            "aes128gcm" => Self::Other("aes128gcm"),
            "dcb" => Self::Other("dcb"),
            "dcz" => Self::Other("dcz"),
            "exi" => Self::Other("exi"),
            "pack200-gzip" => Self::Other("pack200-gzip"),
            _ => return None,
        };
        Some(found)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Compress => "compress",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Other(name) => name,
        }
    }

    /// The format of files with that extension, in lower case.
    fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "gz" | "tgz" | "gzip" | "svgz" | "emz" | "wmz" | "crate" | "unitypackage" | "vgz"
            | "adz" | "cpgz" | "tpz" => Some(Self::Gzip),
            "z" | "taz" => Some(Self::Compress),
            "br" | "tbr" => Some(Self::Brotli),
            "zst" | "tzst" | "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The format of files of that media type.
    fn of_media_type(kind: &str) -> Option<Self> {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        let bare = kind.strip_prefix("application/")?;
        match bare.strip_prefix("x-").unwrap_or(bare) {
            "gzip" | "gunzip" | "gzipped" | "gzip-compressed" | "gtar" | "gtar-compressed"
            | "tgz" | "tar-gz" | "tar+gzip" | "compressed-tar" | "tar-gzip" => Some(Self::Gzip),
            "compress" => Some(Self::Compress),
            "brotli" | "br" => Some(Self::Brotli),
            "zstd" | "zstandard" | "zstd-compressed-tar" => Some(Self::Zstd),
            _ if bare.ends_with("+gzip") => Some(Self::Gzip),
            _ if bare.ends_with("+zstd") => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// Transfer codings of the message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Transfer {
    /// Codings to undo, the outermost first.
    pub(super) codings: Vec<Coding>,
    /// Chunks that hyper does not recognize: it reads `chunked` only as the very last word of the last field.
    pub(super) chunks: bool,
}

/// Length of the longest coding name that is shown.
const SHOWN: usize = 32;

/// A coding's name as shown to the user: only a token (RFC 9110, section 5.6.2) of limited length.
fn shown(token: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%'*+-.^_`|~".contains(c);
    if !token.is_empty() && token.len() <= SHOWN && token.chars().all(plain) {
        token.to_owned()
    } else {
        "unreadable".to_owned()
    }
}

/// The list members of all fields of that name, without parameters and without `identity`; `None` for a field that is
/// not text.
fn members<'a>(fields: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = Option<&'a str>> {
    let lines = fields.get_all(name).into_iter();
    let members = lines.flat_map(|line| match line.to_str() {
        Ok(line) => line.split(',').map(Some).collect(),
        Err(_) => vec![None],
    });
    let bare = |member: &'a str| member.split(';').next().unwrap_or_default().trim();
    members
        .map(move |member| member.map(bare))
        .filter(|member| {
            member.is_none_or(|m| !m.is_empty() && !m.eq_ignore_ascii_case("identity"))
        })
}

/// Whether the message has a framing of its own, beside which Content-Length is ignored (RFC 9112, section 6.3).
/// `identity`, from an earlier standard, is not one.
pub(super) fn framed(fields: &HeaderMap) -> bool {
    members(fields, &TRANSFER_ENCODING).next().is_some()
}

/// The transfer codings to undo. The error is the name of one that cannot be undone.
pub(super) fn transfer(fields: &HeaderMap) -> Result<Transfer, String> {
    let mut found = Transfer::default();
    let mut chunked = false;
    for member in members(fields, &TRANSFER_ENCODING) {
        let token = member.ok_or_else(|| shown(""))?;
        if token.eq_ignore_ascii_case("chunked") {
            // Listed twice, it was still applied once: RFC 9112, section 6.1.
            chunked = true;
            continue;
        }
        match Coding::registered(token) {
            // Nothing is applied over the chunks: RFC 9112, section 7.
            Some(coding @ (Coding::Gzip | Coding::Deflate)) if !chunked => {
                found.codings.insert(0, coding);
            }
            Some(_) | None => return Err(shown(token)),
        }
    }
    found.chunks = chunked && !seen_below(fields);
    Ok(found)
}

/// Whether hyper undoes the chunks.
fn seen_below(fields: &HeaderMap) -> bool {
    let last = fields.get_all(TRANSFER_ENCODING).into_iter().next_back();
    let last = last.and_then(|line| line.to_str().ok());
    let last = last.and_then(|line| line.rsplit(',').next());
    last.is_some_and(|word| word.trim().eq_ignore_ascii_case("chunked"))
}

/// Content codings of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// Codings to undo, the outermost first.
    pub(super) undo: Vec<Coding>,
    /// The coding that is the file's own format: it is not undone.
    pub(super) own: Option<Coding>,
}

impl Content {
    /// Compared between responses: bytes in one coding say nothing about bytes in another one.
    pub(super) fn label(&self) -> String {
        let all = self.own.iter().chain(self.undo.iter().rev());
        let names: Vec<&str> = all.map(|coding| coding.name()).collect();
        names.join(",")
    }
}

/// Reads Content-Encoding. A value that is not a registered coding (`none`, `aws-chunked`, `utf-8`) says nothing about
/// the bytes.
pub(super) fn content(fields: &HeaderMap, names: &[&str]) -> Content {
    let mut found = Content::default();
    let mut all = members(fields, &CONTENT_ENCODING)
        .flatten()
        .filter_map(Coding::registered)
        .peekable();
    // The first one is the innermost: it was applied first.
    if let Some(first) = all.peek().copied()
        && own(fields, names).contains(&first)
    {
        found.own = Some(first);
        let _own = all.next();
    }
    for coding in all {
        found.undo.insert(0, coding);
    }
    found
}

/// The codings that are the file's format by its names and media type.
fn own(fields: &HeaderMap, names: &[&str]) -> Vec<Coding> {
    let offered = fields.get(CONTENT_DISPOSITION);
    let offered = offered.and_then(|value| file_name(value.as_bytes()));
    let kind = fields.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let names = names.iter().copied().chain(offered.as_deref());
    let by_name = names.filter_map(|name| {
        let (_, extension) = name.trim_end_matches('"').rsplit_once('.')?;
        Coding::of_extension(&extension.to_ascii_lowercase())
    });
    by_name
        .chain(kind.and_then(Coding::of_media_type))
        .collect()
}

/// The last segment of a URL's path, which may name the file.
pub(super) fn last_part(url: &Url) -> &str {
    let parts = url.path_segments();
    let mut parts = parts.into_iter().flatten();
    parts.next_back().unwrap_or_default()
}

#[cfg(test)]
#[path = "content_coding_tests.rs"]
mod tests;
