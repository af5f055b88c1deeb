//! Downloads one file as a stream: its bytes in order, over one connection at a time, for standard output and pipes.
//!
//! Keeps no list and writes no file. Written bytes cannot be taken back: after a lost connection the stream continues
//! only where the server shows that its file is the same version.

use std::io::{self, Write};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use crate::config::Config;
use crate::disk::Hasher;
use crate::domain::download::NewDownload;
use crate::domain::download_url;
use crate::domain::problem::{Problem, Remedy};
use crate::domain::record::{Record, Validators};
use crate::domain::validators::ValidatorMatch;
use crate::domain::verdict::{ExpectedDigest, Verdict};
use crate::http::{self, HttpClient, HttpConfig, RangeRequest, RangedResponse};
use crate::worker::RateLimiter;

/// Maximum number of pieces queued for the output.
const QUEUED_PIECES: usize = 8;

/// Result of a complete stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streamed {
    /// Length of the file in bytes.
    pub total: u64,
    pub verdict: Verdict,
}

/// Why a stream did not complete.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error("the network cannot be used: {0}")]
    Network(String),
    /// See [`crate::CommandError::BadHeader`].
    #[error("{}", crate::CommandError::BadHeader(.0.clone()))]
    BadHeader(String),
    #[error("{}: {written} bytes were written", problem.code())]
    Failed {
        problem: Problem,
        /// Bytes passed to the output, from the beginning of the file.
        written: u64,
    },
    /// The output failed or was closed.
    #[error("{0}")]
    Output(io::Error),
}

enum Halt {
    Broke(Problem),
    Closed,
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Broke(problem)
    }
}

struct Stream<'a> {
    config: &'a Config,
    record: Record,
    url: Url,
    net: HttpClient,
    limits: [RateLimiter; 2],
    output: mpsc::Sender<Bytes>,
    written: u64,
    identity: Validators,
    expected: Option<ExpectedDigest>,
    hasher: Option<Hasher>,
}

/// Downloads `new` and writes its bytes to `output`, in order. Its folder, name and connections are ignored; of
/// `config` only retries, timeout, proxy, credentials, cookies, certificates and rate limit apply.
///
/// # Errors
///
/// [`StreamError::BadHeader`] for a header that cannot be sent, [`StreamError::Network`] when no HTTP client can be
/// configured, [`StreamError::Failed`] when the URL is invalid or the download fails, [`StreamError::Output`] when
/// `output` fails. Bytes may have been written before the last two.
pub async fn stream(
    config: &Config,
    new: NewDownload,
    mut output: Box<dyn Write + Send>,
) -> Result<Streamed, StreamError> {
    let failed = |problem| StreamError::Failed {
        problem,
        written: 0,
    };
    let record = Record::new(new, 0).map_err(failed)?;
    let url = record.url.valid().map_err(failed)?.as_url().clone();
    if let Some(name) = http::first_unsendable(&record.headers) {
        let name = name.chars().take(64).collect();
        return Err(StreamError::BadHeader(name));
    }
    let net = HttpClient::new(&HttpConfig {
        timeout: config.timeout,
        extra_roots: config.extra_roots.clone(),
        proxy: config.proxy.clone(),
        host_credentials: config.host_credentials.clone(),
        cookies: config.cookies.clone(),
    });
    let net = net.map_err(|error| StreamError::Network(error.to_string()))?;
    let (sender, mut pieces) = mpsc::channel::<Bytes>(QUEUED_PIECES);
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(piece) = pieces.blocking_recv() {
            output.write_all(&piece)?;
        }
        output.flush()
    });
    let stream = Stream {
        config,
        url,
        net: net.for_attempt(&record),
        limits: [config.limit, record.limit].map(RateLimiter::new),
        record,
        output: sender,
        written: 0,
        identity: Validators::default(),
        expected: None,
        hasher: None,
    };
    stream.run(writer).await
}

impl Stream<'_> {
    async fn run(mut self, writer: JoinHandle<io::Result<()>>) -> Result<Streamed, StreamError> {
        let outcome = self.attempts().await;
        let checked = outcome.and_then(|()| self.verdict());
        let written = self.written;
        // Closes the queue: everything passed on is written before the result is returned.
        drop(self);
        let ended = writer.await;
        let ended = ended.unwrap_or_else(|error| Err(io::Error::other(error)));
        match checked {
            Ok(verdict) => {
                ended.map_err(StreamError::Output)?;
                Ok(Streamed {
                    total: written,
                    verdict,
                })
            }
            Err(Halt::Broke(problem)) => Err(StreamError::Failed { problem, written }),
            Err(Halt::Closed) => Err(StreamError::Output(
                ended.err().unwrap_or(io::ErrorKind::BrokenPipe.into()),
            )),
        }
    }

    /// Retries until every byte was passed on, or the problem is permanent.
    async fn attempts(&mut self) -> Result<(), Halt> {
        let mut vain = 0;
        loop {
            let before = self.written;
            let Err(halt) = self.attempt().await else {
                return Ok(());
            };
            let Halt::Broke(problem) = halt else {
                return Err(halt);
            };
            vain = if self.written > before { 1 } else { vain + 1 };
            let patience = &self.config.retry;
            let wait = match problem.remedy(vain, patience, fastrand::f64()) {
                Remedy::ContinueAfter(wait) | Remedy::ContinueOnline(wait)
                    if vain < patience.max_attempts =>
                {
                    wait
                }
                // Nothing was passed on yet: another version is as good.
                Remedy::RestartAfter(wait) if self.written == 0 && vain < patience.max_attempts => {
                    wait
                }
                Remedy::ContinueAfter(_)
                | Remedy::ContinueOnline(_)
                | Remedy::RestartAfter(_)
                | Remedy::AskToContinue(_)
                | Remedy::AskToRestart(_) => return Err(problem.into()),
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.output.closed() => return Err(Halt::Closed),
            }
        }
    }

    /// Reads one response to its end.
    async fn attempt(&mut self) -> Result<(), Halt> {
        let ask = RangeRequest {
            url: &self.url,
            origin_url: &self.url,
            headers: &self.record.headers,
            from: self.written,
            to: None,
        };
        let mut answer = self.net.send(&ask).await?;
        self.admit(&answer)?;
        let host = download_url::host_with_port(&answer.url);
        // A server without ranges sends the file from the start; bytes already passed on are skipped.
        let mut skip = self.written - answer.start;
        loop {
            let next = tokio::select! {
                next = tokio::time::timeout(self.config.timeout, answer.body.next()) => next,
                () = self.output.closed() => return Err(Halt::Closed),
            };
            let stalled = |_| Problem::Stalled { host: host.clone() };
            let Some(mut bytes) = next.map_err(stalled)?? else {
                break;
            };
            let known = skip.min(bytes.len() as u64);
            skip -= known;
            let known = usize::try_from(known).unwrap_or(bytes.len());
            self.hand_on(bytes.split_off(known)).await?;
        }
        match self.identity.total {
            Some(total) if total != self.written => Err(Problem::ConnectionLost { host }.into()),
            Some(_) | None => Ok(()),
        }
    }

    /// Fails unless the response is of the same file, from a byte not beyond those already passed on.
    fn admit(&mut self, answer: &RangedResponse) -> Result<(), Problem> {
        if self.written == 0 {
            self.identity = answer.identity.clone();
            let given = self.record.checksum.as_ref();
            self.expected = ExpectedDigest::choose(given, answer.digest.as_ref());
            let algorithm = |expected: &ExpectedDigest| expected.checksum.algorithm();
            self.hasher = self.expected.as_ref().map(algorithm).map(Hasher::new);
            return Ok(());
        }
        let host = || download_url::host_with_port(&answer.url);
        if answer.unexpected_html {
            return Err(Problem::NotTheFile { host: host() });
        }
        let same = self.identity.compare(&answer.identity) == ValidatorMatch::Same;
        // The end of a range of unknown total length is not known to be the end of the file.
        let ends = answer.whole || answer.identity.total.is_some();
        if same && ends && answer.start <= self.written {
            Ok(())
        } else {
            Err(Problem::Changed { host: host() })
        }
    }

    async fn hand_on(&mut self, mut bytes: Bytes) -> Result<(), Halt> {
        while !bytes.is_empty() {
            let portions = self.limits.iter().map(RateLimiter::burst);
            let portion = portions.min().unwrap_or(usize::MAX).min(bytes.len());
            let piece = bytes.split_to(portion);
            for limit in &self.limits {
                limit.acquire(piece.len()).await;
            }
            if let Some(hasher) = &self.hasher {
                hasher.on_write(self.written, &piece);
            }
            self.written += piece.len() as u64;
            let sent = self.output.send(piece).await;
            sent.map_err(|_| Halt::Closed)?;
        }
        Ok(())
    }

    /// The verdict on the complete stream.
    fn verdict(&self) -> Result<Verdict, Halt> {
        let (Some(expected), Some(hasher)) = (&self.expected, &self.hasher) else {
            return Ok(match self.identity.total {
                Some(_) => Verdict::Length,
                None => Verdict::Nothing,
            });
        };
        let found = hasher.sum();
        if found == expected.checksum {
            Ok(expected.clone().into_verdict())
        } else {
            Err(expected.mismatch(&found, None).into())
        }
    }
}
