//! What the change log costs the writers.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection as Sqlite;

use crate::cluster::TestDatabase;
use crate::lag::sync;
use crate::print;

/// Rows of a run.
const ROWS: u64 = 20_000;

/// Measures writers with and without capture, in turn. Nobody follows: only what is in the writers' own way counts.
pub(crate) fn measure(journal: &str, rows: u64, runs: u64) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let target = TestDatabase::create();
    for name in ["plain.db", "shop.db"] {
        create(&folder.path().join(name), journal);
    }
    let mut attached = sync(folder.path(), target.url(), &["--once"]);
    assert!(attached.wait().expect("end").success(), "the sync failed");
    // With a rollback journal each transaction waits for the disk.
    let row_count = if journal == "delete" && rows == 1 { ROWS / 20 } else { ROWS };
    let mut ratios: Vec<u128> = (0..runs)
        .map(|_| {
            let plain = write(&folder.path().join("plain.db"), rows, row_count);
            let captured = write(&folder.path().join("shop.db"), rows, row_count);
            captured * 1000 / plain.max(1)
        })
        .collect();
    ratios.sort_unstable();
    let median = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
    print(&format!(
        "{journal:<6} transactions of {rows:>3} rows: with capture / without = {}.{:03} (median of {runs} in turn)",
        median / 1000,
        median % 1000
    ));
}

fn create(path: &Path, journal: &str) {
    Sqlite::open(path)
        .expect("open")
        .execute_batch(&format!(
            "PRAGMA journal_mode = {journal};
             CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price INTEGER, note TEXT);
             CREATE INDEX item_name ON item (name);
             CREATE INDEX item_price ON item (price);
             CREATE INDEX item_note ON item (note, price);"
        ))
        .expect("create");
}

/// Writes rows, a third of them updated afterwards; returns the microseconds.
fn write(path: &Path, rows: u64, row_count: u64) -> u128 {
    let sqlite = Sqlite::open(path).expect("open");
    sqlite.execute_batch("PRAGMA synchronous = NORMAL").expect("synchronous");
    let insert = "INSERT INTO item (name, price, note) VALUES ('item ' || ?1, ?1 % 977, 'a note of some length ' || ?1)";
    let mut insert = sqlite.prepare(insert).expect("prepare");
    let update = "UPDATE item SET price = price + 1 WHERE id = last_insert_rowid()";
    let mut update = sqlite.prepare(update).expect("prepare");
    let began = Instant::now();
    let mut written = 0;
    while written < row_count {
        let transaction = sqlite.unchecked_transaction().expect("begin");
        for _ in 0..rows {
            written += 1;
            let number = i64::try_from(written).expect("small");
            insert.execute([number]).expect("insert");
            if written % 3 == 0 {
                update.execute([]).expect("update");
            }
        }
        transaction.commit().expect("commit");
    }
    began.elapsed().as_micros()
}
