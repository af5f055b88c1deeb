//! What limits the speed of a running download, decided from what was measured of it over about a second. Pure.
//!
//! Each answer has its own evidence; without any, there is no answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What limits the speed of a running download now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum LimitedBy {
    /// The rate limit of this download.
    OwnLimit,
    /// The rate limit of all downloads together.
    TotalLimit,
    /// The same, while it is the one of slow mode.
    SlowMode,
    /// The disk takes bytes more slowly than they arrive.
    Disk,
    /// The host refused further connections: it allows `allows` of them at once.
    ServerConnections { allows: u32 },
    /// The server: at the same moment another host gives more on each connection.
    Server,
    /// This machine's network: it has no route, or no host sends anything.
    Network,
    /// The server has sent nothing for a while.
    Waiting,
}

/// How long connections of one download waited for each cause, summed over the connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WaitTimes {
    pub(crate) own_limit: Duration,
    pub(crate) total_limit: Duration,
    pub(crate) disk: Duration,
}

impl WaitTimes {
    /// What was added since an `earlier` reading.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            own_limit: self.own_limit.saturating_sub(earlier.own_limit),
            total_limit: self.total_limit.saturating_sub(earlier.total_limit),
            disk: self.disk.saturating_sub(earlier.disk),
        }
    }
}

/// One running download over the last interval.
#[derive(Debug, Clone, Default)]
pub(crate) struct Observation {
    /// Length of the interval.
    pub(crate) elapsed: Duration,
    /// The host that serves the bytes.
    pub(crate) host: String,
    pub(crate) waits: WaitTimes,
    /// Connections that receive a response, and how many of them are wanted at most.
    pub(crate) connections: u32,
    pub(crate) max_connections: u32,
    /// Bytes per second over the interval.
    pub(crate) speed: u64,
    /// How long no byte has arrived.
    pub(crate) idle: Duration,
    /// The limit learned of the host, if it has as many connections as that.
    pub(crate) host_allows: Option<u32>,
}

/// What applies to all downloads.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Surroundings {
    /// Whether the total limit is the one of slow mode.
    pub(crate) slow_mode: bool,
    /// Whether this machine has no route to any network.
    pub(crate) offline: bool,
}

/// No byte for this long is silence.
const SILENCE: Duration = Duration::from_secs(2);
/// Another host has to give this many times as much on each connection to show that it is not the network.
const FASTER: u64 = 2;

impl Observation {
    fn per_connection(&self) -> u64 {
        self.speed / u64::from(self.connections.max(1))
    }

    /// Whether its connections waited for this cause for half of the time.
    fn held(&self, waited: Duration) -> bool {
        !waited.is_zero() && 2 * waited >= self.elapsed * self.connections.max(1)
    }

    fn held_by(&self, slow_mode: bool) -> Option<LimitedBy> {
        let total = if slow_mode {
            LimitedBy::SlowMode
        } else {
            LimitedBy::TotalLimit
        };
        let waits = self.waits;
        let causes = [
            (waits.own_limit, LimitedBy::OwnLimit),
            (waits.total_limit, total),
            (waits.disk, LimitedBy::Disk),
        ];
        let most = causes.into_iter().max_by_key(|(waited, _)| *waited)?;
        self.held(most.0).then_some(most.1)
    }
}

/// What limits the download at index `of` among all that run now.
pub(crate) fn limited_by(
    all: &[Observation],
    of: usize,
    around: Surroundings,
) -> Option<LimitedBy> {
    let this = all.get(of)?;
    if let Some(cause) = this.held_by(around.slow_mode) {
        return Some(cause);
    }
    let mut elsewhere = all.iter().filter(|other| other.host != this.host);
    if this.idle >= SILENCE {
        let other_hosts = elsewhere.clone().next().is_some();
        let all_silent = other_hosts && elsewhere.all(|other| other.idle >= SILENCE);
        return Some(if around.offline || all_silent {
            LimitedBy::Network
        } else {
            LimitedBy::Waiting
        });
    }
    if let Some(allows) = this.host_allows
        && this.connections < this.max_connections
    {
        return Some(LimitedBy::ServerConnections { allows });
    }
    let more = |other: &Observation| other.per_connection() > FASTER * this.per_connection();
    (this.connections > 0 && elsewhere.any(more)).then_some(LimitedBy::Server)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A download of `host` over four of eight connections at 4 MB/s.
    fn from(host: &str) -> Observation {
        Observation {
            elapsed: SECOND,
            host: host.into(),
            connections: 4,
            max_connections: 8,
            speed: 4_000_000,
            ..Observation::default()
        }
    }

    fn with(change: impl FnOnce(&mut Observation)) -> Observation {
        let mut one = from("a");
        change(&mut one);
        one
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn every_cause_has_its_evidence() {
        let here = Surroundings::default();
        let slow_mode = Surroundings {
            slow_mode: true,
            ..here
        };
        let offline = Surroundings {
            offline: true,
            ..here
        };
        let own = |ms_| with(|one| one.waits.own_limit = ms(ms_));
        let total = || with(|one| one.waits.total_limit = ms(2_400));
        let silent = |host: &str| Observation {
            idle: ms(2_000),
            speed: 0,
            ..from(host)
        };
        let full = |most| {
            with(|one| {
                one.host_allows = Some(4);
                one.max_connections = most;
            })
        };
        let fast = |speed| Observation { speed, ..from("b") };
        let cases: &[(&str, Vec<Observation>, Surroundings, Option<LimitedBy>)] = &[
            ("nothing is known", vec![from("a")], here, None),
            (
                "half of 4 × 1 s",
                vec![own(2_000)],
                here,
                Some(LimitedBy::OwnLimit),
            ),
            ("less than half", vec![own(1_999)], here, None),
            ("all", vec![total()], here, Some(LimitedBy::TotalLimit)),
            (
                "slow mode",
                vec![total()],
                slow_mode,
                Some(LimitedBy::SlowMode),
            ),
            (
                "own in slow mode",
                vec![own(4_000)],
                slow_mode,
                Some(LimitedBy::OwnLimit),
            ),
            (
                "the longer wait counts",
                vec![with(|one| {
                    one.waits.own_limit = ms(2_100);
                    one.waits.disk = ms(3_000);
                })],
                here,
                Some(LimitedBy::Disk),
            ),
            (
                "a wait explains the silence",
                vec![with(|one| {
                    one.waits.disk = ms(4_000);
                    one.idle = ms(9_000);
                })],
                here,
                Some(LimitedBy::Disk),
            ),
            ("silence", vec![silent("a")], here, Some(LimitedBy::Waiting)),
            (
                "too short",
                vec![with(|one| one.idle = ms(1_999))],
                here,
                None,
            ),
            (
                "no route",
                vec![silent("a")],
                offline,
                Some(LimitedBy::Network),
            ),
            ("no route, but bytes", vec![from("a")], offline, None),
            (
                "both hosts silent",
                vec![silent("a"), silent("b")],
                here,
                Some(LimitedBy::Network),
            ),
            (
                "one host silent",
                vec![silent("a"), from("b")],
                here,
                Some(LimitedBy::Waiting),
            ),
            (
                "two of one host silent",
                vec![silent("a"), silent("a")],
                here,
                Some(LimitedBy::Waiting),
            ),
            (
                "more connections wanted than allowed",
                vec![full(8)],
                here,
                Some(LimitedBy::ServerConnections { allows: 4 }),
            ),
            ("no more wanted", vec![full(4)], here, None),
            (
                "another host is faster",
                vec![from("a"), fast(8_000_100)],
                here,
                Some(LimitedBy::Server),
            ),
            (
                "not by enough",
                vec![from("a"), fast(8_000_000)],
                here,
                None,
            ),
            (
                "faster on the same host",
                vec![from("a"), with(|one| one.speed = 90_000_000)],
                here,
                None,
            ),
            (
                "before the first response",
                vec![
                    with(|one| {
                        one.connections = 0;
                        one.speed = 0;
                    }),
                    fast(9_000_000),
                ],
                here,
                None,
            ),
        ];
        for (what, all, around, expected) in cases {
            assert_eq!(limited_by(all, 0, *around), *expected, "{what}");
        }
        assert_eq!(limited_by(&[], 0, here), None);
    }
}
