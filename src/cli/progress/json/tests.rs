use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;
use transfer::finding::FindingKind;
use transfer::source::{SnapshotKind, SourceChange};

/// One line of each kind.
fn lines() -> Vec<Line<'static>> {
    let remaining = Remaining { remaining_seconds: Some(1.5), run_remaining_seconds: None };
    vec![
        Line::RunBegun { run_id: None, source: "sqlite:a.db", target: "postgresql://b" },
        Line::Snapshot { kind: SnapshotKind::WalTransaction, size_bytes: 1, taken_ms: 2, backup: None },
        Line::Planned { tables: 1, row_total: 2, rows_to_copy: 2, byte_total: None, continues: None },
        Line::Finding { kind: FindingKind::Warning, text: "t", hint: "h" },
        Line::StageBegun { stage: "copy", row_total: None, byte_total: None },
        Line::StageEnded { stage: "copy", rows: 1, bytes: 2, stage_ms: 3 },
        Line::TableQueued { table: "t", indexes: 1, foreign_keys: 2 },
        Line::Rows {
            stage: "copy",
            table: "t",
            rows: 1,
            row_total: Some(2),
            bytes: 3,
            stage_rows: 4,
            stage_row_total: None,
            stage_bytes: 5,
            stage_byte_total: None,
            rows_per_second: 0.8,
            bytes_per_second: 1234.0,
            remaining,
        },
        Line::TableDone { stage: "copy", table: "t", rows: 1, bytes: 2 },
        Line::IndexBuilt { table: "t", name: "i", remaining },
        Line::KeyChecked { table: "t", name: "k", remaining },
        Line::Retry { what: "write rows", attempt: 1, pause_ms: 100, cause: "c".to_owned() },
        Line::Reject { table: "t", key: "1", column: None, reason: "r" },
        Line::Skipped { table: "t", kind: "index", name: "i", reason: "r" },
        Line::RejectsFile { path: "p".to_owned() },
        Line::Copied { rows: 1 },
        Line::Repaired { tables: 1, inserted_rows: 2, updated_rows: 3 },
        Line::Verified {
            tables: 1,
            verified: 1,
            different: 0,
            could_not_be_verified: 0,
            not_verified: 0,
            differences: 0,
        },
        Line::SourceChanged { change: SourceChange::None, wal_size_bytes: 0 },
        Line::RolledBack,
        Line::Note { text: "t" },
        Line::Error { message: "m".to_owned(), causes: vec![], hint: None, exit_code: 21 },
        Line::End { exit_code: 0 },
    ]
}

/// The fields of each event, as the document has them.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let mut events = BTreeMap::new();
    let mut event = None;
    for line in include_str!("../../../../docs/progress.md").lines() {
        if let Some(name) = line.strip_prefix("## `").and_then(|name| name.strip_suffix('`')) {
            event = Some(name.to_owned());
            events.insert(name.to_owned(), BTreeSet::new());
        } else if line.starts_with("## ") {
            event = None;
        } else if let (Some(event), Some(rest)) = (&event, line.strip_prefix("| `"))
            && let (Some((field, _)), Some(fields)) = (rest.split_once('`'), events.get_mut(event))
        {
            fields.insert(field.to_owned());
        }
    }
    events
}

#[test]
fn each_event_is_documented_with_its_fields_and_no_others() {
    let fields = |line: &Line<'_>| {
        let Ok(Value::Object(fields)) = serde_json::to_value(line) else { panic!("{line:?} is no object") };
        let event = fields["event"].as_str().expect("a name").to_owned();
        (event, fields.into_iter().map(|(field, _)| field).filter(|field| field != "event").collect())
    };
    let lines: BTreeMap<String, BTreeSet<String>> = lines().iter().map(fields).collect();
    assert_eq!(lines, documented());
}

#[test]
fn rates_and_times_are_numbers() {
    let line = serde_json::to_value(&lines()[7]).expect("JSON");
    assert_eq!(line["rows_per_second"], 0.8);
    assert_eq!(line["remaining_seconds"], 1.5);
    assert_eq!(line["run_remaining_seconds"], Value::Null);
    assert_eq!(line["event"], "rows");
}
