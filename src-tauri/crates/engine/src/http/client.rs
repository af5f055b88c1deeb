//! One request with its redirects, challenges and cookies, by the way its download goes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, LOCATION, PROXY_AUTHORIZATION,
    RANGE,
};
use url::Url;

use super::ahead::{self, Ahead};
use super::answer::{self, Answer};
use super::clients::{Clients, NetConfig, NetError};
use super::cookies::{self, Cookie, Jar};
use super::fields::{self, NOT_THEIRS};
use super::login::{Login, Sent};
use super::{redirect, trouble};
use crate::core::credentials::{self, HostCredentials};
use crate::core::problem::Problem;
use crate::core::proxy::ProxyChoice;
use crate::core::record::Record;
use crate::core::{link, portal};

/// The network as one download uses it. Cheap to clone: all clones share connections, sign-in and cookies.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    clients: Arc<Clients>,
    own: Arc<Own>,
    given: Arc<Given>,
    /// Whether a page may be the file.
    page_wanted: bool,
}

/// What is for servers wherever a link leads, and the same for all downloads.
#[derive(Debug)]
struct Given {
    host_credentials: Vec<HostCredentials>,
    cookies: Vec<Cookie>,
}

/// What belongs to one attempt of one download.
#[derive(Debug, Default)]
struct Own {
    proxy: Option<ProxyChoice>,
    login: Option<Arc<Login>>,
    /// By the origin that redirects led to.
    logins: Mutex<HashMap<String, Arc<Login>>>,
    jar: Mutex<Jar>,
}

impl Own {
    fn jar(&self) -> MutexGuard<'_, Jar> {
        // Every change of a jar is whole.
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One question: this link, from this byte on.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a Url,
    /// The link that the person gave: its origin is what the headers were given for.
    pub(crate) home: &'a Url,
    pub(crate) headers: &'a [(String, String)],
    /// The first byte wanted.
    pub(crate) from: u64,
    /// One past the last byte wanted; `None` is all that comes.
    pub(crate) to: Option<u64>,
}

impl Net {
    pub(crate) fn new(config: &NetConfig) -> Result<Self, NetError> {
        Ok(Self {
            clients: Arc::new(Clients::new(config)?),
            own: Arc::default(),
            given: Arc::new(Given {
                host_credentials: config.host_credentials.clone(),
                cookies: config.cookies.clone(),
            }),
            page_wanted: true,
        })
    }

    /// Another way for every download that has none of its own, from the next connection on.
    pub(crate) fn go_by(&self, proxy: ProxyChoice) {
        self.clients.go_by(proxy);
    }

    /// The same network for one attempt of a download: with its proxy and credentials, and with no cookies yet.
    pub(crate) fn of(&self, record: &Record) -> Self {
        let mut url = link::parse(&record.url).ok();
        let named = url.as_mut().and_then(credentials::take);
        Self {
            clients: Arc::clone(&self.clients),
            own: Arc::new(Own {
                proxy: record.proxy.clone(),
                login: record
                    .credentials
                    .clone()
                    .or(named)
                    .map(Login::new)
                    .map(Arc::new),
                logins: Mutex::default(),
                jar: Mutex::default(),
            }),
            given: Arc::clone(&self.given),
            page_wanted: page_wanted(record),
        }
    }

    /// The sign-in at the origin of a link: the download's own at its home, elsewhere that of the host.
    fn login(&self, url: &Url, home: &Url) -> Option<Arc<Login>> {
        if url.origin() == home.origin() {
            return self.own.login.clone();
        }
        let mut all = self.given.host_credentials.iter();
        let named = all.find(|one| url.host_str() == Some(&*one.host))?;
        let origin = url.origin().ascii_serialization();
        // A map is whole between its changes.
        let logins = self.own.logins.lock();
        let mut logins = logins.unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Login::new(named.credentials.clone()));
        Some(Arc::clone(logins.entry(origin).or_insert_with(new)))
    }

    /// With the sign-in and cookies of this attempt, for a download that may be called something else.
    pub(crate) fn named_as(&self, record: &Record) -> Self {
        Self {
            page_wanted: page_wanted(record),
            ..self.clone()
        }
    }

    /// An answer that was got under another name.
    pub(crate) fn judge(&self, answer: &mut Answer) {
        answer.page = answer.html && !self.page_wanted;
    }

    /// Begins to open connections that the next requests to this link's origin take.
    pub(crate) fn ahead(&self, url: &Url, count: usize) -> Option<Ahead> {
        self.clients.ahead(self.own.proxy.as_ref(), url, count)
    }

    /// Asks, follows redirects, signs in, and checks the answer against the question. The body has not been read yet.
    #[expect(clippy::disallowed_methods, reason = "cookies end at a date")]
    pub(crate) async fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Problem> {
        let mut url = ask.url.clone();
        // Credentials in a link are never sent as part of it.
        let _taken = credentials::take(&mut url);
        let mut ranged = true;
        let (mut answered, mut passed) = (0, 0);
        let mut trail = redirect::Trail::new(&url);
        loop {
            let host = link::host(&url);
            let via = self.clients.via(self.own.proxy.as_ref(), &url)?;
            let (sent, mut headers) = self.headers(ask, &url, ranged);
            let proof = via.gate.as_ref().map(|gate| gate.at_proxy(&url));
            if let Some((_, Some(proof))) = &proof {
                headers.insert(PROXY_AUTHORIZATION, proof.clone());
            }
            let request = via.client.get(url.clone()).headers(headers);
            let sent_off = ahead::taking(&url, request.send());
            let arrived = tokio::time::timeout(self.clients.timeout * 2, sent_off).await;
            let response = arrived
                .map_err(|_| Problem::NoAnswer { host: host.clone() })?
                .map_err(|error| match &via.proxy {
                    Some(proxy) => trouble::behind(&error, &host, proxy),
                    None => trouble::problem(&error, &host),
                })?;
            let status = response.status();
            if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(host)) = (status, via.proxy) {
                if let (Some(gate), Some((shown, _))) = (&via.gate, &proof)
                    && gate.challenged(response.headers(), shown, passed)
                {
                    passed += 1;
                    continue;
                }
                return Err(Problem::ProxyRefused { host });
            }
            let now = SystemTime::now();
            self.own.jar().keep(&url, response.headers(), now);
            if redirect::is_one(status)
                && let Some(place) = response.headers().get(LOCATION)
            {
                let cookies = self.own.jar().changes();
                url = trail.follow(&url, place.as_bytes(), cookies)?;
                let _taken = credentials::take(&mut url);
                // Whoever asks next has not been answered yet; the trail ends what has no end.
                answered = 0;
                continue;
            }
            if status == StatusCode::UNAUTHORIZED
                && let Some(login) = self.login(&url, ask.home)
                && login.challenged(response.headers(), &sent, answered)
            {
                answered += 1;
                continue;
            }
            // An empty file has no first byte to start a range at: RFC 9110, section 14.1.2.
            let refused = status == StatusCode::RANGE_NOT_SATISFIABLE;
            if refused && ask.from == 0 && ranged {
                ranged = false;
                continue;
            }
            let mut answer = answer::check(response, url.clone(), ask)?;
            self.judge(&mut answer);
            if answer.page && url.host() != ask.home.host() {
                return Err(Problem::NotTheFile { host });
            }
            // A part of an unknown whole could end anywhere: the whole is asked for.
            if ranged
                && ask.from == 0
                && ask.to.is_none()
                && answer.identity.total.is_none()
                && answer.ranges
            {
                ranged = false;
                continue;
            }
            let part = !answer.whole && answer.identity.total.is_none();
            if part && ask.from == 0 && ask.to.is_none() {
                let host = link::host(&url);
                return Err(Problem::RangeMismatch { host });
            }
            return Ok(answer);
        }
    }

    /// Ours, and the person's as far as they may go with the link: credentials stay with the origin they were given
    /// for.
    #[expect(clippy::disallowed_methods, reason = "cookies end at a date")]
    fn headers(&self, ask: &Ask<'_>, url: &Url, ranged: bool) -> (Sent, HeaderMap) {
        let mut headers = HeaderMap::new();
        let home = url.origin() == ask.home.origin();
        for (name, value) in ask.headers {
            if let Some((name, value)) = fields::parse(name, value)
                && (home || redirect::travels(name.as_str()))
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
        let mut sent = Sent::Nothing;
        if let Some(login) = self.login(url, ask.home)
            && !headers.contains_key(AUTHORIZATION)
        {
            let (what, field) = login.field(url);
            sent = what;
            headers.extend(field.map(|field| (AUTHORIZATION, field)));
        }
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        for name in NOT_THEIRS {
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

fn page_wanted(record: &Record) -> bool {
    let (wanted, name) = (record.wanted_name.as_deref(), record.name.as_deref());
    link::parse(&record.url).is_ok_and(|url| portal::page_wanted(wanted, name, &url))
}
