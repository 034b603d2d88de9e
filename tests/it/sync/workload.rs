//! A workload of which each transaction depends on its own number only: whichever process executes it, the state after it
//! is known.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::random::Random;
use super::rows_of_source;

/// Each kind of table and key, with triggers of the application. `clock` has the number of the last transaction.
pub(super) const SCHEMA: &str = "
CREATE TABLE clock(id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO clock VALUES (1, 0);
CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT UNIQUE, rank INTEGER, note TEXT);
CREATE UNIQUE INDEX person_rank ON person(rank) WHERE note = 'p';
CREATE TABLE tag(a TEXT COLLATE NOCASE NOT NULL, b INTEGER NOT NULL, v TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE TABLE parent(id INTEGER PRIMARY KEY, q INTEGER UNIQUE ON CONFLICT REPLACE);
CREATE TABLE child(id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent(id) ON DELETE CASCADE ON UPDATE CASCADE,
  q INTEGER REFERENCES parent(id) ON DELETE SET NULL, s INTEGER UNIQUE);
CREATE TABLE line(ts TEXT, m TEXT);
CREATE TABLE couple(a INTEGER UNIQUE, b INTEGER); INSERT INTO couple VALUES (NULL, 1);
CREATE TABLE word(k TEXT PRIMARY KEY NOT NULL, v TEXT);
CREATE TABLE history(id INTEGER PRIMARY KEY, x INTEGER);
CREATE TRIGGER app1 AFTER UPDATE OF rank ON person BEGIN
  INSERT INTO history(x) VALUES (OLD.rank);
  UPDATE person SET note = note || '+' WHERE id = NEW.id AND length(note) < 4; END;
CREATE TRIGGER app2 BEFORE DELETE ON person BEGIN SELECT RAISE(IGNORE) WHERE OLD.rank = 3; END;
CREATE TRIGGER app3 BEFORE INSERT ON couple WHEN NEW.b = 1 BEGIN DELETE FROM couple WHERE a = 2; END;";

/// Statements with `@or` for a conflict policy, `@i` for a small integer, `@b` for 1 or 2 and `@s` for a letter.
const STATEMENTS: [&str; 44] = [
    "INSERT @or INTO person(id, email, rank, note) VALUES (@i, @s, @i, @s)",
    "INSERT @or INTO person(email, rank, note) VALUES (@s, @i, 'p')",
    "UPDATE @or person SET email = @s WHERE id = @i",
    "UPDATE @or person SET rank = rank + 1",
    "UPDATE @or person SET note = 'p' WHERE rank = @i",
    "UPDATE @or person SET rowid = @i WHERE id = @i",
    "INSERT INTO person(id, email, rank, note) VALUES (@i, @s, @i, 'z') ON CONFLICT(id) DO UPDATE SET email = excluded.email",
    "INSERT INTO person(id, email) VALUES (@i, @s) ON CONFLICT DO NOTHING",
    "DELETE FROM person WHERE id = @i",
    "DELETE FROM person",
    "INSERT @or INTO tag VALUES (@s, @b, @s)",
    "INSERT @or INTO tag VALUES (@s, @i, @s)",
    "UPDATE @or tag SET a = @s WHERE b = @b",
    "UPDATE @or tag SET v = @s, b = b + 1",
    "DELETE FROM tag WHERE a = @s",
    "INSERT @or INTO parent VALUES (@i, @b)",
    "INSERT @or INTO parent(q) VALUES (@i)",
    "UPDATE @or parent SET id = @i WHERE id = @i",
    "UPDATE parent SET q = @i WHERE id = @i",
    "DELETE FROM parent WHERE id = @i",
    "INSERT @or INTO child VALUES (@i, @i, @i, @i)",
    "INSERT @or INTO child(p, s) SELECT id, @i FROM parent ORDER BY id LIMIT 1",
    "UPDATE @or child SET s = @i WHERE id = @i",
    "INSERT INTO line VALUES (@s, @s)",
    "INSERT INTO line VALUES (@s, NULL)",
    "DELETE FROM line WHERE ts = @s",
    "UPDATE line SET m = @s WHERE ts = @s",
    "INSERT OR REPLACE INTO line(rowid, ts, m) VALUES (@i, @s, @s)",
    "UPDATE @or line SET rowid = @i WHERE rowid = @i",
    "INSERT @or INTO couple VALUES (@i, @i)",
    "INSERT @or INTO couple VALUES (NULL, @i)",
    "UPDATE @or couple SET a = @i WHERE b = @i",
    "INSERT @or INTO word VALUES (@s, @s)",
    "INSERT @or INTO word(rowid, k, v) VALUES (@i, @s, @s)",
    "UPDATE @or word SET k = @s WHERE k = @s",
    "UPDATE @or word SET rowid = @i WHERE rowid = @i",
    "DELETE FROM word WHERE k = @s",
    "DELETE FROM history WHERE id % 3 = @b",
    "DELETE FROM couple WHERE b = @i",
    "DELETE FROM line WHERE m IS NULL",
    "SAVEPOINT s",
    "SAVEPOINT s",
    "ROLLBACK TO s",
    "RELEASE s",
];

fn statement(random: &mut Random) -> String {
    let mut words = String::new();
    let mut rest = random.word(&STATEMENTS);
    while let Some((before, after)) = rest.split_once('@') {
        words.push_str(before);
        if let Some(after) = after.strip_prefix("or") {
            words.push_str(random.word(&[
                "",
                "",
                "OR IGNORE",
                "OR REPLACE",
                "OR REPLACE",
                "OR FAIL",
                "OR ROLLBACK",
            ]));
            rest = after;
            continue;
        }
        let (kind, after) = after.split_at(1);
        words.push_str(&match kind {
            "i" => (1 + random.below(9)).to_string(),
            "b" => (1 + random.below(2)).to_string(),
            _ => format!("'{}'", random.word(&["a", "b", "c", "A", "B", "C", "é", "x y"])),
        });
        rest = after;
    }
    words + rest
}

/// The present number of `clock`.
fn clock(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT n FROM clock", [], |row| row.get(0))
}

/// Executes the next transaction, if any is left of `count`. Returns the number of the last one that is committed.
pub(super) fn transact(connection: &Connection, seed: u64, count: i64) -> rusqlite::Result<i64> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let number = clock(connection)? + 1;
    if number > count {
        connection.execute_batch("ROLLBACK")?;
        return Ok(number - 1);
    }
    connection.execute("UPDATE clock SET n = ?", [number])?;
    let mut random = Random::new(seed ^ number.unsigned_abs().wrapping_mul(0x1_0000_0001));
    for _ in 0..random.below(8) {
        let words = statement(&mut random);
        match connection.execute_batch(&words) {
            Ok(()) => {}
            // A conflict, or a savepoint that is not there.
            Err(rusqlite::Error::SqliteFailure(error, _))
                if matches!(error.code, ErrorCode::ConstraintViolation | ErrorCode::Unknown) => {}
            Err(error) => return Err(error),
        }
        if connection.is_autocommit() {
            return skip(connection, number);
        }
    }
    connection.execute_batch("COMMIT")?;
    Ok(number)
}

/// A transaction that ended with OR ROLLBACK leaves only its number, unless another process has written that meanwhile.
fn skip(connection: &Connection, number: i64) -> rusqlite::Result<i64> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let before = clock(connection)?;
    if before == number - 1 {
        connection.execute("UPDATE clock SET n = ?", [number])?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(before.max(number))
}

/// Executes transactions until `count`, with pauses.
pub(super) fn work(connection: &Connection, seed: u64, count: i64, pause: Duration) {
    while transact(connection, seed, count).expect("a transaction") < count {
        std::thread::sleep(pause);
    }
}

/// The states after each of so many transactions, beginning with none, as sorted lines.
pub(super) fn states(seed: u64, count: i64) -> Vec<Vec<String>> {
    let connection = Connection::open_in_memory().expect("open SQLite");
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("set up");
    connection.execute_batch(SCHEMA).expect("create the tables");
    let mut states = vec![rows_of_source(&connection)];
    for number in 1..=count {
        assert_eq!(transact(&connection, seed, count).expect("a transaction"), number);
        states.push(rows_of_source(&connection));
    }
    states
}
