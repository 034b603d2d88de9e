//! The schema of both sides: SQLite's from PRAGMAs, PostgreSQL's from its catalog.

use diesel::prelude::*;
use diesel::sql_types::Text;
use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use super::database::{Value, quoted};

#[derive(Clone, Debug)]
pub(super) struct SourceColumn {
    pub(super) name: String,
    pub(super) not_null: bool,
    pub(super) has_default: bool,
    /// Its position in the primary key, from 1; 0 if it is not part of it.
    pub(super) key: i64,
}

#[derive(Clone, Debug)]
pub(super) struct SourceForeignKey {
    pub(super) columns: Vec<String>,
    pub(super) parent: String,
    /// `None` if it references the primary key.
    pub(super) parent_columns: Option<Vec<String>>,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

/// A table in SQLite.
#[derive(Debug)]
pub(super) struct SourceTable {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) columns: Vec<SourceColumn>,
    pub(super) uniques: Vec<Vec<String>>,
    pub(super) foreign_keys: Vec<SourceForeignKey>,
    /// Whether rows violate its CHECK constraints, according to SQLite.
    pub(super) breaks_checks: bool,
    /// The key that identifies a row in rejects, and its values.
    pub(super) rows: Vec<(i64, Vec<Value>)>,
}

impl SourceTable {
    /// Its primary key, in order.
    pub(super) fn key(&self) -> Vec<String> {
        let mut key: Vec<&SourceColumn> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        key.iter().map(|column| column.name.clone()).collect()
    }
}

fn query<T>(
    source: &rusqlite::Connection,
    sql: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = source.prepare(sql).expect(sql);
    let rows = statement.query_map([], read).expect(sql);
    rows.map(|row| row.expect(sql)).collect()
}

/// Every table of the source.
pub(super) fn source_tables(source: &rusqlite::Connection) -> Vec<SourceTable> {
    let tables =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let tables = query(source, tables, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    tables.into_iter().map(|(name, sql)| source_table(source, name, sql)).collect()
}

fn source_table(source: &rusqlite::Connection, name: String, sql: String) -> SourceTable {
    let of = quoted(&name);
    let columns = query(source, &format!("PRAGMA table_xinfo({of})"), |row| {
        Ok(SourceColumn {
            name: row.get("name")?,
            not_null: row.get("notnull")?,
            has_default: row
                .get::<_, Option<String>>("dflt_value")?
                .is_some_and(|sql| !sql.to_uppercase().contains("NULL")),
            key: row.get("pk")?,
        })
    });
    let indexes = query(source, &format!("PRAGMA index_list({of})"), |row| {
        Ok((row.get::<_, String>("name")?, row.get::<_, bool>("unique")?, row.get::<_, String>("origin")?))
    });
    let without_rowid = sql.contains(") WITHOUT ROWID");
    let uniques = indexes.iter().filter(|(_, is_unique, origin)| *is_unique && origin != "pk");
    let uniques = uniques.map(|(index, ..)| {
        let columns = query(source, &format!("PRAGMA index_xinfo({})", quoted(index)), |row| {
            Ok((row.get::<_, Option<String>>("name")?, row.get::<_, bool>("key")?))
        });
        columns.into_iter().filter(|(_, is_key)| *is_key).filter_map(|(name, _)| name).collect()
    });
    let uniques = uniques.collect();
    let parts = query(source, &format!("PRAGMA foreign_key_list({of})"), |row| {
        let texts: [String; 4] =
            [row.get("table")?, row.get("from")?, row.get("on_delete")?, row.get("on_update")?];
        Ok((row.get::<_, i64>("id")?, texts, row.get::<_, Option<String>>("to")?))
    });
    let mut foreign_keys: Vec<(i64, SourceForeignKey)> = Vec::new();
    for (id, [parent, from, on_delete, on_update], to) in parts {
        match foreign_keys.last_mut().filter(|(last, _)| *last == id) {
            Some((_, key)) => {
                key.columns.push(from);
                if let (Some(columns), Some(to)) = (&mut key.parent_columns, to) {
                    columns.push(to);
                }
            }
            None => {
                let parent_columns = to.map(|to| vec![to]);
                foreign_keys.push((
                    id,
                    SourceForeignKey { columns: vec![from], parent, parent_columns, on_delete, on_update },
                ));
            }
        }
    }
    let taken = |rowid: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(rowid));
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(|rowid| !without_rowid && !taken(rowid));
    let mut table = SourceTable {
        name,
        sql,
        columns,
        uniques,
        foreign_keys: foreign_keys.into_iter().map(|(_, key)| key).collect(),
        breaks_checks: false,
        rows: Vec::new(),
    };
    let broken = query(source, &format!("PRAGMA integrity_check({of})"), |row| row.get::<_, String>(0));
    table.breaks_checks = broken.iter().any(|text| text.starts_with("CHECK constraint failed"));
    let key = match rowid {
        Some(rowid) => rowid.to_owned(),
        None if without_rowid => {
            let key: Vec<String> = table.key().iter().map(|name| quoted(name)).collect();
            format!("row_number() OVER (ORDER BY {})", key.join(", "))
        }
        None => "row_number() OVER ()".to_owned(),
    };
    let names: Vec<String> =
        table.columns.iter().map(|column| format!("{of}.{}", quoted(&column.name))).collect();
    let count = names.len();
    let all = format!("SELECT {key}, {} FROM {of}", names.join(", "));
    table.rows = query(source, &all, |row| {
        let values =
            (1..=count).map(|place| Ok(value(row.get_ref(place)?))).collect::<rusqlite::Result<_>>()?;
        Ok((row.get(0)?, values))
    });
    table
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Broken(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// The rows of a query with one column of JSON.
pub(super) fn ask(target: &mut PgConnection, sql: &str) -> Result<Vec<Json>, String> {
    let rows: Vec<Words> = diesel::sql_query(sql).load(target).map_err(|error| format!("{error}\n{sql}"))?;
    Ok(rows.iter().map(|row| serde_json::from_str(&row.words).expect("JSON")).collect())
}

/// The columns of the tables in this schema: table, name, type, whether it is NOT NULL, whether it has a default or
/// is an identity column, its expression.
pub(super) fn target_columns(target: &mut PgConnection, schema: &str) -> Result<Vec<Json>, String> {
    let sql = format!(
        "SELECT json_build_array(c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                a.atthasdef OR a.attidentity <> '')::text AS words
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
         ORDER BY c.relname, a.attnum"
    );
    ask(target, &sql)
}

/// The constraints: table, kind, columns, referenced table, its columns, whether it is valid, ON DELETE, ON UPDATE.
pub(super) fn target_constraints(target: &mut PgConnection, schema: &str) -> Result<Vec<Json>, String> {
    let names = |of: &str, relation: &str| {
        format!(
            "(SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]') FROM unnest(n.{of}) WITH ORDINALITY AS k(num, place)
              JOIN pg_attribute a ON a.attrelid = n.{relation} AND a.attnum = k.num)"
        )
    };
    let sql = format!(
        "SELECT json_build_array(c.relname, n.contype, {}, p.relname, {}, n.convalidated, n.confdeltype, n.confupdtype)::text AS words
         FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid LEFT JOIN pg_class p ON p.oid = n.confrelid
         WHERE n.connamespace = '{schema}'::regnamespace ORDER BY n.oid",
        names("conkey", "conrelid"),
        names("confkey", "confrelid")
    );
    ask(target, &sql)
}

/// The unique indexes and exclusion constraints: table, columns, number of columns, definition.
pub(super) fn target_uniques(target: &mut PgConnection, schema: &str) -> Result<Vec<Json>, String> {
    let sql = format!(
        "SELECT json_build_array(c.relname, i.indnkeyatts, pg_get_indexdef(i.indexrelid))::text AS words
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = '{schema}'::regnamespace AND (i.indisunique OR i.indisexclusion)"
    );
    ask(target, &sql)
}
