//! Servers that send the beginning of each response much faster than the rest.

use std::sync::Arc;
use std::time::Duration;

use crate::raw_server::{Heard, Reply, Wire};
use crate::rig::{Rig, bytes};

/// Bytes of each response that are sent immediately.
const FRONT: usize = 3 << 19;
const WHOLE: usize = 24 << 20;

/// Downloads the file over four connections. Returns the size of each requested range, in order.
async fn fetched(server: &Wire, body: &[u8]) -> Vec<(usize, usize)> {
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
    let heard = server.heard();
    let range = |one: &Heard| one.range(WHOLE).expect("all ask for ranges");
    heard.iter().map(range).collect()
}

/// How often another request began inside a bounded one: near the end of the file, slow segments are split or raced.
fn taken_over(asked: &[(usize, usize)]) -> usize {
    let all = || asked.iter().enumerate();
    let bounded = all().filter(|(_, (from, to))| to - from <= FRONT);
    let inside = bounded.flat_map(|(at, &(from, to))| {
        all().filter(move |&(other, &(start, _))| {
            (from + 1..to).contains(&start) || (start == from && other > at)
        })
    });
    inside.count()
}

#[tokio::test]
async fn where_only_the_beginning_of_each_answer_comes_no_more_than_that_is_asked_for() {
    let body = Arc::new(bytes(WHOLE));
    let file = Arc::clone(&body);
    // The rest never arrives, so only bounded requests get the file.
    let server = Wire::start(move |heard, _| {
        let good = Reply::good(heard, &file, &[("ETag", "\"one\"")]).keeping();
        let more = heard
            .range(WHOLE)
            .is_some_and(|(from, to)| to - from > FRONT);
        if more { good.holding(FRONT) } else { good }
    })
    .await;
    let asked = fetched(&server, &body).await;
    assert_eq!(asked[0], (0, WHOLE), "the first one has no end");
    let long = asked.iter().filter(|(from, to)| to - from > FRONT);
    assert_eq!(long.count(), 4, "until it is seen: {asked:?}");
    // Those that are over keep their connections: one is made in the place of each that was left.
    let left = 4 + taken_over(&asked);
    let made = server.accepted();
    assert!(made <= 4 + left, "{made} for {asked:?}");
}

#[tokio::test]
async fn where_a_further_answer_begins_no_faster_it_is_tried_once() {
    let body = Arc::new(bytes(WHOLE));
    let file = Arc::clone(&body);
    let server = Wire::start(move |heard, before| {
        // Slow enough that the first four are faster on a machine that has no time for them, too.
        let pace = Duration::from_millis(60);
        let good = Reply::good(heard, &file, &[("ETag", "\"one\"")]).paced(pace);
        let good = good.keeping();
        // It is the first four that are fast, not each.
        if before < 4 {
            good.rushing(FRONT)
        } else {
            good
        }
    })
    .await;
    let asked = fetched(&server, &body).await;
    let bounded = asked.iter().filter(|(from, to)| to - from <= FRONT);
    assert!(asked.len() > 4, "a trial: {asked:?}");
    assert!(bounded.count() < 6, "and then given up: {asked:?}");
}

#[tokio::test]
async fn an_even_server_is_asked_for_long_parts() {
    let body = Arc::new(bytes(WHOLE));
    let file = Arc::clone(&body);
    let server = Wire::start(move |heard, _| {
        let pace = Duration::from_millis(10);
        Reply::good(heard, &file, &[("ETag", "\"one\"")]).paced(pace)
    })
    .await;
    let asked = fetched(&server, &body).await;
    // Each asks up to where the next one begins, or to the end; the few at the end share what one has left.
    let mut long = asked.get(..4).expect("four connections").to_vec();
    long.sort_unstable();
    let ends = long
        .windows(2)
        .all(|pair| pair[0].1 == pair[1].0 || pair[0].1 == WHOLE);
    assert!(ends && long[3].1 == WHOLE, "{asked:?}");
    assert!(asked.len() < 10, "{asked:?}");
}
