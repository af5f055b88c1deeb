//! A download as a row of the list.

use millrace_engine::{
    AllowedActions, Fix, LimitedBy, Phase, PhaseGroup, Priority, Problem, RelocationProgress,
    Snapshot, UnmetConstraint, Verdict, Verification, VerificationProgress,
};
use serde::Serialize;

use crate::category::Category;
use crate::truncate::{truncate, truncate_problem, truncate_verification};

/// One download at one moment, for display: its texts are clipped so that a row always fits a frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub id: u64,
    /// Grows with every change but those of numbers; what is not newer than what is known is to be dropped.
    pub rev: u64,
    /// The same for the numbers: `received`, `speed`, `eta` and `connections`.
    pub counted: u64,
    pub url: String,
    pub host: String,
    pub name: String,
    /// For display only.
    pub folder: String,
    pub phase: Phase,
    pub group: PhaseGroup,
    /// Set while waiting and failed.
    pub problem: Option<Problem>,
    /// The first thing to offer; set when failed.
    pub fix: Option<Fix>,
    /// When the next attempt starts, in ms since 1970; set while waiting.
    pub wait_until: Option<u64>,
    /// Attempts in a row that brought no byte.
    pub attempts: u32,
    /// Bytes that are here.
    pub received: u64,
    /// Bytes of the whole file; null when the server does not say.
    pub total: Option<u64>,
    /// Bytes per second.
    pub speed: u64,
    /// Seconds to go.
    pub eta: Option<u64>,
    pub connections: u32,
    /// What limits the speed now; null when that is not known.
    pub limited_by: Option<LimitedBy>,
    pub resumable: Option<bool>,
    /// In ms since 1970.
    pub added_at: u64,
    pub finished_at: Option<u64>,
    /// What proved the file; set when done.
    pub verdict: Option<Verdict>,
    pub allows: AllowedActions,
    /// By the ending of the name.
    pub category: Category,
    pub priority: Priority,
    /// Bytes per second at most, of this download alone.
    pub limit: Option<u64>,
    /// Connections at most, when it has a number of its own.
    pub max_connections: Option<u32>,
    /// Its place among all that are queued, from 0; null when it is not.
    pub place: Option<u32>,
    /// Paused until then, in ms since 1970.
    pub start_at: Option<u64>,
    /// What holds it although it could run.
    pub waits_for: Option<UnmetConstraint>,
    /// Only over a network that does not cost by the byte, whatever is set for all.
    pub unmetered_only: bool,
    /// Its file is being copied to another folder.
    pub relocation: Option<RelocationProgress>,
    /// The last verification on request that compared the file with something and counts: a value from the user that
    /// does not match is left out where a digest of the file is known. Set when done.
    pub verification: Option<Verification>,
    /// Its file is being verified on request.
    pub verifying: Option<VerificationProgress>,
    /// Words of the user to find it by.
    pub tags: Vec<String>,
}

// Together with the numbers these limits keep a row below 7,000 bytes of JSON.
const MAX_URL: usize = 1_850;
const MAX_HOST: usize = 260;
const MAX_NAME: usize = 800;
const MAX_FOLDER: usize = 680;
const MAX_FACT: usize = 500;
const MAX_SOURCE: usize = 80;

impl From<&Snapshot> for Row {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            id: snapshot.id.0,
            rev: snapshot.rev,
            counted: snapshot.rev,
            url: truncate(&snapshot.url, MAX_URL),
            host: truncate(&snapshot.host, MAX_HOST),
            name: truncate(&snapshot.name, MAX_NAME),
            folder: truncate(&snapshot.folder.display().to_string(), MAX_FOLDER),
            phase: snapshot.phase,
            group: snapshot.phase.group(),
            problem: snapshot
                .problem
                .as_ref()
                .map(|problem| truncate_problem(problem, MAX_FACT)),
            fix: snapshot.fix,
            wait_until: snapshot.wait_until,
            attempts: snapshot.attempts,
            received: snapshot.received,
            total: snapshot.total,
            speed: snapshot.speed,
            eta: snapshot.eta,
            connections: snapshot.connections,
            limited_by: snapshot.limited_by,
            resumable: snapshot.resumable,
            added_at: snapshot.added_at,
            finished_at: snapshot.finished_at,
            verdict: snapshot.verdict.clone(),
            allows: snapshot.allows,
            category: Category::of(&snapshot.name),
            priority: snapshot.priority,
            limit: snapshot.limit,
            max_connections: snapshot.max_connections,
            place: None,
            start_at: snapshot.start_at,
            waits_for: snapshot.waits_for,
            unmetered_only: snapshot.unmetered_only,
            relocation: snapshot.relocation,
            verification: snapshot
                .verification
                .as_ref()
                .map(|one| truncate_verification(one, MAX_SOURCE)),
            verifying: snapshot.verifying,
            tags: snapshot.tags.clone(),
        }
    }
}

/// What changes all the time, by place: id, `counted`, `received`, `speed`, `eta` and `connections` of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowNumbers(pub u64, pub u64, pub u64, pub u64, pub Option<u64>, pub u32);

impl From<&Snapshot> for RowNumbers {
    fn from(snapshot: &Snapshot) -> Self {
        Self(
            snapshot.id.0,
            snapshot.rev,
            snapshot.received,
            snapshot.speed,
            snapshot.eta,
            snapshot.connections,
        )
    }
}

/// Whether two snapshots of one download differ only in their [`RowNumbers`].
pub fn only_numbers_changed(before: &Snapshot, after: &Snapshot) -> bool {
    let counted = Snapshot {
        rev: after.rev,
        received: after.received,
        speed: after.speed,
        eta: after.eta,
        connections: after.connections,
        ..before.clone()
    };
    counted == *after
}

#[cfg(test)]
mod tests {
    use millrace_engine::{Algorithm, Comparison, DigestSource, MAX_TAG_CHARS, MAX_TAGS};

    use super::*;
    use crate::test_snapshot::snapshot;

    #[test]
    fn a_row_is_camel_case_and_keeps_unknown_lengths_as_null() {
        let row = serde_json::to_value(Row::from(&snapshot(7))).unwrap();
        assert_eq!(row["id"], 7);
        assert_eq!(row["phase"], "running");
        assert_eq!(row["addedAt"], 1_000);
        assert!(row["waitUntil"].is_null());
        assert_eq!(row["allows"]["pause"], true);
        let mut unknown = snapshot(7);
        unknown.total = None;
        assert!(serde_json::to_value(Row::from(&unknown)).unwrap()["total"].is_null());
    }

    #[test]
    fn numbers_are_a_short_list_in_the_order_that_the_page_knows() {
        let mut one = snapshot(7);
        (one.rev, one.received, one.speed) = (31, 500, 20);
        let json = serde_json::to_string(&RowNumbers::from(&one)).unwrap();
        assert_eq!(json, "[7,31,500,20,90,1]");
        assert!(only_numbers_changed(&snapshot(7), &one));
        let limited = Some(LimitedBy::ServerConnections { allows: 4 });
        let held = Snapshot {
            limited_by: limited,
            ..one.clone()
        };
        assert!(!only_numbers_changed(&one, &held));
        let row = serde_json::to_value(Row::from(&held)).unwrap();
        assert_eq!(row["limitedBy"]["by"], "server-connections");
        assert_eq!(row["limitedBy"]["allows"], 4);
        one.attempts = 1;
        assert!(!only_numbers_changed(&snapshot(7), &one));
    }

    #[test]
    fn the_largest_row_fits_a_frame() {
        let mut large = snapshot(u64::MAX);
        let long = "\u{1}\"\u{20ac}x".repeat(20_000);
        large.rev = u64::MAX;
        large.url.clone_from(&long);
        large.host.clone_from(&long);
        large.name.clone_from(&long);
        large.folder = long.clone().into();
        // As the engine bounds them; no character is longer in JSON.
        large.tags = vec!["\u{1f600}".repeat(MAX_TAG_CHARS); MAX_TAGS];
        large.verification = Some(Verification {
            at: u64::MAX,
            algorithm: Algorithm::Sha512,
            digest: "f".repeat(128),
            compared: Some(Comparison {
                expected: "f".repeat(128),
                source: DigestSource::File {
                    host: long.clone(),
                    name: long.clone(),
                },
                proven: false,
                matches: false,
            }),
        });
        large.verifying = Some(VerificationProgress {
            read: u64::MAX,
            total: u64::MAX,
        });
        let facts = [
            Problem::DiskFailed {
                path: long.clone(),
                reason: long.clone(),
            },
            Problem::ChecksumMismatch {
                algorithm: Algorithm::default(),
                expected: long.clone(),
                actual: long.clone(),
                header: Some(long.clone()),
                kept: Some(long),
            },
        ];
        for problem in facts {
            large.problem = Some(problem);
            let json = serde_json::to_string(&Row::from(&large)).unwrap();
            assert!(json.len() < 7_000, "{}", json.len());
        }
    }
}
