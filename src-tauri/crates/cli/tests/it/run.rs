//! Runs the binary in folders of its own and sees that it ends in time.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// No run here takes a quarter of this.
const BOUND: Duration = Duration::from_secs(60);

/// What a run that ended by itself left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
}

/// A run that goes on; killed when dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    out: Option<Drained>,
    err: Option<Drained>,
    begun: Instant,
}

/// What is read from a pipe, as it comes.
#[derive(Debug)]
struct Drained {
    all: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

/// One person's place: state, a current folder and nothing else of the machine's.
#[derive(Debug)]
pub(crate) struct Place {
    root: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = TempDir::new().expect("a temporary folder can be made");
        for name in ["home", "here"] {
            std::fs::create_dir(root.path().join(name)).expect("it is empty");
        }
        Self { root }
    }

    /// A folder of that name beside the others, whether or not it is there.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The folder the binary is started in.
    pub(crate) fn here(&self) -> PathBuf {
        self.path("here")
    }

    /// `millrace get`, to be given its arguments.
    pub(crate) fn get(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_millrace"));
        command.arg("get").args(arguments);
        command
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.here())
            .env("MILLRACE_HOME", self.path("home"))
            .env_remove("MILLRACE_DOWNLOADS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // A proxy of the machine's would stand between the binary and the loopback server.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command
    }
}

pub(crate) fn start(mut command: Command) -> Running {
    let begun = Instant::now();
    let mut child = spawn(&mut command);
    let out = child.stdout.take().map(drain);
    let err = child.stderr.take().map(drain);
    Running {
        child,
        out,
        err,
        begun,
    }
}

/// Under Wine a new process sometimes ends before it has begun, which is reported as `ERROR_INTERNAL_ERROR`; the program
/// has done nothing then, and is started again.
fn spawn(command: &mut Command) -> Child {
    const INTERNAL_ERROR: i32 = 1359;
    let again = |error: &io::Error| cfg!(windows) && error.raw_os_error() == Some(INTERNAL_ERROR);
    let mut spawned = command.spawn();
    for _ in 0..4 {
        if !spawned.as_ref().is_err_and(again) {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
        spawned = command.spawn();
    }
    spawned.expect("the program can be started")
}

/// Runs to the end.
pub(crate) fn run(command: Command) -> Ended {
    start(command).ended()
}

fn drain(mut pipe: impl Read + Send + 'static) -> Drained {
    let all = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&all);
    let reading = std::thread::spawn(move || {
        let mut piece = [0; 4096];
        // A pipe that breaks ends what there is to read.
        while let Ok(count @ 1..) = pipe.read(&mut piece) {
            let mut all = shared.lock().expect("nothing panics with this lock held");
            all.extend(&piece[..count]);
        }
    });
    Drained { all, reading }
}

impl Drained {
    fn whole(self) -> String {
        let Self { all, reading } = self;
        reading.join().expect("reading does not panic");
        let all = all.lock().expect("nothing panics with this lock held");
        String::from_utf8_lossy(&all).into_owned()
    }

    #[cfg(unix)]
    fn so_far(&self) -> String {
        let all = self.all.lock().expect("nothing panics with this lock held");
        String::from_utf8_lossy(&all).into_owned()
    }
}

/// Waits for a state, and no longer than `BOUND`.
pub(crate) fn wait_until(what: &str, there: impl Fn() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < BOUND, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Running {
    /// Its process.
    #[cfg(unix)]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether standard error has said that so far.
    #[cfg(unix)]
    pub(crate) fn err_has(&self, text: &str) -> bool {
        self.err
            .as_ref()
            .is_some_and(|err| err.so_far().contains(text))
    }

    /// Its standard input, when that is a pipe; once.
    pub(crate) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    pub(crate) fn ended(mut self) -> Ended {
        let status = loop {
            match self.child.try_wait().expect("an own child can be asked") {
                Some(status) => break status,
                None if self.begun.elapsed() > BOUND => panic!("the run did not end in {BOUND:?}"),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let took = self.begun.elapsed();
        // Nothing was said where there was no pipe.
        let text = |pipe: Option<Drained>| {
            let read = pipe.map(Drained::whole);
            read.unwrap_or_default()
        };
        Ended {
            code: status.code(),
            out: text(self.out.take()),
            err: text(self.err.take()),
            took,
        }
    }

    /// Whether it ended by itself before it was killed (`kill -9` on unix).
    pub(crate) fn kill_after(mut self, life: Duration) -> bool {
        std::thread::sleep(life.saturating_sub(self.begun.elapsed()));
        self.child
            .try_wait()
            .expect("an own child can be asked")
            .is_some()
        // Dropping kills, and waits until it is gone.
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The names in a folder, in order. Wine shows a second stream of a file (`a.bin:Zone.Identifier`) as one more file; no file
/// of Windows has a colon in its name.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let stream = |name: &String| cfg!(windows) && name.contains(':');
    let mut names: Vec<String> = entries
        .map(|entry| {
            let entry = entry.expect("the folder can be read");
            entry.file_name().to_string_lossy().into_owned()
        })
        .filter(|name| !stream(name))
        .collect();
    names.sort();
    names
}

/// Numbers that look random and are the same in each run.
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        // Xorshift: no two places of a body repeat, so that a misplaced byte shows.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

pub(crate) fn bytes(length: usize) -> Vec<u8> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut bytes: Vec<u8> = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend(dice.next().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// The file is exactly `body`. Says where they part instead of printing both.
pub(crate) fn assert_same(file: &Path, body: &[u8]) {
    let found = std::fs::read(file).expect("the file is there");
    assert_eq!(found.len(), body.len(), "the file's length");
    let wrong = found.iter().zip(body).position(|(a, b)| a != b);
    assert_eq!(wrong, None, "the first wrong byte");
}
