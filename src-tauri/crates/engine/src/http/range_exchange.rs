//! Sends a range request and validates the response. If a server cannot answer a request for a range, the first request
//! of an attempt is repeated without one.
//!
//! Does not depend on how a request is sent: see `client`.

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

use super::client::{Chain, HttpClient};
use super::content_coding;
use super::range_request::RangeRequest;
use super::range_support::Refusal;
use super::response::{self, RangedResponse};
use crate::domain::download_url;
use crate::domain::problem::Problem;

/// A response that cannot be used, and whether the server said how long to wait.
struct Unusable {
    problem: Problem,
    retry_after: bool,
    /// It was a 206.
    part: bool,
}

impl HttpClient {
    /// Requests a range, and checks the response against the request. The body has not been read yet.
    pub(crate) async fn send(&self, ask: &RangeRequest<'_>) -> Result<RangedResponse, Problem> {
        self.answer(ask, false).await
    }

    /// The same for the first request of an attempt, which accepts any response that contains the file: if the server
    /// fails on the range, the request is repeated once without it. After that, no more ranges are to be requested from
    /// it.
    pub(crate) async fn ask_first(
        &self,
        ask: &RangeRequest<'_>,
    ) -> Result<RangedResponse, Problem> {
        self.answer(ask, true).await
    }

    async fn answer(&self, ask: &RangeRequest<'_>, first: bool) -> Result<RangedResponse, Problem> {
        let all = ask.from == 0 && ask.to.is_none();
        let mut chain = Chain::new(ask.url);
        let mut refused = None;
        loop {
            let answer = match self.exchange(ask, &mut chain, first).await {
                Ok(response) => self.checked(response, ask, &chain),
                Err(problem) => Err(Unusable {
                    problem,
                    retry_after: false,
                    part: false,
                }),
            };
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(unusable) => {
                    let refusal = refusal(&unusable, ask, first).filter(|_| chain.ranged);
                    let silent = matches!(unusable.problem, Problem::NoAnswer { .. });
                    if silent && first && chain.ranged {
                        // Not repeated right away: a server that is down would take twice as long.
                        self.clients.ranges.refused(&chain.url, Refusal::Silent);
                    }
                    if refusal.is_none() {
                        return Err(unusable.problem);
                    }
                    refused = refusal;
                    chain.whole = true;
                    continue;
                }
            };
            self.classify_html(&mut answer);
            let host = download_url::host_with_port(&answer.url);
            if answer.unexpected_html && answer.url.host() != ask.origin_url.host() {
                return Err(Problem::NotTheFile { host });
            }
            if all && !answer.whole && answer.identity.total.is_none() {
                // A part of unknown total length could end anywhere: request the whole file.
                if chain.ranged {
                    chain.whole = true;
                    continue;
                }
                return Err(Problem::RangeMismatch { host });
            }
            // A timeout is no error here: the response has arrived, and its bytes may be late.
            if let Ok(verified) =
                tokio::time::timeout(self.clients.timeout, answer.body.verify()).await
            {
                verified?;
            }
            self.learn(&mut answer, &chain, refused);
            return Ok(answer);
        }
    }

    fn checked(
        &self,
        response: Response,
        ask: &RangeRequest<'_>,
        chain: &Chain,
    ) -> Result<RangedResponse, Unusable> {
        let retry_after = response.headers().contains_key(RETRY_AFTER);
        let part = response.status() == StatusCode::PARTIAL_CONTENT;
        let mut names = vec![
            content_coding::last_part(&chain.url),
            content_coding::last_part(ask.origin_url),
        ];
        names.extend(self.name.as_deref());
        let whole = RangeRequest {
            from: 0,
            to: None,
            ..ask.clone()
        };
        let asked = if chain.ranged { ask } else { &whole };
        let plain = !chain.ranged && ask.from == 0 && ask.to.is_none();
        let mut answer = response::check(response, chain.url.clone(), asked, plain, &names)
            .map_err(|problem| Unusable {
                problem,
                retry_after,
                part,
            })?;
        // The server sent the whole file although a part was requested.
        answer.accepts_ranges &= !answer.whole || ask.from == 0;
        Ok(answer)
    }

    /// Remembers how the server handles ranges, and disables them if it does not support them.
    fn learn(&self, answer: &mut RangedResponse, chain: &Chain, refused: Option<Refusal>) {
        self.learn_size(&answer.url, chain.http2, answer.identity.total);
        let servers = &self.clients.ranges;
        if let Some(refusal) = refused {
            answer.accepts_ranges = false;
            // An empty file has no range, so this says nothing about the server.
            if answer.identity.total != Some(0) {
                servers.refused(&answer.url, refusal);
            }
        } else if !chain.ranged {
            answer.accepts_ranges &= servers.refusal(&answer.url) != Some(Refusal::Plain);
        } else if !answer.whole {
            servers.worked(&answer.url);
        }
    }
}

/// How the server refused the range, if the request may be repeated without one.
fn refusal(unusable: &Unusable, ask: &RangeRequest<'_>, first: bool) -> Option<Refusal> {
    let problem = &unusable.problem;
    // An empty file has no first byte to start a range at: RFC 9110, section 14.1.2.
    if matches!(problem, Problem::Changed { .. }) && ask.from == 0 {
        return Some(Refusal::Plain);
    }
    if !first {
        return None;
    }
    // A part of an encoded file is of no use, but the whole is. A resumed file is not in that coding.
    let coded = matches!(problem, Problem::Encoded { .. });
    if coded && unusable.part && ask.from == 0 {
        return Some(Refusal::Doubtful);
    }
    Refusal::of(problem, unusable.retry_after)
}
