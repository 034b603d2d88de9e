//! The rows of both sides as lines of text, to be compared.

use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The tables of the source, each with its columns.
fn tables(source: &rusqlite::Connection) -> Vec<(String, Vec<String>)> {
    let list = |query: &str, name: &str| -> Vec<String> {
        let mut statement = source.prepare(query).expect("a query");
        let rows = statement.query_map([name], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a name")).collect()
    };
    let names = list(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             AND name NOT LIKE '\\_\\_backoffice\\_%' ESCAPE '\\' AND ? IS NOT NULL ORDER BY 1",
        "",
    );
    let columns = |name: &str| list("SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", name);
    names.into_iter().map(|name| (name.clone(), columns(&name))).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The rows of all tables as sorted lines.
pub(super) fn rows_of_source(source: &rusqlite::Connection) -> Vec<String> {
    use rusqlite::types::ValueRef;

    let text = |value: ValueRef<'_>| match value {
        ValueRef::Null => "~".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(value) => String::from_utf8_lossy(value).into_owned(),
        ValueRef::Blob(value) => {
            format!("\\x{}", value.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
    };
    let mut lines = Vec::new();
    for (table, columns) in tables(source) {
        let list = columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ");
        let mut statement =
            source.prepare(&format!("SELECT {list} FROM {}", quoted(&table))).expect("a query");
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let values = (0..columns.len()).map(|place| text(row.get_ref(place).expect("a value")));
            lines.push(format!("{table}: {}", values.collect::<Vec<_>>().join("|")));
        }
    }
    lines.sort();
    lines
}

/// The query of the target for the same lines.
pub(super) fn rows_query(source: &rusqlite::Connection) -> String {
    let of_table = |(table, columns): (String, Vec<String>)| {
        let values = columns.iter().map(|column| format!("coalesce({}::text, '~')", quoted(column)));
        let values = values.collect::<Vec<_>>().join(", '|', ");
        let literal = table.replace('\'', "''");
        format!("SELECT concat('{literal}: ', {values}) AS line FROM {}", quoted(&table))
    };
    tables(source).into_iter().map(of_table).collect::<Vec<_>>().join(" UNION ALL ")
}

/// The rows of all tables of the target as sorted lines, in one snapshot.
pub(super) fn rows_of_target(target: &mut PgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(target).expect("the rows of the target");
    let mut lines: Vec<String> = rows.into_iter().map(|row| row.line).collect();
    lines.sort();
    lines
}

#[track_caller]
pub(super) fn assert_same(source: &[String], target: &[String], what: &str) {
    if source != target {
        let missing: Vec<_> = source.iter().filter(|line| !target.contains(line)).take(5).collect();
        let more: Vec<_> = target.iter().filter(|line| !source.contains(line)).take(5).collect();
        panic!(
            "{what} has {} rows, and not {}: it lacks {missing:#?} and has {more:#?}",
            target.len(),
            source.len()
        );
    }
}
