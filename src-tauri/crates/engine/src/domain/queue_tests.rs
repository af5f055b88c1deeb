//! The queue against a simple model: a list that is sorted and searched from its front.

use proptest::prelude::*;

use super::*;

const ANY: Limits = Limits {
    all: usize::MAX,
    per_host: usize::MAX,
};

fn turn(id: u64) -> QueueKey {
    QueueKey::new(Priority::Normal, None, DownloadId(id))
}

fn queued(ids: impl IntoIterator<Item = u64>) -> Queue {
    let mut queue = Queue::new(ANY);
    for id in ids {
        queue.set_status(DownloadId(id), "a", Some(QueueStatus::Queued(turn(id))));
    }
    queue
}

fn order(queue: &Queue) -> Vec<u64> {
    queue.order().map(|id| id.0).collect()
}

/// Applies a move as the actor does.
fn shift(queue: &mut Queue, places: &mut HashMap<u64, i64>, id: u64, place: QueueMove) {
    let turn = |places: &HashMap<u64, i64>, id: u64| {
        QueueKey::new(Priority::Normal, places.get(&id).copied(), DownloadId(id))
    };
    for _ in 0..2 {
        let target = match place {
            QueueMove::Before(other) | QueueMove::After(other) => turn(places, other.0),
            QueueMove::Top | QueueMove::Up | QueueMove::Down | QueueMove::Bottom => {
                turn(places, id)
            }
        };
        match queue.resolve_move(turn(places, id), place, target) {
            MoveOutcome::Unchanged => return,
            MoveOutcome::At(at) => {
                places.insert(id, at);
                let stand = Some(QueueStatus::Queued(turn(places, id)));
                return queue.set_status(DownloadId(id), "a", stand);
            }
            MoveOutcome::NeedsRebalance => {
                for (one, at) in queue.rebalance(Priority::Normal) {
                    places.insert(one.0, at);
                    let stand = Some(QueueStatus::Queued(turn(places, one.0)));
                    queue.set_status(one, "a", stand);
                }
            }
        }
    }
    panic!("no room although the places were just spread");
}

#[test]
fn a_busy_host_does_not_hold_up_the_others() {
    let mut queue = Queue::new(Limits {
        all: 9,
        per_host: 1,
    });
    for (id, host) in [(1, "a"), (2, "a"), (3, "b")] {
        queue.set_status(DownloadId(id), host, Some(QueueStatus::Queued(turn(id))));
    }
    queue.set_status(DownloadId(1), "a", Some(QueueStatus::Running));
    assert_eq!(queue.next_ready(|_| false), Some(DownloadId(3)));
    assert_eq!(queue.next_ready(|host| host == "b"), None);
    queue.set_status(DownloadId(1), "a", None);
    assert_eq!(queue.next_ready(|_| false), Some(DownloadId(2)));
}

#[test]
fn the_downloads_of_a_host_run_beside_each_other_up_to_the_limits() {
    let mut queue = queued(1..=3);
    queue.set_status(DownloadId(4), "a", Some(QueueStatus::Running));
    queue.set_status(DownloadId(5), "a", Some(QueueStatus::Running));
    assert_eq!((queue.concurrency("a"), queue.concurrency("b")), (5, 0));
    queue.set_limits(Limits { per_host: 3, ..ANY });
    assert_eq!(queue.concurrency("a"), 3);
    queue.set_limits(Limits { all: 2, ..ANY });
    assert_eq!(queue.concurrency("a"), 2);
}

#[test]
fn a_move_before_or_behind_itself_changes_nothing() {
    let queue = queued(1..=3);
    let own = turn(2);
    for place in [QueueMove::Before(own.id), QueueMove::After(own.id)] {
        let moved = queue.resolve_move(own, place, own);
        assert_eq!(moved, MoveOutcome::Unchanged, "{place:?}");
    }
}

#[test]
fn moving_changes_the_order_as_it_says() {
    let mut queue = queued(1..=5);
    let mut places = HashMap::new();
    for (id, place, expected) in [
        (4, QueueMove::Top, [4, 1, 2, 3, 5]),
        (4, QueueMove::Up, [4, 1, 2, 3, 5]),
        (1, QueueMove::Bottom, [4, 2, 3, 5, 1]),
        (1, QueueMove::Up, [4, 2, 3, 1, 5]),
        (4, QueueMove::Down, [2, 4, 3, 1, 5]),
        (5, QueueMove::Before(DownloadId(4)), [2, 5, 4, 3, 1]),
        (5, QueueMove::Before(DownloadId(5)), [2, 5, 4, 3, 1]),
        (1, QueueMove::Before(DownloadId(2)), [1, 2, 5, 4, 3]),
        (1, QueueMove::After(DownloadId(4)), [2, 5, 4, 1, 3]),
        (1, QueueMove::After(DownloadId(1)), [2, 5, 4, 1, 3]),
        (2, QueueMove::After(DownloadId(3)), [5, 4, 1, 3, 2]),
    ] {
        shift(&mut queue, &mut places, id, place);
        assert_eq!(order(&queue), expected, "{id} {place:?}");
    }
}

proptest! {
    #[test]
    fn no_more_run_than_allowed_the_first_that_may_is_next_and_no_host_starves_another(
        steps in prop::collection::vec((0u64..12, 0usize..4, 0usize..3, -1i64..2, prop::option::of(-3i64..3)), 1..80),
        all in 1usize..5,
        per_host in 1usize..4,
    ) {
        let hosts = ["a", "b", "c", "d"];
        let limits = Limits { all, per_host };
        let mut queue = Queue::new(ANY);
        queue.set_limits(limits);
        // The model: host and key of the queued downloads, host of the running ones.
        let mut waiting: BTreeMap<u64, (&str, QueueKey)> = BTreeMap::new();
        let mut running: BTreeMap<u64, &str> = BTreeMap::new();
        for (id, host, what, priority, place) in steps {
            let host = hosts[host];
            waiting.remove(&id);
            let ran = running.remove(&id);
            let stand = match what {
                0 => {
                    let turn = QueueKey::new(Priority::from_db(priority), place, DownloadId(id));
                    waiting.insert(id, (host, turn));
                    Some(QueueStatus::Queued(turn))
                }
                1 if ran.is_some() => {
                    running.insert(id, host);
                    Some(QueueStatus::Running)
                }
                _ => None,
            };
            queue.set_status(DownloadId(id), host, stand);
            loop {
                let busy = |host: &str| running.values().filter(|at| **at == host).count();
                let may = waiting.values().filter(|(host, _)| busy(host) < limits.per_host);
                let expected = may.map(|(_, turn)| turn).min().filter(|_| running.len() < limits.all);
                let next = queue.next_ready(|_| false);
                prop_assert_eq!(next, expected.map(|turn| turn.id));
                let Some(id) = next else { break };
                let (host, _) = waiting.remove(&id.0).expect("the model has it");
                running.insert(id.0, host);
                queue.set_status(id, host, Some(QueueStatus::Running));
            }
            prop_assert!(running.len() <= limits.all);
            let mut sorted: Vec<QueueKey> = waiting.values().map(|(_, turn)| *turn).collect();
            sorted.sort();
            let sorted: Vec<DownloadId> = sorted.iter().map(|turn| turn.id).collect();
            prop_assert_eq!(queue.order().collect::<Vec<_>>(), sorted);
        }
    }

    #[test]
    fn any_number_of_moves_gives_the_order_of_a_plain_list(
        moves in prop::collection::vec((1u64..=6, 0usize..6, 1u64..=6), 0..120)
    ) {
        let mut queue = queued(1..=6);
        let mut places = HashMap::new();
        let mut list: Vec<u64> = (1..=6).collect();
        for (id, how, other) in moves {
            let at = list.iter().position(|one| *one == id).expect("it is on the list");
            list.remove(at);
            let (place, to) = match how {
                0 => (QueueMove::Top, 0),
                1 => (QueueMove::Up, at.saturating_sub(1)),
                2 => (QueueMove::Down, (at + 1).min(list.len())),
                3 => (QueueMove::Bottom, list.len()),
                4 => {
                    let to = list.iter().position(|one| *one == other).unwrap_or(at);
                    (QueueMove::Before(DownloadId(other)), to)
                }
                _ => {
                    let to = list.iter().position(|one| *one == other).map_or(at, |to| to + 1);
                    (QueueMove::After(DownloadId(other)), to)
                }
            };
            list.insert(to, id);
            shift(&mut queue, &mut places, id, place);
            prop_assert_eq!(order(&queue), list.clone());
        }
    }
}
