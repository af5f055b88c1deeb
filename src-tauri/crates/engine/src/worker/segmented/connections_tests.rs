//! Connections: which of them are closed, and where their ranges go. Their tasks do nothing until they are aborted.

use super::*;
use crate::worker::HostSlots;
use crate::worker::host_slots::ConnectionPermit;
use crate::worker::segment::Segment;

fn span(start: u64, end: u64) -> ByteRange {
    ByteRange { start, end }
}

fn permit() -> ConnectionPermit {
    HostSlots::new().acquire("files.example")
}

fn none() -> Connections {
    Connections::new(Arc::default())
}

/// A stream that is to fetch `part` and has received this much of it.
fn stream(connections: &mut Connections, part: ByteRange, received: usize) -> Arc<Segment> {
    let segment = Arc::new(Segment::new(part));
    segment.claim(part.start, received);
    let theirs = Arc::clone(&segment);
    connections.start(std::future::pending(), |task| {
        Connection::racing(permit(), theirs, part.end, task)
    });
    segment
}

fn request(connections: &mut Connections, part: ByteRange) {
    let segment = Arc::new(Segment::empty(part.start));
    connections.start(std::future::pending(), |task| {
        Connection::requesting(permit(), segment, part, false, task)
    });
}

fn open(connections: &Connections) -> u32 {
    connections.counters.connections.load(Ordering::Relaxed)
}

#[tokio::test]
async fn what_received_least_is_closed_first() {
    let mut connections = none();
    for (start, received) in [(0, 30), (100, 10), (200, 20)] {
        stream(&mut connections, span(start, start + 100), received);
    }
    connections.close_excess(1);
    let mut closed = Vec::new();
    while connections.len() > 1 {
        let (connection, result) = connections.next_end().await.expect("some are left");
        assert!(connection.is_dismissed() && result.is_none());
        closed.push(connection.segment().from());
    }
    closed.sort_unstable();
    assert_eq!(closed, [100, 200]);
    assert_eq!(open(&connections), 1);
}

#[tokio::test]
async fn a_connection_counts_as_open_once_its_response_is_here() {
    let mut connections = none();
    request(&mut connections, span(0, 100));
    assert_eq!((connections.len(), open(&connections)), (1, 0));
    connections.end_all(|_| true);
    let (connection, _) = connections.next_end().await.expect("it was ended");
    assert!(connections.is_empty() && connection.is_stalled());
    connections.answered(connection, async { Ok(None) });
    assert_eq!((connections.len(), open(&connections)), (1, 1));
    let (connection, result) = connections.next_end().await.expect("there is one");
    assert!(connection.is_stream() && matches!(result, Some(Ok(None))));
    assert_eq!(open(&connections), 0);
    assert!(connections.next_end().await.is_none());
}

#[tokio::test]
async fn ranges_go_to_the_nearest_stream_that_can_reach_them() {
    let mut connections = none();
    let far = stream(&mut connections, span(0, 300), 10);
    far.split(span(100, 300));
    let near = stream(&mut connections, span(100, 200), 10);
    near.take_back(0);
    let left = connections.hand_on(vec![span(5, 8), span(150, 200), span(250, 300)]);
    assert_eq!(near.parts().0, [span(150, 200)]);
    assert_eq!(far.parts().0, [span(10, 100), span(250, 300)]);
    assert_eq!(left, [span(5, 8)], "both are past it");
}

#[tokio::test]
async fn what_is_ended_gives_its_ranges_back_once() {
    let mut connections = none();
    stream(&mut connections, span(0, 100), 10);
    stream(&mut connections, span(100, 200), 10);
    let ended = |one: &Connection| one.segment().from() == 100;
    assert_eq!(connections.end_all(ended), [span(110, 200)]);
    assert_eq!(connections.end_all(ended), []);
    let (connection, _) = connections.next_end().await.expect("it was ended");
    assert_eq!(connection.taken_back(), Some(span(110, 200)));
}

#[tokio::test]
async fn a_range_is_split_off_the_stream_that_has_it() {
    let mut connections = none();
    let segment = stream(&mut connections, span(0, 100), 10);
    request(&mut connections, span(50, 100));
    assert_eq!(connections.split_off(span(5, 50)), None, "it is past that");
    assert_eq!(connections.split_off(span(50, 120)), Some(span(50, 100)));
    assert_eq!(segment.parts().0, [span(10, 50)]);
}
