use fallible_iterator::FallibleIterator;
use sqlite3_parser::ast::{Cmd, Expr, OneSelect, ResultColumn, Stmt};
use sqlite3_parser::lexer::sql::Parser;

use super::super::conversion::{ColumnConversion, Conversion, OnIncompatible, TableConversion};
use super::super::schema::{Affinity, Column, Schema, SqliteTable};
use super::super::types::{DateForm, InstantForm, Reading, TargetType, UuidForm};
use super::*;

mod cases;
mod views;

fn columns() -> Vec<(&'static str, Affinity, TargetType, &'static str)> {
    use Affinity::{Blob, Integer, Numeric, Real, Text};
    let decimal = TargetType::Numeric { precision: 10, scale: 2 };
    vec![
        ("k", Integer, TargetType::Integer, "BINARY"),
        ("i", Integer, TargetType::Integer, "BINARY"),
        ("b", Integer, TargetType::BigInt, "BINARY"),
        ("r", Real, TargetType::Double, "BINARY"),
        ("n", Numeric, decimal, "BINARY"),
        ("t", Text, TargetType::Text, "BINARY"),
        ("u", Text, TargetType::Text, "BINARY"),
        ("nc", Text, TargetType::Text, "NOCASE"),
        ("rt", Text, TargetType::Text, "RTRIM"),
        ("f", Numeric, TargetType::Boolean, "BINARY"),
        ("bl", Blob, TargetType::Bytea, "BINARY"),
        ("d", Numeric, TargetType::Date(DateForm::Iso), "BINARY"),
        ("ts", Numeric, TargetType::Timestamp(InstantForm::Iso), "BINARY"),
        ("ep", Integer, TargetType::Timestamp(InstantForm::Seconds), "BINARY"),
        ("ms", Integer, TargetType::Timestamp(InstantForm::Milliseconds), "BINARY"),
        ("id", Text, TargetType::Uuid(UuidForm::Hyphenated), "BINARY"),
        ("j", Text, TargetType::Jsonb, "BINARY"),
        ("m", Numeric, TargetType::Text, "BINARY"),
    ]
}

pub(super) fn table() -> (SqliteTable, TableConversion) {
    let source = |(name, affinity, _, collation): (&str, Affinity, TargetType, &str)| Column {
        name: name.to_owned(),
        declared_type: String::new(),
        affinity,
        not_null: false,
        default: None,
        collation: collation.to_owned(),
        generated: None,
    };
    let target = |(name, _, target_type, _): (&str, Affinity, TargetType, &str)| ColumnConversion {
        reading: Reading::default(),
        labels: Vec::new(),
        source: name.to_owned(),
        target: name.to_owned(),
        target_type,
        not_null: false,
        is_generated: false,
        identity: None,
        on_incompatible: OnIncompatible::Reject,
        is_mixed: false,
    };
    let table = SqliteTable {
        name: "t".to_owned(),
        columns: columns().into_iter().map(source).collect(),
        primary_key: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        without_rowid: false,
        strict: false,
        rowid: None,
        sequence: None,
    };
    let conversion = TableConversion {
        source: "t".to_owned(),
        target: "t".to_owned(),
        columns: columns().into_iter().map(target).collect(),
        row_count: 0,
        size_bytes: 0,
    };
    (table, conversion)
}

pub(super) fn database() -> (Schema, Conversion) {
    let (table, conversion) = table();
    let schema = Schema { tables: vec![table], ..Schema::default() };
    (schema, Conversion { schema: "public".to_owned(), tables: vec![conversion] })
}

fn parsed(text: &str) -> Expr {
    let sql = format!("SELECT {text}");
    let Ok(Some(Cmd::Stmt(Stmt::Select(select)))) = Parser::new(sql.as_bytes()).next() else {
        panic!("{text} is no expression");
    };
    let OneSelect::Select { mut columns, .. } = select.body.select else { panic!("{text}") };
    match columns.pop() {
        Some(ResultColumn::Expr(expression, _)) => expression,
        _ => panic!("{text}"),
    }
}

fn translated(text: &str, purpose: ExpressionPurpose) -> Result<String, String> {
    let (table, conversion) = table();
    expression(&parsed(text), &TableScope::new(&table, &conversion), purpose)
        .map_err(|error| error.to_string())
}

#[test]
fn expressions_have_the_verified_translations() {
    assert!(cases::TRANSLATED.len() >= 150);
    for (text, sql) in cases::TRANSLATED {
        assert_eq!(translated(text, ExpressionPurpose::Query).as_deref(), Ok(*sql), "{text}");
    }
}

#[test]
fn unsupported_expressions_are_named_in_the_error() {
    for (text, message) in cases::REFUSED {
        assert_eq!(translated(text, ExpressionPurpose::Query), Err((*message).to_owned()), "{text}");
    }
}

#[test]
fn a_quoted_column_that_cannot_be_used_is_not_taken_for_text() {
    let (mut source, mut conversion) = table();
    source.columns[5].collation = "unicode".to_owned();
    conversion.columns.remove(6);
    conversion.columns[6].is_mixed = true;
    let scope = TableScope::new(&source, &conversion);
    for (text, reason) in [
        ("\"t\" <> ''", "the application defines its collation"),
        ("t.t <> ''", "the application defines its collation"),
        ("\"u\" <> ''", "it is skipped"),
        ("nc <> ''", "such as text beside numbers"),
        ("\"rowid\" > 0", "is not known"),
    ] {
        let refused = expression(&parsed(text), &scope, ExpressionPurpose::Check);
        let error = refused.expect_err(text).to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn conditions_are_boolean() {
    for (text, sql) in [
        ("i", "\"i\" <> 0"),
        ("f", "\"f\""),
        ("i > 0 AND f", "\"i\" > 0 AND \"f\""),
        ("json_valid(j)", "(\"j\" IS NOT NULL OR NULL)"),
        ("json_valid(t)", "(\"t\"::json IS NOT NULL OR NULL)"),
        ("json_valid(t) = 1 AND i > 0", "(\"t\"::json IS NOT NULL OR NULL) AND \"i\" > 0"),
        (
            "(JSON_VALID(\"t\") OR \"t\" = '')",
            "CASE WHEN \"t\" = '' THEN TRUE ELSE (\"t\"::json IS NOT NULL OR NULL) END",
        ),
        ("length(t) <= 5", "length(\"t\") <= 5"),
        ("1", "TRUE"),
    ] {
        assert_eq!(translated(text, ExpressionPurpose::Check).as_deref(), Ok(sql), "{text}");
    }
    for text in
        ["t", "NOT json_valid(t)", "json_valid(t) = 0", "json_valid(t) OR json_valid(u)", "json_valid(m)"]
    {
        assert!(translated(text, ExpressionPurpose::Check).is_err(), "{text}");
    }
}

#[test]
fn indexes_and_generated_columns_have_only_immutable_functions() {
    assert!(
        translated("strftime('%Y-%m', ts)", ExpressionPurpose::Index)
            .is_ok_and(|sql| !sql.contains("to_char"))
    );
    assert!(translated("lower(t)", ExpressionPurpose::Index).is_ok());
    assert_eq!(translated("nc", ExpressionPurpose::Index).as_deref(), Ok("lower(\"nc\" COLLATE \"C\")"));
    for text in ["CURRENT_TIMESTAMP", "date('now')", "random()", "d || ''", "hex(t)", "unixepoch()"] {
        assert!(translated(text, ExpressionPurpose::Index).is_err(), "{text}");
        assert!(translated(text, ExpressionPurpose::Predicate).is_err(), "{text}");
        assert!(translated(text, ExpressionPurpose::Generated(TargetType::Text)).is_err(), "{text}");
    }
}

#[test]
fn generated_values_are_not_converted() {
    let decimal = TargetType::Numeric { precision: 10, scale: 2 };
    assert_eq!(
        translated("i + b", ExpressionPurpose::Generated(TargetType::BigInt)).as_deref(),
        Ok("\"i\" + \"b\"")
    );
    assert_eq!(
        translated("i > 1", ExpressionPurpose::Generated(TargetType::Integer)).as_deref(),
        Ok("(\"i\" > 1)::integer")
    );
    assert_eq!(translated("i", ExpressionPurpose::Generated(TargetType::Text)).as_deref(), Ok("\"i\"::text"));
    for (text, target) in
        [("n * r", decimal), ("r", TargetType::BigInt), ("t", TargetType::BigInt), ("i", TargetType::Boolean)]
    {
        assert!(translated(text, ExpressionPurpose::Generated(target)).is_err(), "{text}");
    }
}

#[test]
fn defaults_are_values_of_the_columns_type() {
    let decimal = TargetType::Numeric { precision: 4, scale: 2 };
    let instant = TargetType::Timestamp(InstantForm::Iso);
    let zoned = TargetType::TimestampTz(InstantForm::Iso);
    let uuid = TargetType::Uuid(UuidForm::Hyphenated);
    let now = "date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))";
    let zoned_now = "(date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC')";
    let zoned_milliseconds =
        "(date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC')";
    for (text, target, sql) in [
        ("0", TargetType::Boolean, "false"),
        ("1", TargetType::Boolean, "true"),
        ("TRUE", TargetType::Boolean, "true"),
        ("TRUE", TargetType::Integer, "1"),
        ("'5'", TargetType::Integer, "5"),
        ("-5", TargetType::BigInt, "-5"),
        ("(5)", TargetType::Text, "'5'"),
        ("5.0", TargetType::Integer, "5"),
        ("'it''s'", TargetType::Varchar(4), "'it''s'"),
        ("\"word\"", TargetType::Text, "'word'"),
        ("12.5", decimal, "12.50"),
        ("1.50", TargetType::Text, "'1.5'"),
        ("0.0", TargetType::Text, "'0.0'"),
        ("0.0001", TargetType::Varchar(6), "'0.0001'"),
        ("1e20", TargetType::Text, "'1.0e+20'"),
        ("'1.5'", TargetType::Double, "1.5"),
        ("'0'", decimal, "0.00"),
        ("'FALSE'", TargetType::Boolean, "false"),
        ("''", TargetType::Bytea, "'\\x'::bytea"),
        ("'ab'", TargetType::Bytea, "'\\x6162'::bytea"),
        ("(zeroblob(2))", TargetType::Bytea, "'\\x0000'::bytea"),
        ("'2000-01-01 00:00:00+00:00'", zoned, "'2000-01-01 00:00:00+00'::timestamptz"),
        ("'2000-01-01 02:00:00+02:00'", instant, "'2000-01-01 00:00:00'::timestamp"),
        ("'2000-01-01'", instant, "'2000-01-01'::timestamp"),
        ("'2000-01-01 00:00:00'", TargetType::Date(DateForm::Iso), "'2000-01-01'::date"),
        ("x'00112233445566778899aabbccddeeff'", uuid, "'00112233-4455-6677-8899-aabbccddeeff'::uuid"),
        ("(json_array())", TargetType::Jsonb, "'[]'"),
        ("(json('{\"a\":1}'))", TargetType::Text, "'{\"a\":1}'"),
        ("0.1", TargetType::Double, "0.1"),
        ("NULL", uuid, "NULL"),
        ("CURRENT_TIMESTAMP", instant, now),
        ("(datetime('now'))", instant, now),
        ("CURRENT_TIMESTAMP", zoned, zoned_now),
        (
            "CURRENT_TIMESTAMP",
            TargetType::Text,
            "to_char((CURRENT_TIMESTAMP AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS')",
        ),
        ("CURRENT_DATE", TargetType::Date(DateForm::Iso), "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date"),
        (
            "(strftime('%s', 'now'))",
            TargetType::Integer,
            "floor(extract(epoch FROM date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))))::bigint",
        ),
        ("'2024-02-29'", TargetType::Date(DateForm::Iso), "'2024-02-29'::date"),
        ("0", TargetType::Timestamp(InstantForm::Seconds), "'1970-01-01 00:00:00'::timestamp"),
        ("'{}'", TargetType::Jsonb, "'{}'"),
        ("'[]'", TargetType::DoubleArray, "'{}'"),
        ("CURRENT_TIMESTAMP", TargetType::TimestampTz(InstantForm::Seconds), zoned_now),
        ("(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", zoned, zoned_milliseconds),
        (
            "(strftime('%Y-%m-%d %H:%M:%f000', 'NOW'))",
            instant,
            "date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))",
        ),
        ("(strftime('%Y-%m-%d %H:%M:%f', 'now') || 'Z')", zoned, zoned_milliseconds),
        (
            "(datetime(CURRENT_TIMESTAMP))",
            instant,
            "date_trunc('second', date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')))",
        ),
        (
            "(strftime('%Y', 'now'))",
            TargetType::Integer,
            "floor(extract(year FROM (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')))::bigint",
        ),
        (
            "(strftime('%s', 'now') + 0)",
            TargetType::Integer,
            "floor(extract(epoch FROM date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))))::bigint",
        ),
        (
            "(unixepoch('subsec'))",
            TargetType::Double,
            "extract(epoch FROM date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')))::double precision",
        ),
        ("'9223372036854775807'", TargetType::BigInt, "9223372036854775807"),
        (
            "(unixepoch('now', 'subsec') * 1000)",
            TargetType::TimestampTz(InstantForm::Milliseconds),
            zoned_milliseconds,
        ),
        (
            "(strftime('%s', 'now') * 1000)",
            TargetType::BigInt,
            "floor(extract(epoch FROM date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) * 1000)::bigint",
        ),
        (
            "(CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))",
            TargetType::BigInt,
            "floor(extract(epoch FROM date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) * 1000)::bigint",
        ),
        (
            "(strftime('%s', 'now') || substr(strftime('%f', 'now'), 4))",
            TargetType::BigInt,
            "floor(extract(epoch FROM date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) * 1000)::bigint",
        ),
        (
            "(strftime('%Y-%m-%d %H:%M:%fZ'))",
            TargetType::Text,
            "to_char((CURRENT_TIMESTAMP AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS.MS\"Z\"')",
        ),
        (
            "(lower(hex(randomblob(8))))",
            TargetType::Text,
            "lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7) || \
             substring(uuid_send(gen_random_uuid()) FROM 10 FOR 1), 'hex')), '') COLLATE \"C\")",
        ),
        ("(randomblob(2))", TargetType::Bytea, "substring(uuid_send(gen_random_uuid()) FROM 10 FOR 2)"),
        ("x'00'", TargetType::Bytea, "'\\x00'::bytea"),
    ] {
        assert_eq!(default_of(text, target).as_deref(), Ok(sql), "{text} for {target:?}");
    }
    for (text, target) in [
        ("2", TargetType::Boolean),
        ("'abc'", TargetType::Integer),
        ("3000000000", TargetType::Integer),
        ("'long'", TargetType::Varchar(3)),
        ("123.4", decimal),
        ("1.234", decimal),
        ("'2023-02-29'", TargetType::Date(DateForm::Iso)),
        ("'now'", instant),
        ("'0000-00-00 00:00:00'", instant),
        ("'{'", TargetType::Jsonb),
        ("'x'", uuid),
        ("5", TargetType::Bytea),
        ("1234567890.1234567", TargetType::Text),
        ("(random())", TargetType::Boolean),
    ] {
        assert!(default_of(text, target).is_err(), "{text} for {target:?}");
    }
}

/// The default of a column with the affinity of the type's usual declaration.
fn default_of(text: &str, target: TargetType) -> Result<String, String> {
    let affinity = match target {
        TargetType::Integer | TargetType::BigInt => Affinity::Integer,
        TargetType::Double => Affinity::Real,
        TargetType::Text | TargetType::Varchar(_) => Affinity::Text,
        TargetType::Bytea => Affinity::Blob,
        _ => Affinity::Numeric,
    };
    let (table, conversion) = table();
    default_value(&parsed(text), &TableScope::new(&table, &conversion), target, affinity)
        .map(|default| default.sql)
        .map_err(|error| error.to_string())
}

#[test]
fn a_reason_names_only_what_the_default_contains() {
    let instant = TargetType::Timestamp(InstantForm::Iso);
    for (text, target, reason) in [
        ("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now', 'localtime'))", instant, "the function `strftime`"),
        ("'none'", TargetType::Integer, "the value 'none'"),
        ("CURRENT_TIME", instant, "text in a column of another type"),
    ] {
        let error = default_of(text, target).expect_err(text);
        assert!(error.starts_with(reason), "{text}: {error}");
    }
}

#[test]
fn deep_expressions_are_refused_on_a_small_stack() {
    let work = || {
        let (table, conversion) = table();
        let scope = TableScope::new(&table, &conversion);
        for (open, close) in [
            ("(", ")"),
            ("abs(", ")"),
            ("NOT ", ""),
            ("- ", ""),
            ("CASE WHEN 1 THEN ", " END"),
            ("1 + (", ")"),
            ("i IN (", ")"),
        ] {
            let deep = format!("{}i{}", open.repeat(900), close.repeat(900));
            let refused = expression(&parsed(&deep), &scope, ExpressionPurpose::Query);
            assert!(matches!(refused, Err(Untranslatable::TooDeep { .. })), "{open}");
            let shallow = format!("{}i{}", open.repeat(40), close.repeat(40));
            assert!(!matches!(
                expression(&parsed(&shallow), &scope, ExpressionPurpose::Query),
                Err(Untranslatable::TooDeep { .. })
            ));
        }
        let wide = format!("i = 1{}", " OR i = 1".repeat(900));
        assert!(expression(&parsed(&wide), &scope, ExpressionPurpose::Check).is_ok());
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread");
    thread.join().expect("no overflow");
}

#[test]
fn what_repeats_its_operands_does_not_grow_without_end() {
    let deep = (0..60).fold("r".to_owned(), |inner, _| format!("round({inner})"));
    assert!(matches!(expression_of(&deep), Err(Untranslatable::TooLong { .. })));
}

fn expression_of(text: &str) -> Result<String, Untranslatable> {
    let (table, conversion) = table();
    expression(&parsed(text), &TableScope::new(&table, &conversion), ExpressionPurpose::Query)
}
