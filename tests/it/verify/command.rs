//! `app db verify`: depths, repair, privileges, and output.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use serde_json::Value;

use crate::app::{App, Ended, Move};
use crate::cluster::TestDatabase;
use backoffice::registry::application;
use databases::url::{DatabaseUrl, SqlitePath};
use transfer::control::Control;
use transfer::error::TransferError;
use transfer::run::NoObserver;
use transfer::source::{Source, SourceOptions};
use transfer::table::Key;
use transfer::target::Target;
use transfer::verify::{Comparison, Depth, Difference, TableVerdict, Verification, VerifyOptions, verify};

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).expect("the report is JSON")
}

fn tables(report: &Value) -> &[Value] {
    report["verification"]["tables"].as_array().expect("tables")
}

fn sides(this: &Move) -> (Source, Target) {
    let path = this.app.path("backoffice.db");
    let path = SqlitePath::parse(path.to_str().expect("UTF-8")).expect("a path");
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(this.target.url()).expect("a URL") else {
        panic!("the target is PostgreSQL");
    };
    (Source::open(&path, &SourceOptions::default()).expect("source"), Target::open(&url).expect("target"))
}

fn verify_with(this: &Move, options: &VerifyOptions, stop: bool) -> Result<Verification, TransferError> {
    let (mut source, mut target) = sides(this);
    let tables = application().select(&[]).expect("tables");
    verify(&mut Comparison {
        source: &mut source,
        target: &mut target,
        tables: &tables,
        expected: &application().catalog()?,
        options,
        skipped: &[],
        control: Control { stop: &AtomicBool::new(stop), observer: &NoObserver },
    })
}

const SUBMISSION: &str =
    "INSERT INTO contact_submissions (id, name, email, subject, message, created_at) VALUES";

fn submission(key: i64) -> String {
    format!("{SUBMISSION} ({key}, 'n', 'n@example.com', '', '', '2025-01-01T00:00:00.000000Z');")
}

/// The number of tables of the application.
fn table_count() -> usize {
    backoffice::registry::tables().len()
}

#[test]
fn empty_tables_single_rows_and_extreme_keys_are_verified() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let this = Move { app, target: TestDatabase::create() };
    this.copy(0, &[]);
    let ended = this.verify(0, &[]);
    let verified = format!("verified every value of 0 rows: {} tables verified", table_count());
    assert!(ended.stdout.contains(&verified), "{}", ended.stdout);

    this.on_source(&submission(-7));
    this.copy(0, &[]);
    this.verify(0, &[]);

    this.on_source(&[i64::MIN, -1, 0, 1, i64::MAX].map(submission).concat());
    this.on_source(
        "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at) VALUES
         ('00000000-0000-0000-0000-000000000000', 'a@example.com', 'a', 'a', '2025-01-01T00:00:00.000000Z', '2025-01-01T00:00:00.000000Z'),
         ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'b@example.com', 'b', 'b', '2025-01-01T00:00:00.000000Z', '2025-01-01T00:00:00.000000Z')",
    );
    this.copy(0, &[]);
    this.verify(0, &[]);
    this.verify(0, &["--sample", "2"]);

    this.on_target(
        "UPDATE contact_submissions SET message = 'x' WHERE id IN (-9223372036854775808, 9223372036854775807);
         DELETE FROM users WHERE email = 'b@example.com'",
    );
    let found = this.verify(30, &[]);
    for line in [
        "key -9223372036854775808: message is \"\" in the source, \"x\" in the target",
        "key 9223372036854775807: message is",
        "key ffffffff-ffff-ffff-ffff-ffffffffffff: missing in the target",
    ] {
        assert!(found.stdout.contains(line), "{line}: {}", found.stdout);
    }
    this.verify(0, &["--repair", "--yes"]);
}

#[test]
fn counts_and_samples_verify_only_compared_rows() {
    let this = Move::done(3000);
    let counts = this.verify(0, &["--counts"]);
    assert!(counts.stdout.contains("0 tables verified"), "{}", counts.stdout);
    assert!(counts.stdout.contains(&format!("{} not verified", table_count())), "{}", counts.stdout);

    let report = json(&this.verify(0, &["--sample", "40", "--json"]));
    for table in tables(&report) {
        let (all, compared) = (table["source_rows"].as_i64(), table["compared_rows"].as_i64());
        let small = all <= Some(40);
        assert_eq!(table["verdict"], if small { "verified" } else { "not_verified" }, "{table}");
        assert!(if small { compared == all } else { compared > Some(0) && compared <= Some(40) }, "{table}");
    }

    // The same seed compares the same rows.
    this.on_target("UPDATE usage_logs SET document_count = document_count # 1");
    let first = json(&this.verify(30, &["--sample", "40", "--json", "--no-values"]));
    let seed = first["verification"]["seed"].to_string();
    let second = json(&this.verify(30, &["--sample", "40", "--seed", &seed, "--json", "--no-values"]));
    let differences =
        |report| tables(report).iter().map(|table| table["differences"].clone()).collect::<Vec<_>>();
    assert_eq!(differences(&first), differences(&second));
    this.verify(0, &["--counts"]);

    this.on_target("DELETE FROM usage_logs WHERE id = (SELECT max(id) FROM usage_logs)");
    let counts = this.verify(30, &["--counts"]);
    assert!(counts.stdout.contains("usage_logs: different; differences: 1 "), "{}", counts.stdout);
    this.app.expect(2, &["db", "verify", "--counts", "--repair"]);
    this.app.expect(2, &["db", "verify", "--sample", "0"]);
}

#[test]
fn every_difference_is_repaired_even_if_few_are_listed() {
    let this = Move::done(3000);
    this.on_target(
        "UPDATE usage_logs SET document_count = document_count # 1, metadata = NULL;
         DELETE FROM tasks; DELETE FROM bill_items WHERE id % 3 = 0;
         SELECT setval(pg_get_serial_sequence('bills', 'id'), 1)",
    );
    let (mut source, _) = sides(&this);
    let source_count = |source: &mut Source, table: &str| source.count(table).expect("count");
    let (tasks, logs) = (source_count(&mut source, "tasks"), source_count(&mut source, "usage_logs"));

    let refused = this.verify(10, &["--repair", "--limit", "3"]);
    assert!(refused.stderr.contains("nothing was changed"), "{}", refused.stderr);
    let report = json(&this.verify(0, &["--repair", "--yes", "--limit", "3", "--json"]));
    let before = report["before_repair"]["tables"].as_array().expect("tables");
    for table in before.iter().filter(|table| table["verdict"] == "different") {
        assert_eq!(table["differences"].as_array().map(Vec::len), Some(3), "{table}");
    }
    let repaired = report["repaired"].as_array().expect("repaired");
    let of = |name: &str| repaired.iter().find(|table| table["table"] == name).expect(name);
    assert_eq!(of("tasks")["inserted_rows"], tasks);
    assert_eq!(of("usage_logs")["updated_rows"], logs);
    assert_eq!(of("usage_logs")["inserted_rows"], 0);
    assert!(tables(&report).iter().all(|table| table["verdict"] == "verified"));
    // Repaired rows belong to this source, and nothing remains to be copied.
    let again = this.copy(0, &[]);
    assert!(again.stdout.contains("nothing was changed"), "{}", again.stdout);
}

#[test]
fn a_failed_repair_changes_no_row_of_the_table_and_rows_only_in_the_target_are_kept() {
    let this = Move::done(500);
    this.on_target(&submission(9_000_000));
    let ended = this.verify(30, &["--repair", "--yes"]);
    assert!(ended.stdout.contains("key 9000000: only in the target"), "{}", ended.stdout);

    // Another row has the unique value of a missing one.
    this.on_target(
        "CREATE TEMP TABLE gone AS SELECT email, id FROM users ORDER BY id LIMIT 1;
         UPDATE users SET email = 'moved@example.com' WHERE id = (SELECT id FROM gone);
         INSERT INTO users (id, email, first_name, last_name, created_at, updated_at)
         SELECT gen_random_uuid(), email, 'x', 'y', now(), now() FROM gone",
    );
    let refused = this.verify(21, &["--repair", "--yes", "--tables", "users"]);
    assert!(refused.stderr.contains("repair `users` in the target"), "{}", refused.stderr);
    assert!(refused.stderr.contains("already exists"), "{}", refused.stderr);
    assert!(refused.stderr.contains("correct it by hand"), "{}", refused.stderr);
}

#[test]
fn a_row_of_the_target_that_cannot_be_read_is_repaired() {
    let this = Move::done(500);
    this.on_target(
        "ALTER TABLE products DROP CONSTRAINT products_cost_check;
         UPDATE products SET cost = 'NaN' WHERE id = (SELECT min(id) FROM products)",
    );
    let ended = this.verify(30, &["--repair", "--yes"]);
    assert!(ended.stdout.contains("products: could not be verified"), "{}", ended.stdout);
    assert!(ended.stdout.contains("products: 0 rows inserted, 1 row updated"), "{}", ended.stdout);
    // The check is still missing.
    assert!(ended.stdout.contains(&format!("{} tables verified", table_count())), "{}", ended.stdout);
}

#[test]
fn the_select_privilege_is_sufficient() {
    let this = Move::done(300);
    let role = format!("verifier_{}", std::process::id());
    this.on_target(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA __backoffice_public TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA public, __backoffice_public TO {role};
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
         ALTER ROLE {role} SET default_transaction_read_only = on"
    ));
    let (_, place) = this.target.url().split_once('@').expect("a user in the URL");
    let url = format!("postgresql://{role}:x@{place}");
    for depth in [&["--full"][..], &["--counts"], &["--sample", "10"]] {
        this.app.expect(0, &[&["db", "verify", "--postgres", &url], depth].concat());
    }
    this.on_target(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn values_are_truncated_and_omitted_with_no_values() {
    let this = Move::done(300);
    let long = "y".repeat(5000);
    this.on_target(&format!(
        "UPDATE organizations SET name = 'a secret' WHERE id = 1;
         UPDATE notifications SET message = '{long}' WHERE id = (SELECT min(id) FROM notifications)"
    ));
    let ended = this.verify(30, &[]);
    assert!(ended.stdout.contains(" in the source, \"a secret\" in the target"), "{}", ended.stdout);
    assert!(ended.stdout.contains("… (5002 characters) in the target"), "{}", ended.stdout);
    assert!(ended.stdout.lines().all(|line| line.chars().count() < 400), "{}", ended.stdout);
    for arguments in [&["--no-values"][..], &["--no-values", "--json"]] {
        let masked = this.verify(30, arguments);
        assert!(!masked.stdout.contains("a secret"), "{}", masked.stdout);
        let masked = this.copy(30, &[&["--verify-only"], arguments].concat());
        assert!(!masked.stdout.contains("a secret") && masked.stdout.contains("name"), "{}", masked.stdout);
    }
}

#[test]
fn constraints_and_indexes_not_in_force_are_reported() {
    let this = Move::done(300);
    this.on_target(
        "ALTER TABLE tasks DROP CONSTRAINT tasks_user_id_fkey;
         ALTER TABLE tasks ADD CONSTRAINT tasks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users
            ON DELETE CASCADE NOT VALID;
         ALTER TABLE bills DISABLE TRIGGER ALL;
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_tasks_completed'::regclass",
    );
    let ended = this.verify(30, &[]);
    for line in [
        "the foreign key tasks_user_id_fkey of tasks is not valid",
        "the foreign key bills_organization_id_fkey of bills is switched off",
        "the index idx_tasks_completed of tasks is not valid",
        &format!("{} tables verified, 0 different", table_count()),
    ] {
        assert!(ended.stdout.contains(line), "{line}: {}", ended.stdout);
    }
}

#[test]
fn rejected_rows_are_counted_and_are_not_differences() {
    let this = Move::done(3000);
    this.on_target(
        "DELETE FROM field_mappings WHERE id IN (SELECT id FROM field_mappings ORDER BY id LIMIT 2)",
    );
    let found = verify_with(&this, &VerifyOptions::default(), false).expect("verify");
    let of = |found: &Verification| -> (TableVerdict, i64, Vec<Key>) {
        let table = found.tables.iter().find(|table| table.table == "field_mappings").expect("the table");
        let keys = table.differences.iter().map(|difference| match difference {
            Difference::MissingInTarget { key } => *key,
            other => panic!("{other:?}"),
        });
        (table.verdict, table.rejected_rows, keys.collect())
    };
    let (verdict, rejected, keys) = of(&found);
    assert_eq!((verdict, rejected, keys.len()), (TableVerdict::Different, 0, 2));
    // Another rejected row has been inserted into the target since.
    let there = Key::parse(&this.verify_key("field_mappings")).expect("a key");
    let set_aside = BTreeSet::from_iter(keys.into_iter().chain([there]));
    for depth in [Depth::Full, Depth::Counts, Depth::Sample(20)] {
        let rejected = BTreeMap::from([("field_mappings".to_owned(), set_aside.clone())]);
        let options = VerifyOptions { depth, rejected, ..VerifyOptions::default() };
        let found = verify_with(&this, &options, false).expect("verify");
        let expected = if depth == Depth::Full { TableVerdict::Verified } else { TableVerdict::NotVerified };
        let (verdict, rejected, keys) = of(&found);
        assert_eq!((verdict, rejected, keys.len()), (expected, 2, 0), "{depth:?}");
    }
}

impl Move {
    /// The highest integer key of a table of the target.
    fn verify_key(&self, table: &str) -> String {
        let (_, mut target) = sides(self);
        let sequences = target.sequences(table).expect("query");
        target.farthest(table, &sequences[0]).expect("query").expect("a row").to_string()
    }
}

#[test]
fn an_interrupted_verification_exits_with_50() {
    let this = Move::done(300);
    let error = verify_with(&this, &VerifyOptions::default(), true).expect_err("interrupted");
    assert!(matches!(error, TransferError::Interrupted), "{error}");
}

#[test]
fn a_missing_side_determines_the_exit_code() {
    let this = Move::seeded(300);
    let empty = json(&this.verify(10, &["--json"]));
    assert_eq!(empty["findings"][0]["text"], "the target has no tables yet");
    assert_eq!(empty["verification"], Value::Null);
    this.verify(20, &["--sqlite", "nowhere.db"]);
    this.app.expect(21, &["db", "verify", "--postgres", "postgresql://nobody:x@127.0.0.1:1/none"]);
    this.app.expect(3, &["db", "verify"]);
}

/// Every field of the report is documented in docs/report.md.
#[test]
fn every_field_of_the_report_is_documented() {
    fn check(documented: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    assert!(documented.contains(&format!("| `{name}` |")), "{name} is not in docs/report.md");
                    check(documented, value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| check(documented, item)),
            _ => {}
        }
    }
    let this = Move::done(500);
    this.on_target(
        "DELETE FROM tasks; UPDATE organizations SET name = 'x' WHERE id = 1;
         SELECT setval(pg_get_serial_sequence('bills', 'id'), 1);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_tasks_completed'::regclass;
         SET session_replication_role = replica; UPDATE bill_items SET bill_id = 999999 WHERE id = (SELECT min(id) FROM bill_items)",
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.md");
    let documented = std::fs::read_to_string(path).expect("docs/report.md");
    check(&documented, &json(&this.verify(30, &["--sample", "5", "--json"])));
    check(&documented, &json(&this.verify(30, &["--repair", "--yes", "--json"])));
    check(&documented, &json(&this.copy(30, &["--verify-only", "--json"])));
}
