//! The only module that speaks HTTP. A link and the bytes wanted go in; a checked answer comes out, or a problem.
//!
//! Knows nothing of files and of the state of a download.

mod ahead;
mod answer;
mod around;
mod ask;
mod body;
mod challenge;
mod chunks;
mod client;
mod clients;
mod coding;
mod cookies;
mod decoder;
mod digest;
mod digests;
mod fields;
mod gzip;
mod headers;
mod http2;
mod lent;
mod login;
mod range_support;
mod redirect;
mod reuse;
mod send;
mod sharing;
mod system_proxies;
mod tls;
mod trouble;
mod tunnel;
mod tunnelled;

/// How we call ourselves, unless the person says otherwise.
const DEFAULT_USER_AGENT: &str = concat!("Millrace/", env!("CARGO_PKG_VERSION"));

pub(crate) use ahead::Preconnect;
pub(crate) use answer::RangedResponse;
pub(crate) use client::{HttpClient, RangeRequest};
pub(crate) use clients::HttpConfig;
pub use cookies::Cookie;
pub(crate) use fields::first_unsendable;
pub use fields::{is_reserved_header, is_sendable_header};
pub(crate) use lent::{check_response, request_headers};
pub(crate) use redirect::is_safe_cross_origin;
