//! The queue against a plain model of itself: a list that is sorted and searched from its front.

use proptest::prelude::*;

use super::*;

const ANY: Limits = Limits {
    all: usize::MAX,
    per_host: usize::MAX,
};

fn turn(id: u64) -> Turn {
    Turn::new(Priority::Normal, None, DownloadId(id))
}

fn queued(ids: impl IntoIterator<Item = u64>) -> Queue {
    let mut queue = Queue::new(ANY);
    for id in ids {
        queue.set(DownloadId(id), "a", Some(Stand::Queued(turn(id))));
    }
    queue
}

fn order(queue: &Queue) -> Vec<u64> {
    queue.order().map(|id| id.0).collect()
}

/// Carries a move out as the actor does.
fn shift(queue: &mut Queue, places: &mut HashMap<u64, i64>, id: u64, place: Place) {
    let turn = |places: &HashMap<u64, i64>, id: u64| {
        Turn::new(Priority::Normal, places.get(&id).copied(), DownloadId(id))
    };
    for _ in 0..2 {
        let target = match place {
            Place::Before(other) | Place::After(other) => turn(places, other.0),
            Place::Top | Place::Up | Place::Down | Place::Bottom => turn(places, id),
        };
        match queue.slot(turn(places, id), place, target) {
            Slot::Here => return,
            Slot::At(at) => {
                places.insert(id, at);
                let stand = Some(Stand::Queued(turn(places, id)));
                return queue.set(DownloadId(id), "a", stand);
            }
            Slot::Crowded => {
                for (one, at) in queue.spread(Priority::Normal) {
                    places.insert(one.0, at);
                    let stand = Some(Stand::Queued(turn(places, one.0)));
                    queue.set(one, "a", stand);
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
        queue.set(DownloadId(id), host, Some(Stand::Queued(turn(id))));
    }
    queue.set(DownloadId(1), "a", Some(Stand::Running));
    assert_eq!(queue.next(|_| false), Some(DownloadId(3)));
    assert_eq!(queue.next(|host| host == "b"), None);
    queue.set(DownloadId(1), "a", None);
    assert_eq!(queue.next(|_| false), Some(DownloadId(2)));
}

#[test]
fn moving_changes_the_order_as_it_says() {
    let mut queue = queued(1..=5);
    let mut places = HashMap::new();
    for (id, place, expected) in [
        (4, Place::Top, [4, 1, 2, 3, 5]),
        (4, Place::Up, [4, 1, 2, 3, 5]),
        (1, Place::Bottom, [4, 2, 3, 5, 1]),
        (1, Place::Up, [4, 2, 3, 1, 5]),
        (4, Place::Down, [2, 4, 3, 1, 5]),
        (5, Place::Before(DownloadId(4)), [2, 5, 4, 3, 1]),
        (5, Place::Before(DownloadId(5)), [2, 5, 4, 3, 1]),
        (1, Place::Before(DownloadId(2)), [1, 2, 5, 4, 3]),
        (1, Place::After(DownloadId(4)), [2, 5, 4, 1, 3]),
        (1, Place::After(DownloadId(1)), [2, 5, 4, 1, 3]),
        (2, Place::After(DownloadId(3)), [5, 4, 1, 3, 2]),
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
        queue.limit(limits);
        // The model: host and turn of what is queued, host of what runs.
        let mut waiting: BTreeMap<u64, (&str, Turn)> = BTreeMap::new();
        let mut running: BTreeMap<u64, &str> = BTreeMap::new();
        for (id, host, what, priority, place) in steps {
            let host = hosts[host];
            waiting.remove(&id);
            let ran = running.remove(&id);
            let stand = match what {
                0 => {
                    let turn = Turn::new(Priority::of(priority), place, DownloadId(id));
                    waiting.insert(id, (host, turn));
                    Some(Stand::Queued(turn))
                }
                1 if ran.is_some() => {
                    running.insert(id, host);
                    Some(Stand::Running)
                }
                _ => None,
            };
            queue.set(DownloadId(id), host, stand);
            loop {
                let busy = |host: &str| running.values().filter(|at| **at == host).count();
                let may = waiting.values().filter(|(host, _)| busy(host) < limits.per_host);
                let expected = may.map(|(_, turn)| turn).min().filter(|_| running.len() < limits.all);
                let next = queue.next(|_| false);
                prop_assert_eq!(next, expected.map(|turn| turn.id));
                let Some(id) = next else { break };
                let (host, _) = waiting.remove(&id.0).expect("the model has it");
                running.insert(id.0, host);
                queue.set(id, host, Some(Stand::Running));
            }
            prop_assert!(running.len() <= limits.all);
            let mut sorted: Vec<Turn> = waiting.values().map(|(_, turn)| *turn).collect();
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
                0 => (Place::Top, 0),
                1 => (Place::Up, at.saturating_sub(1)),
                2 => (Place::Down, (at + 1).min(list.len())),
                3 => (Place::Bottom, list.len()),
                4 => {
                    let to = list.iter().position(|one| *one == other).unwrap_or(at);
                    (Place::Before(DownloadId(other)), to)
                }
                _ => {
                    let to = list.iter().position(|one| *one == other).map_or(at, |to| to + 1);
                    (Place::After(DownloadId(other)), to)
                }
            };
            list.insert(to, id);
            shift(&mut queue, &mut places, id, place);
            prop_assert_eq!(order(&queue), list.clone());
        }
    }
}
