//! An answer that was got before its download began; it may still be on its way.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::{Halt, Job};
use crate::core::link;
use crate::http::Answer;

/// Taken at most once.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Option<oneshot::Receiver<Answer>>>);

impl From<oneshot::Receiver<Answer>> for Kept {
    fn from(answer: oneshot::Receiver<Answer>) -> Self {
        Self(Mutex::new(Some(answer)))
    }
}

impl Kept {
    fn take(&self) -> Option<oneshot::Receiver<Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The answer to the question for the whole file, if there is one.
pub(super) async fn answer(job: &Job) -> Result<Option<Answer>, Halt> {
    let Some(answer) = job.kept.take() else {
        return Ok(None);
    };
    let answer = tokio::select! {
        biased;
        () = job.stop.cancelled() => return Err(Halt::Stopped),
        answer = answer => answer,
    };
    // Without one, the link is asked as ever.
    let Ok(mut answer) = answer else {
        return Ok(None);
    };
    let host = link::host(&answer.url);
    job.reports.info(format!("{host} has answered already"));
    job.net.judge(&mut answer);
    Ok(Some(answer))
}
