//! Counts, keys and extremes of generated rows, and that both databases accept them.

use std::collections::{HashMap, HashSet};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use sha2::{Digest as _, Sha256};

use super::plan::SeedPlan;
use super::steps::{STEPS, Seeded};
use super::texts::EXTREME_TEXTS;
use super::values::{DATES, INTEGERS, REALS, SPECIAL};
use super::write::{QueryNumber, rows};
use super::*;
use crate::cli::hints::words;
use crate::models::tasks::{RecurringPattern, Task};
use crate::models::{billing, projects, tenancy};
use crate::registry::tables;
use databases::connection::AnyConnection;
use databases::error::{ExitStatus, Explain as _};
use transfer::model::write_tuple;
use transfer::values::{Instant, Money, TimeOfDay};

fn plan(rows: u64, seed: u64) -> SeedPlan {
    SeedPlan::new(SeedOptions { rows, seed })
}

/// A digest of all rows of a table.
pub(super) fn digest<R: Seeded>(plan: &SeedPlan) -> Vec<u8> {
    let mut digest = Sha256::new();
    for row in rows::<R>(plan) {
        let mut tuple = Vec::new();
        write_tuple(&row.expect("a row"), &mut tuple).expect("encodable");
        digest.update(tuple);
    }
    digest.finalize().to_vec()
}

/// The rows of a table with extremes, and some more.
fn first_rows<R: Seeded>(row_count: u64) -> Vec<R> {
    rows(&plan(row_count, 1)).map(|row| row.expect("a row")).collect()
}

fn empty_database() -> AnyConnection {
    let mut connection = SqliteConnection::establish(":memory:").expect("open");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let mut migrations: Vec<_> = std::fs::read_dir(folder)
        .expect("migrations")
        .map(|entry| entry.expect("entry").path().join("up.sql"))
        .collect();
    migrations.sort();
    connection.batch_execute("PRAGMA foreign_keys = OFF").expect("pragma");
    for migration in migrations {
        let statements = std::fs::read_to_string(migration).expect("up.sql");
        connection.batch_execute(&statements).expect("valid migration");
    }
    connection.batch_execute("PRAGMA foreign_keys = ON").expect("pragma");
    AnyConnection::Sqlite(connection)
}

fn number(connection: &mut AnyConnection, query: &str) -> i64 {
    let AnyConnection::Sqlite(connection) = connection else {
        panic!("a SQLite connection");
    };
    sql_query(query).get_result::<QueryNumber>(connection).expect("a number").number
}

#[test]
fn steps_are_the_tables_of_the_registry() {
    let steps: Vec<_> = STEPS.iter().map(|step| step.table).collect();
    let tables = tables();
    let tables: Vec<_> = tables.iter().map(|table| table.name()).collect();
    assert_eq!(steps, tables);
}

#[test]
fn row_counts_add_up_and_every_table_has_rows() {
    for rows in (0..400).chain([1_000, 65_537, 1_000_000, 123_456_789, u64::MAX / 2]) {
        let plan = plan(rows, 0);
        let counts: Vec<u64> = STEPS.iter().map(|step| (step.row_count)(&plan)).collect();
        assert_eq!(counts.iter().sum::<u64>(), rows);
        let filled = counts.iter().take_while(|count| **count > 0).count();
        assert_eq!(filled, STEPS.len().min(usize::try_from(rows).unwrap_or(usize::MAX)));
        let usage_logs = plan.of::<tenancy::UsageLog>().row_count();
        assert!(rows < 1_000 || usage_logs.abs_diff(rows / 2) < rows / 50, "{usage_logs} of {rows}");
    }
}

#[test]
fn the_same_seed_generates_the_same_rows() {
    let digests = |rows, seed| -> Vec<Vec<u8>> {
        let plan = plan(rows, seed);
        STEPS.iter().map(|step| (step.digest)(&plan)).collect()
    };
    let first = digests(3_000, 7);
    assert_eq!(first, digests(3_000, 7));
    for (one, other) in first.iter().zip(digests(3_000, 8)) {
        assert_ne!(*one, other);
    }
}

#[test]
fn small_and_large_seedings_are_accepted_by_the_database() {
    for rows in [0, 1, 2, 30, 31, 200, 5_000] {
        let mut connection = empty_database();
        let mut seen = 0;
        let report = seed(&mut connection, SeedOptions { rows, seed: 3 }, &mut |progress| {
            assert!(progress.written >= seen && progress.total == rows);
            seen = progress.written;
        })
        .unwrap_or_else(|error| panic!("{}", databases::error::render(&error, None)));
        assert_eq!(seen, rows);
        for (table, row_count) in report.rows {
            let stored = number(&mut connection, &format!("SELECT count(*) AS number FROM {table}"));
            assert_eq!(u64::try_from(stored), Ok(row_count), "{table}");
        }
        let orphans = "SELECT count(*) AS number FROM pragma_foreign_key_check";
        assert_eq!(number(&mut connection, orphans), 0);
    }
}

#[test]
fn keys_have_gaps_and_the_next_one_leaves_one_too() {
    let mut connection = empty_database();
    seed(&mut connection, SeedOptions { rows: 2_000, seed: 3 }, &mut |_| {}).expect("seeded");
    let mut ask = |query| number(&mut connection, query);
    assert_eq!(ask("SELECT min(id) AS number FROM usage_logs"), 1);
    assert!(ask("SELECT max(id) - count(*) AS number FROM usage_logs") > 100);
    let generated = ask("SELECT count(*) AS number FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'");
    assert!(generated > 0);
    assert_eq!(ask("SELECT count(*) AS number FROM sqlite_sequence"), generated);
    assert!(
        ask("SELECT seq - (SELECT max(id) FROM tasks) AS number FROM sqlite_sequence WHERE name = 'tasks'")
            > 1
    );
    assert!(ask("SELECT count(*) AS number FROM tasks WHERE parent_task_id > id") > 0);
    assert!(ask("SELECT count(*) AS number FROM tasks WHERE parent_task_id < id") > 0);
}

#[test]
fn organizations_do_not_mix() {
    let mut connection = empty_database();
    seed(&mut connection, SeedOptions { rows: 5_000, seed: 3 }, &mut |_| {}).expect("seeded");
    for (child, key, parent) in [
        ("bills", "customer_id", "customers"),
        ("payments", "bill_id", "bills"),
        ("field_corrections", "document_id", "document_metadata"),
        ("document_metadata", "batch_id", "batches"),
        ("document_metadata", "reviewed_by_user_id", "users"),
        ("projects", "client_user_id", "users"),
        ("investments", "project_id", "projects"),
        ("matches", "applicant_id", "applicants"),
        ("usage_logs", "user_id", "users"),
    ] {
        let mixed = format!(
            "SELECT count(*) AS number FROM {child} c JOIN {parent} p ON p.id = c.{key}
             WHERE p.organization_id <> c.organization_id"
        );
        assert_eq!(number(&mut connection, &mixed), 0, "{child}.{key}");
        let joined = format!("SELECT count({key}) AS number FROM {child}");
        assert!(number(&mut connection, &joined) > 0, "{child}.{key}");
    }
}

#[test]
fn a_filled_database_is_rejected_unchanged() {
    let mut connection = empty_database();
    seed(&mut connection, SeedOptions { rows: 1, seed: 3 }, &mut |_| {}).expect("seeded");
    let error = seed(&mut connection, SeedOptions { rows: 50, seed: 3 }, &mut |_| {}).expect_err("refused");
    assert!(matches!(error, SeedError::Filled { table: "organizations" }), "{error}");
    assert_eq!(error.exit_status(), ExitStatus::Blocked);
    assert!(error.hint().is_some_and(|hint| words(&hint).contains("app db rollback --all")));
    assert_eq!(number(&mut connection, "SELECT count(*) AS number FROM users"), 0);
}

#[test]
fn a_database_without_tables_is_distinguished_from_a_filled_one() {
    let mut connection = AnyConnection::Sqlite(SqliteConnection::establish(":memory:").expect("open"));
    let error = seed(&mut connection, SeedOptions { rows: 50, seed: 3 }, &mut |_| {}).expect_err("no tables");
    assert!(matches!(error, SeedError::Look { table: "organizations", .. }), "{error}");
}

#[test]
fn extremes_of_every_type_are_among_two_thousand_rows() {
    let products = first_rows::<billing::Product>(2_000);
    let items = first_rows::<billing::BillItem>(2_000);
    let activities = first_rows::<tenancy::Activity>(2_000);
    let patterns = first_rows::<RecurringPattern>(2_000);
    let mut embeddings: Vec<_> =
        first_rows::<projects::ApplicantEmbedding>(2_000).into_iter().map(|row| row.embedding).collect();
    embeddings.extend(first_rows::<projects::ProjectEmbedding>(2_000).into_iter().map(|row| row.embedding));

    let integers: HashSet<i32> = products.iter().flat_map(|row| [row.stock, row.min_stock]).collect();
    assert!(INTEGERS.iter().all(|extreme| integers.contains(extreme)));

    let money: HashSet<Money> = items.iter().map(|row| row.total_price).collect();
    assert!([Money::MIN, Money::MAX, Money::ZERO].iter().all(|extreme| money.contains(extreme)));

    let times: HashSet<_> = patterns.iter().filter_map(|row| row.time_of_day).collect();
    assert!(times.contains(&TimeOfDay::MIN) && times.contains(&TimeOfDay::MAX));

    let valuations = first_rows::<projects::InvestmentValuation>(2_000);
    let days = patterns.iter().map(|row| row.start_date).chain(valuations.iter().map(|row| row.valued_on));
    let days: HashSet<i64> = days.map(|day| day.to_epoch_days().into()).collect();
    assert!(DATES[..2].iter().all(|extreme| days.contains(extreme)));

    let instants: HashSet<_> = activities.iter().map(|row| row.created_at).collect();
    assert!(instants.contains(&Instant::MIN) && instants.contains(&Instant::MAX));

    let texts: HashSet<&str> = activities.iter().filter_map(|row| row.description.as_deref()).collect();
    assert!(EXTREME_TEXTS.iter().all(|extreme| texts.contains(extreme)));
    let longest = activities.iter().map(|row| row.title.chars().count()).max();
    assert_eq!(longest, Some(300));

    let json: String = activities
        .iter()
        .filter_map(|row| row.metadata.as_ref())
        .map(|json| json.text().to_owned() + "\n")
        .collect();
    for extreme in ["{}\n", "[]\n", "null\n", "18446744073709551616", "1e+300", "1e-300", "😀", "\\\\"] {
        assert!(json.contains(extreme), "{extreme}");
    }

    assert!(embeddings.iter().any(|vector| vector.elements().len() == 1));
    assert!(embeddings.iter().any(|vector| vector.elements().len() == 384));
    assert!(embeddings.iter().any(|vector| vector.elements().len() == SPECIAL.len()));
}

#[test]
fn real_numbers_go_through_their_extremes() {
    let scores: Vec<f64> =
        first_rows::<projects::Match>(10_000).iter().map(|row| row.similarity_score.get()).collect();
    for extreme in REALS {
        assert!(scores.iter().any(|score| score.to_bits() == extreme.to_bits()), "{extreme:e}");
    }
}

#[test]
fn time_goes_forward_for_most_rows() {
    let tasks = first_rows::<Task>(100_000);
    let forward = tasks.iter().filter(|row| row.updated_at >= row.created_at).count();
    assert!(forward * 100 > tasks.len() * 98, "{forward} of {}", tasks.len());
}

#[test]
fn words_of_a_column_all_occur() {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for bill in first_rows::<billing::Bill>(5_000) {
        *counts.entry(bill.status.as_str()).or_default() += 1;
    }
    assert_eq!(counts.len(), crate::models::BillStatus::ALL.len());
}
