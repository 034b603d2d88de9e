//! Random tables are read back as they were created.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::{IndexOn, parse};
use super::{columns, schema};

#[derive(Clone, Debug)]
struct RandomColumn {
    name: String,
    declared_type: &'static str,
    collation: Option<&'static str>,
    not_null: bool,
    default: Option<String>,
    check: Option<String>,
    in_key: bool,
    is_unique: bool,
    is_indexed: bool,
    is_descending: bool,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[^\\x00]{0,6}", "[\"'`\\[\\]();,. \n-]{0,5}", "[a-zA-Z_]{1,3}", "select|rowid|check|end|key"]
}

fn column() -> impl Strategy<Value = RandomColumn> {
    let types =
        vec!["", "INTEGER", "VARCHAR(10)", "DECIMAL(8, 2)", "double precision", "my own type", "BLOB"];
    let collations = vec![None, Some("NOCASE"), Some("RTRIM"), Some("BINARY")];
    let text = || proptest::option::of("[^\\x00]{0,5}");
    let what =
        (name(), proptest::sample::select(types), proptest::sample::select(collations), text(), text());
    (what, proptest::array::uniform5(any::<bool>())).prop_map(|(what, flags)| {
        let (name, declared_type, collation, default, check) = what;
        let [not_null, in_key, is_unique, is_indexed, is_descending] = flags;
        RandomColumn {
            name,
            declared_type,
            collation,
            not_null,
            default,
            check,
            in_key,
            is_unique,
            is_indexed,
            // SQLite keeps one index for a key and a UNIQUE constraint on the same columns, with the direction of the
            // first.
            is_descending: is_descending && !is_unique,
        }
    })
}

fn quoted(name: &str) -> String {
    match name.len() % 3 {
        0 if !name.contains(']') => format!("[{name}]"),
        1 => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn direction(column: &RandomColumn) -> &'static str {
    if column.is_descending { "DESC" } else { "" }
}

fn definition(column: &RandomColumn) -> String {
    let mut sql = format!("{} {}", quoted(&column.name), column.declared_type);
    if let Some(collation) = column.collation {
        sql += &format!(" COLLATE {collation}");
    }
    if column.not_null {
        sql += " NOT NULL";
    }
    if let Some(default) = &column.default {
        sql += &format!(" DEFAULT {}", literal(default));
    }
    if let Some(check) = &column.check {
        sql +=
            &format!(" CONSTRAINT {} CHECK ({} <> {})", quoted(check), quoted(&column.name), literal(check));
    }
    if column.is_unique {
        sql += &format!(" CONSTRAINT {} UNIQUE", quoted(&format!("u{}", column.name)));
    }
    sql
}

proptest! {
    #![proptest_config(test_seed::config(200))]

    #[test]
    fn tables_are_read_back_as_created(table in name(), mut made in proptest::collection::vec(column(), 1..8)) {
        let mut names = HashSet::new();
        made.retain(|column| names.insert(column.name.to_ascii_lowercase()));
        prop_assume!(!table.to_ascii_lowercase().starts_with("sqlite_"));
        let key: Vec<&RandomColumn> = made.iter().filter(|column| column.in_key).collect();
        let mut parts: Vec<String> = made.iter().map(definition).collect();
        if !key.is_empty() {
            let terms: Vec<_> = key.iter().map(|c| format!("{} {}", quoted(&c.name), direction(c))).collect();
            parts.push(format!("PRIMARY KEY ({})", terms.join(", ")));
        }
        let mut sql = format!("CREATE TABLE {} ({});", quoted(&table), parts.join(", "));
        for (place, column) in made.iter().enumerate().filter(|(_, column)| column.is_indexed) {
            let (on, term) = (quoted(&table), quoted(&column.name));
            sql += &format!("CREATE INDEX \"{place}\n\" ON {on} ({term} {}) WHERE {term} > 1;", direction(column));
        }
        let schema = schema(&sql);
        prop_assert_eq!(schema.tables.len(), 1);
        let read = &schema.tables[0];
        prop_assert_eq!(&read.name, &table);
        prop_assert_eq!(read.columns.len(), made.len());
        let is_rowid = key.len() == 1 && key[0].declared_type == "INTEGER";
        for (read, made) in read.columns.iter().zip(&made) {
            prop_assert_eq!(&read.name, &made.name);
            prop_assert_eq!(read.declared_type.replace(' ', "").to_lowercase(), made.declared_type.replace(' ', "").to_lowercase());
            prop_assert_eq!(&read.collation, made.collation.unwrap_or("BINARY"));
            prop_assert_eq!(read.not_null, made.not_null || (is_rowid && made.in_key));
            let default = read.default.as_ref().map(|default| parse::unquoted(&default.to_string()));
            prop_assert_eq!(&default, &made.default);
        }
        let checks: Vec<_> = read.checks.iter().map(|check| (check.name.clone(), check.column.clone())).collect();
        let made_checks: Vec<_> = made
            .iter()
            .filter(|column| column.check.is_some())
            .map(|column| (column.check.clone(), Some(column.name.clone())))
            .collect();
        prop_assert_eq!(checks, made_checks);
        match &read.primary_key {
            None => prop_assert!(key.is_empty()),
            Some(read) => {
                prop_assert_eq!(read.is_rowid, is_rowid);
                let made: Vec<_> = key
                    .iter()
                    .map(|c| (c.name.as_str(), if is_rowid { "BINARY" } else { c.collation.unwrap_or("BINARY") }, c.is_descending && !is_rowid))
                    .collect();
                prop_assert_eq!(columns(&read.columns), made);
            }
        }
        let indexes: Vec<_> = read.indexes.iter().map(|index| {
            let on = match &index.terms[0].on {
                IndexOn::Column(name) => name.clone(),
                IndexOn::Expression(expression) => expression.to_string(),
            };
            (on, index.terms[0].is_descending, index.predicate.is_some())
        }).collect();
        let made_indexes: Vec<_> = made
            .iter()
            .filter(|column| column.is_indexed)
            .map(|column| (column.name.clone(), column.is_descending, true))
            .collect();
        prop_assert_eq!(indexes, made_indexes);
        for column in made.iter().filter(|column| column.is_unique && !column.in_key) {
            let name = format!("u{}", column.name);
            prop_assert!(read.uniques.iter().any(|unique| unique.name.as_deref() == Some(name.as_str())
                && unique.columns[0].name == column.name));
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "(CREATE TABLE t\\()?([a-z(),'\"`\\[\\]*/-]| |OR|CASE|SELECT|OVER|CHECK|[^a]){0,40}") {
        if let Ok(statement) = parse::statement(&text) {
            drop(statement.clone());
        }
    }
}
