//! The sums are exact for any sequence of snapshots, and the JSON shapes are those of the product's first document.

use millrace_engine::{Algorithm, AllowedActions, DownloadId, Priority, QueueKey};
use proptest::prelude::*;

use super::*;

fn snapshot(phase: Phase, received: u64, total: Option<u64>) -> Snapshot {
    Snapshot {
        id: DownloadId(7),
        rev: 1,
        epoch: 0,
        url: "http://h/a".into(),
        host: "h".into(),
        folder: "/f".into(),
        name: "a".into(),
        phase,
        priority: Priority::Normal,
        queue_key: QueueKey::new(Priority::Normal, None, DownloadId(1)),
        limit: None,
        max_connections: None,
        problem: None,
        fix: None,
        wait_until: None,
        waits_for: None,
        unmetered_only: false,
        tags: Vec::new(),
        attempts: 0,
        received,
        total,
        speed: 0,
        eta: None,
        connections: 1,
        limited_by: None,
        resumable: None,
        added_at: 0,
        finished_at: None,
        verdict: None,
        allows: AllowedActions::default(),
        start_at: None,
        relocation: None,
        verification: None,
        verifying: None,
        replaced_by: None,
    }
}

/// The byte count of a subscriber that knows only the events of the first document.
fn sum(events: &[DownloadEvent]) -> u64 {
    events.iter().fold(0, |sum, event| match event {
        DownloadEvent::Progress { chunk_length, .. } => sum + chunk_length,
        DownloadEvent::Restarted { received, .. } => *received,
        DownloadEvent::Started { .. }
        | DownloadEvent::Verified { .. }
        | DownloadEvent::Finished { .. }
        | DownloadEvent::Renamed { .. }
        | DownloadEvent::Paused { .. }
        | DownloadEvent::Resumed { .. }
        | DownloadEvent::Retrying { .. }
        | DownloadEvent::Failed { .. }
        | DownloadEvent::Removed { .. } => sum,
    })
}

fn tell(tracker: &mut EventTracker, snapshots: &[Snapshot]) -> Vec<DownloadEvent> {
    snapshots
        .iter()
        .flat_map(|snapshot| tracker.update(snapshot, 0))
        .collect()
}

#[test]
fn the_shapes_are_those_of_the_first_document() {
    let mut tracker = EventTracker::new();
    let events = tell(
        &mut tracker,
        &[
            snapshot(Phase::Queued, 0, None),
            snapshot(Phase::Running, 0, Some(1000)),
            snapshot(Phase::Running, 15, Some(1000)),
            snapshot(Phase::Finishing, 1000, Some(1000)),
            snapshot(Phase::Done, 1000, Some(1000)),
        ],
    );
    let lines: Vec<String> = events
        .iter()
        .map(|event| serde_json::to_string(event).expect("events serialise"))
        .collect();
    assert_eq!(
        lines,
        [
            r#"{"event":"started","data":{"url":"http://h/a","downloadId":7,"contentLength":1000,"received":0,"name":"a"}}"#,
            r#"{"event":"progress","data":{"downloadId":7,"chunkLength":15}}"#,
            r#"{"event":"progress","data":{"downloadId":7,"chunkLength":985}}"#,
            r#"{"event":"finished","data":{"downloadId":7}}"#,
        ]
    );
}

#[test]
fn a_digest_that_proved_the_file_is_told_before_the_end_and_a_mere_length_is_not() {
    let header = "Repr-Digest".to_owned();
    let algorithm = Algorithm::Sha256;
    let mut done = snapshot(Phase::Done, 9, Some(9));
    for (verdict, expected) in [
        (
            Verdict::Checksum {
                algorithm,
                digest: "aa".into(),
            },
            r#"{"event":"verified","data":{"downloadId":7,"verdict":{"by":"checksum","algorithm":"sha-256","digest":"aa"}}}"#,
        ),
        (
            Verdict::ServerDigest {
                algorithm,
                header,
                digest: "bb".into(),
            },
            r#"{"event":"verified","data":{"downloadId":7,"verdict":{"by":"server-digest","algorithm":"sha-256","header":"Repr-Digest","digest":"bb"}}}"#,
        ),
        (Verdict::Length, ""),
        (Verdict::Nothing, ""),
    ] {
        done.verdict = Some(verdict);
        let mut events = EventTracker::new().update(&done, 0).into_iter();
        assert!(matches!(events.next(), Some(DownloadEvent::Started { .. })));
        if !expected.is_empty() {
            let told = events.next().expect("it is told");
            let text = serde_json::to_string(&told).expect("events serialise");
            assert_eq!(text, expected);
        }
        assert_eq!(
            events.next(),
            Some(DownloadEvent::Finished { download_id: 7 })
        );
    }
}

#[test]
fn an_unknown_length_is_null_and_the_end_brings_no_second_start() {
    let mut tracker = EventTracker::new();
    let events = tell(
        &mut tracker,
        &[
            snapshot(Phase::Running, 0, None),
            snapshot(Phase::Running, 40, None),
            snapshot(Phase::Done, 100, Some(100)),
        ],
    );
    let starts = events
        .iter()
        .filter(|e| matches!(e, DownloadEvent::Started { .. }));
    assert_eq!(starts.count(), 1);
    assert_eq!(sum(&events), 100);
    let first = serde_json::to_value(&events[0]).expect("events serialise");
    assert!(first["data"]["contentLength"].is_null());
    assert_eq!(
        events.last(),
        Some(&DownloadEvent::Finished { download_id: 7 })
    );
}

#[test]
fn what_had_to_be_given_up_is_told_before_the_count_goes_on() {
    let mut tracker = EventTracker::new();
    let mut again = snapshot(Phase::Running, 20, Some(90));
    again.epoch = 1;
    let events = tell(
        &mut tracker,
        &[snapshot(Phase::Running, 60, Some(100)), again],
    );
    assert_eq!(
        events.last(),
        Some(&DownloadEvent::Restarted {
            download_id: 7,
            received: 20
        })
    );
}

proptest! {
    #[test]
    fn the_sums_are_exact_wherever_a_view_attaches(
        steps in prop::collection::vec((0u64..500, any::<bool>()), 1..40),
        attach in 0usize..40,
    ) {
        let mut received = 0;
        let mut known = None;
        let mut snapshots = Vec::new();
        for (more, tells_length) in steps {
            received += more;
            if tells_length {
                known = Some(1_000_000);
            }
            snapshots.push(snapshot(Phase::Running, received, known));
        }
        snapshots.push(snapshot(Phase::Done, received, Some(received)));
        let from = attach.min(snapshots.len() - 1);
        let (mut tracker, mut events) = EventTracker::attach(&snapshots[from], 0);
        let had = snapshots[from].received;
        events.extend(tell(&mut tracker, &snapshots[from + 1..]));
        prop_assert_eq!(had + sum(&events), received);
    }
}
