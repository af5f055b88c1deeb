//! Start and work on a platform that deadlocks and kills the process where Android and iOS do.

use std::collections::BTreeMap;
use std::thread::{self, ThreadId};

use serde_json::{Value, json};
use tauri_plugin_transfer::{Error, Platform, Transfer};

use super::*;

/// State of the process.
#[derive(Default)]
struct Fate {
    /// Reasons why it deadlocked or was killed.
    lost: Mutex<Vec<String>>,
    /// Number of calls of each command.
    called: Mutex<BTreeMap<String, usize>>,
    activity: AtomicBool,
}

impl Fate {
    fn called(&self, command: &str) -> bool {
        self.called.lock().unwrap().contains_key(command)
    }

    /// The process is lost; what this returns is an error.
    fn lose(&self, why: String) -> Result<Value, Error> {
        self.lost.lock().unwrap().push(why);
        Err(Error::Refused("the process is over".into()))
    }
}

/// A platform as seen by the plugin's calls.
#[derive(Clone)]
struct Double {
    /// The thread that starts the app.
    main: ThreadId,
    /// Swift replies from the main queue; Kotlin needs an activity for what goes through Tauri.
    swift: bool,
    fate: Arc<Fate>,
}

impl Double {
    fn new(swift: bool) -> Self {
        let fate = Fate::default();
        fate.activity.store(true, Ordering::Relaxed);
        Self {
            main: thread::current().id(),
            swift,
            fate: Arc::new(fate),
        }
    }

    fn answer(&self, command: &str) -> Result<Value, Error> {
        let mut called = self.fate.called.lock().unwrap();
        *called.entry(command.to_owned()).or_default() += 1;
        Ok(if command == "surroundings" {
            json!({ "connected": true, "metered": false })
        } else {
            Value::Null
        })
    }
}

impl Platform for Double {
    fn answers_while_starting(&self) -> bool {
        !self.swift
    }

    fn background(&self, command: &str, messages: Value) -> Result<Value, Error> {
        if self.swift {
            self.foreground(command, messages)
        } else {
            self.answer(command)
        }
    }

    fn foreground(&self, command: &str, _words: Value) -> Result<Value, Error> {
        if self.swift && thread::current().id() == self.main {
            let why = format!("{command}: the main queue is waited for on its own thread");
            return self.fate.lose(why);
        }
        if !self.swift && !self.fate.activity.load(Ordering::Relaxed) {
            return self.fate.lose(format!("{command}: there is no activity"));
        }
        self.answer(command)
    }

    fn listen(&self, told: Box<dyn Fn(&str) + Send + Sync>) -> Result<(), Error> {
        self.foreground("listen", Value::Null)?;
        told(r#"{"event":"surroundings","data":{"connected":true,"metered":false}}"#);
        Ok(())
    }
}

#[tokio::test]
async fn the_start_waits_for_no_answer_that_comes_from_its_own_thread() {
    for swift in [false, true] {
        let double = Double::new(swift);
        let transfer = Transfer::new(double.clone());
        let at_start = initial_device_status(&transfer);
        let rules = [at_start.metered, at_start.roaming];
        // nothing starts over a network that is not known to be unmetered
        assert_eq!(rules == [Some(true); 2], swift, "{at_start:?}");
        let (told, mut heard) = unbounded_channel();
        listen(transfer, told);
        let first = tokio::time::timeout(Duration::from_secs(20), heard.recv()).await;
        let Some(PlatformEvent::PlatformStatus(first)) = first.unwrap() else {
            panic!("surroundings come first");
        };
        assert_eq!(first.metered, Some(false));
        assert_eq!(*double.fate.lost.lock().unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn work_is_held_and_let_go_while_there_is_no_activity() {
    let double = Double::new(false);
    let works = TestEngine::start();
    let server = Server::start(body(), Duration::from_millis(20));
    let (requests, _inbox) = unbounded_channel();
    let state = works.state(requests).await;
    let updates = works.handle.subscribe().await.unwrap();
    let (_phone, heard) = unbounded_channel();
    let phone = PhoneHost::new(Transfer::new(double.clone()), false, || {});
    let carried = BackgroundWork::new(Arc::new(phone), state, &works.home(), Vec::new());
    let runs = tokio::spawn(carried.run(updates, heard));
    double.fate.activity.store(false, Ordering::Relaxed);
    let new = NewDownload {
        url: server.url("a.bin"),
        folder: works.home().downloads,
        ..NewDownload::default()
    };
    works.handle.add(new).await.unwrap();
    let told = async {
        while !double.fate.called("release") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(20), told).await;
    assert_eq!(*double.fate.lost.lock().unwrap(), Vec::<String>::new());
    told.expect("it is let go within 20 s");
    assert!(double.fate.called("hold"));
    runs.abort();
}
