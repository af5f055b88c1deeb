//! How many connections each host has now, and how many it turned out to allow. Pure: the time is handed in.
//!
//! What is learnt is kept in memory only and for a limited time: a server's mood is no property of a file.

use std::collections::HashMap;
use std::time::Duration;

/// Connections to one host over all downloads, at most; beyond it each download has its first one.
pub(crate) const MAX_CONNECTIONS_PER_HOST: u32 = 16;
/// How long a number that a host showed is held to.
pub(crate) const LIMIT_TTL: Duration = Duration::from_secs(3600);
/// The same, when it was not an additional connection that was refused but a download's first: that may be the trouble
/// of this one file.
pub(crate) const TENTATIVE_LIMIT_TTL: Duration = Duration::from_secs(60);

/// How long a server may still count a connection that has ended here.
const CLOSE_DELAY: Duration = Duration::from_secs(1);

/// How many of ours a host had when it refused a download's first request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HostLoad {
    /// No other connection.
    #[default]
    Alone,
    /// Fewer than it is known to allow, or others that have ended while it refused.
    BelowLimit,
    /// As many as it is known to allow, or nobody knows how many those are.
    AtLimit,
}

/// Every host that is in use or remembered.
#[derive(Debug, Default)]
pub(crate) struct HostLimits(HashMap<String, HostState>);

#[derive(Debug, Default)]
struct HostState {
    open: u32,
    /// When the last one that ended did.
    last_closed: Option<Duration>,
    learned: Option<LearnedLimit>,
    /// Refusals in a row of no more than what it allowed before.
    consecutive_refusals: u32,
}

/// What a host showed to allow.
#[derive(Debug, Clone, Copy)]
struct LearnedLimit {
    max: u32,
    since: Duration,
    until: Duration,
}

impl HostState {
    fn allowed(&self, now: Duration) -> Option<u32> {
        let shown = self.learned.filter(|shown| now < shown.until);
        shown.map(|shown| shown.max)
    }
}

impl HostLimits {
    /// A connection more, whatever is allowed.
    pub(crate) fn acquire(&mut self, host: &str) {
        self.0.entry(host.to_owned()).or_default().open += 1;
    }

    /// A connection more, if there is room for it.
    pub(crate) fn try_acquire(&mut self, host: &str, now: Duration) -> bool {
        let room = self.available(host, now) > 0;
        if room {
            self.acquire(host);
        }
        room
    }

    /// How many connections more there may be.
    fn available(&self, host: &str, now: Duration) -> u32 {
        let most = self
            .allowed(host, now)
            .unwrap_or(MAX_CONNECTIONS_PER_HOST)
            .min(MAX_CONNECTIONS_PER_HOST);
        most.saturating_sub(self.open(host))
    }

    /// A connection less.
    pub(crate) fn release(&mut self, host: &str, now: Duration) {
        if let Some(known) = self.0.get_mut(host) {
            known.open = known.open.saturating_sub(1);
            known.last_closed = Some(now);
            if known.open == 0 && known.allowed(now).is_none() {
                self.0.remove(host);
            }
        }
    }

    fn open(&self, host: &str) -> u32 {
        self.0.get(host).map_or(0, |known| known.open)
    }

    /// The number that this host is held to; `None` when it has shown none.
    pub(crate) fn allowed(&self, host: &str, now: Duration) -> Option<u32> {
        self.0.get(host)?.allowed(now)
    }

    /// Whether it has all the connections that it is known to allow.
    pub(crate) fn is_full(&self, host: &str, now: Duration) -> bool {
        let allows = self.allowed(host, now);
        allows.is_some_and(|number| self.open(host) >= number)
    }

    /// What a host had beside a connection that is still counted here and was begun at `begun`.
    pub(crate) fn load(&self, host: &str, begun: Duration, now: Duration) -> HostLoad {
        let known = self.0.get(host);
        let others = known.map_or(0, |known| known.open.saturating_sub(1));
        let shown = known.and_then(|known| known.learned);
        let shown = shown.filter(|shown| now < shown.until && begun >= shown.since);
        let closed = known.and_then(|known| known.last_closed);
        let closed_meanwhile = closed.is_some_and(|at| at + CLOSE_DELAY >= begun);
        match shown {
            _ if others == 0 && closed_meanwhile => HostLoad::BelowLimit,
            _ if others == 0 => HostLoad::Alone,
            Some(shown) if others < shown.max => HostLoad::BelowLimit,
            Some(_) | None => HostLoad::AtLimit,
        }
    }

    /// It refused a connection (which is still counted here, and begun at `begun`) while it had others: that many it
    /// allows. Returns the number if it is news. Nothing is learnt from the refusal of an only connection, nor from a
    /// first refusal within what it is held to: one that just ended may still have been counted there.
    pub(crate) fn learn_refusal(
        &mut self,
        host: &str,
        begun: Duration,
        keep: Duration,
        now: Duration,
    ) -> Option<u32> {
        let known = self.0.get_mut(host)?;
        let others = known.open.saturating_sub(1);
        if others == 0 {
            return None;
        }
        let before = known.learned.filter(|shown| now < shown.until);
        if let Some(before) = before
            && others < before.max
            && begun >= before.since
        {
            known.consecutive_refusals += 1;
            if known.consecutive_refusals < 2 {
                return None;
            }
        }
        known.consecutive_refusals = 0;
        let max = before.map_or(others, |before| others.min(before.max));
        known.learned = Some(LearnedLimit {
            max,
            since: now,
            until: before.map_or(now + keep, |before| before.until.max(now + keep)),
        });
        (before.map(|before| before.max) != Some(max)).then_some(max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1000);

    fn with(open: u32) -> HostLimits {
        let mut hosts = HostLimits::default();
        for _ in 0..open {
            hosts.acquire("h");
        }
        hosts
    }

    #[test]
    fn a_host_that_refuses_the_third_is_held_to_two_for_an_hour() {
        let mut hosts = with(3);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, NOW), Some(2));
        hosts.release("h", NOW);
        assert!(hosts.is_full("h", NOW) && !hosts.try_acquire("h", NOW));
        hosts.release("h", NOW);
        assert!(hosts.try_acquire("h", NOW) && !hosts.try_acquire("h", NOW));
        for _ in 0..2 {
            hosts.release("h", NOW);
        }
        assert_eq!(hosts.allowed("h", NOW + Duration::from_secs(3599)), Some(2));
        assert_eq!(hosts.allowed("h", NOW + LIMIT_TTL), None);
        assert_eq!(hosts.allowed("other", NOW), None);
    }

    #[test]
    fn several_refusals_at_once_lower_the_number_to_what_is_left() {
        let later = NOW + Duration::from_secs(1);
        let mut hosts = with(4);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, later), Some(3));
        hosts.release("h", later);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, later), Some(2));
    }

    #[test]
    fn one_refusal_within_what_is_allowed_may_be_a_mistake_of_timing() {
        let later = NOW + Duration::from_secs(1);
        let mut hosts = with(4);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, NOW), Some(3));
        hosts.release("h", NOW);
        assert_eq!(hosts.learn_refusal("h", later, LIMIT_TTL, later), None);
        assert_eq!(hosts.learn_refusal("h", later, LIMIT_TTL, later), Some(2));
    }

    #[test]
    fn the_refusal_of_an_only_connection_says_nothing_about_their_number() {
        assert_eq!(with(1).learn_refusal("h", NOW, LIMIT_TTL, NOW), None);
    }

    #[test]
    fn a_host_is_below_its_limit_only_for_what_was_begun_since_that_is_known() {
        let later = NOW + Duration::from_secs(1);
        let mut hosts = with(4);
        assert_eq!(hosts.load("h", NOW, NOW), HostLoad::AtLimit);
        assert_eq!(
            hosts.learn_refusal("h", NOW, TENTATIVE_LIMIT_TTL, later),
            Some(3)
        );
        hosts.release("h", later);
        assert_eq!(hosts.load("h", NOW, later), HostLoad::AtLimit);
        assert_eq!(hosts.load("h", later, later), HostLoad::BelowLimit);
        assert_eq!(
            hosts.load("h", later, later + TENTATIVE_LIMIT_TTL),
            HostLoad::AtLimit
        );
        assert_eq!(with(1).load("h", NOW, NOW), HostLoad::Alone);
        // The one that it refused this for may have ended before its answer was here.
        let mut hosts = with(2);
        hosts.release("h", later);
        assert_eq!(hosts.load("h", NOW, later), HostLoad::BelowLimit);
        assert_eq!(
            hosts.load("h", later + 2 * CLOSE_DELAY, later + 2 * CLOSE_DELAY),
            HostLoad::Alone
        );
        assert_eq!(with(0).load("h", NOW, NOW), HostLoad::Alone);
    }

    #[test]
    fn sixteen_connections_are_the_most_that_are_added_to_one_host() {
        let mut hosts = with(0);
        let got = (0..40).filter(|_| hosts.try_acquire("h", NOW)).count();
        assert_eq!(got, 16);
        // A download's first connection is let in whatever there is.
        hosts.acquire("h");
        for _ in 0..17 {
            hosts.release("h", NOW);
        }
        assert!(
            hosts.0.is_empty(),
            "nothing is kept of a host without history"
        );
    }
}
