//! One running app per state folder: a later start sends its arguments to the first one and exits.
//!
//! A lock file in the folder decides which start is the first; it is released with the process, however that ends. The
//! arguments are sent over a socket beside it, which only its owner can open: in a folder shared by all users of the
//! machine, another user could create the socket first and receive the links. Does not depend on windows or downloads.

use std::fs::{DirBuilder, File, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const LOCK: &str = "instance.lock";
const SOCKET: &str = "instance.sock";
/// Maximum size of a start's arguments in bytes.
const MAX_MESSAGE: u64 = 256 << 10;
/// Maximum number of simultaneous connections.
const MAX_CONNECTIONS: usize = 16;
/// How long a later start may take to send its arguments.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a later start waits for the first one, which may still be starting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Sent by the first one when it has received the arguments.
const TAKEN: u8 = b'+';

/// Outcome of [`start`].
#[derive(Debug)]
pub(super) enum Start {
    First(FirstInstance),
    /// Another process is the first one; this one sends its arguments with [`hand_over`] and exits.
    Later,
}

/// Holds the lock: this process is the first one as long as it runs.
#[derive(Debug)]
pub(super) struct FirstInstance {
    /// `None` if no socket can be created: later starts then cannot send their arguments.
    listener: Option<UnixListener>,
    lock: File,
}

/// Tries to become the first instance for the folder `state`, which is created if it is missing.
///
/// # Errors
///
/// When the folder or the lock file cannot be created, the lock fails, or the socket cannot be replaced or protected.
pub(super) fn start(state: &Path) -> io::Result<Start> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(state)?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    let lock = options.open(state.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Start::Later),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let socket = state.join(SOCKET);
    // left by a process that was killed
    match std::fs::remove_file(&socket) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    // the path may be too long for the address of a socket
    let listener = UnixListener::bind(&socket).ok();
    if listener.is_some() {
        std::fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    }
    Ok(Start::First(FirstInstance { listener, lock }))
}

/// Sends the arguments of this start to the first instance.
///
/// # Errors
///
/// When the first instance does not confirm them in time.
pub(super) fn hand_over(state: &Path, arguments: &[String]) -> io::Result<()> {
    let mut stream = connect(&state.join(SOCKET))?;
    stream.set_read_timeout(Some(CONNECT_TIMEOUT))?;
    stream.set_write_timeout(Some(CONNECT_TIMEOUT))?;
    stream.write_all(&serde_json::to_vec(arguments)?)?;
    stream.shutdown(Shutdown::Write)?;
    let mut taken = [0];
    stream.read_exact(&mut taken)?;
    if taken == [TAKEN] {
        Ok(())
    } else {
        Err(ErrorKind::InvalidData.into())
    }
}

fn connect(socket: &PathBuf) -> io::Result<UnixStream> {
    let begun = Instant::now();
    loop {
        match UnixStream::connect(socket) {
            // the first instance holds the lock, but has not created its socket yet
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) && begun.elapsed() < CONNECT_TIMEOUT =>
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            connected => return connected,
        }
    }
}

impl FirstInstance {
    /// Calls `take` with the arguments of every later start, on separate threads, until the process ends.
    pub(super) fn listen(self, take: impl Fn(Vec<String>) + Send + Sync + 'static) {
        let take = Arc::new(take);
        let open = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            let Self { listener, lock } = self;
            let Some(listener) = listener else {
                // held until the process ends
                std::mem::forget(lock);
                return;
            };
            for stream in listener.incoming() {
                let Ok(stream) = stream else {
                    // no free descriptor; retry shortly after
                    std::thread::sleep(Duration::from_millis(100));
                    continue;
                };
                if open.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
                    open.fetch_sub(1, Ordering::Relaxed);
                    continue;
                }
                let (take, open) = (Arc::clone(&take), Arc::clone(&open));
                std::thread::spawn(move || {
                    if let Ok(arguments) = receive(&stream) {
                        take(arguments);
                        // ignored: the arguments count even if the sender does not wait for the confirmation
                        let _gone = (&stream).write_all(&[TAKEN]);
                    }
                    open.fetch_sub(1, Ordering::Relaxed);
                });
            }
            drop(lock);
        });
    }
}

fn receive(stream: &UnixStream) -> io::Result<Vec<String>> {
    let begun = Instant::now();
    let mut message = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let left = READ_TIMEOUT.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match (&*stream).read(&mut piece)? {
            0 => break,
            count => message.extend_from_slice(&piece[..count]),
        }
        if message.len() as u64 > MAX_MESSAGE {
            return Err(ErrorKind::InvalidData.into());
        }
    }
    Ok(serde_json::from_slice(&message)?)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn first(state: &Path) -> FirstInstance {
        match start(state).unwrap() {
            Start::First(first) => first,
            Start::Later => panic!("nobody else is there"),
        }
    }

    #[test]
    fn a_later_start_hands_its_arguments_over_and_a_silent_connection_does_not_delay_it() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let (told, heard) = channel();
        first(&state).listen(move |arguments| told.send(arguments).unwrap());
        assert!(matches!(start(&state).unwrap(), Start::Later));
        let silent = UnixStream::connect(state.join(SOCKET)).unwrap();
        let begun = Instant::now();
        for arguments in [
            vec![],
            vec!["millrace-app".to_owned(), "http://a/ä".to_owned()],
        ] {
            hand_over(&state, &arguments).unwrap();
            assert_eq!(heard.recv().unwrap(), arguments);
        }
        assert!(
            begun.elapsed() < READ_TIMEOUT,
            "nobody waited for the silent one"
        );
        drop(silent);
    }

    #[test]
    fn the_lock_and_the_socket_are_in_the_folder_of_state_and_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let _first = first(&state);
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&state), 0o700);
        assert_eq!(mode(&state.join(LOCK)), 0o600);
        assert_eq!(mode(&state.join(SOCKET)), 0o600);
    }

    #[test]
    fn what_a_killed_process_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        drop(first(folder.path()));
        assert!(folder.path().join(SOCKET).exists(), "as after a kill");
        let (told, heard) = channel();
        first(folder.path()).listen(move |arguments| told.send(arguments).unwrap());
        hand_over(folder.path(), &["x".to_owned()]).unwrap();
        assert_eq!(heard.recv().unwrap(), ["x"]);
    }

    #[test]
    fn what_is_no_list_of_arguments_or_has_no_end_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let (told, heard) = channel();
        first(folder.path()).listen(move |arguments| told.send(arguments).unwrap());
        for message in [b"nonsense".to_vec(), vec![b'['; 1 << 20]] {
            let mut stream = UnixStream::connect(folder.path().join(SOCKET)).unwrap();
            let _refused = stream.write_all(&message);
            let _refused = stream.shutdown(Shutdown::Write);
            let mut answer = Vec::new();
            let _reset = stream.read_to_end(&mut answer);
            assert!(answer.is_empty());
        }
        hand_over(folder.path(), &["x".to_owned()]).unwrap();
        assert_eq!(heard.recv().unwrap(), ["x"]);
    }
}
