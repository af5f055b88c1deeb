//! Counts the open connections per host and learns how many each host allows. Pure: the time is passed in.
//!
//! Learned limits are kept in memory and expire: overload is temporary.

use std::collections::HashMap;
use std::time::Duration;

/// Maximum number of connections to one host over all downloads; beyond it each download still gets its first one.
pub(crate) const MAX_CONNECTIONS_PER_HOST: u32 = 16;
/// How long a learned limit applies.
pub(crate) const LIMIT_TTL: Duration = Duration::from_secs(3600);
/// How long it applies when a download's first connection was refused, not an additional one: the cause may be this one
/// file.
pub(crate) const TENTATIVE_LIMIT_TTL: Duration = Duration::from_secs(60);

/// How long a server may still count a connection that was closed here.
const CLOSE_DELAY: Duration = Duration::from_secs(1);

/// How many other connections of this engine a host had when it refused a download's first request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HostLoad {
    /// No other connection.
    #[default]
    Alone,
    /// Fewer than its learned limit, or others that were closed during the refused request.
    BelowLimit,
    /// As many as its learned limit, or no limit is known.
    AtLimit,
}

/// All hosts that are in use or have a learned limit.
#[derive(Debug, Default)]
pub(crate) struct HostLimits(HashMap<String, HostState>);

#[derive(Debug, Default)]
struct HostState {
    open: u32,
    /// When the last connection was closed.
    last_closed: Option<Duration>,
    learned: Option<LearnedLimit>,
    /// Consecutive refusals within the learned limit.
    consecutive_refusals: u32,
}

/// The number of connections that a host proved to allow.
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
    /// Counts one more connection, regardless of the limit.
    pub(crate) fn acquire(&mut self, host: &str) {
        self.0.entry(host.to_owned()).or_default().open += 1;
    }

    /// Counts one more connection if the limit permits it.
    pub(crate) fn try_acquire(&mut self, host: &str, now: Duration) -> bool {
        let room = self.available(host, now) > 0;
        if room {
            self.acquire(host);
        }
        room
    }

    /// How many more connections the limit permits.
    fn available(&self, host: &str, now: Duration) -> u32 {
        let most = self
            .allowed(host, now)
            .unwrap_or(MAX_CONNECTIONS_PER_HOST)
            .min(MAX_CONNECTIONS_PER_HOST);
        most.saturating_sub(self.open(host))
    }

    /// Counts one connection less.
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

    /// The learned limit of a host; `None` when it has none.
    pub(crate) fn allowed(&self, host: &str, now: Duration) -> Option<u32> {
        self.0.get(host)?.allowed(now)
    }

    /// How long the learned limit of a host still applies; `None` when it has none.
    pub(crate) fn allowed_for(&self, host: &str, now: Duration) -> Option<Duration> {
        let left = self.0.get(host)?.learned?.until.checked_sub(now)?;
        (!left.is_zero()).then_some(left)
    }

    /// Whether a host has as many connections as its learned limit.
    pub(crate) fn is_full(&self, host: &str, now: Duration) -> bool {
        let allows = self.allowed(host, now);
        allows.is_some_and(|number| self.open(host) >= number)
    }

    /// The load of a host beside one connection, which is still counted here and was opened at `begun`.
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

    /// The host refused a connection (still counted here, opened at `begun`) while it had others: their number becomes
    /// its limit. Returns the limit if it changed. Nothing is learned from the refusal of the only connection, nor
    /// from a first refusal within the learned limit: the server may still have counted a connection that had just
    /// been closed.
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
        let left = LIMIT_TTL - Duration::from_secs(60);
        assert_eq!(
            hosts.allowed_for("h", NOW + Duration::from_secs(60)),
            Some(left)
        );
        assert_eq!(hosts.allowed_for("h", NOW + LIMIT_TTL), None);
        assert_eq!(hosts.allowed_for("other", NOW), None);
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
    fn a_refusal_at_the_limit_is_expected_and_does_not_lower_it() {
        let later = NOW + Duration::from_secs(1);
        let mut hosts = with(4);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, NOW), Some(3));
        assert_eq!(hosts.learn_refusal("h", later, LIMIT_TTL, later), None);
        hosts.release("h", later);
        // The first refusal below it.
        assert_eq!(hosts.learn_refusal("h", later, LIMIT_TTL, later), None);
        assert_eq!(hosts.allowed("h", later), Some(3));
    }

    #[test]
    fn a_limit_that_has_expired_is_learned_again() {
        let mut hosts = with(4);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, NOW), Some(3));
        let end = NOW + LIMIT_TTL;
        assert_eq!(hosts.learn_refusal("h", end, LIMIT_TTL, end), Some(3));
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
        // The other connection may have been closed before this refusal arrived.
        let mut hosts = with(2);
        hosts.release("h", later);
        assert_eq!(hosts.load("h", NOW, later), HostLoad::BelowLimit);
        assert_eq!(
            hosts.load("h", later + 2 * CLOSE_DELAY, later + 2 * CLOSE_DELAY),
            HostLoad::Alone
        );
        // A server may count a closed connection for a moment longer.
        let begun = later + CLOSE_DELAY;
        assert_eq!(hosts.load("h", begun, begun), HostLoad::BelowLimit);
        assert_eq!(with(0).load("h", NOW, NOW), HostLoad::Alone);
    }

    #[test]
    fn a_host_is_full_with_as_many_connections_as_it_proved_to_allow() {
        assert!(!with(5).is_full("h", NOW), "no limit is known");
        let later = NOW + Duration::from_secs(1);
        let mut hosts = with(4);
        assert_eq!(hosts.learn_refusal("h", NOW, LIMIT_TTL, NOW), Some(3));
        assert_eq!(hosts.load("h", later, later), HostLoad::AtLimit);
        hosts.release("h", NOW);
        assert!(hosts.is_full("h", later));
        assert_eq!(hosts.load("h", later, later), HostLoad::BelowLimit);
        hosts.release("h", NOW);
        assert!(!hosts.is_full("h", later));
    }

    #[test]
    fn sixteen_connections_are_the_most_that_are_added_to_one_host() {
        let mut hosts = with(0);
        let got = (0..40).filter(|_| hosts.try_acquire("h", NOW)).count();
        assert_eq!(got, 16);
        // A download's first connection is always permitted.
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
