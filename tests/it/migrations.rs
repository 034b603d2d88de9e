//! Migrations on both backends.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::app::{App, memory};
use crate::cluster::TestDatabase;
use backoffice::migrations::MIGRATIONS;
use databases::catalog::{self, ColumnKind, differences};
use databases::connection::AnyConnection;
use databases::migrations::{
    ChangedPolicy, Extent, MigrationError, MigrationState, apply, plan_revert, revert, status,
};

fn up_to(connection: &mut AnyConnection, version: &str) {
    apply(connection, &MIGRATIONS, Some(version), ChangedPolicy::Refuse, &mut |_| {}).expect("apply");
}

#[test]
fn apply_revert_and_apply_give_the_same_catalog_on_both_backends_at_every_version() {
    let target = TestDatabase::create();
    let mut sqlite = AnyConnection::Sqlite(memory());
    let mut postgres = AnyConnection::Postgres(target.connect());
    let versions: Vec<&str> = MIGRATIONS.of(&sqlite).iter().map(|migration| migration.version).collect();
    let mut seen: BTreeMap<&str, catalog::Catalog> = BTreeMap::new();
    for version in &versions {
        for connection in [&mut sqlite, &mut postgres] {
            up_to(connection, version);
            let there = catalog::read(connection).expect("catalog");
            let taken_back = revert(connection, &MIGRATIONS, &Extent::Steps(1), false, &mut |_| {});
            taken_back.expect("take back");
            let before = catalog::read(connection).expect("catalog");
            let earlier = versions.iter().take_while(|earlier| *earlier < version).last();
            match earlier.and_then(|version| seen.get(version)) {
                Some(earlier) => assert_eq!(differences(earlier, &before), Vec::<String>::new(), "{version}"),
                None => assert!(before.tables.is_empty(), "{version}"),
            }
            up_to(connection, version);
            let again = catalog::read(connection).expect("catalog");
            assert_eq!(there, again, "{version}");
        }
        let left = catalog::read(&mut sqlite).expect("catalog");
        let right = catalog::read(&mut postgres).expect("catalog");
        assert_eq!(differences(&left, &right), Vec::<String>::new(), "{version}");
        seen.insert(version, left);
    }
    for connection in [&mut sqlite, &mut postgres] {
        revert(connection, &MIGRATIONS, &Extent::All, false, &mut |_| {}).expect("take back all");
        assert!(catalog::read(connection).expect("catalog").tables.is_empty());
    }
}

/// The SQL type in `schema.rs` of a kind of column.
fn schema_type(kind: &ColumnKind) -> String {
    match kind {
        ColumnKind::BigInt => "BigInt".to_owned(),
        ColumnKind::Uuid => "Uuid".to_owned(),
        ColumnKind::Text { .. }
        | ColumnKind::Email
        | ColumnKind::Currency
        | ColumnKind::Period
        | ColumnKind::OneOf(_) => "Text".to_owned(),
        ColumnKind::Bool => "Bool".to_owned(),
        ColumnKind::Int => "Integer".to_owned(),
        ColumnKind::Double => "Double".to_owned(),
        // SQLite stores the number of smallest units; its schema does not contain the scale.
        ColumnKind::Decimal { precision, scale: None, .. } => format!("Fixed<{precision}>"),
        ColumnKind::Decimal { precision, scale: Some(scale), .. } => format!("Fixed<{precision}, {scale}>"),
        ColumnKind::Date => "Date".to_owned(),
        ColumnKind::TimeOfDay => "TimeOfDay".to_owned(),
        ColumnKind::Instant => "Instant".to_owned(),
        ColumnKind::Json { .. } => "Json".to_owned(),
        ColumnKind::Vector { .. } => "Vector".to_owned(),
        ColumnKind::Bytes { .. } => "Binary".to_owned(),
        ColumnKind::Unknown(what) => format!("unknown: {what}"),
    }
}

/// `schema.rs` as a map: table, column, type.
fn schema_file() -> BTreeMap<String, BTreeMap<String, String>> {
    let text = include_str!("../../src/schema.rs");
    let mut tables = BTreeMap::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_suffix(" (id) {") {
            table = name.to_owned();
        } else if let Some((column, kind)) = line.split_once(" -> ") {
            let columns: &mut BTreeMap<_, _> = tables.entry(table.clone()).or_default();
            columns.insert(column.to_owned(), kind.trim_end_matches(',').to_owned());
        }
    }
    tables
}

#[test]
fn schema_file_matches_the_catalog_of_both_backends() {
    let target = TestDatabase::create();
    let mut sqlite = AnyConnection::Sqlite(memory());
    let mut postgres = AnyConnection::Postgres(target.connect());
    for connection in [&mut sqlite, &mut postgres] {
        let versions: Vec<&str> =
            MIGRATIONS.of(connection).iter().map(|migration| migration.version).collect();
        for version in versions {
            up_to(connection, version);
            let live: BTreeMap<String, BTreeMap<String, String>> = catalog::read(connection)
                .expect("catalog")
                .tables
                .into_iter()
                .map(|(name, table)| {
                    let columns = table.columns.into_iter().map(|column| {
                        let kind = schema_type(&column.kind);
                        let kind = if column.nullable { format!("Nullable<{kind}>") } else { kind };
                        (column.name, kind)
                    });
                    (name, columns.collect())
                })
                .collect();
            let mut file = schema_file();
            if matches!(connection, AnyConnection::Sqlite(_)) {
                for kind in file.values_mut().flat_map(BTreeMap::values_mut) {
                    for scale in 2..=4 {
                        *kind = kind.replace(&format!(", {scale}>"), ">");
                    }
                }
            }
            if version != MIGRATIONS.latest() {
                // Later migrations create the other tables and columns.
                file.retain(|name, _| live.contains_key(name));
                for (name, columns) in &mut file {
                    columns.retain(|column, _| live[name].contains_key(column));
                }
            }
            assert_eq!(file, live, "{version}");
        }
    }
}

#[test]
fn twenty_concurrent_processes_apply_each_migration_once() {
    let target = TestDatabase::create();
    let app = App::new();
    for url in ["sqlite:./backoffice.db", target.url()] {
        let starters: Vec<_> = (0..20)
            .map(|_| {
                let mut command = app.command(&["db", "setup", "--database-url", url]);
                command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
                command.spawn().expect("start")
            })
            .collect();
        let mut applied = Vec::new();
        for starter in starters {
            let output = starter.wait_with_output().expect("end");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{url}: {stderr}");
            let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
            applied.extend(stdout.lines().filter(|line| line.starts_with("applied")).map(str::to_owned));
        }
        let all = applied.len();
        applied.sort();
        applied.dedup();
        let migrations = MIGRATIONS.sqlite.len();
        assert_eq!((all, applied.len()), (migrations, migrations), "{url}");
        app.expect(0, &["db", "health", "--database-url", url]);
    }
}

#[test]
fn a_killed_process_leaves_each_migration_applied_or_absent() {
    let target = TestDatabase::create();
    let app = App::new();
    for url in ["sqlite:./killed.db", target.url()] {
        for pause_ms in [0, 3, 8, 15, 30] {
            let mut starter = app.command(&["db", "setup", "--database-url", url]);
            starter.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            let mut starter = starter.spawn().expect("start");
            std::thread::sleep(std::time::Duration::from_millis(pause_ms));
            starter.kill().expect("kill");
            starter.wait().expect("end");
            app.expect(0, &["db", "setup", "--database-url", url]);
            app.expect(0, &["db", "health", "--database-url", url]);
            app.expect(0, &["db", "rollback", "--all", "--database-url", url]);
        }
    }
}

#[test]
fn a_changed_migration_is_reported_refused_and_accepted_with_a_flag() {
    let target = TestDatabase::create();
    let mut sqlite = AnyConnection::Sqlite(memory());
    let mut postgres = AnyConnection::Postgres(target.connect());
    for connection in [&mut sqlite, &mut postgres] {
        apply(connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("apply");
        connection
            .batch_execute(
                "UPDATE __backoffice_migrations SET checksum = 'other' WHERE version = '20250303090000'",
            )
            .expect("change");
        let changed: Vec<_> = status(connection, &MIGRATIONS)
            .expect("status")
            .into_iter()
            .filter(|entry| entry.state == MigrationState::Changed)
            .collect();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].version, "20250303090000");
        let refused = apply(connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {});
        assert!(matches!(refused, Err(MigrationError::Changed { .. })), "{refused:?}");
        apply(connection, &MIGRATIONS, None, ChangedPolicy::Accept, &mut |_| {}).expect("accept");
        assert!(
            status(connection, &MIGRATIONS)
                .expect("status")
                .iter()
                .all(|entry| entry.state == MigrationState::Applied)
        );
    }
}

#[test]
fn an_unknown_migration_is_reported_and_blocks_further_ones() {
    let mut connection = AnyConnection::Sqlite(memory());
    up_to(&mut connection, "documents");
    connection
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")
        .expect("change");
    let unknown = status(&mut connection, &MIGRATIONS).expect("status").pop().expect("last");
    assert_eq!(unknown.state, MigrationState::Unknown);
    let refused = apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {});
    assert!(matches!(refused, Err(MigrationError::Unknown { .. })));
    let refused = revert(&mut connection, &MIGRATIONS, &Extent::All, true, &mut |_| {});
    assert!(matches!(refused, Err(MigrationError::Unknown { .. })));
}

#[test]
fn migrations_applied_by_diesel_count_as_applied() {
    let mut connection = memory();
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    // As for Diesel's own tools: a table that is rebuilt is dropped, which the migration refuses to do otherwise.
    connection.batch_execute("PRAGMA foreign_keys = OFF").expect("pragma");
    let source = diesel_migrations::FileBasedMigrations::from_path(migrations).expect("migrations");
    diesel_migrations::MigrationHarness::run_pending_migrations(&mut connection, source).expect("apply");
    let mut connection = AnyConnection::Sqlite(connection);
    assert!(
        status(&mut connection, &MIGRATIONS)
            .expect("status")
            .iter()
            .all(|entry| entry.state == MigrationState::Applied)
    );
}

#[test]
fn deletion_of_rows_is_reported_and_needs_confirmation() {
    let target = TestDatabase::create();
    let app = App::new();
    for url in ["sqlite:./backoffice.db", target.url()] {
        app.expect(0, &["db", "setup", "--database-url", url]);
        app.expect(0, &["db", "seed", "--rows", "300", "--database-url", url]);
        let plan = app.expect(0, &["db", "rollback", "--to", "tasks", "--dry-run", "--database-url", url]);
        assert!(plan.stdout.contains("DROP TABLE bills;"), "{}", plan.stdout);
        assert!(plan.stderr.contains("rows of bills"), "{}", plan.stderr);
        let refused = app.expect(10, &["db", "rollback", "--to", "tasks", "--database-url", url]);
        assert!(refused.stderr.contains("bills: "), "{}", refused.stderr);
        assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
        app.expect(0, &["db", "health", "--database-url", url]);
        app.expect(0, &["db", "rollback", "--to", "tasks", "--yes", "--database-url", url]);
        let after = app.expect(11, &["db", "status", "--database-url", url]);
        assert_eq!(after.stdout.matches("applied").count(), 3, "{}", after.stdout);
        app.expect(0, &["db", "migrate", "--to", "billing", "--database-url", url]);
        app.expect(0, &["db", "redo", "--database-url", url]);
        let steps = app.expect(0, &["db", "rollback", "--steps", "2", "--yes", "--database-url", url]);
        assert_eq!(steps.stdout.matches("reverted").count(), 2, "{}", steps.stdout);
    }
}

#[test]
fn dry_runs_change_nothing() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    app.expect(0, &["db", "rollback"]);
    let before = std::fs::read(app.path("backoffice.db")).expect("read");
    for arguments in [
        ["db", "migrate", "--dry-run"],
        ["db", "rollback", "--dry-run"],
        ["db", "redo", "--dry-run"],
        ["db", "setup", "--dry-run"],
    ] {
        let ended = app.expect(0, &arguments);
        let shows = |statement: &str| ended.stdout.contains(statement);
        assert!(shows("CREATE ") || shows("DROP ") || shows("ALTER "), "{}", ended.stdout);
    }
    assert_eq!(before, std::fs::read(app.path("backoffice.db")).expect("read"));
}

#[test]
fn the_plan_of_a_revert_counts_the_rows_of_every_dropped_table() {
    let mut connection = AnyConnection::Sqlite(memory());
    apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("apply");
    let AnyConnection::Sqlite(sqlite) = &mut connection else { unreachable!("made above") };
    diesel::sql_query(
        "INSERT INTO contact_submissions (name, email, subject, message, created_at)
         VALUES ('a', 'a@b', 's', 'm', '2025-01-01T00:00:00.000000Z')",
    )
    .execute(sqlite)
    .expect("insert");
    let (steps, losses) = plan_revert(&mut connection, &MIGRATIONS, &Extent::All).expect("plan");
    assert_eq!(steps.len(), MIGRATIONS.sqlite.len());
    let losses: Vec<_> = losses.into_iter().map(|loss| (loss.table, loss.row_count)).collect();
    assert_eq!(losses, [("contact_submissions", 1)]);
}

#[test]
fn every_folder_of_a_migration_is_embedded_for_its_backend() {
    for (backend, embedded) in [("sqlite", MIGRATIONS.sqlite), ("postgres", MIGRATIONS.postgres)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
        let entries = std::fs::read_dir(folder).expect("the folder of the migrations");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort_unstable();
        assert!(!names.is_empty());
        let versions: Vec<&str> = names.iter().filter_map(|name| name.split('_').next()).collect();
        let known: Vec<&str> = embedded.iter().map(|migration| migration.version).collect();
        assert_eq!(known, versions, "{backend}");
    }
}
