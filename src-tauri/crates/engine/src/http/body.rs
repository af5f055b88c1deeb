//! The bytes of a response as they arrive, decoded. Does not depend on requests.

use bytes::Bytes;
use reqwest::{Response, Version};

use super::decode_step::{DecodeError, Step};
use super::decoder::Decoder;
use super::error::from_reqwest;
use super::http2::FailuresBefore;
use crate::domain::problem::Problem;

/// Body of a response; its codings are undone as it is read.
#[derive(Debug)]
pub(crate) struct Body {
    response: Response,
    host: String,
    /// Bytes left of those that the head announced: a part with chunked framing can be longer than announced.
    remaining: u64,
    /// The codings to undo.
    decoder: Option<Box<Decoder>>,
    /// Bytes that were read and pushed back.
    pushed_back: Option<Bytes>,
    pending_error: Option<Problem>,
}

impl Body {
    /// `named` is the number of bytes that `decoder` returns; `u64::MAX` if only the end of the body tells.
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

    /// Set if other responses share the connection: the value tells which of their failures count as one.
    pub(crate) fn shared(&self) -> Option<FailuresBefore> {
        let shared = self.response.version() == Version::HTTP_2;
        let before = self.response.extensions().get().copied();
        before.filter(|_| shared)
    }

    /// Reads ahead until it is known that the bytes are in the declared coding.
    pub(super) async fn verify(&mut self) -> Result<(), Problem> {
        if self.decoder.is_none() {
            return Ok(());
        }
        match self.next().await {
            Ok(bytes) => self.push_back(bytes.unwrap_or_default(), None),
            Err(problem @ Problem::Encoded { .. }) => return Err(problem),
            // Returned to the next reader.
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
            // The bytes decoded before cannot be trusted either.
            DecodeError::Malformed(_) if begun => Problem::Changed { host },
            DecodeError::Malformed(name) | DecodeError::TooLarge(name) => Problem::Encoded {
                host,
                encoding: name.to_owned(),
            },
        }
    }

    /// Pushes back bytes that were read and the problem that came after them: the next reads return both.
    pub(crate) fn push_back(&mut self, bytes: Bytes, trouble: Option<Problem>) {
        self.pushed_back = (!bytes.is_empty()).then_some(bytes);
        self.pending_error = trouble;
    }
}
