//! Counts how often the host of a download refuses its first request while it serves our other downloads. Pure.

use super::host_limits::HostLoad;

/// Consecutive refusals that may be explained by the other downloads from the host.
const MAX_EXPLAINED: u32 = 30;
/// The same for refusals although the host's known limit allowed one more connection.
const MAX_BELOW_LIMIT: u32 = 3;

/// Consecutive refusals of one download.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Refusals {
    count: u32,
    below_limit: u32,
}

impl Refusals {
    /// An attempt has ended; `load`: which other connections of ours the host had when it refused the first request,
    /// [`HostLoad::Alone`] if it did not refuse it. Returns the number of consecutive refusals; `None` if it serves no
    /// other download, or if they no longer explain the refusal.
    pub(crate) fn count(&mut self, load: HostLoad) -> Option<u32> {
        self.count += 1;
        self.below_limit += u32::from(load == HostLoad::BelowLimit);
        let explained = load != HostLoad::Alone
            && self.count <= MAX_EXPLAINED
            && self.below_limit <= MAX_BELOW_LIMIT;
        let count = explained.then_some(self.count);
        if !explained {
            *self = Self::default();
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_a_host_that_is_full_are_explained_thirty_times() {
        let mut refusals = Refusals::default();
        for times in 1..=30 {
            assert_eq!(refusals.count(HostLoad::AtLimit), Some(times));
        }
        assert_eq!(refusals.count(HostLoad::AtLimit), None);
        assert_eq!(refusals.count(HostLoad::AtLimit), Some(1), "counted anew");
    }

    #[test]
    fn refusals_of_a_host_with_room_are_explained_three_times() {
        let mut refusals = Refusals::default();
        for times in 1..=3 {
            assert_eq!(refusals.count(HostLoad::BelowLimit), Some(times));
        }
        assert_eq!(refusals.count(HostLoad::BelowLimit), None);
    }

    #[test]
    fn an_attempt_that_is_not_refused_ends_the_count() {
        let mut refusals = Refusals::default();
        assert_eq!(refusals.count(HostLoad::AtLimit), Some(1));
        assert_eq!(refusals.count(HostLoad::Alone), None);
        assert_eq!(refusals, Refusals::default());
    }
}
