//! Which problems a missing network explains. Pure.

use std::net::IpAddr;

use url::{Host, Url};

use super::problem::Problem;

impl Problem {
    /// Whether the trouble is of the way to the server: another network may mend it.
    pub(crate) fn of_the_way(&self) -> bool {
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

    /// The same problem on a machine that has no way out. Addresses that are reached without one are not judged by it.
    pub(crate) fn offline(self) -> Self {
        if let Self::UnknownHost { host }
        | Self::Unreachable { host }
        | Self::ConnectTimeout { host }
        | Self::NoAnswer { host }
        | Self::Stalled { host }
        | Self::ConnectionLost { host } = &self
            && !near(host)
        {
            return Self::Offline { host: host.clone() };
        }
        self
    }
}

/// Whether a host is an address of this machine or of a private network (RFC 1918, RFC 4193, RFC 3927, RFC 4291).
fn near(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    let address = match url.host() {
        Some(Host::Ipv4(four)) => IpAddr::V4(four),
        Some(Host::Ipv6(six)) => IpAddr::V6(six),
        Some(Host::Domain(name)) => return name == "localhost" || name.ends_with(".localhost"),
        None => return false,
    };
    match address.to_canonical() {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => {
            six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local()
        }
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
            assert_eq!(problem.clone().offline(), problem);
        }
        for host in [
            "example.org",
            "example.org:81",
            "8.8.8.8",
            "[2001:db8::1]:80",
        ] {
            let host = || host.to_owned();
            let offline = Problem::Offline { host: host() };
            assert_eq!(Problem::UnknownHost { host: host() }.offline(), offline);
            assert_eq!(Problem::Stalled { host: host() }.offline(), offline);
        }
    }

    #[test]
    fn what_a_server_said_is_not_explained_by_a_missing_network() {
        let said = Problem::RateLimited {
            host: "example.org".into(),
            retry_after: None,
        };
        assert_eq!(said.clone().offline(), said);
        assert!(!said.of_the_way());
    }
}
