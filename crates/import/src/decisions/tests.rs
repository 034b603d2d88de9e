use proptest::prelude::*;

use super::*;
use crate::choose::choose;
use crate::choose::tests::{database, profiles, table};
use crate::schema::{Schema, SqliteTable};
use crate::types::{InstantForm, Reading, UuidForm};

fn error(text: &str) -> String {
    let error = Decisions::parse(text).expect_err("refused");
    let source = std::error::Error::source(&error).expect("a cause").to_string();
    format!("{error}: {source}")
}

fn types(words: &str) -> Vec<TargetType> {
    let text = format!("[tables.t.columns]\nv = {{ {words} }}");
    Decisions::parse(&text).expect("decisions").forced_types("t", "v").to_vec()
}

#[test]
fn everything_that_is_decided_is_read() {
    let text = r#"
        schema = "app"
        integers = "declared"
        orphans = "quarantine"
        nocase = "citext"
        [tables."my table"]
        name = "mine"
        [tables."my table".columns]
        a = { type = "uuid", form = "simple", name = "b", misfit = "remove-nul" }
        [tables.other]
        skip = true
    "#;
    let decisions = Decisions::parse(text).expect("decisions");
    let policies = (decisions.integers, decisions.orphans, decisions.nocase);
    assert_eq!(policies, (Integers::Declared, OrphanPolicy::Quarantine, NoCase::Citext));
    assert_eq!(decisions.schema.as_deref(), Some("app"));
    assert!(decisions.tables["other"].skip);
    assert_eq!(decisions.table("my table").and_then(|table| table.name.as_deref()), Some("mine"));
    let expected = ColumnDecision {
        round: false,
        fraction_digits: None,
        labels: Vec::new(),
        types: vec![TargetType::Uuid(UuidForm::Simple)],
        name: Some("b".to_owned()),
        skip: false,
        on_incompatible: Some(OnIncompatible::RemoveNul),
        incompatible: None,
    };
    assert_eq!(decisions.column("my table", "a"), Some(&expected));
    assert_eq!(Decisions::parse("").expect("nothing decided"), Decisions::default());
}

#[test]
fn types_are_read_by_their_names() {
    assert_eq!(types("type = 'Numeric( 14, 2 )'"), [TargetType::Numeric { precision: 14, scale: 2 }]);
    assert_eq!(types("type = 'numeric'"), [TargetType::AnyNumeric]);
    assert_eq!(types("type = 'varchar(20)'"), [TargetType::Varchar(20)]);
    assert_eq!(types("type = 'double  precision[]'"), [TargetType::DoubleArray]);
    assert_eq!(types("type = 'uuid'").len(), 3);
    assert_eq!(types("type = 'timestamp with time zone'").len(), 5);
    assert_eq!(types("type = 'timestamp', form = 'julian'"), [TargetType::Timestamp(InstantForm::JulianDay)]);
    assert_eq!(types("misfit = 'bytes'"), [TargetType::Bytea]);
    assert_eq!(types(""), []);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, line, reason) in [
        ("schema = 'a'\nintegers = 'small'", 2, "unknown variant `small`"),
        ("schema = 'a'\n\nbogus = 1", 3, "unknown field `bogus`"),
        ("[tables.t]\nnamee = 'x'", 2, "unknown field `namee`"),
        ("[tables.t.columns]\na.type = 'text'\nb = { type = 'money' }", 3, "`money` is not a supported type"),
        ("[tables.t.columns]\na = { type = 'numeric(2,5)' }", 2, "`numeric(2,5)` is not a supported type"),
        ("[tables.t.columns]\na = { type = 'varchar(0)' }", 2, "`varchar(0)` is not a supported type"),
        (
            "[tables.t.columns]\na = { type = 'text', form = 'iso' }",
            2,
            "the type `text` does not have the form `iso`",
        ),
        ("[tables.t.columns]\na = { form = 'weeks' }", 2, "`weeks` is not a form of any type"),
        ("[tables.t.columns]\na = { type = 'text', misfit = 'bytes' }", 2, "requires the type `bytea`"),
        ("[tables.t.columns]\na = { misfit = 'ignore' }", 2, "unknown variant `ignore`"),
        ("schema = 'a\n", 1, ""),
        ("schema = 'a'\nschema = 'b'", 2, "duplicate key"),
    ] {
        let error = error(text);
        assert!(
            error.starts_with(&format!("parse line {line} of the configuration file")),
            "{text}: {error}"
        );
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn what_is_not_in_the_database_is_refused() {
    let schema = Schema {
        tables: vec![table("a", &[("x", "INT"), ("y", "INT")]), table("b", &[("x", "INT")])],
        ..Schema::default()
    };
    for (text, expected) in [
        ("[tables.a.columns]\nx.type = 'text'", "Ok(())"),
        ("[tables.c]\nskip = true", "Err(UnknownTable"),
        ("[tables.A]\nskip = true", "Err(UnknownTable"),
        ("[tables.a.columns]\nz.type = 'text'", "Err(UnknownColumn"),
        ("[tables.a]\nname = 'b'", "Err(SameName"),
        ("[tables.a]\nname = 'b'\n[tables.b]\nskip = true", "Ok(())"),
        ("[tables.a]\nname = 'b'\n[tables.b]\nname = 'a'", "Ok(())"),
        ("[tables.a.columns]\nx.name = 'y'", "Err(SameName"),
        ("[tables.a]\nname = ''", "Err(UnusableName"),
        ("[tables.a.columns]\nx.name = 'xmin'", "Err(UnusableName"),
        ("[tables.a.columns]\nx.name = \"\\u0000\"", "Err(UnusableName"),
        ("schema = ''", "Err(UnusableName"),
    ] {
        let outcome = format!("{:?}", Decisions::parse(text).expect("read").check(&schema));
        assert!(outcome.starts_with(expected), "{text}: {outcome}");
    }
}

fn declared() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "INTEGER",
        "BIGINT",
        "TINYINT(1)",
        "REAL",
        "DECIMAL(5,2)",
        "NUMERIC",
        "BOOLEAN",
        "UUID",
        "JSON",
        "DATE",
        "TIME",
        "DATETIME",
        "TIMESTAMPTZ",
        "VARCHAR(4)",
        "TEXT",
        "BLOB",
        "",
        "whatever",
    ])
}

fn value() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "NULL",
        "0",
        "1",
        "7",
        "5000000000",
        "9007199254740993",
        "1700000000",
        "1.5",
        "2460461.5",
        "9e999",
        "''",
        "'abc'",
        "'longer text'",
        "char(0)",
        "CAST(x'ff' AS TEXT)",
        "x'00'",
        "x'0190163d8694739baea5966c26f8ad91'",
        "'0190163d-8694-739b-aea5-966c26f8ad91'",
        "'2024-05-31'",
        "'2024-05-31 00:00:00'",
        "'2024-05-31T12:00:00Z'",
        "'12:30:00'",
        "'{\"a\":1}'",
        "'{\"a\":1,\"a\":2}'",
        "'true'",
    ])
}

fn name() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-z\"\\\\'\n\t#=.\u{7f}\u{e4}\u{1F600} ]{1,8}").expect("a pattern")
}

fn tables() -> impl Strategy<Value = Vec<(SqliteTable, Vec<Vec<&'static str>>)>> {
    let columns = proptest::collection::btree_map(name(), declared(), 1..4);
    let content = (columns, proptest::collection::vec(proptest::collection::vec(value(), 4), 0..4));
    proptest::collection::btree_map(name(), content, 1..4).prop_map(|tables| {
        let one = |(name, (columns, rows)): (String, (std::collections::BTreeMap<String, &str>, _))| {
            let columns: Vec<(&str, &str)> =
                columns.iter().map(|(name, declared)| (name.as_str(), *declared)).collect();
            (table(&name, &columns), rows)
        };
        tables.into_iter().map(one).collect()
    })
}

proptest! {
    #![proptest_config(test_seed::config(200))]

    #[test]
    fn a_conversion_is_read_back_as_it_was_written(
        tables in tables(),
        integers in proptest::sample::select(vec![Integers::Auto, Integers::Bigint, Integers::Declared]),
        on_incompatible in proptest::sample::select(vec![OnIncompatible::Reject, OnIncompatible::Null, OnIncompatible::RemoveNul]),
        skip in 0_usize..6,
    ) {
        let mut rows = String::new();
        for (table, values) in &tables {
            for row in values {
                let row = &row[..table.columns.len()];
                let name = table.name.replace('"', "\"\"");
                rows.push_str(&format!("INSERT INTO \"{name}\" VALUES ({});", row.join(", ")));
            }
        }
        let mut first = Decisions { integers, ..Decisions::default() };
        for (place, (table, _)) in tables.iter().enumerate() {
            let decision = first.tables.entry(table.name.clone()).or_default();
            decision.skip = place + 4 == skip;
            for (place, column) in table.columns.iter().enumerate() {
                let column_decision =
                    ColumnDecision { on_incompatible: Some(on_incompatible), skip: place + 1 == skip, ..ColumnDecision::default() };
                decision.columns.insert(column.name.clone(), column_decision);
            }
        }
        let (mut connection, schema) = database(tables.into_iter().map(|(table, _)| table).collect(), &rows);
        let read = profiles(&mut connection, &schema, &first);
        let (conversion, _) = choose(&schema, &read, &first);
        let written = first.write(&schema, &conversion);
        let second = Decisions::parse(&written).map_err(|error| TestCaseError::fail(format!("{error:?}\n{written}")))?;
        prop_assert!(second.check(&schema).is_ok());
        let read = profiles(&mut connection, &schema, &second);
        let (mut again, _) = choose(&schema, &read, &second);
        // A type that the file sets is read in any form.
        for column in again.tables.iter_mut().flat_map(|table| &mut table.columns) {
            column.reading = Reading::default();
        }
        prop_assert_eq!(format!("{again:#?}"), format!("{conversion:#?}"));
        prop_assert_eq!(second.write(&schema, &again), written);
    }
}
