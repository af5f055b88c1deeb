use super::*;
use crate::domain::problem::Fix;

const NOW: UnixMillis = 1_000_000;

fn lost() -> Problem {
    Problem::ConnectionLost {
        host: "a.example".into(),
    }
}

fn failed(problem: Problem, attempts: u32, turned_away: Option<u32>) -> FailureOutcome {
    let failed = FailedAttempt {
        problem,
        attempts,
        restarts: 0,
        turned_away,
    };
    failed.outcome(&RetryPolicy::default(), 0.5, NOW)
}

#[test]
fn the_next_attempt_comes_after_the_backoff() {
    let outcome = failed(lost(), 3, None);
    assert_eq!(outcome.level, LogLevel::Warn);
    assert_eq!(outcome.text, "connection-lost; next attempt in 4.0 s");
    let event = Event::AttemptFailed {
        problem: lost(),
        until: NOW + 4000,
        restart: false,
    };
    assert_eq!(outcome.event, event);
}

#[test]
fn the_last_attempt_ends_with_a_failure_that_says_how_many_there_were() {
    let outcome = failed(lost(), 5, None);
    assert_eq!(outcome.level, LogLevel::Error);
    assert_eq!(outcome.text, "connection-lost; stopped after 5 attempts");
    let event = Event::Failed {
        problem: lost(),
        fix: Fix::Retry,
        restart: false,
    };
    assert_eq!(outcome.event, event);
    let gone = Problem::Gone {
        host: "a.example".into(),
    };
    let text = failed(gone, 1, None).text;
    assert_eq!(text, "gone; stopped after 1 attempt");
}

#[test]
fn a_refusal_beside_our_other_downloads_waits_whatever_the_number_of_attempts() {
    let outcome = failed(lost(), 99, Some(1));
    let text = "connection-lost beside other downloads from there; its turn comes in 1.0 s";
    assert_eq!(outcome.text, text);
    assert!(matches!(
        outcome.event,
        Event::AttemptFailed {
            until: 1_001_000,
            restart: false,
            ..
        }
    ));
}

#[test]
fn an_outage_waits_for_the_network_and_uses_up_no_attempt() {
    let offline = lost().into_offline();
    assert!(!uses_up_attempt(&offline, None));
    assert!(uses_up_attempt(&lost(), None));
    assert!(!uses_up_attempt(&lost(), Some(1)));
    let outcome = failed(offline, 99, None);
    assert_eq!(outcome.text, "offline; waiting for the network");
    assert!(matches!(outcome.event, Event::AttemptFailed { .. }));
}

#[test]
fn bytes_that_are_discarded_again_are_no_progress() {
    let changed = Problem::Changed {
        host: "a.example".into(),
    };
    assert!(made_progress(true, None));
    assert!(made_progress(true, Some(&lost())));
    assert!(!made_progress(true, Some(&changed)));
    assert!(!made_progress(false, None));
    // Restarts count as attempts then.
    let attempt = |restarts| FailedAttempt {
        problem: changed.clone(),
        attempts: 1,
        restarts,
        turned_away: None,
    };
    let policy = RetryPolicy::default();
    let first = attempt(0).outcome(&policy, 0.5, NOW).event;
    assert!(matches!(first, Event::AttemptFailed { restart: true, .. }));
    let last = attempt(policy.max_attempts).outcome(&policy, 0.5, NOW);
    assert!(matches!(last.event, Event::Failed { restart: true, .. }));
    assert_eq!(last.text, "changed; stopped after 1 attempt");
    // Of another problem they do not.
    let other = FailedAttempt {
        problem: lost(),
        ..attempt(policy.max_attempts)
    };
    let event = other.outcome(&policy, 0.5, NOW).event;
    assert!(matches!(event, Event::AttemptFailed { restart: false, .. }));
}
