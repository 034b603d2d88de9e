use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::finding::Weight;
use crate::rows::read_rows;
use crate::rules::types as rules;
use crate::types::ReadAs;
use crate::values::{SourceValue, check, encode};

/// The result of the copy: rejected rows, and converted values.
fn copied(connection: &mut SqliteConnection, to: ReadAs<'_>, on_incompatible: OnIncompatible) -> (i64, i64) {
    let (mut refused, mut changed) = (0, 0);
    let mut out = Vec::new();
    read_rows(connection, "SELECT v FROM t", &[], Encoding::Utf8, &mut |row: &[SourceValue<'_>]| {
        match (encode(row[0], to, on_incompatible, &mut out), check(row[0], to)) {
            (Err(_), _) => refused += 1,
            (Ok(()), Err(_)) => changed += 1,
            (Ok(()), Ok(())) => {}
        }
        ControlFlow::Continue(())
    })
    .expect("read");
    (refused, changed)
}

proptest! {
    #![proptest_config(test_seed::config(1500))]

    #[test]
    fn the_copy_does_with_each_value_what_was_found(
        declared in proptest::sample::select(vec![
            "INTEGER", "BIGINT", "TINYINT(1)", "REAL", "DECIMAL(5,2)", "NUMERIC", "BOOLEAN", "UUID", "JSON", "DATE",
            "TIME", "DATETIME", "TIMESTAMPTZ", "VARCHAR(4)", "TEXT", "STRING", "BLOB", "",
        ]),
        values in proptest::collection::vec(
            proptest::sample::select(vec![
                "NULL", "0", "1", "7", "-5000000000", "9007199254740993", "1700000000", "1700000000123", "1.5", "1e300",
                "-0.0", "2460461.5", "9e999", "-9e999", "''", "'abc'", "'longer text'", "char(0)",
                "CAST(x'610062' AS TEXT)", "CAST(x'61006263646566' AS TEXT)", "CAST(x'3100' AS TEXT)",
                "CAST(x'ff' AS TEXT)", "x'00'", "x'0190163d8694739baea5966c26f8ad91'",
                "'0190163d-8694-739b-aea5-966c26f8ad91'", "'0190163d8694739baea5966c26f8ad91'", "'2024-05-31'",
                "'2024-05-31 00:00:00'", "'2024-05-31T12:00:00Z'", "'12:30:00'", "'{\"a\":1}'", "'{\"a\":1,\"a\":2}'",
                "'true'", "'0000-00-00'", "'12.50'",
            ]),
            1..6,
        ),
        decided in proptest::sample::select(vec![
            "", "", "type = 'integer',", "type = 'text',", "type = 'varchar(3)',", "type = 'timestamp',", "type = 'uuid',",
            "type = 'bytea',", "type = 'numeric',", "type = 'date',", "type = 'jsonb',", "type = 'boolean',",
        ]),
        on_incompatible in proptest::sample::select(vec!["", "", "misfit = 'null'", "misfit = 'remove-nul'"]),
        integers in proptest::sample::select(vec!["auto", "bigint", "declared"]),
        incompatible in proptest::sample::select(vec!["widen", "reject"]),
    ) {
        let words = format!("{decided} {on_incompatible}");
        let words = words.trim().trim_end_matches(',');
        let text = format!("integers = '{integers}'\nincompatible = '{incompatible}'\n[tables.t.columns]\nv = {{ {words} }}");
        let decisions = Decisions::parse(&text).expect("decisions");
        let rows: String = values.iter().map(|value| format!("INSERT INTO t VALUES ({value});")).collect();
        let (mut connection, schema) = database(vec![table("t", &[("v", declared)])], &rows);
        let read = profiles(&mut connection, &schema, &decisions);
        let (conversion, findings) = choose(&schema, &read, &decisions);
        let column = &conversion.tables[0].columns[0];
        let (refused, changed) = copied(&mut connection, column.read_as(), column.on_incompatible);
        let count = |wanted: &dyn Fn(&ImportFinding) -> bool| -> i64 {
            findings.iter().filter(|finding| wanted(finding)).filter_map(|finding| finding.count).sum()
        };
        prop_assert_eq!(refused, count(&|finding| finding.rule.weight == Weight::Decision), "{:#?}", findings);
        if column.on_incompatible != OnIncompatible::Bytes {
            prop_assert_eq!(changed, count(&|finding| finding.rule == &rules::MISFIT_DECIDED), "{:#?}", findings);
        }
        // Findings follow from values only: no values, no findings.
        if read[0].columns[0].value_count() == 0 {
            prop_assert!(findings.is_empty());
        }
    }
}
