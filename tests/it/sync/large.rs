//! Transactions of a million rows, in bounded memory.

use super::Pair;
use crate::running::Running;

const MOST_KILOBYTES: u64 = 100 * 1024;

/// The most memory that a run has had so far, in kilobytes.
fn peak(run: &Running<'_>) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", run.process())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number")
}

/// Rows with a key, and rows without one.
fn transaction_of(rows: u32) -> u64 {
    let pair = Pair::of(
        "wal",
        "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER);
         CREATE TABLE tag(a TEXT NOT NULL, b INTEGER NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;
         CREATE TABLE line(ts TEXT, m TEXT); INSERT INTO line VALUES ('1', 'x')",
    );
    let mut run = pair.follow(&[]);
    let some = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})");
    let mut peaks = Vec::new();
    for change in [
        format!(
            "INSERT INTO item {some_sql}",
            some_sql = format_args!("{some} SELECT i, 'name ' || i, i % 7 FROM n")
        ),
        "UPDATE item SET n = n + 1, name = 'other ' || id".to_owned(),
        format!("INSERT INTO tag {some} SELECT 'tag ' || i, i FROM n"),
        format!("INSERT INTO line {some} SELECT i % 1000, 'a line of the log' FROM n"),
        "DELETE FROM line WHERE rowid % 2 = 0; UPDATE item SET id = -id".to_owned(),
        "DELETE FROM item; DELETE FROM tag; DELETE FROM line".to_owned(),
    ] {
        pair.on_source(&format!("BEGIN; {change}; COMMIT"));
        pair.settle(&mut run);
        peaks.push(peak(&run));
    }
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
    pair.sync(0, &["--once"]);
    peaks.into_iter().max().unwrap_or_default()
}

#[test]
fn large_transactions_are_applied_whole() {
    let peak = transaction_of(20_000);
    assert!(peak <= MOST_KILOBYTES, "{peak} kB");
}

#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_transactions_of_a_million_rows_need_bounded_memory() {
    let peak = transaction_of(1_000_000);
    assert!(peak <= MOST_KILOBYTES, "{peak} kB");
}
