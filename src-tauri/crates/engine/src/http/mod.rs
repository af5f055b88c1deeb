//! The only module that does HTTP: takes a URL and a byte range, returns a validated response or a problem.
//!
//! Does not depend on files or on the state of a download.

mod auth;
mod body;
mod challenge;
mod chunked;
mod client;
mod client_pool;
mod connect_hook;
mod connection_reuse;
mod content_coding;
mod content_digest;
mod cookies;
mod decode_step;
mod decoder;
mod digest_auth;
mod error;
mod gzip;
mod headers;
mod http2;
mod http2_sharing;
mod offload;
mod preconnect;
mod range_exchange;
mod range_request;
mod range_support;
mod redirect;
mod request_headers;
mod response;
mod send;
mod small_text;
mod system_proxies;
mod tls;
mod tunnel;
mod tunnel_client;

/// Sent unless the user sets another one.
const DEFAULT_USER_AGENT: &str = concat!("Millrace/", env!("CARGO_PKG_VERSION"));

/// Idle connections kept per host.
const MAX_IDLE: usize = 32;

/// Header fields of one response at most: hyper holds no more than three quarters of 32,768. The bytes of a header
/// section are bounded by its buffer of about 400 KiB (browsers: 256 KiB).
const MANY_FIELDS: usize = 16_384;

/// Why no client can be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpConfigError {
    #[error("a certificate file holds no certificate in PEM form")]
    Certificate,
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

pub(crate) use client::HttpClient;
pub(crate) use client_pool::HttpConfig;
pub use cookies::Cookie;
pub(crate) use offload::{check_response, request_headers};
pub(crate) use preconnect::Preconnect;
pub(crate) use range_request::RangeRequest;
pub(crate) use redirect::is_safe_cross_origin;
pub(crate) use request_headers::first_unsendable;
pub use request_headers::{is_reserved_header, is_sendable_header};
pub(crate) use response::{Peer, RangedResponse};
