//! What this machine can say of its own network. Sends nothing and knows no download.

use std::net::{IpAddr, UdpSocket};

/// The ways out of this machine, as far as it can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connectivity {
    /// This machine does not say.
    Unknown,
    /// There is none: no server outside can be reached.
    Offline,
    /// The own addresses that lead out; others are another network.
    Online(Vec<IpAddr>),
}

/// Asked about the network: every half second while a download runs or waits for it, else never.
pub trait ConnectivitySource: Send + Sync {
    /// The way out at this moment. Must not block.
    fn connectivity(&self) -> Connectivity;
}

/// Asks the system's table of routes, for IPv4 and IPv6, by choosing an address for a packet that is never sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct RouteTable;

/// Addresses that are nobody's (RFC 5737 and RFC 3849): where they would go is where any other goes.
const DOCUMENTATION_ADDRESSES: [(&str, &str); 2] = [
    ("0.0.0.0:0", "198.51.100.1:9"),
    ("[::]:0", "[2001:db8::1]:9"),
];

impl ConnectivitySource for RouteTable {
    fn connectivity(&self) -> Connectivity {
        let sockets = DOCUMENTATION_ADDRESSES
            .map(|(from, to)| UdpSocket::bind(from).map(|socket| (socket, to)));
        if sockets.iter().all(Result::is_err) {
            return Connectivity::Unknown;
        }
        let out = sockets.into_iter().flatten().filter_map(|(socket, to)| {
            socket.connect(to).ok()?;
            let own = socket.local_addr().ok()?.ip();
            (!own.is_loopback() && !own.is_unspecified()).then_some(own)
        });
        let out: Vec<IpAddr> = out.collect();
        if out.is_empty() {
            Connectivity::Offline
        } else {
            Connectivity::Online(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_lead_out_by_own_addresses_or_not_at_all() {
        let way = RouteTable.connectivity();
        assert_ne!(way, Connectivity::Unknown);
        if let Connectivity::Online(own) = way {
            assert!(own.iter().all(|own| !own.is_loopback()), "{own:?}");
        }
    }
}
