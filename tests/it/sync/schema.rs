//! Changes of the schema and of the file: noticed before a wrong row is written, and continued by the named command.

use super::Pair;
use crate::app::Ended;

const SCHEMA: &str = "
CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, amount INTEGER);
CREATE TABLE other(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO item VALUES (1, 'a', 1), (2, 'b', 2); INSERT INTO other VALUES (1, 'x');";

/// What changes the schema, within one transaction with a change of a row.
const ADD_COLUMN: &str =
    "ALTER TABLE item ADD COLUMN more TEXT; UPDATE item SET more = 'm', name = 'c' WHERE id = 1";
const DROP_COLUMN: &str = "ALTER TABLE item DROP COLUMN amount; UPDATE item SET name = 'c' WHERE id = 1";
const RENAME: &str = "ALTER TABLE item RENAME TO thing; UPDATE thing SET name = 'c' WHERE id = 1";
const RENAME_COLUMN: &str =
    "ALTER TABLE item RENAME COLUMN name TO title; UPDATE item SET title = 'c' WHERE id = 1";
const REBUILD: &str = "CREATE TABLE new(id INTEGER PRIMARY KEY, name TEXT, amount INTEGER);
    INSERT INTO new SELECT * FROM item; DROP TABLE item; ALTER TABLE new RENAME TO item;
    UPDATE item SET name = 'c' WHERE id = 1";
const UNIQUE: &str =
    "CREATE UNIQUE INDEX item_name ON item(name); INSERT OR REPLACE INTO item VALUES (3, 'a', 3)";

fn dropped_trigger(pair: &Pair) -> String {
    let name: String = pair
        .sqlite()
        .query_row(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'item' AND sql LIKE '%AFTER UPDATE%'",
            [],
            |row| row.get(0),
        )
        .expect("a trigger");
    format!("DROP TRIGGER \"{name}\"; UPDATE item SET name = 'c' WHERE id = 1")
}

/// Changes the source while a sync follows it; the sync has to end with 10, and nothing of the change may be in the target.
#[track_caller]
fn broken_by(pair: &Pair, change: &str) -> Ended {
    let run = pair.follow(&[]);
    pair.on_source(&format!("BEGIN; INSERT INTO other VALUES (7, 'not to be seen'); {change}; COMMIT"));
    let ended = run.end();
    assert_eq!(ended.code, 10, "{change}\n{}", ended.stderr);
    assert_eq!(pair.number("SELECT count(*) AS number FROM other WHERE id = 7"), 0, "{change}");
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE name = 'c'"), 0, "{change}");
    assert_eq!(pair.number("SELECT count(*) AS number FROM item"), 2, "{change}");
    // And again, as long as nothing is done about it.
    let again = pair.sync(10, &[]);
    assert!(again.stderr.contains("`item` cannot be followed"), "{}", again.stderr);
    let once = pair.sync(10, &["--once"]);
    assert!(once.stderr.contains("`item` cannot be followed"), "{}", once.stderr);
    assert_eq!(pair.status(10)["broken"][0]["table"], "item");
    assert_eq!(pair.number("SELECT count(*) AS number FROM other WHERE id = 7"), 0, "{change}");
    ended
}

#[test]
fn what_leaves_the_columns_is_continued_after_a_recapture() {
    for (change, reason) in [
        (REBUILD.to_owned(), "definition was changed"),
        (UNIQUE.to_owned(), "unique index `item_name` was created"),
        (String::new(), "is missing"),
    ] {
        let pair = Pair::of("wal", SCHEMA);
        pair.sync(0, &["--once"]);
        let change = if change.is_empty() { dropped_trigger(&pair) } else { change };
        let ended = broken_by(&pair, &change);
        assert!(ended.stderr.contains("`item` cannot be followed"), "{}", ended.stderr);
        assert!(
            ended.stderr.contains(reason) || ended.stderr.contains("of the change log is missing"),
            "{}",
            ended.stderr
        );
        assert!(ended.stderr.contains("app db sync --recapture item"), "{}", ended.stderr);
        pair.sync(0, &["--recapture", "item", "--once"]);
        pair.assert_equal();
        // It is followed as before.
        let mut run = pair.follow(&[]);
        pair.on_source("UPDATE item SET name = name || '!', amount = 9; DELETE FROM other WHERE id = 1");
        pair.settle(&mut run);
        pair.assert_equal();
        assert_eq!(run.interrupt().0.code, 50);
        pair.sync(0, &["--once"]);
        pair.sync(0, &["--detach"]);
    }
}

#[test]
fn other_columns_are_refused_until_the_table_is_copied_again() {
    for change in [ADD_COLUMN, DROP_COLUMN, RENAME_COLUMN, RENAME] {
        let pair = Pair::of("wal", SCHEMA);
        pair.sync(0, &["--once"]);
        let ended = broken_by(&pair, change);
        let refused = match change {
            RENAME => ended,
            _ => pair.sync(10, &["--recapture", "item", "--once"]),
        };
        assert!(refused.stderr.contains("`item`"), "{change}: {}", refused.stderr);
        assert!(refused.stderr.contains("app db sync --detach"), "{change}: {}", refused.stderr);
        assert_eq!(pair.number("SELECT count(*) AS number FROM item"), 2, "{change}");
        // The named command, and again.
        pair.sync(0, &["--detach"]);
        pair.on_target("DROP TABLE item, other");
        pair.sync(0, &["--once"]);
        pair.assert_equal();
    }
}

#[test]
fn a_vacuum_is_a_doubt_that_a_comparison_ends() {
    let pair = Pair::of(
        "delete",
        &format!(
            "{SCHEMA} CREATE TABLE line(m TEXT); INSERT INTO line VALUES ('a'), ('b'), ('c'); DELETE FROM line WHERE m = 'b'"
        ),
    );
    let mut run = pair.follow(&[]);
    pair.on_source("UPDATE item SET name = 'before'");
    pair.settle(&mut run);
    pair.on_source("VACUUM");
    run.wait_for("the schema was written again");
    pair.on_source(
        "UPDATE item SET name = 'after'; DELETE FROM line WHERE m = 'c'; INSERT INTO line VALUES ('a')",
    );
    pair.settle(&mut run);
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
    let doubt = pair.status(0)["verified"]["doubt"].clone();
    assert_eq!(doubt.as_array().map(Vec::len), Some(1), "{doubt}");
    pair.sync(0, &["--once"]);
    assert_eq!(pair.status(0)["verified"]["doubt"], serde_json::json!([]));
}

#[test]
fn new_tables_are_named_and_the_sync_goes_on() {
    let pair = Pair::of("wal", SCHEMA);
    let mut run = pair.follow(&[]);
    pair.on_source(
        "CREATE TABLE fresh(a); CREATE INDEX item_amount ON item(amount); UPDATE item SET name = 'n'",
    );
    run.wait_for("fresh");
    pair.settle(&mut run);
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE name = 'n'"), 2);
    assert_eq!(run.interrupt().0.code, 50);
    pair.sync(0, &["--once"]);
}
