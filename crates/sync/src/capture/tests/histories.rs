//! Random histories of statements: after each batch the mirror equals the snapshot.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::File;
use super::fixed;
use super::generated;
use super::mirror::Mirror;
use super::random::Random;

/// A statement with its parameters.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// What some histories did.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) executed: usize,
    pub(super) failed: usize,
    pub(super) batches: usize,
    pub(super) marks: usize,
}

/// Runs one history on the file.
pub(super) fn run(
    file: &File,
    random: &mut Random,
    length: usize,
    next: &mut dyn FnMut(&mut Random) -> Statement,
    counts: &mut Counts,
) -> Result<(), String> {
    let writer = file.writer();
    for _ in 0..15 {
        let statement = next(random);
        let _refused = writer.execute(&statement.sql, params_from_iter(&statement.values));
    }
    let mode = *random.of(&["WAL", "DELETE"]);
    writer.pragma_update(None, "journal_mode", mode).expect("set the journal mode");
    let capture = file.attach();
    for pragma in ["foreign_keys", "recursive_triggers"] {
        writer.pragma_update(None, pragma, random.percent(50)).expect("set");
    }
    let follower = file.writer();
    let mut mirror = Mirror::new(capture, &follower);
    let mut history: Vec<String> = Vec::new();
    for _ in 0..length {
        let control = match (writer.is_autocommit(), random.below(10)) {
            (true, 0 | 1) => Some("BEGIN"),
            (false, 0..3) => Some(*random.of(&[
                "COMMIT",
                "COMMIT",
                "ROLLBACK",
                "SAVEPOINT s",
                "SAVEPOINT s",
                "ROLLBACK TO s",
                "RELEASE s",
            ])),
            _ => None,
        };
        if let Some(sql) = control {
            let outcome = writer.execute_batch(sql);
            history.push(format!("{sql}: {outcome:?}"));
        }
        let statement = next(random);
        let outcome = writer.execute(&statement.sql, params_from_iter(&statement.values));
        *(if outcome.is_ok() { &mut counts.executed } else { &mut counts.failed }) += 1;
        history.push(format!("{statement:?}: {outcome:?}"));
        if !writer.is_autocommit() {
            continue;
        }
        if random.percent(5) {
            writer.execute_batch("VACUUM").expect("VACUUM");
            history.push("VACUUM".to_owned());
        }
        if random.percent(20) {
            counts.batches += 1;
            mirror.apply(&follower).map_err(|text| report(&text, &history))?;
            history.push("-- applied".to_owned());
            if random.percent(50) {
                mirror.prune(&follower);
            }
        }
    }
    if !writer.is_autocommit() {
        let _refused = writer.execute_batch("COMMIT");
        if !writer.is_autocommit() {
            writer.execute_batch("ROLLBACK").expect("roll back");
        }
    }
    let outcome = mirror.apply(&follower).map_err(|text| report(&text, &history));
    counts.marks += mirror.marks;
    outcome
}

fn report(text: &str, history: &[String]) -> String {
    let recent = history.len().saturating_sub(14);
    format!("{text}\n  {}", history[recent..].join("\n  "))
}

fn fixed_histories(count: u64, length: usize) -> Counts {
    let mut counts = Counts::default();
    let first = test_seed::seed();
    for number in 0..count {
        let seed = first.wrapping_add(number);
        let mut random = Random::new(seed);
        let file = File::new(fixed::SCHEMA);
        let outcome = run(&file, &mut random, length, &mut fixed::statement, &mut counts);
        outcome.unwrap_or_else(|text| panic!("TEST_SEED={seed}: {text}"));
    }
    counts
}

#[test]
fn histories_on_a_schema_with_every_trap_arrive() {
    let counts = fixed_histories(30, 150);
    assert!(counts.failed * 2 < counts.executed, "{counts:?}");
}

#[test]
fn histories_on_random_schemas_arrive() {
    generated::histories(40, 120);
}

#[test]
#[ignore = "takes minutes: `make faults`"]
fn exhaustive_histories_on_a_schema_with_every_trap_arrive() {
    fixed_histories(5_000, 150);
}

#[test]
#[ignore = "takes minutes: `make faults`"]
fn exhaustive_histories_on_random_schemas_arrive() {
    generated::histories(5_000, 150);
}
