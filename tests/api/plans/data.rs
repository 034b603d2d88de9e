//! Rows with an uneven distribution, generated in SQL: query plans depend on nothing else.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;

use crate::lists::List;
use databases::catalog::{self, CatalogColumn, CatalogTable, ColumnKind};
use databases::connection::AnyConnection;

/// Rows of each table.
pub(super) const ROWS: usize = 6000;

/// One row in this many has another value in the first filter, the second, and so on; all others share one value.
const UNEVEN: [usize; 6] = [10, 3, 7, 11, 13, 17];

/// Fills every listed table, without CHECK constraints and foreign keys: values only resemble real ones.
pub(super) fn fill(connection: &mut AnyConnection, lists: &[List]) {
    let catalog = catalog::read(connection).expect("catalog");
    let relax = match connection {
        AnyConnection::Sqlite(_) => "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON",
        AnyConnection::Postgres(_) => {
            "DO $$ DECLARE it record; BEGIN FOR it IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
             WHERE contype IN ('c', 'f') AND connamespace = current_schema()::regnamespace LOOP \
             EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.t, it.conname); END LOOP; END $$"
        }
    };
    connection.batch_execute(relax).expect("relax");
    for list in lists {
        let statement = insert(connection, list, &catalog.tables[list.table]);
        connection.batch_execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    // Only PostgreSQL uses statistics; SQLite has none.
    if let AnyConnection::Postgres(connection) = connection {
        connection.batch_execute("ANALYZE").expect("analyze");
    }
}

fn insert(connection: &AnyConnection, list: &List, table: &CatalogTable) -> String {
    let is_sqlite = matches!(connection, AnyConnection::Sqlite(_));
    let values: Vec<(&str, String)> = table
        .columns
        .iter()
        .filter_map(|column| Some((column.name.as_str(), value(is_sqlite, list, table, column)?)))
        .collect();
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let rows = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) SELECT {} \
         FROM numbers",
        values.join(", ")
    );
    format!("INSERT INTO {} ({}) {rows}", list.table, names.join(", "))
}

/// The value of a column as an expression of `n`; `None` for a nullable column.
fn value(is_sqlite: bool, list: &List, table: &CatalogTable, column: &CatalogColumn) -> Option<String> {
    let name = column.name.as_str();
    let unique: Vec<&Vec<(String, bool)>> = table
        .indexes
        .iter()
        .filter(|index| index.unique && index.columns.iter().any(|(each, _)| each == name))
        .map(|index| &index.columns)
        .collect();
    let is_filter = |column: &str| list.filters.contains(&column);
    let filters: BTreeSet<&str> =
        unique.iter().flat_map(|columns| columns.iter()).map(|(each, _)| each.as_str()).collect();
    let is_pair_of_filters = unique.iter().any(|columns| columns.iter().all(|(each, _)| is_filter(each)));
    let number = if table.primary_key.first().map(String::as_str) == Some(name) {
        "n".to_owned()
    } else if is_filter(name) && is_pair_of_filters {
        // Half of the rows share one value, the other half another.
        match filters.first() {
            Some(first) if filters.len() > 1 && *first == name => {
                "CASE WHEN n % 2 = 0 THEN 1 ELSE n END".to_owned()
            }
            Some(_) if filters.len() > 1 => "CASE WHEN n % 2 = 1 THEN 1 ELSE n END".to_owned(),
            _ => "n".to_owned(),
        }
    } else if let Some(place) = list.filters.iter().position(|each| *each == name) {
        let every = UNEVEN[place];
        return Some(match &column.kind {
            ColumnKind::BigInt | ColumnKind::Uuid => shown(
                is_sqlite,
                &column.kind,
                &format!("CASE WHEN n % {every} = 0 THEN 2 + n / {every} % 7 ELSE 1 END"),
            ),
            kind => {
                let [usual, other] = words(kind);
                format!("CASE WHEN n % {every} = 0 THEN {other} ELSE {usual} END")
            }
        });
    } else if list.sorts.contains(&name) {
        // Unique, in another order than the keys.
        "n * 7919 % 100003".to_owned()
    } else if !unique.is_empty() && !column.nullable {
        "n".to_owned()
    } else if column.nullable || column.default.is_some() {
        return None;
    } else {
        "1".to_owned()
    };
    Some(shown(is_sqlite, &column.kind, &number))
}

/// The frequent value of a filter, and a rare one.
pub(super) fn words(kind: &ColumnKind) -> [String; 2] {
    let [usual, other] = match kind {
        ColumnKind::OneOf(words) => [words[0].as_str(), words[1].as_str()],
        ColumnKind::Period => ["2026-01", "2026-02"],
        ColumnKind::Bool => return ["false".to_owned(), "true".to_owned()],
        _ => ["usual", "other"],
    };
    [format!("'{usual}'"), format!("'{other}'")]
}

/// A number as a value of this kind.
fn shown(is_sqlite: bool, kind: &ColumnKind, number: &str) -> String {
    let digits = |before: &str, count: usize, after: &str| match is_sqlite {
        true => format!("printf('{before}%0{count}d{after}', {number})"),
        false => format!("'{before}' || lpad(({number})::text, {count}, '0') || '{after}'"),
    };
    match kind {
        ColumnKind::BigInt | ColumnKind::Int => number.to_owned(),
        ColumnKind::Decimal { .. } | ColumnKind::Double => "1".to_owned(),
        ColumnKind::Uuid if is_sqlite => digits("00000000-0000-4000-8000-", 12, ""),
        ColumnKind::Uuid => format!("({})::uuid", digits("00000000-0000-4000-8000-", 12, "")),
        ColumnKind::Text { .. } => digits("x", 6, ""),
        ColumnKind::Currency => "'USD'".to_owned(),
        ColumnKind::Email => digits("x", 6, "@example.org"),
        ColumnKind::Bool => "false".to_owned(),
        ColumnKind::OneOf(_) | ColumnKind::Period => words(kind)[0].clone(),
        ColumnKind::Date => "'2026-01-31'".to_owned(),
        ColumnKind::TimeOfDay => "'12:00:00.000000'".to_owned(),
        ColumnKind::Instant => "'2026-01-31T12:00:00.000000Z'".to_owned(),
        ColumnKind::Json { .. } => "'{}'".to_owned(),
        ColumnKind::Vector { .. } if is_sqlite => "X'0000803F'".to_owned(),
        ColumnKind::Vector { .. } => "'{1}'".to_owned(),
        ColumnKind::Bytes { size } if is_sqlite => format!("zeroblob({})", size.unwrap_or(1)),
        ColumnKind::Bytes { size } => format!("decode(repeat('00', {}), 'hex')", size.unwrap_or(1)),
        ColumnKind::Unknown(what) => panic!("{what}"),
    }
}
