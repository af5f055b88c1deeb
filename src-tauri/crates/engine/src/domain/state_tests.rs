//! The transition table of `step`, for the user's commands and the worker's events.

use super::*;

fn problem() -> Problem {
    Problem::ConnectionLost { host: "h".into() }
}

fn waiting(restart: bool) -> State {
    State::Waiting {
        until: 9,
        problem: problem(),
        restart,
    }
}

fn failed(restart: bool) -> State {
    State::Failed {
        problem: problem(),
        fix: Fix::Retry,
        restart,
    }
}

fn every_state() -> Vec<State> {
    let mut all = vec![
        State::Queued,
        State::Probing,
        State::Running,
        State::Finishing,
    ];
    for then in [
        AfterStop::Pause,
        AfterStop::Queue,
        AfterStop::RemoveKeep,
        AfterStop::RemoveTrash,
    ] {
        all.push(State::Stopping { then });
    }
    all.extend([
        waiting(false),
        waiting(true),
        State::Paused,
        failed(false),
        failed(true),
    ]);
    all.extend([State::Done { at: 1 }, State::Removed]);
    all
}

fn every_event() -> Vec<Event> {
    vec![
        Event::Pause,
        Event::Enqueue,
        Event::DownloadAgain,
        Event::Remove(RemoveMode::Keep),
        Event::Remove(RemoveMode::Trash),
        Event::Preempt,
        Event::Admitted,
        Event::Answered,
        Event::Transferred,
        Event::Published(7),
        Event::Proven(7),
        Event::Stopped,
        Event::AttemptFailed {
            problem: problem(),
            until: 9,
            restart: false,
        },
        Event::Failed {
            problem: problem(),
            fix: Fix::Retry,
            restart: true,
        },
        Event::TimerFired,
    ]
}

#[test]
fn a_download_runs_to_its_end() {
    let mut state = State::Queued;
    for (event, effects) in [
        (Event::Admitted, vec![Effect::StartWorker]),
        (Event::Answered, vec![]),
        (Event::Transferred, vec![]),
        (Event::Published(7), vec![]),
    ] {
        let (next, todo) = step(state, event);
        assert_eq!(todo, effects);
        state = next;
    }
    assert_eq!(state, State::Done { at: 7 });
}

#[test]
fn a_worker_is_started_only_from_the_queue_and_stopped_only_once() {
    for state in every_state() {
        for event in every_event() {
            let (next, effects) = step(state.clone(), event.clone());
            let started = effects.contains(&Effect::StartWorker);
            assert_eq!(started, state == State::Queued && event == Event::Admitted);
            if effects.contains(&Effect::StopWorker) {
                assert!(state.has_worker() && !matches!(state, State::Stopping { .. }));
            }
            // A running worker is never forgotten: only its own final event ends it.
            let last_word = matches!(
                event,
                Event::Published(_)
                    | Event::Stopped
                    | Event::AttemptFailed { .. }
                    | Event::Failed { .. }
            );
            if state.has_worker() && !last_word {
                assert!(next.has_worker(), "{state:?} {event:?}");
            }
            if state.has_worker() && last_word {
                assert!(!next.has_worker(), "{state:?} {event:?}");
            }
        }
    }
}

#[test]
fn files_are_erased_only_on_removal_and_removal_is_for_good() {
    for state in every_state() {
        for event in every_event() {
            let (next, effects) = step(state.clone(), event);
            let erased = effects
                .iter()
                .any(|effect| matches!(effect, Effect::RemoveFiles(_)));
            assert_eq!(erased, next == State::Removed && state != State::Removed);
        }
    }
}

#[test]
fn a_file_that_was_published_before_the_stop_was_heard_is_done() {
    let (state, _) = step(State::Running, Event::Pause);
    assert_eq!(step(state, Event::Published(7)).0, State::Done { at: 7 });
}

#[test]
fn commands_while_stopping_change_what_comes_after() {
    let (state, _) = step(State::Running, Event::Pause);
    let (state, effects) = step(state, Event::Enqueue);
    assert_eq!(effects, []);
    assert_eq!(step(state.clone(), Event::Stopped).0, State::Queued);
    let (state, _) = step(state, Event::Remove(RemoveMode::Trash));
    let (state, _) = step(state, Event::Pause);
    let (state, effects) = step(state, Event::Stopped);
    assert_eq!(
        (state, effects),
        (State::Removed, vec![Effect::RemoveFiles(RemoveMode::Trash)])
    );
}

#[test]
fn what_is_held_goes_back_to_the_queue_unless_it_was_paused_meanwhile() {
    let (state, effects) = step(State::Running, Event::Preempt);
    assert_eq!(effects, [Effect::StopWorker]);
    assert_eq!(step(state.clone(), Event::Stopped).0, State::Queued);
    let (state, _) = step(state, Event::Pause);
    assert_eq!(step(state, Event::Stopped).0, State::Paused);
    assert_eq!(step(State::Finishing, Event::Preempt).0, State::Finishing);
}

#[test]
fn what_must_begin_afresh_does_so_when_it_is_queued() {
    assert_eq!(
        step(waiting(true), Event::TimerFired),
        (State::Queued, vec![Effect::DiscardPartial])
    );
    assert_eq!(
        step(waiting(false), Event::TimerFired),
        (State::Queued, vec![])
    );
    assert_eq!(
        step(failed(true), Event::Enqueue),
        (State::Queued, vec![Effect::DiscardPartial])
    );
}

#[test]
fn the_commands_a_state_allows_do_change_it() {
    for state in every_state() {
        let allows = state.allows();
        let changed = |event| step(state.clone(), event).0 != state;
        assert!(!allows.pause || changed(Event::Pause), "{state:?}");
        assert!(
            !(allows.resume || allows.retry) || changed(Event::Enqueue),
            "{state:?}"
        );
    }
}

#[test]
fn each_state_allows_these_commands_and_no_others() {
    let of = |state: &State| {
        let allows = state.allows();
        let commands = [
            (allows.pause, "pause"),
            (allows.resume, "resume"),
            (allows.retry, "retry"),
            (allows.open, "open"),
        ];
        let allowed = commands.into_iter().filter(|(allowed, _)| *allowed);
        allowed.map(|(_, name)| name).collect::<Vec<_>>()
    };
    let stopping = |then| State::Stopping { then };
    for (state, commands) in [
        (State::Queued, &["pause"][..]),
        (State::Probing, &["pause"]),
        (State::Running, &["pause"]),
        (State::Finishing, &[]),
        (stopping(AfterStop::Queue), &["pause"]),
        (stopping(AfterStop::Pause), &["resume"]),
        (stopping(AfterStop::RemoveKeep), &[]),
        (stopping(AfterStop::RemoveTrash), &[]),
        (waiting(false), &["pause", "retry"]),
        (State::Paused, &["resume"]),
        (failed(false), &["retry"]),
        (State::Done { at: 1 }, &["open"]),
        (State::Removed, &[]),
    ] {
        assert_eq!(of(&state), commands, "{state:?}");
    }
}

#[test]
fn a_file_is_renamed_and_moved_unless_its_bytes_are_about_to_be_discarded() {
    for state in every_state() {
        let allows = state.allows();
        let leaves = matches!(
            state,
            State::Removed
                | State::Stopping {
                    then: AfterStop::RemoveKeep | AfterStop::RemoveTrash
                }
        );
        let again = state == waiting(true) || state == failed(true);
        assert_eq!(allows.relocate, !leaves && !again, "{state:?}");
        let done = matches!(state, State::Done { .. });
        assert_eq!(
            (allows.locate, allows.download_again),
            (done, done),
            "{state:?}"
        );
        let starts = step(state.clone(), Event::DownloadAgain).0 == State::Queued;
        assert_eq!(starts, done || state == State::Queued, "{state:?}");
    }
}

#[test]
fn link_and_folder_change_only_where_nothing_runs_and_options_until_the_end() {
    for state in every_state() {
        let allows = state.allows();
        let phase = state.phase();
        let idle = [Phase::Queued, Phase::Waiting, Phase::Paused, Phase::Failed].contains(&phase);
        assert_eq!(
            (allows.change_link, allows.change_folder),
            (idle, idle),
            "{state:?}"
        );
        let leaves = matches!(
            state,
            State::Removed
                | State::Done { .. }
                | State::Stopping {
                    then: AfterStop::RemoveKeep | AfterStop::RemoveTrash
                }
        );
        assert_eq!(allows.set_options, !leaves, "{state:?}");
        let transfers = matches!(state, State::Probing | State::Running);
        assert_eq!(allows.set_request, idle || transfers, "{state:?}");
        assert_eq!(allows.set_start, allows.pause || allows.resume, "{state:?}");
        assert_eq!(allows.set_name, idle, "{state:?}");
    }
}

#[test]
fn nothing_that_had_a_worker_wakes_up_working() {
    for state in every_state() {
        assert!(!state.restore().has_worker());
    }
}

#[test]
fn the_stored_form_of_a_state_keeps_its_names() {
    let stored = serde_json::to_value(problem()).expect("it is plain data");
    for (state, json) in [
        (
            waiting(true),
            serde_json::json!({ "is": "waiting", "until": 9, "problem": stored, "afresh": true }),
        ),
        (
            failed(false),
            serde_json::json!({ "is": "failed", "problem": stored, "fix": "retry", "afresh": false }),
        ),
        (
            State::Stopping {
                then: AfterStop::RemoveTrash,
            },
            serde_json::json!({ "is": "stopping", "then": "remove-trash" }),
        ),
    ] {
        assert_eq!(
            serde_json::to_value(&state).expect("it is plain data"),
            json
        );
        let read: State = serde_json::from_value(json).expect("it is a state");
        assert_eq!(read, state);
    }
}
