//! The scheduler alone: no store, no runtime, no file.

use std::time::{Duration, Instant};

use super::*;

const A: &str = "a.example:443";
const B: &str = "b.example:443";

/// What happens to the scheduler, and what it must answer.
enum Step {
    /// A download is queued with this priority.
    Queue(u64, &'static str, Priority),
    /// The next start must be this one; it runs from then on.
    Start(u64, &'static str),
    /// No download may start.
    Idle,
    /// A download has ended, is paused or blocked.
    Leave(u64),
    Limits(u32, Option<u32>),
}

fn drive(scheduler: &mut Scheduler, steps: Vec<Step>) {
    for (at, step) in steps.into_iter().enumerate() {
        match step {
            Step::Queue(id, host, priority) => {
                let key = QueueKey::new(priority, None, DownloadId(id));
                scheduler.set_status(DownloadId(id), host, Some(QueueStatus::Queued(key)));
            }
            Step::Start(id, host) => {
                let next = scheduler.next_start();
                assert_eq!(next, Some(DownloadId(id)), "step {at}");
                scheduler.set_status(DownloadId(id), host, Some(QueueStatus::Running));
            }
            Step::Idle => assert_eq!(scheduler.next_start(), None, "step {at}"),
            Step::Leave(id) => scheduler.set_status(DownloadId(id), "", None),
            Step::Limits(all, per_host) => scheduler.set_limits(all, per_host),
        }
    }
}

#[test]
fn downloads_start_by_priority_and_age_within_the_limits() {
    use Step::{Idle, Leave, Limits, Queue, Start};
    let mut scheduler = Scheduler::new(2, None);
    drive(
        &mut scheduler,
        vec![
            Idle,
            Queue(1, A, Priority::Normal),
            Queue(2, A, Priority::Low),
            Queue(3, B, Priority::High),
            Start(3, B),
            Start(1, A),
            Idle,
            Leave(3),
            Start(2, A),
            Idle,
            Queue(4, A, Priority::Normal),
            Queue(5, B, Priority::Normal),
            Limits(4, Some(2)),
            Start(5, B),
            Idle,
            Leave(1),
            Start(4, A),
            // At least one may run.
            Leave(2),
            Leave(4),
            Leave(5),
            Limits(0, Some(0)),
            Queue(6, A, Priority::Normal),
            Start(6, A),
            Queue(7, B, Priority::Normal),
            Idle,
        ],
    );
}

#[test]
fn a_request_to_start_is_taken_once() {
    let mut scheduler = Scheduler::new(1, None);
    assert!(!scheduler.take_start_request());
    scheduler.request_start();
    scheduler.request_start();
    assert!(scheduler.take_start_request());
    assert!(!scheduler.take_start_request());
}

#[test]
fn connections_are_shared_beyond_the_number_that_a_host_may_have() {
    let mut scheduler = Scheduler::new(100, None);
    let most = u64::from(host_limits::MAX_CONNECTIONS_PER_HOST);
    for id in 0..=most {
        assert!(!scheduler.shares_connection(A), "{id} downloads");
        let key = QueueKey::new(Priority::Normal, None, DownloadId(id));
        scheduler.set_status(DownloadId(id), A, Some(QueueStatus::Queued(key)));
    }
    assert!(scheduler.shares_connection(A));
    assert!(!scheduler.shares_connection(B));
    scheduler.set_limits(2, None);
    assert!(!scheduler.shares_connection(A), "only two run in parallel");
}

#[test]
fn a_move_changes_the_order_of_the_queue() {
    let mut scheduler = Scheduler::new(1, None);
    let key = |id, position| QueueKey::new(Priority::Normal, position, DownloadId(id));
    for id in 1..=3 {
        let status = QueueStatus::Queued(key(id, None));
        scheduler.set_status(DownloadId(id), A, Some(status));
    }
    let mut place = QueueMove::Top;
    let mut moved = scheduler.resolve_move(key(3, None), place, key(3, None));
    if moved == MoveOutcome::NeedsRebalance {
        for (id, at) in scheduler.rebalance(Priority::Normal) {
            let status = QueueStatus::Queued(key(id.0, Some(at)));
            scheduler.set_status(id, A, Some(status));
        }
        place = QueueMove::Top;
        moved = scheduler.resolve_move(key(3, None), place, key(3, None));
    }
    let MoveOutcome::At(at) = moved else {
        panic!("a place at the top: {moved:?}");
    };
    scheduler.set_status(
        DownloadId(3),
        A,
        Some(QueueStatus::Queued(key(3, Some(at)))),
    );
    let order: Vec<u64> = scheduler.order().map(|id| id.0).collect();
    assert_eq!(order, [3, 1, 2]);
    assert_eq!(scheduler.next_start(), Some(DownloadId(3)));
}

#[test]
fn waits_and_scheduled_starts_become_due_in_time() {
    let mut scheduler = Scheduler::new(1, None);
    let begun = Instant::now();
    let at = |passed: u64| Clocks {
        monotonic: begun + Duration::from_millis(passed),
        of_day: 1_000_000 + passed,
    };
    scheduler.wait(DownloadId(1), 1_000_500, at(0));
    scheduler.schedule_start(DownloadId(2), 1_000_200);
    assert_eq!(scheduler.next_due(at(0)), Some(Duration::from_millis(200)));
    assert_eq!(scheduler.take_due(at(199)), None);
    let start = (DownloadId(2), Due::Appointed(1_000_200));
    assert_eq!(scheduler.take_due(at(200)), Some(start));
    assert_eq!(scheduler.take_due(at(499)), None);
    let ended = (DownloadId(1), Due::WaitEnded(1_000_500));
    assert_eq!(scheduler.take_due(at(500)), Some(ended));
    assert_eq!(scheduler.next_due(at(500)), None);
}
