//! Statements on tables that are known.

use super::super::*;
use crate::conversion::{ColumnConversion, Conversion, OnIncompatible, TableConversion};
use crate::queries::SourceTables;
use crate::schema::{Affinity, Column, KeyColumn, PrimaryKey, Schema, SqliteTable, Unique};
use crate::types::{InstantForm, Reading, TargetType};

type ColumnOf = (&'static str, Affinity, TargetType, bool);

const USERS: &[ColumnOf] = &[
    ("id", Affinity::Integer, TargetType::Integer, true),
    ("name", Affinity::Text, TargetType::Text, true),
    ("active", Affinity::Numeric, TargetType::Boolean, false),
    ("created_at", Affinity::Numeric, TargetType::Timestamp(InstantForm::Iso), false),
    ("meta", Affinity::Numeric, TargetType::Jsonb, false),
    ("seen", Affinity::Integer, TargetType::BigInt, false),
];
const KV: &[ColumnOf] = &[
    ("k", Affinity::Text, TargetType::Text, false),
    ("v", Affinity::Text, TargetType::Text, false),
    ("n", Affinity::Integer, TargetType::Integer, false),
];

fn key_of(name: &str) -> KeyColumn {
    KeyColumn { name: name.to_owned(), collation: "BINARY".to_owned(), is_descending: false }
}

fn table(name: &str, columns: &[ColumnOf], key: &str, unique: &[&str]) -> (SqliteTable, TableConversion) {
    let source = |(name, affinity, _, not_null): &ColumnOf| Column {
        name: (*name).to_owned(),
        declared_type: String::new(),
        affinity: *affinity,
        not_null: *not_null,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    };
    let target = |(name, _, target_type, not_null): &ColumnOf| ColumnConversion {
        reading: Reading::default(),
        labels: Vec::new(),
        source: (*name).to_owned(),
        target: (*name).to_owned(),
        target_type: *target_type,
        not_null: *not_null,
        is_generated: false,
        identity: None,
        on_incompatible: OnIncompatible::Reject,
        is_mixed: false,
    };
    let key =
        PrimaryKey { name: None, columns: vec![key_of(key)], is_rowid: key == "id", is_autoincrement: false };
    let table = SqliteTable {
        name: name.to_owned(),
        columns: columns.iter().map(source).collect(),
        primary_key: Some(key),
        uniques: unique.iter().map(|name| Unique { name: None, columns: vec![key_of(name)] }).collect(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        without_rowid: false,
        strict: false,
        rowid: None,
        sequence: None,
    };
    let conversion = TableConversion {
        source: name.to_owned(),
        target: name.to_owned(),
        columns: columns.iter().map(target).collect(),
        row_count: 0,
        size_bytes: 0,
    };
    (table, conversion)
}

fn known(sql: &str) -> Result<Adapted, String> {
    let tables = [table("users", USERS, "id", &["name"]), table("kv", KV, "k", &[])];
    let (tables, conversions): (Vec<_>, Vec<_>) = tables.into_iter().unzip();
    let schema = Schema { tables, ..Schema::default() };
    let conversion = Conversion { schema: "public".to_owned(), tables: conversions };
    let relations = SourceTables::new(&schema, &conversion);
    let options = AdaptOptions { relations: Some(&relations), ..AdaptOptions::default() };
    adapt_with(sql, &options).map_err(|error| match error {
        AdaptError::Untranslatable(error) => error.to_string(),
        other => other.to_string(),
    })
}

#[test]
fn statements_are_translated_by_the_types_of_their_tables() {
    for (sql, expected) in [
        (
            "SELECT id FROM users WHERE active = 1",
            r#"SELECT "users"."id" FROM "public"."users" AS "users" WHERE "users"."active" = TRUE"#,
        ),
        (
            "SELECT sum(active) FROM users WHERE active",
            r#"SELECT CAST(sum("users"."active"::integer) AS bigint) FROM "public"."users" AS "users" WHERE "users"."active""#,
        ),
        (
            "SELECT id || '-' || name FROM users",
            r#"SELECT "users"."id"::text || '-' || "users"."name" FROM "public"."users" AS "users""#,
        ),
        (
            "SELECT name FROM users WHERE seen > strftime('%s', 'now')",
            r#"SELECT "users"."name" FROM "public"."users" AS "users" WHERE "users"."seen" > floor(extract(epoch FROM (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')))::bigint"#,
        ),
        (
            "SELECT rowid FROM users ORDER BY name COLLATE NOCASE DESC",
            r#"SELECT "users"."id" AS "rowid" FROM "public"."users" AS "users" ORDER BY lower("users"."name" COLLATE "C") DESC NULLS LAST"#,
        ),
        (
            "SELECT u.name, count(*) FROM users u GROUP BY u.id",
            r#"SELECT "u"."name", count(*) FROM "public"."users" AS "u" GROUP BY "u"."id""#,
        ),
        (
            "REPLACE INTO kv (k, v) VALUES ('a', 'new')",
            r#"INSERT INTO "public"."kv" AS "kv" ("k", "v") VALUES ('a', 'new') ON CONFLICT ("k") DO UPDATE SET "v" = excluded."v", "n" = excluded."n""#,
        ),
        (
            "INSERT INTO kv (k, n) VALUES ('a', 1) ON CONFLICT (k) DO UPDATE SET n = n + 1 WHERE n < 10",
            r#"INSERT INTO "public"."kv" AS "kv" ("k", "n") VALUES ('a', 1) ON CONFLICT ("k") DO UPDATE SET "n" = "kv"."n"::bigint + 1 WHERE "kv"."n" < 10"#,
        ),
        (
            "INSERT OR REPLACE INTO users (id, name) VALUES (1, 'a')",
            r#"WITH "new" ("id", "name") AS (VALUES (CAST(1 AS integer), CAST('a' AS text))), "replaced" AS (DELETE FROM "public"."users" AS "users" USING "new" WHERE ("users"."id" = "new"."id") OR ("users"."name" = "new"."name") RETURNING 1) INSERT INTO "public"."users" AS "users" ("id", "name") SELECT "new"."id", "new"."name" FROM "new" WHERE (SELECT count(*) FROM "replaced") >= 0"#,
        ),
        (
            "INSERT OR IGNORE INTO users (name) VALUES (?)",
            r#"INSERT INTO "public"."users" AS "users" ("name") SELECT * FROM (VALUES (CAST($1 AS text))) AS "new" ("name") WHERE "new"."name" IS NOT NULL ON CONFLICT ("name") DO NOTHING"#,
        ),
        (
            "INSERT INTO users (id, name, active) VALUES (NULL, 'a', 1)",
            r#"INSERT INTO "public"."users" AS "users" ("name", "active") VALUES ('a', true)"#,
        ),
        (
            "UPDATE users SET (name, created_at) = ('a', datetime('now'))",
            r#"UPDATE "public"."users" AS "users" SET "name" = 'a', "created_at" = date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))"#,
        ),
        (
            "WITH old AS (SELECT id FROM users WHERE NOT active) DELETE FROM users WHERE id IN (SELECT id FROM old)",
            r#"WITH "old" ("id") AS (SELECT "users"."id" FROM "public"."users" AS "users" WHERE NOT "users"."active") DELETE FROM "public"."users" AS "users" WHERE "users"."id" IN (SELECT "old"."id" FROM "old" AS "old")"#,
        ),
        (
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c",
            r#"WITH RECURSIVE "c" ("n") AS (SELECT "c1"::bigint FROM (SELECT 1) AS "term" ("c1") UNION ALL SELECT "c1"::bigint FROM (SELECT "c"."n" + 1 FROM "c" AS "c" WHERE "c"."n" < 5) AS "term" ("c1")) SELECT "c"."n" FROM "c" AS "c""#,
        ),
        (
            "SELECT printf('%s-%d', k, n) FROM kv",
            r#"SELECT coalesce("kv"."k", '') || '-' || coalesce("kv"."n"::bigint, 0)::text FROM "public"."kv" AS "kv""#,
        ),
        (
            "SELECT `main`.`kv`.`k` FROM `main`.`kv` WHERE (`main`.`kv`.`n` = 1 AND 1=1) LIMIT -1 OFFSET 0",
            r#"SELECT "kv"."k" FROM "public"."kv" AS "kv" WHERE ("kv"."n" = 1 AND 1 = 1) OFFSET 0"#,
        ),
        (
            "SELECT k FROM kv WHERE (k, n) IN (VALUES ('a', 1))",
            r#"SELECT "kv"."k" FROM "public"."kv" AS "kv" WHERE ("kv"."k", "kv"."n") = ('a', 1)"#,
        ),
    ] {
        assert_eq!(known(sql).map(|adapted| adapted.sql).as_deref(), Ok(expected), "{sql}");
    }
}

#[test]
fn what_has_another_result_is_refused_on_known_tables() {
    for (sql, reason) in [
        ("SELECT name, count(*) FROM users GROUP BY active", "neither grouped nor aggregated"),
        ("INSERT OR IGNORE INTO users (active) VALUES (1)", "SQLite ignores every row"),
        (
            "INSERT INTO kv (k) VALUES ('a') ON CONFLICT (v) DO UPDATE SET n = 1",
            "ON CONFLICT with these columns",
        ),
        ("SELECT min(name COLLATE NOCASE) FROM users", "equal under a collation"),
        ("SELECT name FROM users ORDER BY 1 IS NOT NULL", "position"),
        ("SELECT nickname FROM users", "`nickname` is not known"),
        ("UPDATE users SET seen = 1.5 * seen", "column of another type"),
        (
            "SELECT * FROM (SELECT id, name || '!' AS n FROM users) AS u GROUP BY id",
            "neither grouped nor aggregated",
        ),
        (
            "SELECT u.n FROM (SELECT id, name || '!' AS n FROM users) AS u GROUP BY u.id",
            "neither grouped nor aggregated",
        ),
    ] {
        let refused = known(sql).expect_err(sql);
        assert!(refused.contains(reason), "{sql}: {refused}");
    }
}

#[test]
fn a_column_with_values_of_another_class_is_only_returned() {
    let (source, mut conversion) = table("users", USERS, "id", &[]);
    conversion.columns[3].is_mixed = true;
    let schema = Schema { tables: vec![source], ..Schema::default() };
    let conversion = Conversion { schema: "public".to_owned(), tables: vec![conversion] };
    let relations = SourceTables::new(&schema, &conversion);
    let options = AdaptOptions { relations: Some(&relations), ..AdaptOptions::default() };
    assert!(adapt_with("SELECT created_at FROM users", &options).is_ok());
    for sql in [
        "SELECT id FROM users WHERE created_at > '2024-01-01 00:00:00'",
        "SELECT id FROM users ORDER BY created_at",
        "SELECT date(created_at) FROM users",
    ] {
        assert!(adapt_with(sql, &options).is_err(), "{sql}");
    }
}

#[test]
fn a_cast_and_a_result_apply_their_affinity() {
    for (sql, expected) in [
        ("SELECT 1 FROM kv WHERE k = CAST(n AS INTEGER)", "1e400::numeric END = \"kv\".\"n\"::bigint"),
        ("SELECT 1 FROM kv WHERE CAST(n AS TEXT) = 1", "\"kv\".\"n\"::text = '1'"),
        ("SELECT 1 FROM (SELECT k FROM kv) AS s WHERE s.k = 1", "\"s\".\"k\" = '1'"),
        ("SELECT 1 FROM (SELECT k FROM kv UNION SELECT v FROM kv) AS s WHERE s.k = 1", "\"s\".\"k\" = '1'"),
        ("SELECT 1 FROM kv WHERE 1 = (SELECT name FROM users)", "'1' = (SELECT"),
        ("SELECT 1 FROM kv WHERE +n = '1'", "\"kv\".\"n\" = CASE WHEN '1' IS NOT NULL THEN 1e400 END"),
        ("SELECT nullif(n, '1') FROM kv", "WHEN '1' IS NOT NULL THEN 1e400 END"),
    ] {
        let adapted = known(sql).expect(sql).sql;
        assert!(adapted.contains(expected), "{sql}: {adapted}");
    }
}

#[test]
fn milliseconds_that_sqlite_would_round_are_noted() {
    let adapted = |sql: &str| known(sql).expect(sql);
    assert!(adapted("SELECT strftime('%f', 'now')").notes.is_empty());
    let of_column = adapted("SELECT strftime('%f', created_at) FROM users");
    assert!(of_column.notes.iter().any(|note| note.contains("milliseconds")), "{:?}", of_column.notes);
}

#[test]
fn results_and_changes_are_described() {
    let results = known("SELECT id, created_at FROM users ORDER BY id").expect("translated").results;
    let created_at = TargetType::Timestamp(InstantForm::Iso);
    assert_eq!(results.columns, [Some(TargetType::Integer), Some(created_at)]);
    assert!(results.is_ordered);
    let results = known("INSERT INTO users (name) VALUES ('a')").expect("translated").results;
    assert_eq!((results.changed.as_deref(), results.generated.as_deref()), (Some("users"), Some("id")));
}

#[test]
fn assumptions_are_noted_without_tables() {
    let notes = |sql: &str, key: &[&str]| {
        let key = (!key.is_empty()).then(|| key.iter().map(|name| (*name).to_owned()).collect());
        let options = AdaptOptions { conflict_target: key, ..AdaptOptions::default() };
        adapt_with(sql, &options).expect(sql).notes.join("\n")
    };
    assert!(
        notes("SELECT id FROM users WHERE active = 1", &[])
            .contains("the type of `active`, `id` is not known")
    );
    let replace = notes("REPLACE INTO kv (k, v) VALUES ('a', 'new')", &["k"]);
    assert!(replace.contains("columns that are not listed keep their values"), "{replace}");
    assert!(notes("INSERT OR IGNORE INTO kv (k) VALUES (1)", &[]).contains("NOT NULL"));
    let upsert = "INSERT INTO kv (k, n) VALUES ('b', 1) ON CONFLICT (k) DO UPDATE SET n = n + 1";
    let adapted = adapt(upsert).expect("translated").sql;
    assert_eq!(adapted, "INSERT INTO kv (k, n) VALUES ('b', 1) ON CONFLICT (k) DO UPDATE SET n = kv.n + 1");
}

#[test]
fn rows_that_meet_one_row_twice_are_found() {
    for (sql, part) in [
        (
            "UPDATE kv SET v = u.name FROM users AS u WHERE u.id = kv.n",
            "FROM \"public\".\"users\" AS \"u\" WHERE",
        ),
        ("UPDATE kv SET v = 'x' FROM users AS u WHERE u.active AND u.seen = kv.n", "SET \"v\" = 'x'"),
        (
            "UPDATE kv SET v = s.m FROM (SELECT seen, max(name) AS m FROM users GROUP BY seen) s WHERE s.seen = n",
            "AS \"s\"",
        ),
        ("UPDATE kv SET v = s.m FROM (SELECT max(name) AS m FROM users) s", "AS \"s\""),
        (
            "INSERT INTO kv VALUES ('a', 'x', 1), ('b', 'y', 2) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
            "DO UPDATE",
        ),
        (
            "INSERT INTO kv VALUES (?, 'x', 1), (?, 'y', 2) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
            "DO UPDATE",
        ),
        (
            "INSERT INTO kv SELECT name, name, 1 FROM users WHERE 1 ON CONFLICT (k) DO UPDATE SET n = 2",
            "DO UPDATE",
        ),
        (
            "INSERT INTO kv SELECT 'a', max(name), 1 FROM users WHERE 1 ON CONFLICT (k) DO UPDATE SET n = 2",
            "DO UPDATE",
        ),
        ("REPLACE INTO kv SELECT DISTINCT name, NULL, 1 FROM users", "DO UPDATE"),
        ("INSERT OR IGNORE INTO kv SELECT 'a', name, 1 FROM users", "ON CONFLICT DO NOTHING"),
        (
            "INSERT OR IGNORE INTO users (id, name) SELECT NULL, k FROM kv",
            "INTO \"public\".\"users\" AS \"users\" (\"name\")",
        ),
        (
            "INSERT INTO users (name) VALUES ('a') ON CONFLICT (name) DO NOTHING ON CONFLICT (id) DO NOTHING",
            " ON CONFLICT DO NOTHING",
        ),
    ] {
        let adapted = known(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(adapted.sql.contains(part), "{sql}: {}", adapted.sql);
    }
    for (sql, reason) in [
        ("UPDATE kv SET v = u.name FROM users AS u WHERE u.seen = kv.n", "several rows may match"),
        (
            "UPDATE kv SET v = u.name FROM users AS u WHERE u.name = kv.k COLLATE NOCASE",
            "several rows may match",
        ),
        (
            "INSERT INTO kv VALUES ('a', 'x', 1), ('a', 'y', 2) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
            "one key",
        ),
        (
            "INSERT INTO kv SELECT 'a', name, 1 FROM users WHERE 1 ON CONFLICT (k) DO UPDATE SET n = 2",
            "one key",
        ),
        ("REPLACE INTO kv SELECT 'a', name, 1 FROM users", "one key"),
        ("REPLACE INTO users (id, name) VALUES (1, 'a'), (2, 'a')", "one key"),
        (
            "INSERT INTO users (name) VALUES ('a') ON CONFLICT (name) DO NOTHING ON CONFLICT (id) DO UPDATE SET name = 'b'",
            "several ON CONFLICT",
        ),
    ] {
        let error = known(sql).expect_err(sql);
        assert!(error.contains(reason), "{sql}: {error}");
    }
}

#[test]
fn placeholders_have_a_type_and_a_limit_may_be_negative() {
    for (sql, expected) in [
        ("SELECT k FROM kv LIMIT ?", r#"LIMIT NULLIF(greatest($1::bigint, -1), -1)"#),
        ("SELECT k FROM kv LIMIT -1 OFFSET ?", r#"AS "kv" OFFSET greatest($1::bigint, 0)"#),
        ("SELECT k FROM kv LIMIT 2 OFFSET -1", r#"AS "kv" LIMIT 2"#),
        ("SELECT k FROM kv WHERE ? IS NULL OR n = ?", r#"$1::integer IS NULL OR "kv"."n" = $2"#),
        ("SELECT k FROM kv WHERE (? IS NULL) OR k LIKE 'a'", r#"$1::text IS NULL OR"#),
        ("SELECT k FROM kv WHERE ?1 IS NULL OR n = ?1", r#"$1::integer IS NULL OR "kv"."n" = $1"#),
        ("SELECT k FROM kv WHERE (:q IS NULL OR k LIKE '%' || :q)", r#"$1::text IS NULL OR"#),
        ("SELECT CAST(? AS INTEGER)", "SELECT $1::bigint"),
    ] {
        let adapted = known(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(adapted.sql.ends_with(expected) || adapted.sql.contains(expected), "{sql}: {}", adapted.sql);
    }
}

#[test]
fn integers_keep_their_64_bits() {
    for (sql, part) in [
        ("SELECT CAST(1e20 AS INTEGER)", "THEN 9223372036854775807"),
        ("SELECT CAST('9223372036854775808' AS INTEGER)", "9223372036854775807)::bigint"),
        (
            "SELECT id FROM users WHERE active IN (seen, 1)",
            r#""users"."active"::integer IN ("users"."seen", 1)"#,
        ),
    ] {
        let adapted = known(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(adapted.sql.contains(part), "{sql}: {}", adapted.sql);
    }
    let error = known("SELECT seen / -1 FROM users").expect_err("an overflow");
    assert!(error.contains("lowest integer"), "{error}");
}
