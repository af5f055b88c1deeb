//! The phone is told when the next download starts, and only when that has changed.

use std::sync::mpsc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::*;

const HOUR: u64 = 3_600_000;

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

impl Fake {
    /// All calls of `wake`: when to wake the app, and the text to show.
    fn wakes(&self) -> Vec<Option<(u64, String)>> {
        let wakes = self.wakes.lock().unwrap().clone();
        let said = |wake: Wake| (wake.at, wake.title);
        wakes.into_iter().map(|wake| wake.map(said)).collect()
    }
}

const ONE: &str = "Ein geplanter Download kann jetzt starten";
const TWO: &str = "2 geplante Downloads können jetzt starten";

fn wake(at: u64, title: &str) -> Option<(u64, String)> {
    Some((at, title.to_owned()))
}

#[tokio::test]
async fn the_phone_is_told_the_next_start_whenever_that_is_another_one_and_only_then() {
    let stage = Stage::start().await;
    // an earlier process may have left an alarm
    stage.so(|fake| fake.wakes() == [None]).await;
    let (at, later) = (now() + HOUR, now() + 2 * HOUR);
    let mut wakes = vec![None];
    let first = stage.add_for("a.bin", Some(at)).await;
    wakes.push(wake(at, ONE));
    stage.so(|fake| fake.wakes() == wakes).await;
    stage.add_for("b.bin", Some(later)).await;
    let second = stage.add_for("c.bin", Some(at)).await;
    wakes.push(wake(at, TWO));
    stage.so(|fake| fake.wakes() == wakes).await;
    stage.works.handle.resume(second).await.unwrap();
    wakes.push(wake(at, ONE));
    stage.so(|fake| fake.wakes() == wakes).await;
    // paused again, it has no scheduled start any more
    stage.running(second).await;
    stage.works.handle.pause(second).await.unwrap();
    stage.until(second, |one| one.phase == Phase::Paused).await;
    let removed = stage.works.handle.remove(first, RemoveMode::Keep).await;
    removed.unwrap();
    wakes.push(wake(later, ONE));
    stage.so(|fake| fake.wakes() == wakes).await;
    let speak = |settings: &mut Settings| settings.language = Some(Language::En);
    stage.settings.change(None, speak).unwrap();
    wakes.push(wake(later, "A scheduled download is ready to start"));
    stage.so(|fake| fake.wakes() == wakes).await;
}

#[tokio::test]
async fn what_has_started_in_time_is_no_reason_to_wake_any_more() {
    let stage = Stage::start().await;
    let at = now() + 1_000;
    let id = stage.add_for("a.bin", Some(at)).await;
    stage.so(|fake| fake.wakes() == [None, wake(at, ONE)]).await;
    stage.right(id).await;
    stage
        .so(|fake| fake.wakes() == [None, wake(at, ONE), None])
        .await;
}

#[tokio::test]
async fn what_starts_unseen_and_may_not_be_held_was_not_ended_by_the_system() {
    let stage = Stage::start().await;
    let id = stage.add_for("a.bin", Some(now() + 500)).await;
    stage.so(Fake::holds).await;
    stage.hear(PlatformEvent::TimeUp);
    let mark = stage.works.home().crash_marker();
    stage.so(|_| !mark.exists()).await;
    assert!(!stage.work_ended());
    stage.hear(PlatformEvent::Back { work_ended: true });
    stage.so(|fake| fake.seen.load(Ordering::Relaxed)).await;
    stage.hear(PlatformEvent::TimeUp);
    stage.so(|_| stage.work_ended()).await;
    stage.right(id).await;
}

#[tokio::test]
async fn a_later_process_tells_the_moment_again() {
    let stage = Stage::start().await;
    let at = now() + HOUR;
    stage.add_for("a.bin", Some(at)).await;
    stage.so(|fake| fake.wakes().len() == 2).await;
    let again = stage.killed().await;
    again.so(|fake| fake.wakes() == [wake(at, ONE)]).await;
}

#[tokio::test]
async fn what_is_due_starts_at_the_phones_word_whatever_became_of_the_engines_own_timer() {
    let stage = Stage::start().await;
    stage.so(|fake| fake.wakes() == [None]).await;
    // From here on no timer fires, as while the machine is suspended; nor is time skipped, as long as a thread blocks.
    tokio::time::pause();
    let (over, blocks) = mpsc::channel::<()>();
    let blocking = tokio::task::spawn_blocking(move || blocks.recv());
    let at = now() + 500;
    stage.add_for("a.bin", Some(at)).await;
    assert!(seen(20_000, move || now() > at).await);
    let fake = Arc::clone(&stage.fake);
    assert!(
        !seen(200, move || fake.holds()).await,
        "nobody looked at the clock"
    );
    stage.hear(PlatformEvent::Due);
    let mut held = false;
    for _ in 0..100 {
        // a timer that is due also needs a tick to fire
        tokio::time::advance(Duration::from_millis(1)).await;
        let fake = Arc::clone(&stage.fake);
        held = seen(200, move || fake.holds()).await;
        if held {
            break;
        }
    }
    assert!(held, "it is started within 20 s");
    drop(over);
    let _over = blocking.await;
}

/// Whether it becomes true within `most` milliseconds, measured without a timer of the runtime.
async fn seen(most: u64, is: impl Fn() -> bool + Send + 'static) -> bool {
    let looks = move || {
        let begun = Instant::now();
        while !is() {
            if begun.elapsed() > Duration::from_millis(most) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    };
    tokio::task::spawn_blocking(looks).await.unwrap()
}
