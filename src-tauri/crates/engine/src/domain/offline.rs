//! Which problems are explained by a missing network, or by the system's denial of the local network. Pure.

use std::net::IpAddr;

use url::{Host, Url};

use super::problem::Problem;

impl Problem {
    /// Whether the problem is on the way to the server: another network may solve it.
    pub(crate) fn is_network_error(&self) -> bool {
        matches!(
            self,
            Self::UnknownHost { .. }
                | Self::Unreachable { .. }
                | Self::Offline { .. }
                | Self::ConnectTimeout { .. }
                | Self::NoAnswer { .. }
                | Self::Stalled { .. }
                | Self::ConnectionLost { .. }
        )
    }

    /// The problem as it appears on a machine without a network connection. Local addresses need none and keep theirs.
    pub(crate) fn into_offline(self) -> Self {
        if let Self::UnknownHost { host }
        | Self::Unreachable { host }
        | Self::ConnectTimeout { host }
        | Self::NoAnswer { host }
        | Self::Stalled { host }
        | Self::ConnectionLost { host } = &self
            && !is_local_address(host)
        {
            return Self::Offline { host: host.clone() };
        }
        self
    }

    /// The problem as it appears where the system denies the app the local network.
    pub(crate) fn kept_out(self) -> Self {
        if let Self::UnknownHost { host }
        | Self::Unreachable { host }
        | Self::ConnectTimeout { host }
        | Self::NoAnswer { host } = &self
            && is_local_host(host)
        {
            return Self::LocalNetwork { host: host.clone() };
        }
        self
    }
}

/// Whether a host is an address of this machine or of a private network.
fn is_local_address(host: &str) -> bool {
    match of(host) {
        Some(Of::Address(address)) => address.is_loopback() || private(address),
        Some(Of::Name(name)) => is_localhost(&name),
        None => false,
    }
}

/// Whether a host, with or without a port, is recognisably in the local network: by a private address, or by a name
/// that no public server has. This machine is not.
pub fn is_local_host(host: &str) -> bool {
    match of(host) {
        Some(Of::Address(address)) => private(address) || shared(address),
        Some(Of::Name(name)) => {
            let local = |end: &str| name.strip_suffix(end).is_some_and(|it| it.ends_with('.'));
            !is_localhost(&name) && (!name.contains('.') || LOCAL.iter().any(|end| local(end)))
        }
        None => false,
    }
}

/// Top-level domains of home networks: RFC 6762, RFC 8375, ICANN's reserved one, and those assigned by routers.
const LOCAL: [&str; 7] = [
    "local",
    "home.arpa",
    "internal",
    "lan",
    "home",
    "localdomain",
    "fritz.box",
];

enum Of {
    Address(IpAddr),
    Name(String),
}

fn of(host: &str) -> Option<Of> {
    let url = Url::parse(&format!("http://{host}/")).ok()?;
    match url.host()? {
        Host::Ipv4(four) => Some(Of::Address(four.into())),
        Host::Ipv6(six) => Some(Of::Address(IpAddr::V6(six).to_canonical())),
        Host::Domain(name) => Some(Of::Name(name.trim_end_matches('.').to_owned())),
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// RFC 1918, RFC 3927, RFC 4193, RFC 4291.
fn private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => six.is_unique_local() || six.is_unicast_link_local(),
    }
}

/// RFC 6598 (carrier-grade NAT), which Android treats as local.
fn shared(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => matches!(four.octets(), [100, 64..=127, ..]),
        IpAddr::V6(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_network_explains_nothing_about_near_addresses() {
        for host in [
            "127.0.0.1:80",
            "10.1.2.3",
            "192.168.0.9:8080",
            "169.254.1.1",
            "[::1]:80",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
            "localhost:3000",
        ] {
            let problem = Problem::Unreachable { host: host.into() };
            assert_eq!(problem.clone().into_offline(), problem);
        }
        for host in [
            "example.org",
            "example.org:81",
            "8.8.8.8",
            "[2001:db8::1]:80",
        ] {
            let host = || host.to_owned();
            let offline = Problem::Offline { host: host() };
            assert_eq!(
                Problem::UnknownHost { host: host() }.into_offline(),
                offline
            );
            assert_eq!(Problem::Stalled { host: host() }.into_offline(), offline);
        }
    }

    #[test]
    fn a_host_is_local_by_its_private_address_or_by_a_name_that_no_public_server_has() {
        for host in [
            "10.1.2.3",
            "172.16.0.1:8080",
            "192.168.0.9",
            "169.254.1.1",
            "100.64.0.1",
            "[fd00::1]:80",
            "[fe80::1]",
            "[::ffff:192.168.0.9]",
            "nas",
            "nas:5000",
            "NAS.local",
            "nas.local.",
            "nas.fritz.box",
            "nas.home.arpa",
        ] {
            assert!(is_local_host(host), "{host}");
            let failed = Problem::ConnectTimeout { host: host.into() };
            let kept_out = Problem::LocalNetwork { host: host.into() };
            assert_eq!(failed.kept_out(), kept_out);
        }
        for host in [
            "127.0.0.1:80",
            "[::1]",
            "localhost:3000",
            "a.localhost",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "[2001:db8::1]:80",
            "example.org",
            "local.example.org",
            "notlocal.org",
            "box",
            "",
        ] {
            let local = is_local_host(host);
            assert_eq!(local, host == "box", "{host}");
        }
        let said = Problem::ConnectionRefused { host: "nas".into() };
        assert_eq!(said.clone().kept_out(), said);
    }

    #[test]
    fn what_a_server_said_is_not_explained_by_a_missing_network() {
        let said = Problem::RateLimited {
            host: "example.org".into(),
            retry_after: None,
        };
        assert_eq!(said.clone().into_offline(), said);
        assert!(!said.is_network_error());
        let lost = Problem::ConnectionLost {
            host: "example.org".into(),
        };
        assert!(lost.is_network_error());
    }
}
