//! The driver's handle to the engine's process: starts it, sends it requests, kills it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::control_messages::{AddItem, DownloadStatus, Health, Operation, Reply};

/// Longest time for a reply, and for the end of the process.
const BOUND: Duration = Duration::from_secs(30);

/// A running engine process; dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    asks: ChildStdin,
    replies: Lines<BufReader<ChildStdout>>,
}

impl Process {
    pub(crate) fn start(home: &Path) -> Result<Self, String> {
        let program: PathBuf = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command
            .arg("engine")
            .arg(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| error.to_string())?;
        let asks = child.stdin.take().ok_or("no standard input")?;
        let replies = child.stdout.take().ok_or("no standard output")?;
        Ok(Self {
            child,
            asks,
            replies: BufReader::new(replies).lines(),
        })
    }

    /// Sends without waiting for the reply: used before a kill in the middle.
    pub(crate) async fn send(&mut self, ask: &Operation) -> Result<(), String> {
        let mut line = serde_json::to_string(ask).map_err(|error| error.to_string())?;
        line.push('\n');
        let sent = self.asks.write_all(line.as_bytes()).await;
        sent.map_err(|error| format!("the engine's process has gone: {error}"))
    }

    pub(crate) async fn ask(&mut self, ask: &Operation) -> Result<Reply, String> {
        self.send(ask).await?;
        let line = tokio::time::timeout(BOUND, self.replies.next_line()).await;
        let line =
            line.map_err(|_| format!("the engine hangs: no answer to {ask:?} in {BOUND:?}"))?;
        let line = line.map_err(|error| error.to_string())?;
        let line =
            line.ok_or_else(|| format!("the engine's process ended by itself at {ask:?}"))?;
        serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))
    }

    /// A request that the engine may refuse.
    pub(crate) async fn tell(&mut self, ask: &Operation) -> Result<(), String> {
        match self.ask(ask).await? {
            Reply::Well | Reply::Refused(_) => Ok(()),
            other @ (Reply::Ids(_) | Reply::List(_) | Reply::Health(_)) => {
                Err(format!("{ask:?} was answered with {other:?}"))
            }
        }
    }

    pub(crate) async fn add(&mut self, items: Vec<AddItem>) -> Result<Vec<u64>, String> {
        match self.ask(&Operation::Add(items)).await? {
            Reply::Ids(ids) => Ok(ids),
            other @ (Reply::Well | Reply::Refused(_) | Reply::List(_) | Reply::Health(_)) => {
                Err(format!("adding was answered with {other:?}"))
            }
        }
    }

    pub(crate) async fn list(&mut self) -> Result<Vec<DownloadStatus>, String> {
        match self.ask(&Operation::List).await? {
            Reply::List(list) => Ok(list),
            other @ (Reply::Well | Reply::Refused(_) | Reply::Ids(_) | Reply::Health(_)) => {
                Err(format!("the list was asked for and {other:?} came"))
            }
        }
    }

    pub(crate) async fn health(&mut self) -> Result<Health, String> {
        match self.ask(&Operation::Health).await? {
            Reply::Health(health) => Ok(health),
            other @ (Reply::Well | Reply::Refused(_) | Reply::Ids(_) | Reply::List(_)) => {
                Err(format!("the health was asked for and {other:?} came"))
            }
        }
    }

    /// Stops the process without ending it, so that its connections can be inspected before it is killed. Does nothing
    /// without /proc.
    pub(crate) async fn freeze(&self) -> Result<(), String> {
        let Some(id) = self.child.id() else {
            return Ok(());
        };
        let stat = format!("/proc/{id}/stat");
        // The state follows the name.
        let state = || {
            let stat = std::fs::read_to_string(&stat).ok()?;
            stat.rsplit_once(") ")?.1.chars().next()
        };
        if state().is_none() {
            return Ok(());
        }
        let sent = Command::new("kill")
            .args(["-STOP", &id.to_string()])
            .status();
        let sent = sent.await.map_err(|error| error.to_string())?;
        let begun = tokio::time::Instant::now();
        while sent.success() && state() != Some('T') {
            if begun.elapsed() > BOUND {
                return Err("the engine does not stand still".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// `kill -9`, whatever the process is doing.
    pub(crate) async fn kill(mut self) -> Result<(), String> {
        self.child.kill().await.map_err(|error| error.to_string())
    }

    /// Clean shutdown.
    pub(crate) async fn quit(mut self) -> Result<(), String> {
        self.send(&Operation::Quit).await?;
        let ended = tokio::time::timeout(BOUND, self.child.wait()).await;
        let ended = ended.map_err(|_| format!("the engine does not end in {BOUND:?}"))?;
        let status = ended.map_err(|error| error.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the engine ended with {status}"))
        }
    }
}
