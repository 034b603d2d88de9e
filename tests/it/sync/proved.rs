//! What "verified" and exit code 0 rest on.

use super::Pair;

#[test]
fn rejects_of_a_table_without_an_integer_key_are_not_success() {
    let pair = Pair::of("wal", "CREATE TABLE t(k TEXT PRIMARY KEY, v TEXT); INSERT INTO t VALUES ('a', 'b')");
    pair.on_source("INSERT INTO t VALUES ('bad', CAST(x'ff' AS TEXT))");
    pair.sync(40, &["--once"]);
    pair.sync(40, &["--once"]);
    pair.on_source("UPDATE t SET v = 'good' WHERE k = 'bad'");
    pair.sync(0, &["--once"]);
}

#[test]
fn a_reject_of_before_the_log_does_not_hide_another_row() {
    let pair = Pair::of("wal", "CREATE TABLE t(k TEXT PRIMARY KEY, v TEXT); INSERT INTO t VALUES ('a', 'b')");
    pair.on_source("INSERT INTO t VALUES ('bad', CAST(x'ff' AS TEXT))");
    pair.app.expect(40, &["db", "import", "source.db", "--postgres", pair.target.url()]);
    pair.on_source("DELETE FROM t WHERE k = 'bad'; INSERT INTO t(rowid, k, v) VALUES (2, 'new', 'c')");
    pair.sync(0, &["--once", "--yes"]);
    assert_eq!(pair.number("SELECT count(*) AS number FROM t WHERE k = 'new'"), 1);
}

#[test]
fn keys_that_are_one_key_in_the_target_delete_nobody() {
    let pair = Pair::of(
        "wal",
        "CREATE TABLE t(k DATETIME PRIMARY KEY, v INTEGER); INSERT INTO t VALUES ('2024-01-01 00:00:00', 1)",
    );
    pair.sync(0, &["--once"]);
    pair.on_source("INSERT INTO t VALUES ('2024-01-01T00:00:00', 2)");
    // One of the two is rejected by the key of the target, and named.
    pair.sync(40, &["--once"]);
    assert_eq!(pair.number("SELECT count(*) AS number FROM t"), 1);
}

#[test]
fn a_source_is_not_followed_into_a_second_schema() {
    let pair = Pair::of("wal", "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
    pair.sync(0, &["--once"]);
    let refused = pair.sync(10, &["--once", "--schema", "second"]);
    assert!(refused.stderr.contains("followed by another target"), "{}", refused.stderr);
}
