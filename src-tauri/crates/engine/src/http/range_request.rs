//! A question and the answer to it, checked. Where a server cannot answer the question for a range, the first request of
//! an attempt is repeated without one.
//!
//! Knows nothing of how a request is sent: see `client`.

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

use super::client::{Chain, HttpClient, RangeRequest};
use super::content_coding;
use super::range_support::Refusal;
use super::response::{self, RangedResponse};
use crate::domain::download_url;
use crate::domain::problem::Problem;

/// An answer that cannot be used, and whether the server said how long to wait.
struct Unusable {
    problem: Problem,
    retry_after: bool,
    /// It was a part.
    part: bool,
}

impl HttpClient {
    /// Asks for a part, and checks the answer against the question. The body has not been read yet.
    pub(crate) async fn send(&self, ask: &RangeRequest<'_>) -> Result<RangedResponse, Problem> {
        self.answer(ask, false).await
    }

    /// The same for the first request of an attempt, for which any answer will do that holds the file: whatever the
    /// server says of the range, it is asked once more without. After that it is to be asked for no more ranges.
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
                        // Asked once more at once, a server that is down would take twice as long.
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
                // A part of an unknown whole could end anywhere: the whole is asked for.
                if chain.ranged {
                    chain.whole = true;
                    continue;
                }
                return Err(Problem::RangeMismatch { host });
            }
            // Its bytes may keep the reader waiting; an answer is here.
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
        // The server gave no part although one was wanted.
        answer.accepts_ranges &= !answer.whole || ask.from == 0;
        Ok(answer)
    }

    /// Remembers how the server takes ranges, and asks for none where it cannot give any.
    fn learn(&self, answer: &mut RangedResponse, chain: &Chain, refused: Option<Refusal>) {
        self.learn_size(&answer.url, chain.http2, answer.identity.total);
        let servers = &self.clients.ranges;
        if let Some(refusal) = refused {
            answer.accepts_ranges = false;
            // Of an empty file there is no range.
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

/// How the server refused the range, if the question may be repeated without one.
fn refusal(unusable: &Unusable, ask: &RangeRequest<'_>, first: bool) -> Option<Refusal> {
    let problem = &unusable.problem;
    // An empty file has no first byte to start a range at: RFC 9110, section 14.1.2.
    if matches!(problem, Problem::Changed { .. }) && ask.from == 0 {
        return Some(Refusal::Plain);
    }
    if !first {
        return None;
    }
    // Of a coded file a part is of no use, but the whole is. One that goes on here is not in that coding.
    let coded = matches!(problem, Problem::Encoded { .. });
    if coded && unusable.part && ask.from == 0 {
        return Some(Refusal::Doubtful);
    }
    Refusal::of(problem, unusable.retry_after)
}
