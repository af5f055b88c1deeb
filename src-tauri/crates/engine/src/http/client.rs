//! One request with its redirects, authentication challenges and cookies, on the proxy route of its download.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use parking_lot::{Mutex, MutexGuard};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, PROXY_AUTHORIZATION, RANGE,
};
use reqwest::{Response, StatusCode, Version};
use url::Url;

use super::auth::{Authenticator, SentCredentials};
use super::client_pool::{ClientPool, HttpConfig};
use super::cookies::{self, Cookie, CookieJar};
use super::http2;
use super::preconnect::Preconnect;
use super::range_request::RangeRequest;
use super::range_support::Refusal;
use super::request_headers::{self, RESERVED_HEADERS};
use super::response::RangedResponse;
use super::{HttpConfigError, MAX_IDLE};
use super::{connection_reuse, redirect, send};
use crate::domain::captive_portal;
use crate::domain::credentials::{self, HostCredentials};
use crate::domain::download_url::{self, DownloadUrl};
use crate::domain::problem::Problem;
use crate::domain::proxy::ProxyChoice;
use crate::domain::record::Record;

/// HTTP for one download. Cheap to clone: clones share connections, authentication and cookies.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    pub(super) clients: Arc<ClientPool>,
    own: Arc<AttemptState>,
    given: Arc<Given>,
    /// Whether the file may be an HTML page.
    html_expected: bool,
    /// The file's name, or the requested one.
    pub(super) name: Option<Arc<str>>,
    /// Whether first requests may share a connection with other downloads.
    pub(super) shares: bool,
}

/// Credentials and cookies for any server that redirects lead to; the same for all downloads.
#[derive(Debug)]
struct Given {
    host_credentials: Vec<HostCredentials>,
    cookies: Vec<Cookie>,
}

/// State of one attempt of one download.
#[derive(Debug, Default)]
struct AttemptState {
    proxy: Option<ProxyChoice>,
    login: Option<Arc<Authenticator>>,
    /// For origins that redirects led to.
    logins: Mutex<HashMap<String, Arc<Authenticator>>>,
    jar: Mutex<CookieJar>,
    /// The server has no unencoded form of the file (406): any coding is accepted from then on.
    any_coding: AtomicBool,
}

/// Redirects and retries of one request so far.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) url: Url,
    /// Request the whole file, without a range.
    pub(super) whole: bool,
    /// Whether the last request had a range.
    pub(super) ranged: bool,
    /// Redirects to another origin are not followed.
    within_origin: bool,
    trail: redirect::RedirectChain,
    /// Answered challenges of servers, answered challenges of proxies, and idle connections that were found closed.
    answered: u32,
    passed: u32,
    closed: usize,
    /// A header section was too large for the default client.
    patient: bool,
    /// A shared connection failed: the request is repeated over a connection of its own.
    alone: bool,
    /// Whether the last response came over HTTP/2, where that was offered.
    pub(super) http2: Option<bool>,
}

impl Chain {
    pub(super) fn new(first: &Url) -> Self {
        let mut url = first.clone();
        // Credentials in a URL are never sent as part of it.
        let _taken = credentials::take_from_url(&mut url);
        Self {
            url,
            whole: false,
            ranged: true,
            within_origin: false,
            trail: redirect::RedirectChain::default(),
            answered: 0,
            passed: 0,
            closed: 0,
            patient: false,
            alone: false,
            http2: None,
        }
    }

    /// Of a request without a range that stays at its origin.
    pub(super) fn within_origin(first: &Url) -> Self {
        Self {
            whole: true,
            within_origin: true,
            ..Self::new(first)
        }
    }
}

impl AttemptState {
    fn jar(&self) -> MutexGuard<'_, CookieJar> {
        // Every change of a jar is whole.
        self.jar.lock()
    }
}

impl HttpClient {
    pub(crate) fn new(config: &HttpConfig) -> Result<Self, HttpConfigError> {
        Ok(Self {
            clients: Arc::new(ClientPool::new(config)?),
            own: Arc::default(),
            given: Arc::new(Given {
                host_credentials: config.host_credentials.clone(),
                cookies: config.cookies.clone(),
            }),
            html_expected: true,
            name: None,
            shares: false,
        })
    }

    /// Changes the proxy of all downloads that have none of their own, from the next request on.
    pub(crate) fn set_proxy(&self, proxy: ProxyChoice) {
        self.clients.set_proxy(proxy);
    }

    /// A client for one attempt of a download: with its proxy and credentials, and an empty cookie jar.
    pub(crate) fn for_attempt(&self, record: &Record) -> Self {
        let named = record.url.valid().ok();
        let named = named.and_then(DownloadUrl::stored_credentials);
        Self {
            clients: Arc::clone(&self.clients),
            own: Arc::new(AttemptState {
                proxy: record.proxy.clone(),
                login: record
                    .credentials
                    .clone()
                    .or(named)
                    .map(Authenticator::new)
                    .map(Arc::new),
                logins: Mutex::default(),
                jar: Mutex::default(),
                any_coding: AtomicBool::new(false),
            }),
            given: Arc::clone(&self.given),
            html_expected: html_expected(record),
            name: name(record),
            shares: false,
        }
    }

    /// Authentication at the origin of `url`: the download's own at the origin of `home`, elsewhere that of the host.
    fn login(&self, url: &Url, home: &Url) -> Option<Arc<Authenticator>> {
        if url.origin() == home.origin() {
            return self.own.login.clone();
        }
        let mut all = self.given.host_credentials.iter();
        let named = all.find(|one| url.host_str() == Some(&*one.host))?;
        let origin = url.origin().ascii_serialization();
        // Poisoning is ignored: every change of the map is complete.
        let logins = self.own.logins.lock();
        let mut logins = logins;
        let new = || Arc::new(Authenticator::new(named.credentials.clone()));
        Some(Arc::clone(logins.entry(origin).or_insert_with(new)))
    }

    /// Keeps the authentication and cookies of this attempt, for a download whose name may differ.
    pub(crate) fn for_record(&self, record: &Record) -> Self {
        Self {
            html_expected: html_expected(record),
            name: name(record),
            ..self.clone()
        }
    }

    /// Sets `unexpected_html` again, for a response that was received under another name.
    pub(crate) fn classify_html(&self, answer: &mut RangedResponse) {
        answer.unexpected_html = answer.html && !self.html_expected;
    }

    /// Starts opening connections for the next requests to the origin of `url`.
    pub(crate) fn preconnect(&self, url: &Url, count: usize) -> Option<Preconnect> {
        self.clients.ahead(self.own.proxy.as_ref(), url, count)
    }

    /// Sends the request, follows redirects and answers challenges. No byte of the body has been read yet.
    #[expect(clippy::disallowed_methods, reason = "cookies end at a date")]
    pub(super) async fn exchange(
        &self,
        ask: &RangeRequest<'_>,
        chain: &mut Chain,
        first: bool,
    ) -> Result<Response, Problem> {
        loop {
            let url = chain.url.clone();
            let host = download_url::host_with_port(&url);
            let via = self.clients.client_for(self.own.proxy.as_ref(), &url)?;
            let known = self.clients.ranges.refusal(&url);
            let known = known.is_some_and(|one| one != Refusal::Silent || ask.from == 0);
            chain.ranged = !(chain.whole || first && known);
            let plain = !self.own.any_coding.load(Ordering::Relaxed);
            let (sent, mut headers) = self.build_headers(ask, &url, chain.ranged);
            if !plain {
                headers.remove(ACCEPT_ENCODING);
            }
            let proof = via
                .proxy_auth
                .as_ref()
                .map(|gate| gate.proxy_authorization(&url));
            if let Some((_, Some(proof))) = &proof {
                headers.insert(PROXY_AUTHORIZATION, proof.clone());
            }
            let patient = chain.patient.then(|| self.clients.patient(&via)).flatten();
            let shared = if self.shares && first && !chain.alone && patient.is_none() {
                self.shared_client(&via, &url, &headers).await
            } else {
                None
            };
            let client = shared.as_ref().map(|(client, _)| client);
            let client = client.or(patient.as_ref()).unwrap_or(&via.client);
            let offered = shared.as_ref().map(|_| self.shared_failures(&url));
            let sent_off = connection_reuse::watched(send::send(client, &via, &url, headers));
            let arrived = tokio::time::timeout(self.clients.timeout * 2, sent_off).await;
            let (arrived, connected) =
                arrived.map_err(|_| Problem::NoAnswer { host: host.clone() })?;
            drop(shared);
            let response = match arrived {
                Ok(mut response) => {
                    if let Some(before) = offered {
                        response.extensions_mut().insert(before);
                    }
                    response
                }
                Err(error) => {
                    if let Some(before) = offered
                        && error.usual().is_some_and(http2::is_worth_another_way)
                    {
                        self.shared_answer_failed(&url, before);
                        chain.alone = true;
                        continue;
                    }
                    // An idle connection that the server closed meanwhile: retry, in the end on a new connection.
                    if !connected
                        && chain.closed < MAX_IDLE
                        && connection_reuse::ended_unanswered(error.cause())
                    {
                        chain.closed += 1;
                        continue;
                    }
                    if !chain.patient && connection_reuse::too_large(error.cause()) {
                        chain.patient = true;
                        continue;
                    }
                    return Err(error.problem(&url, via.proxy.as_deref()));
                }
            };
            let status = response.status();
            let http2 = response.version() == Version::HTTP_2;
            chain.http2 = offered.map(|_| http2);
            // 421 asks for another connection (RFC 9110, section 15.5.20).
            if let Some(before) = offered
                && http2
                && status == StatusCode::MISDIRECTED_REQUEST
            {
                self.shared_answer_failed(&url, before);
                chain.alone = true;
                continue;
            }
            if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(host)) = (status, via.proxy) {
                if let (Some(gate), Some((shown, _))) = (&via.proxy_auth, &proof)
                    && gate.on_challenge(response.headers(), shown, chain.passed)
                {
                    chain.passed += 1;
                    continue;
                }
                return Err(Problem::ProxyRefused { host });
            }
            let now = SystemTime::now();
            self.own.jar().store(&url, response.headers(), now);
            if redirect::leads(status, response.headers()) {
                chain.url = chain.trail.follow(&url, response.headers())?;
                if chain.within_origin && chain.url.origin() != url.origin() {
                    return Ok(response);
                }
                let _taken = credentials::take_from_url(&mut chain.url);
                // The next server may send challenges of its own; endless chains end at the redirect limit.
                chain.answered = 0;
                continue;
            }
            if status == StatusCode::UNAUTHORIZED
                && let Some(login) = self.login(&url, ask.origin_url)
                && login.on_challenge(response.headers(), &sent, chain.answered)
            {
                chain.answered += 1;
                continue;
            }
            // 406, the server has no unencoded form of the file: retry and accept any coding.
            if status == StatusCode::NOT_ACCEPTABLE && plain {
                self.own.any_coding.store(true, Ordering::Relaxed);
                continue;
            }
            return Ok(response);
        }
    }

    /// The engine's headers and those of the user's that may be sent to `url`: credentials stay with the origin that
    /// they were given for.
    #[expect(clippy::disallowed_methods, reason = "cookies end at a date")]
    fn build_headers(
        &self,
        ask: &RangeRequest<'_>,
        url: &Url,
        ranged: bool,
    ) -> (SentCredentials, HeaderMap) {
        let mut headers = HeaderMap::new();
        let home = url.origin() == ask.origin_url.origin();
        for (name, value) in ask.headers {
            if let Some((name, value)) = request_headers::parse(name, value)
                && (home || redirect::is_safe_cross_origin(name.as_str()))
            {
                headers.append(name, value);
            }
        }
        let (jar, now) = (self.own.jar(), SystemTime::now());
        let set = jar.matching(url, now);
        let given: Vec<&str> = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let given = given.join("; ");
        let mut all = cookies::of_file(&self.given.cookies, url, now, &given, &set);
        all.extend(set);
        if !all.is_empty()
            && let Ok(cookies) = HeaderValue::try_from(cookies::join(&given, &all))
        {
            headers.insert(COOKIE, cookies);
        }
        drop(jar);
        let mut sent = SentCredentials::Nothing;
        if let Some(login) = self.login(url, ask.origin_url)
            && !headers.contains_key(AUTHORIZATION)
        {
            let (what, field) = login.authorization(url);
            sent = what;
            headers.extend(field.map(|field| (AUTHORIZATION, field)));
        }
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        for name in RESERVED_HEADERS {
            headers.remove(name);
        }
        if ranged {
            let range = match ask.to {
                Some(to) => format!("bytes={}-{}", ask.from, to.saturating_sub(1)),
                None => format!("bytes={}-", ask.from),
            };
            let range = HeaderValue::try_from(range).expect("digits are a header value");
            headers.insert(RANGE, range);
        }
        (sent, headers)
    }
}

fn html_expected(record: &Record) -> bool {
    let (wanted, name) = (record.wanted_name.as_deref(), record.name.as_deref());
    let url = record.url.valid();
    url.is_ok_and(|url| captive_portal::html_expected(wanted, name, url.as_url()))
}

fn name(record: &Record) -> Option<Arc<str>> {
    let name = record.name.as_deref().or(record.wanted_name.as_deref());
    name.map(Arc::from)
}
