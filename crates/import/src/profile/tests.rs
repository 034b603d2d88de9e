use diesel::prelude::*;
use proptest::prelude::*;

use super::*;
use crate::choose::tests::{database, table};
use crate::decisions::Decisions;
use crate::schema::Schema;
use crate::survey::profile_table;
use crate::types::{InstantForm, TargetType};
use crate::values::{SourceValue, Unfit, check};

fn read(
    connection: &mut SqliteConnection,
    schema: &Schema,
    range: Option<(i64, i64)>,
    decisions: &Decisions,
) -> TableProfile {
    profile_table(connection, schema, &schema.tables[0], range, decisions, &|| false).expect("read")
}

fn profile_of(declared: &str, rows: &str, decisions: &str) -> ColumnProfile {
    let decisions = Decisions::parse(decisions).expect("decisions");
    let (mut connection, schema) = database(vec![table("t", &[("v", declared)])], rows);
    read(&mut connection, &schema, None, &decisions).columns.remove(0)
}

#[test]
fn every_value_is_counted_by_what_it_is() {
    let rows = "INSERT INTO t VALUES (NULL), (5), (-3), (9007199254740993), (0.5), (-9e999), (''), ('ab'),
        (CAST(x'ff' AS TEXT)), (char(0)), (x'0102030405')";
    let profile = profile_of("", rows, "");
    let count = |tally: &Tally| (tally.count, tally.first_keys.clone());
    assert_eq!(count(&profile.null), (1, vec![1]));
    assert_eq!(count(&profile.integer), (3, vec![2, 3, 4]));
    assert_eq!(count(&profile.inexact), (1, vec![4]));
    assert_eq!(count(&profile.real), (2, vec![5, 6]));
    assert_eq!(count(&profile.infinite), (1, vec![6]));
    assert_eq!(count(&profile.text), (4, vec![7, 8, 9, 10]));
    assert_eq!(count(&profile.empty_text), (1, vec![7]));
    assert_eq!(count(&profile.broken_text), (1, vec![9]));
    assert_eq!(count(&profile.nul_text), (1, vec![10]));
    assert_eq!(count(&profile.blob), (1, vec![11]));
    assert_eq!(profile.integer_range, Some((-3, 9_007_199_254_740_993)));
    assert_eq!(profile.real_range, Some((f64::NEG_INFINITY, 0.5)));
    assert_eq!((profile.longest_characters, profile.longest_bytes, profile.value_count()), (2, 5, 10));
}

#[test]
fn the_longest_text_is_counted_in_characters() {
    let profile =
        profile_of("TEXT", "INSERT INTO t VALUES ('\u{1F600}\u{1F600}'), ('abc'), ('\u{e4}\u{e4}')", "");
    assert_eq!((profile.longest_characters, profile.longest_bytes), (3, 8));
}

#[test]
fn what_a_type_does_not_hold_is_counted_with_the_first_reason() {
    let profile = profile_of("INTEGER", "INSERT INTO t VALUES (1), (3000000000), ('a'), (2.5)", "");
    let integer = profile.trial(TargetType::Integer).expect("tried");
    assert_eq!((integer.unfit.count, integer.unfit.first_keys.as_slice()), (3, [2, 3, 4].as_slice()));
    assert_eq!(integer.first, Some(Unfit::OutOfRange));
    assert_eq!(profile.trial(TargetType::BigInt).expect("tried").unfit.first_keys, [3, 4]);
    assert_eq!(profile.trial(TargetType::AnyNumeric).expect("tried").unfit.first_keys, [3]);
    assert!(profile.holds_all(TargetType::Text));
}

#[test]
fn only_decided_types_are_tried_where_there_are_some() {
    let profile =
        profile_of("TEXT", "INSERT INTO t VALUES (1700000000)", "tables.t.columns.v.type = 'timestamp'");
    assert!(profile.trial(TargetType::Text).is_none());
    assert_eq!(profile.forms.len(), 5);
    assert!(profile.trial(TargetType::Timestamp(InstantForm::Seconds)).is_some());
}

#[test]
fn keys_are_positions_where_there_is_no_rowid() {
    let (mut connection, mut schema) =
        database(vec![table("t", &[("v", "INT")])], "INSERT INTO t (rowid, v) VALUES (70, 1), (80, 'x')");
    let unfit = |profile: TableProfile| profile.columns[0].text.first_keys.clone();
    assert_eq!(unfit(read(&mut connection, &schema, None, &Decisions::default())), [80]);
    schema.tables[0].rowid = None;
    assert_eq!(unfit(read(&mut connection, &schema, None, &Decisions::default())), [2]);
    let range = profile_table(
        &mut connection,
        &schema,
        &schema.tables[0],
        Some((1, 2)),
        &Decisions::default(),
        &|| false,
    );
    assert!(range.is_err());
}

#[test]
fn tables_without_rowid_are_read_in_the_order_of_their_keys() {
    let made = "DROP TABLE t; CREATE TABLE t (v TEXT PRIMARY KEY) WITHOUT ROWID;
        INSERT INTO t VALUES ('b'), (x'00'), ('a')";
    let (mut connection, mut schema) = database(vec![table("t", &[("v", "TEXT")])], made);
    schema.tables[0].rowid = None;
    schema.tables[0].without_rowid = true;
    assert_eq!(read(&mut connection, &schema, None, &Decisions::default()).columns[0].blob.first_keys, [3]);
}

#[test]
fn rows_are_read_in_rowid_order_despite_indexes() {
    let rows = "INSERT INTO t VALUES ('b'), ('a'); CREATE INDEX i ON t (v)";
    let profile = profile_of("INT", rows, "");
    assert_eq!(profile.text.first_keys, [1, 2]);
}

#[test]
fn half_a_profile_is_none() {
    let rows = "INSERT INTO t SELECT value FROM (
        WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 5000) SELECT value FROM n)";
    let (mut connection, schema) = database(vec![table("t", &[("v", "INT")])], rows);
    let decisions = Decisions::default();
    let stopped = profile_table(&mut connection, &schema, &schema.tables[0], None, &decisions, &|| true);
    assert!(stopped.is_err());
}

#[test]
fn names_with_quotes_are_read() {
    let (mut connection, schema) =
        database(vec![table("a\"b", &[("c\"d\ne", "INT")])], "INSERT INTO \"a\"\"b\" VALUES (1)");
    assert_eq!(read(&mut connection, &schema, None, &Decisions::default()).row_count, 1);
}

#[test]
fn a_table_of_as_many_columns_as_sqlite_has_is_read() {
    let names: Vec<String> = (0..2000).map(|number| format!("c{number}")).collect();
    let columns: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "INT")).collect();
    let (mut connection, schema) =
        database(vec![table("t", &columns)], "INSERT INTO t (c0) VALUES (1), ('x')");
    let profile = read(&mut connection, &schema, None, &Decisions::default());
    assert_eq!(profile.columns[0].text.first_keys, [2]);
    assert_eq!(profile.columns.len(), 2000);
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn parts_add_up_to_the_whole(
        values in proptest::collection::vec(
            proptest::sample::select(vec![
                "NULL", "1", "-5", "3000000000", "1700000000", "0.5", "9e999", "''", "'a'", "'abcdef'", "char(0)",
                "CAST(x'ff' AS TEXT)", "x'00'", "'2024-05-31'", "'2024-05-31 12:00:00'", "'0000-00-00'",
            ]),
            0..40,
        ),
        cuts in (0_i64..42, 0_i64..42),
        declared in proptest::sample::select(vec!["INT", "DATETIME", "DATE", "VARCHAR(3)", "JSON", "", "BOOLEAN"]),
    ) {
        let rows: String = values.iter().map(|value| format!("INSERT INTO t VALUES ({value});")).collect();
        let (mut connection, schema) = database(vec![table("t", &[("v", declared)])], &rows);
        let decisions = Decisions::default();
        let whole = read(&mut connection, &schema, None, &decisions);
        let (low, high) = (cuts.0.min(cuts.1), cuts.0.max(cuts.1));
        let ranges = [(high + 1, i64::MAX), (i64::MIN, low), (low + 1, high)];
        let parts = ranges.map(|range| read(&mut connection, &schema, Some(range), &decisions));
        let merged = parts.into_iter().fold(TableProfile::default(), TableProfile::merge);
        prop_assert_eq!(format!("{merged:#?}"), format!("{whole:#?}"));
    }
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn what_need_not_be_asked_would_have_been_answered_so(
        texts in proptest::collection::vec(
            "(2024-05-31)?[ T]?([01][0-9]:[0-5][0-9](:00(\\.0)?)?)?(Z|\\+02:00)?|[0-9a-f]{32}|a", 1..20
        ),
        declared in proptest::sample::select(vec!["DATETIME", "DATE", "TIMESTAMPTZ", "TIME", "UUID"]),
    ) {
        let rows: String = texts.iter().map(|text| format!("INSERT INTO t VALUES ('{text}');")).collect();
        let profile = profile_of(declared, &rows, "");
        for trial in profile.forms.iter().chain(&profile.chain) {
            // Texts of digits only were converted to numbers.
            let fits = |text: &&String| check(SourceValue::Text(text), trial.target).is_ok();
            if profile.text.count == profile.value_count() {
                prop_assert_eq!(trial.fit.count, i64::try_from(texts.iter().filter(fits).count()).expect("few"));
                prop_assert_eq!(trial.unfit.count, profile.value_count() - trial.fit.count);
            }
        }
    }
}
