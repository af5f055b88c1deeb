//! The table of `step`, from the person's side and the worker's.

use super::*;

fn problem() -> Problem {
    Problem::ConnectionLost { host: "h".into() }
}

fn waiting(afresh: bool) -> State {
    State::Waiting {
        until: 9,
        problem: problem(),
        afresh,
    }
}

fn failed(afresh: bool) -> State {
    State::Failed {
        problem: problem(),
        fix: Fix::Retry,
        afresh,
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
        Then::Pause,
        Then::Queue,
        Then::RemoveKeep,
        Then::RemoveTrash,
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
        Event::Go,
        Event::Remove(Leftover::Keep),
        Event::Remove(Leftover::Trash),
        Event::Hold,
        Event::Admitted,
        Event::Answered,
        Event::Complete,
        Event::Published(7),
        Event::LetGo,
        Event::Broke {
            problem: problem(),
            until: 9,
            afresh: false,
        },
        Event::GaveUp {
            problem: problem(),
            fix: Fix::Retry,
            afresh: true,
        },
        Event::Due,
    ]
}

#[test]
fn a_download_runs_to_its_end() {
    let mut state = State::Queued;
    for (event, effects) in [
        (Event::Admitted, vec![Effect::StartWorker]),
        (Event::Answered, vec![]),
        (Event::Complete, vec![]),
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
                assert!(state.working() && !matches!(state, State::Stopping { .. }));
            }
            // A worker that runs is never forgotten: only its own last word ends it.
            let last_word = matches!(
                event,
                Event::Published(_) | Event::LetGo | Event::Broke { .. } | Event::GaveUp { .. }
            );
            if state.working() && !last_word {
                assert!(next.working(), "{state:?} {event:?}");
            }
            if state.working() && last_word {
                assert!(!next.working(), "{state:?} {event:?}");
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
                .any(|effect| matches!(effect, Effect::Erase(_)));
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
    let (state, effects) = step(state, Event::Go);
    assert_eq!(effects, []);
    assert_eq!(step(state.clone(), Event::LetGo).0, State::Queued);
    let (state, _) = step(state, Event::Remove(Leftover::Trash));
    let (state, _) = step(state, Event::Pause);
    let (state, effects) = step(state, Event::LetGo);
    assert_eq!(
        (state, effects),
        (State::Removed, vec![Effect::Erase(Leftover::Trash)])
    );
}

#[test]
fn what_is_held_goes_back_to_the_queue_unless_it_was_paused_meanwhile() {
    let (state, effects) = step(State::Running, Event::Hold);
    assert_eq!(effects, [Effect::StopWorker]);
    assert_eq!(step(state.clone(), Event::LetGo).0, State::Queued);
    let (state, _) = step(state, Event::Pause);
    assert_eq!(step(state, Event::LetGo).0, State::Paused);
    assert_eq!(step(State::Finishing, Event::Hold).0, State::Finishing);
}

#[test]
fn what_must_begin_afresh_does_so_when_it_is_queued() {
    assert_eq!(
        step(waiting(true), Event::Due),
        (State::Queued, vec![Effect::Afresh])
    );
    assert_eq!(step(waiting(false), Event::Due), (State::Queued, vec![]));
    assert_eq!(
        step(failed(true), Event::Go),
        (State::Queued, vec![Effect::Afresh])
    );
}

#[test]
fn the_commands_a_state_allows_do_change_it() {
    for state in every_state() {
        let allows = state.allows();
        let changed = |event| step(state.clone(), event).0 != state;
        assert!(!allows.pause || changed(Event::Pause), "{state:?}");
        assert!(
            !(allows.resume || allows.retry) || changed(Event::Go),
            "{state:?}"
        );
    }
}

#[test]
fn nothing_that_had_a_worker_wakes_up_working() {
    for state in every_state() {
        assert!(!state.wake().working());
    }
}
