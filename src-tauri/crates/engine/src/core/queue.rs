//! Who may run next: order and limits. Pure.

use std::collections::HashMap;

use super::download::DownloadId;

/// How many may run at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) all: usize,
    pub(crate) per_host: usize,
}

/// Of those that wait (in order), the ones to start now, given what runs on which host.
pub(crate) fn admit<'a>(
    waiting: impl Iterator<Item = (DownloadId, &'a str)>,
    running: impl Iterator<Item = &'a str>,
    limits: Limits,
) -> Vec<DownloadId> {
    let mut hosts: HashMap<&str, usize> = HashMap::new();
    let mut all = 0;
    for host in running {
        *hosts.entry(host).or_default() += 1;
        all += 1;
    }
    let mut admitted = Vec::new();
    for (id, host) in waiting {
        if all >= limits.all {
            break;
        }
        let busy = hosts.entry(host).or_default();
        if *busy < limits.per_host {
            *busy += 1;
            all += 1;
            admitted.push(id);
        }
    }
    admitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_host_does_not_hold_up_the_others() {
        let waiting = [
            (DownloadId(1), "a"),
            (DownloadId(2), "a"),
            (DownloadId(3), "b"),
        ];
        let limits = Limits {
            all: 3,
            per_host: 2,
        };
        let next = admit(waiting.into_iter(), ["a"].into_iter(), limits);
        assert_eq!(next, [DownloadId(1), DownloadId(3)]);
    }

    #[test]
    fn no_more_run_than_allowed() {
        let waiting = (0..9).map(|n| (DownloadId(n), "a"));
        let limits = Limits {
            all: 4,
            per_host: 9,
        };
        assert_eq!(admit(waiting, ["b", "c"].into_iter(), limits).len(), 2);
    }
}
