//! An assessment of a realistic database with invalid values and malicious names.

use crate::conversion::{Statement, StatementKind};
use crate::finding::{ImportFinding, Rule, Weight};
use crate::report::{Assessment, ColumnAssessment, Grade, Prediction, TableAssessment};

/// Markup, the end of an attribute, a terminal sequence, a right-to-left override, a line feed and a NUL in one name.
pub(super) const HOSTILE: &str =
    "x\"><script>alert('1')</script><img src=x onerror=\"alert(1)\">\u{1b}[2J\u{202e}\n\0&amp;";

static NARROW: Rule = Rule {
    id: "target/type-too-narrow",
    weight: Weight::Impossible,
    what: "The type of a column of the target does not fit every value of the source",
    by_default: "Nothing is copied into this table; the other tables are copied",
    change: "Widen the column in a migration of the application, or correct the values in the source",
};
static ORPHANS: Rule = Rule {
    id: "orphan/not-valid",
    weight: Weight::Decision,
    what: "Rows reference rows that do not exist",
    by_default: "All rows are copied; the foreign key is created NOT VALID, and the orphans are listed",
    change: "Import with `--orphans quarantine` to reject them, `--orphans null` to set the reference to NULL, \
             `--orphans stop` to copy nothing while orphans exist",
};
static NUL: Rule = Rule {
    id: "text/nul",
    weight: Weight::Decision,
    what: "Text values contain NUL, which PostgreSQL cannot store in text",
    by_default: "The rows are rejected with every value",
    change: "Choose `bytes` or `remove-nul` for the column in the configuration file",
};
static VIEW: Rule = Rule {
    id: "view/not-carried",
    weight: Weight::Decision,
    what: "A view uses a construct that is not translated",
    by_default: "The view is skipped",
    change: "Create the view manually",
};
static TO_TEXT: Rule = Rule {
    id: "type/to-text",
    weight: Weight::Widened,
    what: "A column holds values that are incompatible with its declared type",
    by_default: "The column becomes text, with every value in SQLite's text form",
    change: "Correct the values in the source, or set the type in the configuration file: rows with incompatible values are rejected",
};
static AFFINITY: Rule = Rule {
    id: "type/no-declared-type",
    weight: Weight::Note,
    what: "A column has no declared type",
    by_default: "The type is chosen from the values",
    change: "Set a type in the configuration file",
};

/// 20 findings of all weights except `impossible`; the parameter adds one of that weight.
pub(super) fn sample(impossible: bool) -> Assessment {
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let mut findings = vec![
        ImportFinding::new(
            &AFFINITY,
            Table::SETTINGS,
            Some("value"),
            "No type is declared; every value is text",
        ),
        ImportFinding::new(
            &TO_TEXT,
            Table::ORDERS,
            Some("quantity"),
            "Declared INTEGER; 3 of 1,204,518 values are text, such as 'two'",
        )
        .with_rows(3, keys(&["17", "2041", "99120"])),
        ImportFinding::new(
            &ORPHANS,
            Table::ORDERS,
            Some("customer_id"),
            "Rows reference rows of customers that do not exist",
        )
        .with_rows(41, keys(&["12", "15", "19", "22", "31", "32", "33", "34", "40", "51", "52"])),
        ImportFinding::new(&NUL, Table::DETAILS, Some("Unit Notes"), "1 value contains NUL")
            .with_rows(1, keys(&["77"])),
        ImportFinding::new(
            &NUL,
            Some(HOSTILE),
            Some(HOSTILE),
            format!("The value \"{HOSTILE}\" contains NUL"),
        )
        .with_rows(2, keys(&[HOSTILE, "</td><td>"])),
        ImportFinding::new(&VIEW, None, Some("monthly_revenue"), "It calls group_concat with ORDER BY"),
        ImportFinding::new(&VIEW, None, Some("注文明細"), "It calls julianday with a modifier"),
        ImportFinding::new(
            &AFFINITY,
            None,
            None,
            "The file was created by SQLite 3.7.17, which did not store its version",
        ),
    ];
    for number in 1..=12 {
        let column = format!("extra_{number}");
        let text = "Declared DATE; values are text that is not a date; the first is 'n/a'";
        let finding = ImportFinding::new(&TO_TEXT, Table::SETTINGS, Some(&column), text);
        findings.push(finding.with_rows(number, keys(&["1"])));
    }
    if impossible {
        let text =
            "The column is integer; 7 values exceed its range; the largest is 9,223,372,036,854,775,807";
        findings
            .push(ImportFinding::new(&NARROW, Table::ORDERS, Some("total"), text).with_rows(7, keys(&["5"])));
    }
    let tables = tables();
    Assessment {
        skipped_tables: Vec::new(),
        source: "/srv/data/it's legacy.db".to_owned(),
        size_bytes: 654_321_987,
        program_version: "0.1.0".to_owned(),
        grade: Grade::of(&findings),
        predicted: Prediction::of(&tables),
        tables,
        findings,
        statements: vec![
            Statement {
                kind: StatementKind::Table,
                table: "orders".to_owned(),
                name: "orders".to_owned(),
                sql: "CREATE TABLE \"public\".\"orders\" (\n    \"id\" bigint NOT NULL\n)".to_owned(),
            },
            Statement {
                kind: StatementKind::Comment,
                table: HOSTILE.to_owned(),
                name: HOSTILE.to_owned(),
                sql: format!("COMMENT ON TABLE \"orders\" IS '</pre>{HOSTILE}'"),
            },
        ],
        elapsed_ms: 3_210,
    }
}

struct Table;

impl Table {
    const ORDERS: Option<&str> = Some("orders");
    const DETAILS: Option<&str> = Some("Order Details");
    const SETTINGS: Option<&str> = Some("settings");
}

fn tables() -> Vec<TableAssessment> {
    let table = |source: &str, target: &str, row_count, size_bytes, predicted_rejects| TableAssessment {
        source: source.to_owned(),
        target: target.to_owned(),
        row_count,
        size_bytes,
        index_count: 3,
        predicted_rejects,
        columns: vec![
            column("id", "INTEGER", "bigint", 0, None),
            column("placed at", "DATETIME", "timestamp without time zone", 17, Some("ISO with a space")),
            column(HOSTILE, HOSTILE, "text", 0, Some(HOSTILE)),
        ],
    };
    let long = "a_table_whose_name_is_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it";
    vec![
        table("orders", "orders", 1_204_518, 512_000_000, 0),
        table("Order Details", "Order Details", 88, 9_120, 1),
        table("settings", "settings", 12, 640, 0),
        table("注文明細", "注文明細", 0, 0, 0),
        table(long, "a_table_whose_name_is_longer_than_the_sixty_three_byte_1f0c2a9b", 7, 99, 0),
        table(HOSTILE, HOSTILE, 2, 200, 2),
    ]
}

fn column(name: &str, declared: &str, target: &str, nulls: i64, note: Option<&str>) -> ColumnAssessment {
    ColumnAssessment {
        source: name.to_owned(),
        target: name.to_owned(),
        declared_type: declared.to_owned(),
        target_type: target.to_owned(),
        nulls,
        note: note.map(str::to_owned),
    }
}
