//! Attaching is all or nothing; detaching leaves the schema as it was.

use rusqlite::Connection;

use super::{File, fixed, owner};
use crate::capture::{CAPTURED, CHANGES, Capture, CaptureError, CaptureKind, CapturePlan, attach, detach};

/// Everything that `sqlite_schema` and `sqlite_sequence` contain.
fn everything(file: &File) -> Vec<String> {
    let connection = file.writer();
    let mut all = column(
        &connection,
        "SELECT rowid || type || quote(name) || quote(tbl_name) || ifnull(hex(sql), 'NULL') FROM sqlite_schema",
    );
    if connection.table_exists(None, "sqlite_sequence").expect("a query") {
        all.extend(column(&connection, "SELECT name || seq FROM sqlite_sequence"));
    }
    all
}

fn column(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("text")
}

#[test]
fn detach_leaves_schema_and_sequences_as_they_were() {
    let file = File::new(fixed::SCHEMA);
    file.writer()
        .execute_batch(
            "CREATE TABLE auto(id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO auto(x) VALUES (1)",
        )
        .expect("a table");
    let before = everything(&file);
    file.attach();
    assert_ne!(everything(&file), before);
    file.writer().execute_batch("INSERT INTO l VALUES (1, 2); ANALYZE").expect("write");
    assert!(detach(&mut file.diesel()).expect("detach") > 40);
    file.writer()
        .execute_batch("DROP TABLE sqlite_stat1; DROP TABLE sqlite_stat4")
        .expect("drop what ANALYZE created");
    assert_eq!(everything(&file), before);
    assert!(Capture::load(&mut file.diesel()).expect("load").is_none());
    assert_eq!(detach(&mut file.diesel()).expect("detach"), 0);
}

#[test]
fn attach_is_all_or_nothing() {
    let file = File::new("CREATE TABLE a(id INTEGER PRIMARY KEY); CREATE TABLE b(x)");
    let before = everything(&file);
    let mut connection = file.diesel();
    let mut plan = CapturePlan::of(&mut connection, &|_| true).expect("a plan");
    plan.statements.push("CREATE TRIGGER late AFTER INSERT ON missing BEGIN SELECT 1; END".to_owned());
    let failed = attach(&mut connection, &plan, &owner());
    assert!(matches!(failed, Err(CaptureError::Statement { .. })), "{failed:?}");
    assert_eq!(everything(&file), before);
}

#[test]
fn attach_refuses_a_schema_that_was_changed_since_the_plan() {
    let file = File::new("CREATE TABLE a(id INTEGER PRIMARY KEY)");
    let mut connection = file.diesel();
    let plan = CapturePlan::of(&mut connection, &|_| true).expect("a plan");
    file.writer().execute_batch("CREATE UNIQUE INDEX i ON a(id)").expect("an index");
    let refused = attach(&mut connection, &plan, &owner());
    assert!(matches!(refused, Err(CaptureError::SchemaChanged)), "{refused:?}");
}

#[test]
fn attach_refuses_a_second_capture() {
    let file = File::new("CREATE TABLE a(id INTEGER PRIMARY KEY)");
    file.attach();
    let mut connection = file.diesel();
    let plan = CapturePlan::of(&mut connection, &|_| true).expect("a plan");
    assert!(plan.blockers[0].reason.contains("`__backoffice_"), "{:?}", plan.blockers);
    let refused = attach(&mut connection, &plan, &owner());
    assert!(matches!(refused, Err(CaptureError::Blocked { .. })), "{refused:?}");
}

#[test]
fn the_record_is_read_again_and_damage_is_named() {
    let file = File::new("CREATE TABLE a(id INTEGER PRIMARY KEY); CREATE TABLE b(x); CREATE TABLE c(y)");
    let mut connection = file.diesel();
    let plan = CapturePlan::of(&mut connection, &|name| name != "c").expect("a plan");
    attach(&mut connection, &plan, &owner()).expect("attach");
    let capture = Capture::load(&mut connection).expect("load").expect("a capture");
    assert_eq!(capture.tables, plan.tables);
    assert_eq!(capture.table("C").map(|table| &table.kind), Some(&CaptureKind::Skipped));
    let damage = |sql: &str| {
        file.writer().execute_batch(sql).expect("damage");
        Capture::load(&mut file.diesel()).expect_err("an error").to_string()
    };
    assert!(damage(&format!("UPDATE {CAPTURED} SET name = '0' WHERE t = 0")).contains("format \"0\""));
    assert!(damage("DROP TABLE __backoffice_owner").contains("`__backoffice_owner` is missing"));
    assert!(damage(&format!("DROP TABLE {CAPTURED}")).contains("`__backoffice_captured` is missing"));
    assert!(detach(&mut file.diesel()).expect("detach") > 0);
}

#[test]
fn a_skipped_table_logs_only_that_it_was_changed() {
    let file = File::new("CREATE TABLE a(x); CREATE VIRTUAL TABLE f USING fts5(t)");
    let mut connection = file.diesel();
    let plan = CapturePlan::of(&mut connection, &|_| false).expect("a plan");
    let mut uncaptured: Vec<&str> = plan.uncaptured.iter().map(|table| table.name.as_str()).collect();
    uncaptured.sort_unstable();
    assert_eq!(uncaptured, ["f", "f_config", "f_content", "f_data", "f_docsize", "f_idx"]);
    attach(&mut connection, &plan, &owner()).expect("attach");
    let writer = file.writer();
    writer.execute_batch("INSERT INTO a VALUES (1); UPDATE a SET x = 2; DELETE FROM a").expect("write");
    assert_eq!(column(&writer, &format!("SELECT t || what FROM {CHANGES}")), ["00", "00", "00"]);
}
