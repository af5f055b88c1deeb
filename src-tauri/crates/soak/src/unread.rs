//! Bytes sent to a client that it has not read yet, from Linux's /proc. Does not depend on the servers.

use std::collections::HashMap;

/// Unread bytes of one connection.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Unread {
    /// Bytes that have not reached the client's kernel.
    pub(crate) on_the_way: u64,
    /// Bytes in the client's receive queue.
    pub(crate) waiting: u64,
}

/// All open connections to the server at that port of 127.0.0.1, by the client's port; `None` if the system does not
/// tell.
pub(crate) fn by_client(server: u16) -> Option<HashMap<u16, Unread>> {
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let mut all: HashMap<u16, Unread> = HashMap::new();
    for row in table.lines().skip(1).filter_map(Row::read) {
        if row.is_open && row.remote == server {
            all.entry(row.local).or_default().waiting = row.waiting;
        } else if row.is_open && row.local == server {
            all.entry(row.remote).or_default().on_the_way = row.on_the_way;
        }
    }
    Some(all)
}

struct Row {
    local: u16,
    remote: u16,
    is_open: bool,
    on_the_way: u64,
    waiting: u64,
}

impl Row {
    /// Parses `0: 0100007F:1F90 0100007F:D431 01 00000000:00000010 ...`.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().skip(1);
        let mut pair = || {
            words
                .next()
                .map(|word| word.split_once(':').unwrap_or((word, "")))
        };
        let hex = |text| u64::from_str_radix(text, 16).ok();
        let port = |text| u16::from_str_radix(text, 16).ok();
        let (local, remote) = (pair()?.1, pair()?.1);
        let state = pair()?.0;
        let (on_the_way, waiting) = pair()?;
        Some(Self {
            local: port(local)?,
            remote: port(remote)?,
            is_open: state == "01",
            on_the_way: hex(on_the_way)?,
            waiting: hex(waiting)?,
        })
    }
}
