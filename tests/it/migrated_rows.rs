//! Migrations of tables with rows: rebuilt tables keep them, rows that violate a new constraint fail the migration, and
//! values of dropped columns are counted.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::app::{App, both_backends, memory};
use crate::cluster::TestDatabase;
use backoffice::migrations::MIGRATIONS;
use databases::catalog;
use databases::connection::{AnyConnection, on_backend};
use databases::error::{ExitStatus, Explain as _};
use databases::failure::Failure;
use databases::migrations::{
    ChangedPolicy, Extent, MigrationError, MigrationState, apply, plan_revert, revert, status,
};

/// The migration that rebuilds tables, and the version before it.
const REBUILDS: &str = "limits_and_money";
const BEFORE: &str = "list_indexes";

/// An organization, a customer and a bill that is paid in part.
const BILL: &str = "
    INSERT INTO organizations (id, name, created_at, updated_at)
        VALUES (1, 'O', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z');
    INSERT INTO customers (id, organization_id, name, created_at)
        VALUES (1, 1, 'C', '2026-01-01T00:00:00.000000Z');
    INSERT INTO bills (id, organization_id, customer_id, bill_number, created_at, status, total_amount, paid_amount, updated_at)
        VALUES (1, 1, 1, '1', '2026-01-01T00:00:00.000000Z', 'open', 10, 5, '2026-01-01T00:00:00.000000Z');
    INSERT INTO bill_items (id, bill_id, description, quantity, unit_price, total_price) VALUES (1, 1, 'I', 1, 1, 1);
    INSERT INTO payments (id, organization_id, bill_id, kind, method, amount, created_at)
        VALUES (1, 1, 1, 'payment', 'cash', 5, '2026-01-01T00:00:00.000000Z');";

fn up_to(connection: &mut AnyConnection, to: Option<&str>) -> Result<(), MigrationError> {
    apply(connection, &MIGRATIONS, to, ChangedPolicy::Refuse, &mut |_| {})
}

fn number(connection: &mut AnyConnection, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let query = diesel::sql_query(format!("SELECT CAST(({query}) AS bigint) AS number"));
    on_backend!(connection, c => query.get_result::<Row>(c)).expect("a number").number
}

/// A connection to each backend, at a version.
fn on_both(version: &str, test: impl Fn(&mut AnyConnection)) {
    let target = TestDatabase::create();
    for mut connection in [AnyConnection::Sqlite(memory()), AnyConnection::Postgres(target.connect())] {
        up_to(&mut connection, Some(version)).expect("apply");
        test(&mut connection);
    }
}

#[test]
fn a_rebuilt_table_keeps_every_column_that_is_not_dropped() {
    let mut connection = AnyConnection::Sqlite(memory());
    for migration in MIGRATIONS.sqlite {
        up_to(&mut connection, Some(migration.version)).expect("apply");
        let tables = catalog::read(&mut connection).expect("catalog").tables;
        for (table, mut columns) in migration.rebuilt() {
            let dropped = migration.dropped_columns().filter(|(of, _)| *of == table);
            columns.extend(dropped.map(|(_, column)| column));
            columns.sort_unstable();
            let mut present: Vec<&str> =
                tables[table].columns.iter().map(|column| column.name.as_str()).collect();
            present.sort_unstable();
            assert_eq!(columns, present, "{migration} {table}");
        }
    }
    let rebuilding = MIGRATIONS.sqlite.iter().find(|migration| migration.title == REBUILDS).expect("there");
    assert!(rebuilding.rebuilt().count() > 20);
}

/// The rows of every table as SQL literals, without the columns of later versions, and the highest keys generated.
fn contents(connection: &mut SqliteConnection, columns: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    let rows = columns.iter().map(|(table, columns)| {
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        format!("SELECT '{table} ' || {} AS text FROM {table} ORDER BY id", quoted.join(" || ', ' || "))
    });
    let names: Vec<String> = columns.keys().map(|table| format!("'{table}'")).collect();
    let keys = format!(
        "SELECT name || ' ' || seq AS text FROM sqlite_sequence WHERE name IN ({}) ORDER BY name",
        names.join(", ")
    );
    let queries: Vec<String> = rows.chain([keys]).collect();
    let all =
        queries.iter().flat_map(|query| diesel::sql_query(query).load::<Row>(connection).expect("rows"));
    all.map(|row| row.text).collect()
}

#[test]
fn rows_and_generated_keys_survive_a_rebuild_in_both_directions() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    app.expect(0, &["db", "seed", "--rows", "3000"]);
    let mut connection = AnyConnection::Sqlite(memory());
    up_to(&mut connection, Some(BEFORE)).expect("apply");
    let tables = catalog::read(&mut connection).expect("catalog").tables;
    let columns: BTreeMap<String, Vec<String>> = tables
        .into_iter()
        .map(|(name, table)| (name, table.columns.into_iter().map(|column| column.name).collect()))
        .collect();
    // The newest key was generated, and its row is deleted.
    app.sqlite()
        .batch_execute("PRAGMA foreign_keys = ON; DELETE FROM tasks WHERE id = (SELECT max(id) FROM tasks)")
        .expect("delete");
    let before = contents(&mut app.sqlite(), &columns);
    assert!(before.len() > 2_900, "{}", before.len());
    app.expect(0, &["db", "rollback", "--to", BEFORE, "--yes"]);
    assert_eq!(before, contents(&mut app.sqlite(), &columns));
    app.expect(0, &["db", "migrate"]);
    assert_eq!(before, contents(&mut app.sqlite(), &columns));
}

#[test]
fn a_row_that_violates_a_new_check_fails_the_migration_and_is_named() {
    for (change, table, constraint) in [
        ("UPDATE bills SET paid_amount = 11", "bills", "bills_paid_check"),
        ("UPDATE bills SET paid_amount = -1", "bills", "bills_paid_check"),
        ("UPDATE bills SET bill_number = ' '", "bills", "bills_bill_number_check"),
        ("UPDATE payments SET currency = 'usd'", "payments", "payments_currency_check"),
        ("UPDATE customers SET credit_limit = -1", "customers", "customers_credit_limit_check"),
        (
            "UPDATE bill_items SET description = replace('          ', ' ', replace('xxxxxxxxxx', 'x', '0123456789ABCDEFGHIJK'))",
            "bill_items",
            "bill_items_description_check",
        ),
    ] {
        on_both(BEFORE, |connection| {
            connection.batch_execute(BILL).expect("insert");
            connection.batch_execute(change).expect("change");
            let before = catalog::read(connection).expect("catalog");
            let error = up_to(connection, None).expect_err("a row violates a check");
            let MigrationError::Violated { table: named, constraint: check, .. } = &error else {
                panic!("{error:?}");
            };
            assert_eq!((named.as_str(), check.as_str()), (table, constraint));
            assert_eq!(error.exit_status(), ExitStatus::Blocked);
            assert!(error.hint().is_some());
            assert_eq!(before, catalog::read(connection).expect("catalog"));
            let pending = status(connection, &MIGRATIONS).expect("status");
            let pending = pending.iter().find(|entry| entry.title == REBUILDS).expect("there");
            assert_eq!(pending.state, MigrationState::Pending);
            assert_eq!(number(connection, "SELECT count(*) FROM bills"), 1);
            if matches!(connection, AnyConnection::Sqlite(_)) {
                assert_eq!(number(connection, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
            }
        });
    }
}

#[test]
fn a_row_that_refers_to_a_missing_one_fails_the_migration_and_is_named() {
    let mut connection = AnyConnection::Sqlite(memory());
    up_to(&mut connection, Some(BEFORE)).expect("apply");
    connection.batch_execute(BILL).expect("insert");
    let orphan =
        "PRAGMA foreign_keys = OFF; UPDATE bill_items SET id = 7, bill_id = 5; PRAGMA foreign_keys = ON";
    connection.batch_execute(orphan).expect("change");
    let error = up_to(&mut connection, None).expect_err("an orphan");
    assert_eq!(
        error.to_string(),
        "row of `bill_items` with rowid 7 refers to a row of `bills` that does not exist"
    );
    let pending = status(&mut connection, &MIGRATIONS).expect("status");
    assert!(pending.iter().any(|entry| entry.state == MigrationState::Pending && entry.title == REBUILDS));
    assert_eq!(number(&mut connection, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
}

#[test]
fn an_index_or_trigger_of_others_is_not_dropped_with_a_rebuilt_table() {
    for create in [
        "CREATE INDEX mine ON bills (due_date)",
        "CREATE TRIGGER mine AFTER INSERT ON bills BEGIN SELECT 1; END",
    ] {
        let mut connection = AnyConnection::Sqlite(memory());
        up_to(&mut connection, Some(BEFORE)).expect("apply");
        connection.batch_execute(create).expect("create");
        let error = up_to(&mut connection, None).expect_err("it would be lost");
        assert!(matches!(&error, MigrationError::Dependent { name, .. } if name == "mine"), "{error:?}");
        assert_eq!(number(&mut connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'mine'"), 1);
        let kind = if create.contains("INDEX") { "INDEX" } else { "TRIGGER" };
        connection.batch_execute(&format!("DROP {kind} mine")).expect("drop");
        up_to(&mut connection, None).expect("apply");
    }
}

#[test]
fn foreign_keys_are_enforced_again_only_where_they_were() {
    for setting in [0, 1] {
        let mut connection = AnyConnection::Sqlite(memory());
        connection.batch_execute(&format!("PRAGMA foreign_keys = {setting}")).expect("set");
        let hold = |connection: &mut AnyConnection| {
            assert_eq!(number(connection, "SELECT foreign_keys FROM pragma_foreign_keys"), setting);
        };
        up_to(&mut connection, None).expect("apply");
        hold(&mut connection);
        revert(&mut connection, &MIGRATIONS, &Extent::All, false, &mut |_| {}).expect("revert");
        hold(&mut connection);
    }
}

#[test]
fn a_rebuild_outside_of_this_program_fails_while_foreign_keys_are_enforced() {
    let mut connection = AnyConnection::Sqlite(memory());
    up_to(&mut connection, Some(BEFORE)).expect("apply");
    connection.batch_execute(BILL).expect("insert");
    let migration = MIGRATIONS.sqlite.iter().find(|migration| migration.title == REBUILDS).expect("there");
    for sql in [migration.up, migration.down] {
        let refused = connection.batch_execute(sql).expect_err("foreign keys are enforced");
        assert_eq!(refused.to_string(), "CHECK constraint failed: foreign_keys_must_be_off");
        connection.batch_execute("DROP TABLE temp.foreign_keys_off").expect("drop");
    }
    assert_eq!(number(&mut connection, "SELECT count(*) FROM bill_items"), 1);
}

#[test]
fn values_of_dropped_columns_and_deleted_rows_are_counted_before_a_revert() {
    on_both(REBUILDS, |connection| {
        connection.batch_execute(BILL).expect("insert");
        let plan = |connection: &mut AnyConnection, extent: Extent| {
            let (_, losses) = plan_revert(connection, &MIGRATIONS, &extent).expect("plan");
            losses.iter().map(|loss| format!("{loss} {}", loss.row_count)).collect::<Vec<_>>()
        };
        assert_eq!(plan(connection, Extent::Steps(1)), Vec::<String>::new());
        let change = "UPDATE bills SET currency = 'EUR';
             UPDATE organizations SET closing_at = '2026-01-01T00:00:00.000000Z';
             INSERT INTO payments (id, organization_id, bill_id, kind, method, amount, status, created_at)
             VALUES (2, 1, 1, 'payment', 'cash', 5, 'void', '2026-01-01T00:00:00.000000Z')";
        connection.batch_execute(change).expect("change");
        let mut losses = plan(connection, Extent::Steps(1));
        losses.sort();
        assert_eq!(losses, ["bills.currency 1", "organizations.closing_at 1", "payments 1"]);
        let all = plan(connection, Extent::All);
        assert!(all.contains(&"bills 1".to_owned()) && all.contains(&"payments 2".to_owned()), "{all:?}");
        assert!(!all.iter().any(|loss| loss.contains('.')), "{all:?}");

        let refused = revert(connection, &MIGRATIONS, &Extent::Steps(1), false, &mut |_| {});
        let refused = refused.expect_err("values would be lost").to_string();
        assert!(refused.contains("the values of `bills.currency` in 1 row"), "{refused}");
        assert_eq!(number(connection, "SELECT count(*) FROM bills WHERE currency = 'EUR'"), 1);
        revert(connection, &MIGRATIONS, &Extent::Steps(1), true, &mut |_| {}).expect("revert");
        assert_eq!(number(connection, "SELECT count(*) FROM payments"), 1);
        assert_eq!(number(connection, "SELECT count(*) FROM bill_items"), 1);
    });
}

#[test]
fn documents_of_account_are_not_deleted_with_what_they_belong_to() {
    both_backends(|connection| {
        connection.batch_execute(BILL).expect("insert");
        for parent in ["customers", "bills", "organizations"] {
            let refused = connection.batch_execute(&format!("DELETE FROM {parent}")).expect_err("refused");
            assert_eq!(Failure::of_query(&refused), Failure::ForeignKey, "{parent}");
        }
        connection.batch_execute("DELETE FROM payments; DELETE FROM bills").expect("delete");
        assert_eq!(number(connection, "SELECT count(*) FROM bill_items"), 0);
        connection.batch_execute("DELETE FROM organizations").expect("delete");
        for (table, insert) in [
            (
                "usage_logs",
                "INSERT INTO usage_logs (organization_id, action_type, billing_period, created_at)
                 VALUES (1, 'a', '2026-01', '2026-01-01T00:00:00.000000Z')",
            ),
            (
                "document_metadata",
                "INSERT INTO document_metadata (organization_id, filename, file_path, category, created_at)
                 VALUES (1, 'f', 'p', 'c', '2026-01-01T00:00:00.000000Z')",
            ),
        ] {
            let organization = BILL.split_inclusive(';').next().expect("a statement");
            connection.batch_execute(organization).expect("insert");
            connection.batch_execute(insert).expect("insert");
            let refused = connection.batch_execute("DELETE FROM organizations").expect_err("refused");
            assert_eq!(Failure::of_query(&refused), Failure::ForeignKey, "{table}");
            connection
                .batch_execute(&format!("DELETE FROM {table}; DELETE FROM organizations"))
                .expect("delete");
        }
    });
}
