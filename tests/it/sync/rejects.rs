//! Rows that cannot be inserted: rejected, reported, and inserted when they are corrected.

use super::Pair;

/// A keyed table, one without a key, one WITHOUT ROWID, and one whose key is not the rowid; each with a NUL, which
/// PostgreSQL does not store.
const SCHEMA: &str = "
CREATE TABLE item(id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE line(v TEXT, n INTEGER);
CREATE TABLE tag(a TEXT NOT NULL, b INTEGER NOT NULL, v TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE TABLE word(k TEXT PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO item VALUES (1, 'a'), (2, 'x' || char(0) || 'y'), (3, 'c');
INSERT INTO line VALUES ('a', 1), ('x' || char(0), 2), ('a', 1);
INSERT INTO tag VALUES ('a', 1, 'a'), ('b', 2, 'x' || char(0));
INSERT INTO word VALUES ('a', 'a'), ('b', 'x' || char(0));";

const TABLES: [&str; 4] = ["item", "line", "tag", "word"];

/// The arguments that leave the columns text and reject the rows.
const REJECT: &str = "--incompatible=reject";

#[track_caller]
fn rejects(pair: &Pair, count: usize) -> String {
    let status = pair.status(if count == 0 { 0 } else { 40 });
    assert_eq!(status["reject_count"], count, "{status}");
    pair.app.expect(0, &["db", "rejects", "list", "--postgres", pair.target.url()]).stdout
}

/// Asserts that the target has the rows without a NUL.
#[track_caller]
fn assert_rest(pair: &Pair) {
    let all = super::rows_of_source(&pair.sqlite());
    let rest: Vec<String> = all.into_iter().filter(|line| !line.contains('\0')).collect();
    let query = super::rows_query(&pair.sqlite());
    super::assert_same(&rest, &super::rows_of_target(&mut pair.target.connect(), &query), "the target");
}

#[test]
fn rows_rejected_in_the_first_copy_are_inserted_when_they_are_corrected() {
    let pair = Pair::of("wal", SCHEMA);
    let once = pair.sync(40, &["--once", REJECT]);
    assert!(once.stderr.contains("exit code 40"), "{}", once.stderr);
    assert_rest(&pair);
    let listed = rejects(&pair, 4);
    assert!(TABLES.iter().all(|table| listed.contains(table)), "{listed}");
    // Other rows of the same tables change nothing about them.
    pair.on_source(
        "UPDATE item SET v = 'b' WHERE id = 1; INSERT INTO line VALUES ('z', 9); DELETE FROM line WHERE rowid = 1;
         INSERT INTO tag VALUES ('a', 2, 'n'); DELETE FROM word WHERE k = 'a'",
    );
    pair.sync(40, &["--once"]);
    assert_rest(&pair);
    rejects(&pair, 4);
    let mut run = pair.follow(&[]);
    for (left, table) in [3, 2, 1, 0].into_iter().zip(TABLES) {
        pair.on_source(&format!("UPDATE {table} SET v = 'corrected' WHERE instr(v, char(0))"));
        pair.settle(&mut run);
        assert_rest(&pair);
        let listed = rejects(&pair, left);
        assert!(!listed.contains(table), "{table}: {listed}");
    }
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
    pair.sync(0, &["--once"]);
}

#[test]
fn rows_rejected_while_following_are_reported_until_they_are_corrected_or_deleted() {
    let pair = Pair::of("delete", &SCHEMA.replace(" || char(0)", ""));
    let mut run = pair.follow(&[]);
    pair.on_source(
        "BEGIN; UPDATE item SET v = char(0) WHERE id = 1; INSERT INTO line VALUES ('q' || char(0), 3), ('q' || char(0), 3);
         INSERT INTO tag VALUES ('z', 9, char(0)), ('z', 8, 'good'); UPDATE word SET v = char(0); COMMIT",
    );
    pair.settle(&mut run);
    run.wait_for("rejected");
    assert_rest(&pair);
    // One row of item, two of line, one of tag, two of word.
    rejects(&pair, 6);
    assert_eq!(run.interrupt().0.code, 50);
    pair.sync(40, &["--once"]);
    assert_rest(&pair);
    rejects(&pair, 6);
    let mut run = pair.follow(&[]);
    pair.on_source("DELETE FROM item WHERE id = 1; DELETE FROM line WHERE rowid = 4; UPDATE word SET v = 'good' WHERE k = 'a'");
    pair.settle(&mut run);
    rejects(&pair, 3);
    assert_rest(&pair);
    pair.on_source("DELETE FROM line; DELETE FROM tag; DELETE FROM word");
    pair.settle(&mut run);
    rejects(&pair, 0);
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
    pair.sync(0, &["--once"]);
}

#[test]
fn rows_that_the_target_refuses_are_rejected_too() {
    let pair = Pair::of("wal", &SCHEMA.replace(" || char(0)", ""));
    pair.sync(0, &["--once"]);
    pair.on_target(
        "ALTER TABLE item ADD CHECK (v <> 'no'); ALTER TABLE line ADD CHECK (v <> 'no');
         ALTER TABLE tag ADD CHECK (v <> 'no')",
    );
    let mut run = pair.follow(&[]);
    pair.on_source("UPDATE item SET v = 'no' WHERE id = 2; UPDATE item SET v = 'yes' WHERE id = 3");
    pair.on_source("INSERT INTO line VALUES ('no', 1); UPDATE tag SET v = 'no' WHERE a = 'a'");
    pair.settle(&mut run);
    let listed = rejects(&pair, 3);
    assert!(listed.contains("check constraint"), "{listed}");
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE v = 'yes'"), 1);
    pair.on_source(
        "UPDATE item SET v = 'well' WHERE id = 2; UPDATE line SET v = 'well'; UPDATE tag SET v = 'well'",
    );
    pair.settle(&mut run);
    rejects(&pair, 0);
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
}

#[test]
fn on_error_stop_ends_the_sync_before_the_transaction_and_it_goes_on_when_the_row_is_corrected() {
    let pair = Pair::of("wal", &SCHEMA.replace(" || char(0)", ""));
    pair.sync(0, &["--once"]);
    for (table, key) in [("item", "id = 1"), ("line", "rowid = 1"), ("tag", "a = 'a'"), ("word", "k = 'a'")] {
        let run = pair.follow(&["--on-error", "stop"]);
        pair.on_source(&format!(
            "BEGIN; UPDATE item SET v = 'beside {table}' WHERE id = 3; UPDATE {table} SET v = char(0) WHERE {key}; COMMIT"
        ));
        let ended = run.end();
        assert_eq!(ended.code, 21, "{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("`{table}`")), "{}", ended.stderr);
        assert!(ended.stderr.contains("--on-error skip"), "{}", ended.stderr);
        let beside = format!("SELECT count(*) AS number FROM item WHERE v = 'beside {table}'");
        assert_eq!(pair.number(&beside), 0, "half of a transaction was applied");
        pair.on_source(&format!("UPDATE {table} SET v = 'corrected' WHERE {key}"));
        pair.sync(0, &["--once", "--on-error", "stop"]);
        pair.assert_equal();
    }
    rejects(&pair, 0);
}
