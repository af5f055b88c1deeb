use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;

use super::super::connect_hook::ConnectHookLayer;
use super::*;

const ORIGIN: &str = "https://a";

#[tokio::test(start_paused = true)]
async fn the_first_request_to_an_origin_connects_and_the_others_wait_for_that() {
    let origins = SharedOrigins::default();
    let guard = origins.admit(ORIGIN).await.expect("it may share");
    let guard = guard.expect("the first one connects");
    let theirs = origins.clone();
    let other = tokio::spawn(async move { theirs.admit(ORIGIN).await });
    tokio::time::sleep(MAX_CONNECT_WAIT / 2).await;
    assert!(!other.is_finished());
    // Requests to another origin do not wait for this one.
    assert!(origins.admit("https://b").await.flatten().is_some());
    drop(guard);
    let other = other.await.expect("no panic");
    assert!(other.expect("it may share").is_none());
    assert!(origins.admit(ORIGIN).await.expect("known now").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_takes_too_long_is_not_waited_for() {
    let origins = SharedOrigins::default();
    let _guard = origins.admit(ORIGIN).await;
    let (early, moment) = (MAX_CONNECT_WAIT / 2, Duration::from_millis(1));
    let waited = tokio::time::timeout(early, origins.admit(ORIGIN)).await;
    assert!(waited.is_err());
    let waited = tokio::time::timeout(MAX_CONNECT_WAIT + moment, origins.admit(ORIGIN)).await;
    assert!(waited.expect("not without end").is_some());
}

#[tokio::test(start_paused = true)]
async fn after_a_large_file_over_http2_the_next_requests_do_not_share_until_one_is_small() {
    let origins = SharedOrigins::default();
    for (http2, size, shares) in [
        (Some(true), Some(MAX_SHARED_SIZE), true),
        (Some(true), Some(MAX_SHARED_SIZE + 1), false),
        (None, Some(1), true),
        (None, Some(MAX_SHARED_SIZE + 1), false),
        (None, None, true),
        // Without HTTP/2 each has its own connection anyway.
        (Some(false), Some(MAX_SHARED_SIZE + 1), true),
    ] {
        origins.learn(ORIGIN, http2, size);
        let admitted = origins.admit(ORIGIN).await.is_some();
        assert_eq!(admitted, shares, "{http2:?} {size:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_origin_whose_shared_answers_break_is_asked_over_connections_of_their_own() {
    let origins = SharedOrigins::default();
    for _ in 0..MAX_FAILURES {
        assert!(origins.admit(ORIGIN).await.is_some());
        origins.learn_failure(ORIGIN, origins.failures(ORIGIN));
    }
    assert!(origins.admit(ORIGIN).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_lost_with_all_its_answers_counts_once() {
    let origins = SharedOrigins::default();
    let before = origins.failures(ORIGIN);
    for _ in 0..3 * MAX_FAILURES {
        origins.learn_failure(ORIGIN, before);
    }
    assert!(origins.admit(ORIGIN).await.is_some());
}

#[test]
fn fields_of_one_connection_and_another_host_are_not_put_into_http2() {
    let mut fields = HeaderMap::new();
    fields.insert("cookie", "a=b".parse().expect("a value"));
    assert!(is_expressible(&fields));
    for name in ["connection", "host", "te", "upgrade"] {
        let mut fields = fields.clone();
        let name: reqwest::header::HeaderName = name.parse().expect("a name");
        fields.insert(name, "x".parse().expect("a value"));
        assert!(!is_expressible(&fields));
    }
}

/// Connects after a second, and counts the connections.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<u32>>);

impl Service<()> for Slow {
    type Response = ();
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        *self.0.lock() += 1;
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn where_one_connection_serves_all_one_is_made_again_and_not_one_for_each_request() {
    for (http2, expected) in [(true, 1), (false, 3)] {
        let (origins, slow) = (SharedOrigins::default(), Slow::default());
        origins.learn(ORIGIN, Some(http2), Some(1));
        let mut service = ConnectHookLayer(origins.clone()).layer(slow.clone());
        let url = url::Url::parse(ORIGIN).expect("a link");
        let calls = (0..3).map(|_| {
            let url = url.clone();
            let mut service = service.clone();
            tokio::spawn(async move {
                crate::http::preconnect::with_origin(&url, async { service.call(()).await }).await
            })
        });
        let calls: Vec<_> = calls.collect();
        for call in calls {
            let _made = call.await.expect("no panic");
        }
        assert_eq!(*slow.0.lock(), expected);
        // The next time there is nobody to wait for.
        let again =
            crate::http::preconnect::with_origin(&url, async { service.call(()).await }).await;
        assert!(again.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn before_the_first_answer_nobody_makes_a_second_connection() {
    for (http2, expected) in [(true, 1), (false, 3)] {
        let (origins, slow) = (SharedOrigins::default(), Slow::default());
        let service = ConnectHookLayer(origins.clone()).layer(slow.clone());
        let url = url::Url::parse(ORIGIN).expect("a link");
        let calls = (0..3).map(|_| {
            let (url, mut service) = (url.clone(), service.clone());
            tokio::spawn(async move {
                crate::http::preconnect::with_origin(&url, async { service.call(()).await }).await
            })
        });
        let calls: Vec<_> = calls.collect();
        tokio::time::sleep(MAX_CONNECT_WAIT / 2).await;
        assert_eq!(*slow.0.lock(), 1);
        origins.learn(ORIGIN, Some(http2), Some(1));
        for call in calls {
            let _made = call.await.expect("no panic");
        }
        assert_eq!(*slow.0.lock(), expected);
    }
}
