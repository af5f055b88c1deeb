//! A real engine with a phone that only records, refuses, suspends and kills. In the end every file is correct.

mod fake;
mod interrupted;
mod offload;
mod paused_from_notification;
mod platform;
mod scheduled_starts;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use millrace_backend::fixtures::{Server, TestEngine};
use millrace_backend::settings::{self, Language, Settings};
use millrace_engine::{DownloadId, NewDownload, Phase, Snapshot};
use tauri_plugin_transfer::{RangeFetch, Rest, Wake};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use self::fake::Fake;
use super::*;

struct Stage {
    works: TestEngine,
    fake: Arc<Fake>,
    phone: UnboundedSender<PlatformEvent>,
    runs: JoinHandle<()>,
    work_ended: Arc<AtomicBool>,
    settings: Arc<settings::SettingsStore>,
    server: Server,
}

fn body() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

impl Stage {
    async fn start() -> Self {
        Self::with(Duration::from_millis(60)).await
    }

    /// The server pauses this long after each of the ten pieces of a file.
    async fn with(pause: Duration) -> Self {
        Self::on(TestEngine::start(), Server::start(body(), pause)).await
    }

    async fn on(works: TestEngine, server: Server) -> Self {
        let fake = Arc::new(Fake::default());
        let (phone, heard) = unbounded_channel();
        let (requests, _inbox) = unbounded_channel();
        let state = works.state(requests).await;
        let settings = Arc::clone(&state.settings);
        let updates = works.handle.subscribe().await.unwrap();
        let work_ended = Arc::clone(&state.work_ended);
        let home = works.home();
        let languages = vec!["de-AT".into()];
        let carried = BackgroundWork::new(Arc::clone(&fake), state, &home, languages);
        let runs = tokio::spawn(carried.run(updates, heard));
        Self {
            works,
            fake,
            phone,
            runs,
            work_ended,
            settings,
            server,
        }
    }

    /// Kills the process without notice, and starts the app again.
    async fn killed(self) -> Self {
        self.runs.abort();
        let _aborted = self.runs.await;
        Self::on(self.works.killed().await, self.server).await
    }

    /// Whether the user is to be notified that the system ended work.
    fn work_ended(&self) -> bool {
        self.work_ended.load(Ordering::Relaxed)
    }

    fn folder(&self) -> PathBuf {
        self.works.home().downloads
    }

    async fn add(&self, name: &str) -> DownloadId {
        self.add_for(name, None).await
    }

    /// With a scheduled start, in milliseconds since 1970.
    async fn add_for(&self, name: &str, start_at: Option<u64>) -> DownloadId {
        let new = NewDownload {
            url: self.server.url(name),
            folder: self.folder(),
            start_at,
            ..NewDownload::default()
        };
        self.works.handle.add(new).await.unwrap()
    }

    fn hear(&self, heard: PlatformEvent) {
        self.phone.send(heard).unwrap();
    }

    fn surroundings(&self, now: PlatformStatus) {
        self.hear(PlatformEvent::PlatformStatus(now));
    }

    async fn ids(&self) -> Vec<DownloadId> {
        let list = self.works.handle.list().await.unwrap();
        list.iter().map(|one| one.id).collect()
    }

    async fn until(&self, id: DownloadId, is: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let wait = async {
            loop {
                let list = self.works.handle.list().await.unwrap();
                if let Some(one) = list.into_iter().find(|one| one.id == id && is(one)) {
                    return one;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(20), wait).await;
        bounded.expect("it becomes so within 20 s")
    }

    async fn running(&self, id: DownloadId) {
        self.until(id, |one| one.received > 0).await;
    }

    /// Waits until the download is done, and checks the file.
    async fn right(&self, id: DownloadId) {
        let done = self.until(id, |one| one.phase == Phase::Done).await;
        assert!(std::fs::read(done.path()).unwrap() == body());
    }

    async fn so(&self, is: impl Fn(&Fake) -> bool) {
        let wait = async {
            while !is(&self.fake) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(20), wait).await;
        bounded.expect("the phone is told within 20 s");
    }
}

#[tokio::test]
async fn the_phone_is_held_while_there_is_work_and_let_go_after_it() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.so(Fake::holds).await;
    stage.right(id).await;
    stage.so(|fake| !fake.holds()).await;
    let told = stage.fake.told();
    let first = told[0].clone().unwrap();
    assert_eq!(
        (first.title.as_str(), first.pause.as_str()),
        ("a.bin", "Pausieren")
    );
    assert_eq!(told.iter().filter(|told| told.is_none()).count(), 1);
}

#[tokio::test]
async fn suspended_and_resumed_it_is_held_again_and_somebody_who_looks_finds_a_window() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    let before = stage.fake.told().len();
    stage.hear(PlatformEvent::Away);
    stage.hear(PlatformEvent::Back { work_ended: false });
    stage.so(|fake| fake.seen.load(Ordering::Relaxed)).await;
    assert!(!stage.work_ended(), "it went on all the time");
    stage.fake.seen.store(false, Ordering::Relaxed);
    stage.hear(PlatformEvent::Away);
    stage.hear(PlatformEvent::TimeUp);
    stage.hear(PlatformEvent::Back { work_ended: true });
    stage.so(|fake| fake.seen.load(Ordering::Relaxed)).await;
    assert!(stage.work_ended());
    stage
        .so(|fake| fake.told().len() > before && fake.holds())
        .await;
    stage.right(id).await;
}

#[tokio::test]
async fn pause_on_the_notice_pauses_and_lets_go_and_what_is_resumed_goes_on() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Pause));
    stage.until(id, |one| one.phase == Phase::Paused).await;
    stage.so(|fake| !fake.holds()).await;
    stage.works.handle.resume(id).await.unwrap();
    stage.right(id).await;
}

#[tokio::test]
async fn cancel_on_the_notice_takes_off_what_goes_on_and_nothing_else() {
    let stage = Stage::start().await;
    let finished = stage.add("a.bin").await;
    stage.right(finished).await;
    let going = stage.add("b.bin").await;
    stage.running(going).await;
    stage.so(Fake::holds).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Cancel));
    stage.so(|fake| !fake.holds()).await;
    // the row is removed when its worker has stopped
    let only = async {
        while stage.ids().await != [finished] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(10), only).await;
    assert!(gone.is_ok(), "{:?}", stage.ids().await);
    assert!(stage.folder().join("a.bin").exists());
}

#[tokio::test]
async fn the_notice_follows_the_language_that_is_set() {
    // the phone is updated at most once a second
    let stage = Stage::with(Duration::from_secs(1)).await;
    for name in ["a.bin", "b.bin"] {
        stage.add(name).await;
    }
    let says = |title: &'static str, cancel: &'static str| {
        move |fake: &Fake| {
            let last = fake.told().pop().flatten();
            last.is_some_and(|work| work.title == title && work.cancel == cancel)
        }
    };
    stage.so(says("2 Downloads", "Abbrechen")).await;
    for (language, title, cancel) in [
        (Language::Zh, "2 个下载", "取消"),
        (Language::En, "2 downloads", "Cancel"),
    ] {
        let speak = |settings: &mut Settings| settings.language = Some(language);
        stage.settings.change(None, speak).unwrap();
        stage.so(says(title, cancel)).await;
    }
}

#[tokio::test]
async fn work_that_the_person_stopped_or_that_has_no_network_was_not_ended_by_the_system() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    stage.hear(PlatformEvent::Stopped);
    stage.hear(PlatformEvent::Back { work_ended: true });
    stage.so(|fake| fake.seen.load(Ordering::Relaxed)).await;
    assert!(!stage.work_ended());
    stage.right(id).await;
}
