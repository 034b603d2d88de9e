//! Changes of the schema are noticed.

use std::fs;

use super::File;
use super::mirror::Mirror;
use crate::capture::{CHANGES, Capture, CaptureError, SchemaState, forget, recapture};

const SCHEMA: &str = "CREATE TABLE a(id INTEGER PRIMARY KEY, v UNIQUE); CREATE TABLE b(x, y);
    INSERT INTO a VALUES (1, 'one'); INSERT INTO b VALUES (1, 2)";

/// The state after the statements, and after the version was seen.
fn after(sql: &str) -> SchemaState {
    let file = File::new(SCHEMA);
    let capture = file.attach();
    let mut connection = file.diesel();
    let first = capture.check(&mut connection, None).expect("check");
    assert_eq!(first.state, SchemaState::Unchanged);
    file.writer().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let second = capture.check(&mut connection, Some(first.version)).expect("check");
    let restarted = Capture::load(&mut connection).expect("load").expect("a capture");
    let third = restarted.check(&mut connection, None).expect("check");
    assert_eq!(second, third, "{sql}: another process sees the same");
    let accepted = capture.check(&mut connection, Some(second.version)).expect("check");
    assert_eq!(accepted.state, SchemaState::Unchanged, "{sql}");
    second.state
}

fn broken(sql: &str) -> Vec<String> {
    match after(sql) {
        SchemaState::Changed { broken, .. } => {
            broken.into_iter().map(|broken| format!("{}: {}", broken.table, broken.reason)).collect()
        }
        other => panic!("{sql}: {other:?}"),
    }
}

fn changes(sql: &str) -> Vec<String> {
    match after(sql) {
        SchemaState::Changed { broken, changes } => {
            assert_eq!(broken, [], "{sql}");
            changes
                .into_iter()
                .map(|change| format!("{} {} {:?}", change.kind, change.name, change.change))
                .collect()
        }
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn writes_change_nothing_and_vacuum_is_a_doubt() {
    assert_eq!(after("INSERT INTO b VALUES (1, 2); DELETE FROM a"), SchemaState::Unchanged);
    assert_eq!(after("VACUUM"), SchemaState::Doubt);
}

#[test]
fn triggers_that_were_dropped_and_created_again_are_a_doubt() {
    let file = File::new(SCHEMA);
    let capture = file.attach();
    let writer = file.writer();
    let sql: String = writer
        .query_row("SELECT sql FROM sqlite_schema WHERE name = '__backoffice_1_after_insert'", [], |row| {
            row.get(0)
        })
        .expect("a trigger");
    writer
        .execute_batch(&format!(
            "DROP TRIGGER __backoffice_1_after_insert; INSERT INTO a VALUES (2, 2); {sql}"
        ))
        .expect("drop and create");
    assert_eq!(capture.check(&mut file.diesel(), None).expect("check").state, SchemaState::Doubt);
}

#[test]
fn what_breaks_a_table_is_named() {
    let dropped = "DROP TRIGGER __backoffice_1_after_insert";
    assert_eq!(
        broken(dropped),
        ["a: the trigger `__backoffice_1_after_insert` of the change log is missing"]
    );
    let other = format!(
        "{dropped}; CREATE TRIGGER __backoffice_1_after_insert AFTER INSERT ON a BEGIN SELECT 1; END"
    );
    assert_eq!(
        broken(&other),
        ["a: the trigger `__backoffice_1_after_insert` of the change log was altered"]
    );
    assert_eq!(broken("ALTER TABLE b ADD COLUMN z"), ["b: its definition was changed"]);
    assert_eq!(broken("ALTER TABLE b RENAME COLUMN x TO z"), ["b: its definition was changed"]);
    assert_eq!(broken("ALTER TABLE b RENAME TO c"), ["b: it was renamed to `c`"]);
    assert_eq!(broken("DROP TABLE b"), ["b: it was dropped or renamed"]);
    assert_eq!(broken("CREATE UNIQUE INDEX i ON b(x)"), ["b: its unique index `i` was created"]);
    let rebuilt =
        "CREATE TABLE n(x, y); INSERT INTO n SELECT * FROM b; DROP TABLE b; ALTER TABLE n RENAME TO b";
    assert_eq!(broken(rebuilt).len(), 1, "{:?}", broken(rebuilt));
    let trigger = "CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT 1; END";
    assert_eq!(broken(trigger), ["b: its trigger `t` was created, changed or dropped"]);
    assert_eq!(broken("ALTER TABLE __backoffice_image_2 ADD COLUMN c9").len(), 1);
}

#[test]
fn a_missing_log_breaks_all_tables() {
    let file = File::new(SCHEMA);
    let capture = file.attach();
    file.writer().execute_batch("DROP TABLE __backoffice_changes").expect("drop");
    let SchemaState::Changed { broken, .. } = capture.check(&mut file.diesel(), None).expect("check").state
    else {
        panic!("noticed")
    };
    assert_eq!(broken.len(), 2);
}

#[test]
fn what_does_not_affect_the_log_is_reported() {
    assert_eq!(changes("CREATE TABLE c(x)"), ["table c Created"]);
    assert_eq!(changes("CREATE VIEW v AS SELECT 1"), ["view v Created"]);
    assert_eq!(changes("CREATE INDEX i ON a(v)"), ["index i Created"]);
    assert_eq!(changes("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"), ["trigger t Created"]);
}

#[test]
fn a_backup_from_before_the_capture_is_noticed() {
    let file = File::new(SCHEMA);
    let backup = fs::read(&file.path).expect("read");
    let capture = file.attach();
    let version = capture.check(&mut file.diesel(), None).expect("check").version;
    let restored = File::new("");
    fs::write(&restored.path, backup).expect("write");
    let mut source = file.writer();
    let from = restored.writer();
    let copy = rusqlite::backup::Backup::new(&from, &mut source).expect("a backup");
    copy.run_to_completion(100, std::time::Duration::ZERO, None).expect("restore");
    drop(copy);
    let SchemaState::Changed { broken, .. } =
        capture.check(&mut file.diesel(), Some(version)).expect("check").state
    else {
        panic!("noticed")
    };
    assert_eq!(broken.len(), 2);
    assert!(Capture::load(&mut file.diesel()).expect("load").is_none());
}

#[test]
fn a_table_is_captured_again_with_a_wider_key_and_a_mark() {
    let file = File::new(SCHEMA);
    let capture = file.attach();
    let (writer, follower) = (file.writer(), file.writer());
    let mut mirror = Mirror::new(capture, &follower);
    mirror.apply(&follower).expect("equal");
    writer
        .execute_batch(
            "DROP TABLE b; CREATE TABLE b(x NOT NULL, y NOT NULL, z, PRIMARY KEY(x, y)); \
             INSERT INTO b VALUES (1, 2, 3); CREATE VIEW v AS SELECT 1",
        )
        .expect("rebuild");
    let capture = recapture(&mut file.diesel(), "b").expect("capture again");
    let checked = capture.check(&mut file.diesel(), None).expect("check").state;
    let SchemaState::Changed { broken, changes } = checked else { panic!("{checked:?}") };
    assert!(broken.is_empty() && changes.len() == 1, "the view is still new: {broken:?} {changes:?}");
    let (what, t): (i64, i64) = writer
        .query_row(&format!("SELECT what, t FROM {CHANGES} ORDER BY seq DESC LIMIT 1"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("an entry");
    assert_eq!((what, t), (2, 2));
    let mut mirror = Mirror::new(capture, &follower);
    writer.execute_batch("INSERT OR REPLACE INTO b VALUES (1, 2, 4), (1, 3, 5)").expect("write");
    mirror.apply(&follower).expect("equal");
}

#[test]
fn a_dropped_table_is_forgotten() {
    let file = File::new(SCHEMA);
    file.attach();
    assert!(matches!(forget(&mut file.diesel(), "b"), Err(CaptureError::TableExists(_))));
    file.writer().execute_batch("DROP TABLE b").expect("drop");
    let capture = forget(&mut file.diesel(), "b").expect("forget");
    assert_eq!(capture.tables.len(), 1);
    assert_eq!(capture.check(&mut file.diesel(), None).expect("check").state, SchemaState::Unchanged);
    assert!(matches!(forget(&mut file.diesel(), "b"), Err(CaptureError::UnknownTable(_))));
}

#[test]
fn a_new_table_can_be_captured_and_a_missing_one_cannot() {
    let file = File::new(SCHEMA);
    assert!(matches!(recapture(&mut file.diesel(), "a"), Err(CaptureError::NotAttached)));
    file.attach();
    file.writer().execute_batch("CREATE TABLE c(id INTEGER PRIMARY KEY)").expect("a table");
    let capture = recapture(&mut file.diesel(), "C").expect("capture");
    assert_eq!(capture.table("c").map(|table| table.number), Some(3));
    assert_eq!(capture.check(&mut file.diesel(), None).expect("check").state, SchemaState::Unchanged);
    assert!(matches!(recapture(&mut file.diesel(), "d"), Err(CaptureError::UnknownTable(_))));
}
