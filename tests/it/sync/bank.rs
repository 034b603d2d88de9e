//! Transfers between two tables: their sum is constant in the target whenever it is looked at.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::random::Random;
use super::writers::Writer;
use super::{Pair, number};
use crate::running::HANGS;

/// 100 accounts in each of two tables, with 1,000 each.
pub(super) const SCHEMA: &str = "
CREATE TABLE checking(id INTEGER PRIMARY KEY, owner TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL);
CREATE TABLE savings(owner TEXT PRIMARY KEY COLLATE NOCASE NOT NULL, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE move(amount INTEGER, at TEXT DEFAULT CURRENT_TIMESTAMP);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO checking SELECT i, 'o' || i, 1000 FROM n;
INSERT INTO savings SELECT owner, 1000 FROM checking;";

pub(super) const TOTAL: i64 = 200_000;

pub(super) const TOTAL_QUERY: &str =
    "SELECT ((SELECT sum(amount) FROM checking) + (SELECT sum(amount) FROM savings))::bigint AS number";

/// The same work in Python, with the settings that it has by default.
const PYTHON: &str = "
import random, sqlite3, sys, time
path, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
r = random.Random(seed)
c = sqlite3.connect(path, timeout=60)
for i in range(count):
    amount, place = r.randrange(1, 9), r.randrange(1, 101)
    c.execute('UPDATE checking SET amount = amount - ? WHERE id = ?', (amount, place))
    if i % 3:
        c.execute('UPDATE savings SET amount = amount + ? WHERE owner = ?', (amount, f'O{place}'))
    else:
        c.execute('REPLACE INTO savings SELECT owner, amount + ? FROM savings WHERE owner = ?', (amount, f'o{place}'))
    c.execute('INSERT INTO move(amount) VALUES (?)', (amount,))
    if i % 10: c.commit()
    else: c.rollback()
    time.sleep(0.002)
c.close()
";

/// Moves amounts.
pub(super) fn work(connection: &Connection, seed: u64, count: i64) {
    let mut random = Random::new(seed);
    for _ in 0..count {
        let (amount, place) = (1 + random.below(9), 1 + random.below(100));
        let end = if random.percent(10) { "ROLLBACK" } else { "COMMIT" };
        let statements = format!(
            "BEGIN IMMEDIATE;
             UPDATE savings SET amount = amount - {amount} WHERE owner = 'O{place}';
             REPLACE INTO checking SELECT id, owner, amount + {amount} FROM checking WHERE id = {place};
             INSERT INTO move(amount) VALUES (-{amount}); {end}"
        );
        connection.execute_batch(&statements).expect("move an amount");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A pair of which `checking` and `savings` are followed, and two processes that move amounts: one in Python if it is there.
pub(super) fn writers(pair: &Pair, count: i64) -> [Writer; 2] {
    let (seed, path) = (test_seed::seed(), pair.path());
    let other = Writer::python(PYTHON, &path, seed, count);
    let other = other.unwrap_or_else(|| Writer::start("transfers", &path, seed.wrapping_add(1), count));
    [Writer::start("transfers", &path, seed, count), other]
}

#[test]
fn the_sum_over_two_tables_is_constant_whenever_it_is_looked_at() {
    for mode in ["wal", "delete"] {
        let pair = Pair::of(mode, SCHEMA);
        let mut writers = writers(&pair, 500);
        let mut run = pair.follow(&[]);
        let mut target = pair.target.connect();
        let (mut moves, mut looks) = (std::collections::BTreeSet::new(), 0);
        let began = Instant::now();
        while !writers.iter_mut().all(Writer::has_ended) {
            assert_eq!(number(&mut target, TOTAL_QUERY), TOTAL, "{mode}");
            moves.insert(number(&mut target, "SELECT count(*) AS number FROM move"));
            looks += 1;
            assert!(!run.has_ended(), "the sync ended: {}", run.stderr());
            assert!(began.elapsed() < HANGS, "the writers hang");
        }
        assert!(moves.len() > 10, "{mode}: {} states in {looks} looks", moves.len());
        writers.into_iter().for_each(Writer::end);
        pair.settle(&mut run);
        pair.assert_equal();
        let (ended, _) = run.interrupt();
        assert_eq!(ended.code, 50, "{}", ended.stderr);
        pair.sync(0, &["--once"]);
    }
}
