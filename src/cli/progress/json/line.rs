//! The lines of `--progress json`, as docs/progress.md documents them.

use serde::Serialize;

use transfer::finding::FindingKind;
use transfer::source::{SnapshotKind, SourceChange};

/// A line.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Line<'a> {
    RunBegun {
        run_id: Option<&'a str>,
        source: &'a str,
        target: &'a str,
    },
    Snapshot {
        kind: SnapshotKind,
        size_bytes: i64,
        taken_ms: u64,
        backup: Option<&'a str>,
    },
    Planned {
        tables: usize,
        row_total: i64,
        rows_to_copy: i64,
        byte_total: Option<u64>,
        continues: Option<&'a str>,
    },
    Finding {
        kind: FindingKind,
        text: &'a str,
        hint: &'a str,
    },
    StageBegun {
        stage: &'a str,
        row_total: Option<u64>,
        byte_total: Option<u64>,
    },
    StageEnded {
        stage: &'a str,
        rows: u64,
        bytes: u64,
        stage_ms: u64,
    },
    TableQueued {
        table: &'a str,
        indexes: usize,
        foreign_keys: usize,
    },
    Rows {
        stage: &'a str,
        table: &'a str,
        rows: u64,
        row_total: Option<u64>,
        bytes: u64,
        stage_rows: u64,
        stage_row_total: Option<u64>,
        stage_bytes: u64,
        stage_byte_total: Option<u64>,
        rows_per_second: f64,
        bytes_per_second: f64,
        #[serde(flatten)]
        remaining: Remaining,
    },
    TableDone {
        stage: &'a str,
        table: &'a str,
        rows: u64,
        bytes: u64,
    },
    IndexBuilt {
        table: &'a str,
        name: &'a str,
        #[serde(flatten)]
        remaining: Remaining,
    },
    KeyChecked {
        table: &'a str,
        name: &'a str,
        #[serde(flatten)]
        remaining: Remaining,
    },
    Retry {
        what: &'a str,
        attempt: usize,
        pause_ms: u64,
        cause: String,
    },
    Reject {
        table: &'a str,
        key: &'a str,
        column: Option<&'a str>,
        reason: &'a str,
    },
    Skipped {
        table: &'a str,
        kind: &'a str,
        name: &'a str,
        reason: &'a str,
    },
    RejectsFile {
        path: String,
    },
    Copied {
        rows: i64,
    },
    Repaired {
        tables: usize,
        inserted_rows: i64,
        updated_rows: i64,
    },
    Verified {
        tables: usize,
        verified: usize,
        different: usize,
        could_not_be_verified: usize,
        not_verified: usize,
        differences: i64,
    },
    SourceChanged {
        change: SourceChange,
        wal_size_bytes: u64,
    },
    RolledBack,
    Note {
        text: &'a str,
    },
    Error {
        message: String,
        causes: Vec<String>,
        hint: Option<&'a str>,
        exit_code: u8,
    },
    End {
        exit_code: u8,
    },
}

/// What remains, where it is known.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Remaining {
    pub(super) remaining_seconds: Option<f64>,
    pub(super) run_remaining_seconds: Option<f64>,
}
