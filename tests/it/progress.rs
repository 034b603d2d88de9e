//! `--progress`: what each form writes to standard error.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::app::{App, Ended, Move};

fn events(ended: &Ended) -> Vec<Value> {
    let line = |line: &str| -> Value {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{}", ended.stderr))
    };
    ended.stderr.lines().map(line).collect()
}

fn named<'e>(events: &'e [Value], name: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["event"] == name).collect()
}

fn number(event: &Value, field: &str) -> u64 {
    event[field].as_u64().unwrap_or_else(|| panic!("{field} of {event} is no whole number"))
}

/// The fields of each event in docs/progress.md; those of every event have the empty name.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/progress.md");
    let text = std::fs::read_to_string(path).expect("docs/progress.md");
    let mut events: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut event = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            event = heading.strip_prefix('`').unwrap_or_default().trim_end_matches('`').to_owned();
        } else if let Some((field, _)) = line.strip_prefix("| `").and_then(|rest| rest.split_once('`')) {
            events.entry(event.clone()).or_default().insert(field.to_owned());
        }
    }
    events
}

/// A source of which one row cannot be copied, and one refers to a missing row.
fn with_rejects() -> Move {
    let this = Move::seeded(3000);
    this.on_source(
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
         UPDATE contact_submissions SET message = 'a' || char(0) || 'b'
         WHERE id = (SELECT min(id) FROM contact_submissions)",
    );
    this
}

#[test]
fn every_event_of_a_copy_with_a_reject_is_documented() {
    let this = with_rejects();
    let arguments = ["--on-error", "skip", "--rejects-file", "rejects.jsonl", "--progress", "json"];
    let ended = this.copy(40, &arguments);
    let events = events(&ended);
    let documented = documented();
    let mut seen = BTreeSet::new();
    for event in &events {
        let name = event["event"].as_str().unwrap_or_else(|| panic!("{event} has no name"));
        let mut expected = documented.get("").expect("the fields of every event").clone();
        expected.extend(documented.get(name).cloned().unwrap_or_default());
        let fields: BTreeSet<String> = event.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(fields, expected, "{name}");
        seen.insert(name);
    }
    for name in [
        "run_begun",
        "snapshot",
        "planned",
        "stage_begun",
        "stage_ended",
        "table_queued",
        "rows",
        "table_done",
        "index_built",
        "key_checked",
        "reject",
        "rejects_file",
        "copied",
        "verified",
        "source_changed",
        "end",
    ] {
        assert!(seen.contains(name), "there is no {name}: {}", ended.stderr);
    }
    let reject = named(&events, "reject")[0];
    assert_eq!((&reject["table"], &reject["column"]), (&"contact_submissions".into(), &"message".into()));
    let last = events.last().expect("an event");
    assert_eq!((&last["event"], &last["exit_code"]), (&"end".into(), &40.into()));
    // Results are printed as ever.
    assert!(ended.stdout.contains("tables verified"), "{}", ended.stdout);
}

#[test]
fn totals_at_the_end_of_a_stage_are_exact() {
    let this = Move::seeded(5000);
    let ended = this.copy(0, &["--json", "--progress", "json"]);
    let report: Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    let events = events(&ended);
    let tables = report["tables"].as_array().expect("tables");
    let copied: u64 = tables.iter().map(|table| number(table, "copied")).sum();
    for stage in ["copy", "verify"] {
        let of = |name| named(&events, name).into_iter().filter(|event| event["stage"] == stage).collect();
        let (begun, stages, tables): (Vec<_>, Vec<_>, Vec<_>) =
            (of("stage_begun"), of("stage_ended"), of("table_done"));
        assert_eq!((begun.len(), stages.len()), (1, 1), "{stage}");
        assert_eq!(number(stages[0], "rows"), copied, "{stage}");
        let of_tables = |field| tables.iter().map(|table| number(table, field)).sum::<u64>();
        assert_eq!(of_tables("rows"), copied, "{stage}");
        assert_eq!(of_tables("bytes"), number(stages[0], "bytes"), "{stage}");
        // The estimate from a sample, within a fifth of what was there.
        let (estimated, actual) = (number(begun[0], "byte_total"), number(stages[0], "bytes"));
        assert!(
            estimated.abs_diff(actual) * 5 <= actual,
            "{stage}: {estimated} bytes estimated, {actual} seen"
        );
    }
    let mut times: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    for event in named(&events, "rows") {
        let key = (event["stage"].to_string(), event["table"].to_string());
        times.entry(key).or_default().push(number(event, "elapsed_ms"));
    }
    for (table, times) in times {
        assert!(times.windows(11).all(|eleven| eleven[10] - eleven[0] >= 1000), "{table:?}: {times:?}");
    }
}

#[test]
fn an_error_is_an_event_too() {
    let app = App::new();
    let ended = app.expect(
        20,
        &[
            "db",
            "copy-from-sqlite",
            "--sqlite",
            "nowhere.db",
            "--postgres",
            "postgresql://nobody:secret@127.0.0.1:1/none",
            "--progress",
            "json",
        ],
    );
    let events = events(&ended);
    let last = events.last().expect("an event");
    assert_eq!((&last["event"], &last["exit_code"]), (&"error".into(), &20.into()));
    assert!(last["message"].as_str().is_some_and(|text| !text.is_empty()), "{last}");
    assert!(last["causes"].is_array(), "{last}");
    assert!(!ended.stderr.contains("secret"), "{}", ended.stderr);
    assert!(named(&events, "end").is_empty());
}

#[test]
fn plain_lines_have_no_escape_codes_and_none_has_no_progress() {
    let this = Move::seeded(2000);
    let plain = this.copy(0, &["--progress", "plain"]);
    assert!(!plain.stderr.contains('\u{1b}'), "{}", plain.stderr);
    assert!(plain.stderr.contains("source: "), "{}", plain.stderr);
    for form in ["auto", "bar"] {
        // Without a terminal both are plain.
        let shown = this.verify(0, &["--progress", form]);
        assert!(!shown.stderr.contains('\u{1b}'), "{form}: {}", shown.stderr);
    }
    let none = this.copy(0, &["--clear", "--yes", "--progress", "none"]);
    for word in ["stage ", "rows/s", " left"] {
        assert!(!none.stderr.contains(word), "{}", none.stderr);
    }
    assert!(none.stdout.contains("tables verified"), "{}", none.stdout);
}

#[test]
fn the_other_commands_report_events_too() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let seeded = events(&app.expect(0, &["db", "seed", "--rows", "2000", "--progress", "json"]));
    assert!(number(named(&seeded, "stage_ended")[0], "rows") >= 1900, "{seeded:?}");
    assert_eq!(seeded.last().expect("an event")["event"], "end");
    let assessed = app.run(&["db", "assess", "backoffice.db", "--progress", "json"]);
    let assessed = events(&assessed);
    assert_eq!(named(&assessed, "stage_begun")[0]["stage"], "assess");

    let this = with_rejects();
    this.copy(40, &["--on-error", "skip", "--rejects-file", "rejects.jsonl"]);
    let url = this.target.url();
    let retried = this.app.expect(40, &["db", "rejects", "retry", "--postgres", url, "--progress", "json"]);
    let retried = events(&retried);
    assert_eq!(named(&retried, "run_begun").len(), 1);
    assert_eq!(number(named(&retried, "end")[0], "exit_code"), 40);
    let restored = events(&this.app.expect(0, &["db", "restore", "--postgres", url, "--progress", "json"]));
    assert_eq!(named(&restored, "stage_begun")[0]["stage"], "constraints");
    let schema = ["--schema", "imported", "--rejects-file", "imported.jsonl"];
    let arguments = ["db", "import", "backoffice.db", "--postgres", url, "--progress", "json"];
    let imported = events(&this.app.expect(40, &[&arguments[..], &schema].concat()));
    let stages: Vec<&Value> = named(&imported, "stage_ended").iter().map(|event| &event["stage"]).collect();
    assert_eq!(stages[..4], ["assess", "preflight", "prepare", "copy"], "{stages:?}");
    let compared = this.app.run(&["db", "verify", "--postgres", url, "--progress", "json"]);
    assert_eq!(named(&events(&compared), "verified").len(), 1);
}

#[test]
fn a_form_that_does_not_exist_is_a_usage_error() {
    let app = App::new();
    for command in ["copy-from-sqlite", "verify", "restore", "seed"] {
        let ended = app.expect(2, &["db", command, "--progress", "loud"]);
        for form in ["auto", "bar", "plain", "json", "none"] {
            assert!(ended.stderr.contains(form), "{form}: {}", ended.stderr);
        }
    }
}
