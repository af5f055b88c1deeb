//! A running download that tests and the benchmark's fake engine start from. Not in a release build.

use millrace_engine::{AllowedActions, DownloadId, Phase, Priority, QueueKey, Snapshot};

/// A running download with 100 of 1,000 bytes.
pub fn snapshot(id: u64) -> Snapshot {
    Snapshot {
        id: DownloadId(id),
        rev: 1,
        epoch: 0,
        url: format!("http://127.0.0.1/{id}.bin"),
        host: "127.0.0.1".into(),
        folder: "downloads".into(),
        name: format!("{id}.bin"),
        phase: Phase::Running,
        priority: Priority::Normal,
        queue_key: QueueKey::new(Priority::Normal, None, DownloadId(id)),
        limit: None,
        max_connections: None,
        problem: None,
        fix: None,
        wait_until: None,
        waits_for: None,
        unmetered_only: false,
        tags: Vec::new(),
        attempts: 0,
        received: 100,
        total: Some(1_000),
        speed: 10,
        eta: Some(90),
        connections: 1,
        limited_by: None,
        resumable: Some(true),
        added_at: 1_000,
        finished_at: None,
        verdict: None,
        allows: AllowedActions {
            pause: true,
            ..AllowedActions::default()
        },
        start_at: None,
        relocation: None,
        verification: None,
        verifying: None,
        replaced_by: None,
    }
}
