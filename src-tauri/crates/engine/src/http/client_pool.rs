//! The only place where HTTP clients are built: one per proxy route, on first use, and kept, so that connections are
//! reused across downloads.
//!
//! Selects the route for a URL; does not depend on requests.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Proxy};
use rustls::ClientConfig;
use url::Url;

use super::auth::Authenticator;
use super::connect_hook::ConnectHookLayer;
use super::connection_reuse::Reuse;
use super::cookies::Cookie;
use super::error::ResolveError;
use super::http2::{self, SharedOrigins};
use super::preconnect::{self, IdlePool, Preconnect, PreconnectLayer};
use super::range_support::RangeSupport;
use super::system_proxies::SystemProxies;
use super::tls;
use super::tunnel_client::Tunnelled;
use super::{HttpConfigError, MANY_FIELDS, MAX_IDLE};
use crate::domain::credentials::HostCredentials;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::proxy::ProxyChoice;

/// Settings shared by all clients.
#[derive(Debug, Clone)]
pub(crate) struct HttpConfig {
    /// Time limit for connecting and for the first byte.
    pub(crate) timeout: Duration,
    /// PEM.
    pub(crate) extra_roots: Vec<Vec<u8>>,
    /// For downloads without a proxy setting of their own.
    pub(crate) proxy: ProxyChoice,
    pub(crate) host_credentials: Vec<HostCredentials>,
    pub(crate) cookies: Vec<Cookie>,
}

/// The HTTP clients, by proxy route.
#[derive(Debug)]
pub(super) struct ClientPool {
    /// Shared by all clients, so that TLS sessions are resumed on every route.
    tls: ClientConfig,
    pub(super) timeout: Duration,
    /// Locked only to copy or replace the value; replaced when the user changes the setting.
    proxy: Mutex<ProxyChoice>,
    system_proxy: OnceLock<SystemProxies>,
    made: Mutex<HashMap<ProxyRoute, PooledClient>>,
    pub(super) ranges: RangeSupport,
    pub(super) shared_origins: SharedOrigins,
}

/// Header fields of one response at most, for most responses: hyper allocates room for as many with every one.
const FEW_FIELDS: usize = 2048;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ProxyRoute {
    Direct,
    /// The proxy's URL.
    Proxy(String),
}

/// The clients and idle connections of one route.
#[derive(Debug, Clone)]
struct PooledClient {
    client: Client,
    /// Opens connections for `client`; built on first use.
    opener: OnceLock<Client>,
    /// Accepts [`MANY_FIELDS`]; built for the first response that needs it.
    patient: OnceLock<Client>,
    /// Offers HTTP/2, for requests that may share a connection; built on first use.
    shared: OnceLock<Client>,
    idle: IdlePool,
    /// Authentication at the proxy.
    proxy_auth: Option<Arc<Authenticator>>,
    tunnelled: Option<Tunnelled>,
}

/// The client for one URL.
#[derive(Debug)]
pub(super) struct RoutedClient {
    pub(super) client: Client,
    /// Host of the proxy, if the route has one.
    pub(super) proxy: Option<String>,
    way: ProxyRoute,
    /// Authentication at the proxy for http URLs, if there are credentials; for https URLs the client does it itself.
    pub(super) proxy_auth: Option<Arc<Authenticator>>,
    /// For https URLs, where the proxy may require more for CONNECT than `client` sends (Digest).
    pub(super) tunnelled: Option<Tunnelled>,
}

impl RoutedClient {
    /// Whether the proxy is known to refuse the CONNECT of the default client.
    pub(super) fn needs_tunnels(&self) -> bool {
        self.tunnelled.as_ref().is_some_and(Tunnelled::wanted)
    }
}

impl ClientPool {
    pub(super) fn new(config: &HttpConfig) -> Result<Self, HttpConfigError> {
        Ok(Self {
            tls: tls::config(&config.extra_roots)?,
            timeout: config.timeout,
            proxy: Mutex::new(config.proxy.clone()),
            system_proxy: OnceLock::new(),
            made: Mutex::default(),
            ranges: RangeSupport::default(),
            shared_origins: SharedOrigins::default(),
        })
    }

    pub(super) fn set_proxy(&self, proxy: ProxyChoice) {
        *self.proxy() = proxy;
    }

    fn proxy(&self) -> MutexGuard<'_, ProxyChoice> {
        self.proxy.lock()
    }

    /// The client for `url`, by the download's `own` proxy setting or else the engine's.
    pub(super) fn client_for(
        &self,
        own: Option<&ProxyChoice>,
        url: &Url,
    ) -> Result<RoutedClient, Problem> {
        let choice = own.cloned().unwrap_or_else(|| self.proxy().clone());
        let mut named = None;
        let (way, proxy) = match choice {
            ProxyChoice::None => (ProxyRoute::Direct, None),
            ProxyChoice::Url(link) => {
                named = link.credentials();
                (
                    ProxyRoute::Proxy(link.as_str().to_owned()),
                    Some(link.host()),
                )
            }
            ProxyChoice::System => {
                let system = self.system_proxy.get_or_init(SystemProxies::from_system);
                match system.proxy_for(url)? {
                    Some(proxy) => {
                        named = proxy.credentials();
                        let host = proxy.host();
                        (ProxyRoute::Proxy(proxy.into_url()), Some(host))
                    }
                    None => (ProxyRoute::Direct, None),
                }
            }
        };
        let host = proxy
            .clone()
            .unwrap_or_else(|| download_url::host_with_port(url));
        // No panic can happen with this lock held that would leave the map half changed.
        let mut made = self.made.lock();
        // Over https the client itself asks the proxy for a way.
        let plain = url.scheme() == "http";
        if let Some(there) = made.get(&way) {
            let client = there.client.clone();
            let proxy_auth = there.proxy_auth.clone().filter(|_| plain);
            let tunnelled = there.tunnelled.clone().filter(|_| !plain);
            return Ok(RoutedClient {
                client,
                proxy,
                way,
                proxy_auth,
                tunnelled,
            });
        }
        let idle = IdlePool::default();
        let client = self.build_client(&way, idle.consumer_layer(), FEW_FIELDS);
        let client = client.map_err(|_| Problem::ProxyUnreachable { host })?;
        let gate = named.map(|named| Arc::new(Authenticator::new(named)));
        let tunnelled = gate.as_ref().and_then(|gate| self.tunnelled(&way, gate));
        let new = PooledClient {
            client: client.clone(),
            opener: OnceLock::new(),
            patient: OnceLock::new(),
            shared: OnceLock::new(),
            idle,
            proxy_auth: gate.clone(),
            tunnelled: tunnelled.clone(),
        };
        made.insert(way.clone(), new);
        Ok(RoutedClient {
            client,
            proxy,
            way,
            proxy_auth: gate.filter(|_| plain),
            tunnelled: tunnelled.filter(|_| !plain),
        })
    }

    fn tunnelled(&self, way: &ProxyRoute, gate: &Arc<Authenticator>) -> Option<Tunnelled> {
        let ProxyRoute::Proxy(proxy) = way else {
            return None;
        };
        let proxy = Url::parse(proxy).ok()?;
        Tunnelled::new(&proxy, &self.tls, gate, self.timeout)
    }

    /// The same client for a server whose header sections exceed the default client's limit. `None` if it cannot be
    /// built.
    pub(super) fn patient(&self, via: &RoutedClient) -> Option<Client> {
        let made = self.made.lock();
        let there = made.get(&via.way)?;
        if there.patient.get().is_none() {
            let new = self
                .build_client(&via.way, IdlePool::default().consumer_layer(), MANY_FIELDS)
                .ok()?;
            return Some(there.patient.get_or_init(|| new).clone());
        }
        there.patient.get().cloned()
    }

    /// Starts opening `count` connections for the requests that follow. `None` if no client can be built.
    pub(super) fn ahead(
        &self,
        own: Option<&ProxyChoice>,
        url: &Url,
        count: usize,
    ) -> Option<Preconnect> {
        let via = self.client_for(own, url).ok()?;
        if via.needs_tunnels() {
            // The proxy would refuse the client that opens them.
            return None;
        }
        let way = via.way;
        let made = self.made.lock();
        let there = made.get(&way)?;
        let filler = match there.opener.get() {
            Some(filler) => filler,
            None => {
                let new = self
                    .build_client(&way, there.idle.opener_layer(), FEW_FIELDS)
                    .ok()?;
                there.opener.get_or_init(|| new)
            }
        };
        Some(preconnect::preconnect(filler, url, count))
    }

    /// The client that offers HTTP/2 on the same route. `None` if it cannot be built.
    pub(super) fn shared(&self, via: &RoutedClient) -> Option<Client> {
        let made = self.made.lock();
        let there = made.get(&via.way)?;
        if there.shared.get().is_none() {
            let new = self.make_shared(&via.way).ok()?;
            return Some(there.shared.get_or_init(|| new).clone());
        }
        there.shared.get().cloned()
    }

    fn make_shared(&self, way: &ProxyRoute) -> Result<Client, reqwest::Error> {
        let mut tls = self.tls.clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = self
            .builder(way, tls, FEW_FIELDS)?
            .http2_initial_stream_window_size(http2::STREAM_WINDOW)
            .http2_initial_connection_window_size(http2::CONNECTION_WINDOW)
            .http2_keep_alive_interval(http2::PING_INTERVAL)
            .http2_keep_alive_timeout(http2::PING_INTERVAL)
            .connector_layer(ConnectHookLayer(self.shared_origins.clone()));
        client.build()
    }

    fn build_client(
        &self,
        way: &ProxyRoute,
        connecting: PreconnectLayer,
        fields: usize,
    ) -> Result<Client, reqwest::Error> {
        let client = self
            .builder(way, self.tls.clone(), fields)?
            // Ranges over HTTP/2 would share one TCP connection, its window and its losses.
            .http1_only()
            .connector_layer(ConnectHookLayer(connecting));
        client.build()
    }

    #[expect(clippy::disallowed_methods, reason = "this is where clients are made")]
    fn builder(
        &self,
        way: &ProxyRoute,
        tls: ClientConfig,
        fields: usize,
    ) -> Result<ClientBuilder, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.timeout)
            .pool_max_idle_per_host(MAX_IDLE)
            .tcp_nodelay(true)
            .dns_resolver(SystemResolver)
            .connector_layer(ConnectHookLayer(Reuse))
            // As lenient as browsers; title case because some servers recognize a field only in that spelling.
            .http1_title_case_headers()
            .http1_max_headers(fields)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .user_agent(super::DEFAULT_USER_AGENT);
        Ok(match way {
            ProxyRoute::Direct => client.no_proxy(),
            ProxyRoute::Proxy(link) => client.proxy(Proxy::all(link)?),
        })
    }
}

/// The system's resolver, with an error type of its own by which a failed lookup is recognized.
#[derive(Debug)]
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let addresses: Vec<SocketAddr> = found.map_err(ResolveError)?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(proxy: ProxyChoice) -> ClientPool {
        let config = HttpConfig {
            timeout: Duration::from_secs(1),
            extra_roots: Vec::new(),
            proxy,
            host_credentials: Vec::new(),
            cookies: Vec::new(),
        };
        ClientPool::new(&config).expect("no certificates, no trouble")
    }

    #[test]
    fn each_way_has_one_client_which_is_kept() {
        let link: ProxyChoice = "http://p:1".parse().expect("a proxy");
        let all = clients(link.clone());
        let url = Url::parse("http://127.0.0.1/").expect("a link");
        for _ in 0..3 {
            let named = all.client_for(None, &url).expect("a client");
            assert_eq!(
                named.proxy.as_deref(),
                Some("p:1"),
                "named: also for loopback"
            );
            all.client_for(Some(&link), &url).expect("the same client");
            let direct = all
                .client_for(Some(&ProxyChoice::None), &url)
                .expect("a client");
            assert_eq!(direct.proxy, None);
        }
        let made = all.made.lock();
        assert_eq!(made.len(), 2);
    }
}
