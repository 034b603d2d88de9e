//! Histories on random schemas.

use databases::name::quote_name;
use rusqlite::types::Value;

use super::File;
use super::histories::{Counts, Statement, run};
use super::random::Random;
use super::schemas::{Table, schema};
use crate::capture::{CaptureKind, CapturePlan};

/// Runs so many histories.
pub(super) fn histories(count: u64, length: usize) {
    let first = test_seed::seed();
    let (mut counts, mut blocked, mut keyed, mut images) = (Counts::default(), 0, 0, 0);
    for number in 0..count {
        let seed = first.wrapping_add(number);
        let mut random = Random::new(seed);
        let (statements, tables) = schema(&mut random);
        let file = File::new("");
        let writer = file.writer();
        let mut accepted = String::new();
        for statement in &statements {
            if writer.execute_batch(statement).is_ok() {
                accepted += &format!("{statement};\n");
            }
        }
        let exists = |table: &&Table| writer.table_exists(None, table.name.as_str()).expect("a query");
        let tables: Vec<&Table> = tables.iter().filter(exists).collect();
        if tables.is_empty() {
            continue;
        }
        let plan = CapturePlan::of(&mut file.diesel(), &|_| true).expect("a plan");
        if !plan.blockers.is_empty() {
            let is_rowid = |reason: &str| reason.contains("rowid");
            assert!(plan.blockers.iter().all(|blocker| is_rowid(&blocker.reason)), "{:?}", plan.blockers);
            blocked += 1;
            continue;
        }
        for table in &plan.tables {
            *(if matches!(table.kind, CaptureKind::Keyed { .. }) { &mut keyed } else { &mut images }) += 1;
        }
        let mut next = |random: &mut Random| statement(random, &tables);
        let outcome = run(&file, &mut random, length, &mut next, &mut counts);
        outcome.unwrap_or_else(|text| panic!("TEST_SEED={seed}\n{accepted}: {text}"));
    }
    assert!(counts.failed < counts.executed * 2, "{counts:?}");
    // A few schemas may be all of one kind.
    if count >= 500 {
        assert!(blocked * 5 < count, "{blocked} of {count} schemas are blocked");
        assert!(keyed > 0 && images > 0 && counts.marks < counts.batches, "{keyed} {images} {counts:?}");
    }
}

fn value(random: &mut Random) -> Value {
    match random.below(14) {
        0 => Value::Null,
        1 => Value::Text(String::new()),
        2..6 => Value::Integer(i64::try_from(random.below(4)).expect("small")),
        6 => Value::Real(1.0),
        7 => Value::Real(2.5),
        8 => Value::Blob(b"a".to_vec()),
        9 => Value::Text("1".to_owned()),
        10 => Value::Text("a ".to_owned()),
        _ => Value::Text((random.word(&["a", "A", "b", "B", "c"])).to_owned()),
    }
}

fn statement(random: &mut Random, tables: &[&Table]) -> Statement {
    let table = *random.of(tables);
    let name = quote_name(&table.name);
    let or = random.word(&["", "", "", "OR IGNORE", "OR REPLACE", "OR REPLACE", "OR FAIL", "OR ROLLBACK"]);
    let mut values = Vec::new();
    let mut bind = |random: &mut Random| {
        values.push(value(random));
        "?"
    };
    let all: Vec<String> = table.columns.iter().chain(&table.generated).cloned().collect();
    let mut assigned = random.some(&table.columns, 5);
    if random.percent(50) {
        assigned.clone_from(&table.columns);
    }
    assigned.iter_mut().for_each(|column| *column = quote_name(column));
    if let Some(rowid) = table.rowid.filter(|_| random.percent(20)) {
        assigned.push(rowid.to_owned());
    }
    let sql = match random.below(10) {
        0..5 => {
            let given: Vec<&str> = assigned.iter().map(|_| bind(random)).collect();
            let upsert = random.word(&["", "", "", " ON CONFLICT DO NOTHING"]);
            format!("INSERT {or} INTO {name} ({}) VALUES ({}){upsert}", assigned.join(", "), given.join(", "))
        }
        5 => format!(
            "INSERT {or} INTO {name} ({0}) SELECT {0} FROM {name} ORDER BY 1 LIMIT 2",
            assigned.join(", ")
        ),
        6 | 7 => {
            let set: Vec<String> =
                assigned.iter().map(|column| format!("{column} = {}", bind(random))).collect();
            let on = quote_name(random.word(&all));
            format!("UPDATE {or} {name} SET {} WHERE {on} = {}", set.join(", "), bind(random))
        }
        8 => {
            let column = &assigned[0];
            format!("UPDATE {or} {name} SET {column} = {column} + 1")
        }
        _ if random.percent(10) => format!("DELETE FROM {name}"),
        _ => format!("DELETE FROM {name} WHERE {} = {}", quote_name(random.word(&all)), bind(random)),
    };
    Statement { sql, values }
}
