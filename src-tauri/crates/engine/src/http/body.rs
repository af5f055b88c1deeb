//! The bytes of an answer as they come, with what they are coded in undone. Knows no question.

use bytes::Bytes;
use reqwest::{Response, Version};

use super::decoder::{DecodeError, Decoder, Step};
use super::error::from_reqwest;
use super::http2::FailuresBefore;
use crate::domain::problem::Problem;

/// The bytes of an answer, as they come.
#[derive(Debug)]
pub(crate) struct Body {
    response: Response,
    host: String,
    /// Bytes that the head still speaks of: a part that comes in chunks can be longer than it says.
    remaining: u64,
    /// What is to be undone.
    decoder: Option<Box<Decoder>>,
    /// What was read already and given back.
    pushed_back: Option<Bytes>,
    pending_error: Option<Problem>,
}

impl Body {
    /// `named` is how many bytes there are once `decoder` has undone their codings; `u64::MAX` where only the end tells.
    pub(super) fn new(
        response: Response,
        host: String,
        named: u64,
        decoder: Option<Decoder>,
    ) -> Self {
        Self {
            response,
            host,
            remaining: named,
            decoder: decoder.map(Box::new),
            pushed_back: None,
            pending_error: None,
        }
    }

    /// The next bytes; `None` at the end that the server announced.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if let Some(bytes) = self.pushed_back.take() {
            return Ok(Some(bytes));
        }
        if let Some(problem) = self.pending_error.take() {
            return Err(problem);
        }
        if self.remaining == 0 {
            return Ok(None);
        }
        let chunk = if self.decoder.is_some() {
            self.decoded().await?
        } else {
            self.raw().await?
        };
        Ok(chunk.map(|mut bytes| {
            bytes.truncate(usize::try_from(self.remaining).unwrap_or(usize::MAX));
            self.remaining -= bytes.len() as u64;
            bytes
        }))
    }

    /// Whether it comes over a connection that other answers share; if so, what says which of their failures are one.
    pub(crate) fn shared(&self) -> Option<FailuresBefore> {
        let shared = self.response.version() == Version::HTTP_2;
        let before = self.response.extensions().get().copied();
        before.filter(|_| shared)
    }

    /// Reads ahead as far as it takes to know that the bytes are in the coding that they should be in.
    pub(super) async fn verify(&mut self) -> Result<(), Problem> {
        if self.decoder.is_none() {
            return Ok(());
        }
        match self.next().await {
            Ok(bytes) => self.push_back(bytes.unwrap_or_default(), None),
            Err(problem @ Problem::Encoded { .. }) => return Err(problem),
            // That is for whoever reads on.
            Err(problem) => self.push_back(Bytes::new(), Some(problem)),
        }
        Ok(())
    }

    async fn raw(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.response.chunk().await;
        chunk.map_err(|error| from_reqwest(&error, &self.host))
    }

    async fn decoded(&mut self) -> Result<Option<Bytes>, Problem> {
        while let Some(decoder) = &mut self.decoder {
            match decoder.step() {
                Ok(Step::Out(bytes)) => return Ok(Some(bytes)),
                Ok(Step::End) => return Ok(None),
                Ok(Step::More) => match self.raw().await? {
                    Some(bytes) => self.fed(bytes),
                    None => self.finished(),
                },
                Err(error) => {
                    let begun = decoder.begun();
                    return Err(self.undecodable(error, begun));
                }
            }
        }
        Ok(None)
    }

    fn fed(&mut self, bytes: Bytes) {
        if let Some(decoder) = &mut self.decoder {
            decoder.feed(bytes);
        }
    }

    fn finished(&mut self) {
        if let Some(decoder) = &mut self.decoder {
            decoder.finish();
        }
    }

    fn undecodable(&self, error: DecodeError, begun: bool) -> Problem {
        let host = self.host.clone();
        match error {
            DecodeError::Truncated => Problem::ConnectionLost { host },
            // Whatever came out before is not to be trusted either.
            DecodeError::Malformed(_) if begun => Problem::Changed { host },
            DecodeError::Malformed(name) | DecodeError::TooLarge(name) => Problem::Encoded {
                host,
                encoding: name.to_owned(),
            },
        }
    }

    /// Gives back what was read, and what went wrong after it: both come next.
    pub(crate) fn push_back(&mut self, bytes: Bytes, trouble: Option<Problem>) {
        self.pushed_back = (!bytes.is_empty()).then_some(bytes);
        self.pending_error = trouble;
    }
}
