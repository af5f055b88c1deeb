//! Detects whether this machine has a network connection. Sends nothing; knows no download.

use std::net::{IpAddr, UdpSocket};

/// Connectivity of this machine, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connectivity {
    /// The system does not report it.
    Unknown,
    /// No route: no server outside can be reached.
    Offline,
    /// The local addresses of the routes; different addresses mean another network.
    Online(Vec<IpAddr>),
}

/// Source of the connectivity: polled every half second while a download runs or waits for the network, else never.
pub trait ConnectivitySource: Send + Sync {
    /// The present connectivity. Must not block.
    fn connectivity(&self) -> Connectivity;
}

/// Reads the system's routing table, for IPv4 and IPv6, by connecting UDP sockets; no packet is sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct RouteTable;

/// Addresses reserved for documentation (RFC 5737 and RFC 3849): they are routed like any other outside address.
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
