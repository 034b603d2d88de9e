//! The catalog of SQLite.
//!
//! Most of it is read by pragmas; the conditions of checks and partial indexes, deferrable keys and AUTOINCREMENT
//! exist only in the text of the schema.

mod collations;
mod definition;
mod rows;

use std::collections::BTreeMap;

use diesel::{Connection as _, SqliteConnection};

pub(crate) use self::collations::unknown_collations;
use self::definition::{Deferral, IndexText, TableText, is_binary, resolve};
use self::rows::{
    SqliteColumnRow, SqliteForeignKeyRow, SqliteIndexRow, TableRow, load_columns, load_foreign_keys,
    load_indexes, load_tables,
};
use super::checks::{CheckConstraint, Conditions};
use super::defaults;
use super::error::CatalogError;
use super::kinds::sqlite_kind;
use super::neutral::{
    Catalog, CatalogColumn, CatalogForeignKey, CatalogIndex, CatalogTable, ColumnKind, ReferentialAction,
};
use super::sql::{Dialect, parse, render};

/// The tables of SQLite's `main` database.
///
/// # Errors
/// When a query fails; never because of the contents of the schema.
pub fn read_sqlite(connection: &mut SqliteConnection) -> Result<Catalog, CatalogError> {
    let rows = connection.transaction(|connection| {
        Ok::<_, CatalogError>(SqliteRows {
            tables: load_tables(connection).map_err(CatalogError::query("tables"))?,
            columns: load_columns(connection).map_err(CatalogError::query("columns"))?,
            indexes: load_indexes(connection).map_err(CatalogError::query("indexes"))?,
            foreign_keys: load_foreign_keys(connection).map_err(CatalogError::query("foreign keys"))?,
        })
    })?;
    let mut catalog = Catalog::default();
    for row in &rows.tables {
        catalog.tables.insert(row.name.clone(), rows.table(row));
    }
    name_parents(&mut catalog);
    Ok(catalog)
}

/// The conditions of the checks of each table, as SQL.
///
/// # Errors
/// When a query fails.
pub fn sqlite_checks(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<String, Vec<String>>, CatalogError> {
    let tables = load_tables(connection).map_err(CatalogError::query("tables"))?;
    let checks = tables.into_iter().map(|table| {
        let text = TableText::parse(table.sql.as_deref().unwrap_or_default());
        (table.name, text.checks.iter().map(|tokens| render(tokens)).collect())
    });
    Ok(checks.collect())
}

struct SqliteRows {
    tables: Vec<TableRow>,
    columns: Vec<SqliteColumnRow>,
    indexes: Vec<SqliteIndexRow>,
    foreign_keys: Vec<SqliteForeignKeyRow>,
}

impl SqliteRows {
    fn table(&self, table: &TableRow) -> CatalogTable {
        let text = TableText::parse(table.sql.as_deref().unwrap_or_default());
        let columns: Vec<&SqliteColumnRow> =
            self.columns.iter().filter(|row| row.table_name == table.name).collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let checks: Vec<CheckConstraint> = text
            .checks
            .iter()
            .map(|check| {
                let (tokens, used) = resolve(check, &names);
                CheckConstraint::new(used, &tokens)
            })
            .collect();

        let mut key: Vec<&SqliteColumnRow> =
            columns.iter().copied().filter(|column| column.key_place > 0).collect();
        key.sort_by_key(|column| column.key_place);
        let mut described = CatalogTable {
            primary_key: key.iter().map(|column| column.name.clone()).collect(),
            foreign_keys: self.foreign_keys(table, &text),
            indexes: self.indexes(table, &names),
            checks: CheckConstraint::spanning(&checks).collect(),
            ..CatalogTable::default()
        };
        for column in &columns {
            let mut conditions = Conditions::on(&column.name, &checks);
            let kind = kind(table, column, &text, &mut conditions);
            // SQLite allows NULL in the primary key of some tables, for compatibility with an old bug.
            let rowid = key.len() == 1 && column.declared.eq_ignore_ascii_case("INTEGER");
            let in_key = column.key_place > 0 && (table.strict || table.without_rowid || rowid);
            described.checks.extend(conditions.into_texts());
            described.columns.push(CatalogColumn {
                name: column.name.clone(),
                nullable: !column.not_null && !in_key,
                default: column
                    .default
                    .as_ref()
                    .and_then(|default| defaults::normalize(default, Dialect::Sqlite, &kind)),
                identity: column.key_place > 0 && text.autoincrement,
                kind,
            });
        }
        described.checks.sort_unstable();
        described.checks.dedup();
        described
    }

    fn indexes(&self, table: &TableRow, columns: &[&str]) -> Vec<CatalogIndex> {
        let mut indexes = BTreeMap::<&str, CatalogIndex>::new();
        for row in self.indexes.iter().filter(|row| row.table_name == table.name) {
            let text = IndexText::parse(row.sql.as_deref().unwrap_or_default());
            let print = |tokens: &[_]| parse(&resolve(tokens, columns).0).to_string();
            let index = indexes.entry(&row.name).or_insert_with(|| CatalogIndex {
                name: row.name.clone(),
                columns: Vec::new(),
                unique: row.unique,
                predicate: text.predicate.as_deref().map(print),
                unusual: Vec::new(),
            });
            let name = match (&row.column, text.parts.get(index.columns.len())) {
                (Some(name), _) => name.clone(),
                (None, Some(part)) => format!("({})", print(part)),
                (None, None) => "(unknown)".to_owned(),
            };
            let collation = row.collation.as_ref().filter(|name| row.column.is_some() && !is_binary(name));
            let collation = collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
            index.columns.push((format!("{name}{collation}"), row.descending));
        }
        indexes.into_values().collect()
    }

    fn foreign_keys(&self, table: &TableRow, text: &TableText) -> Vec<CatalogForeignKey> {
        let mut keys: Vec<(i32, CatalogForeignKey)> = Vec::new();
        for row in self.foreign_keys.iter().filter(|row| row.table_name == table.name) {
            match keys.last_mut() {
                Some((id, key)) if *id == row.id => {
                    key.columns.push(row.column.clone());
                    key.parent_columns.extend(row.parent_column.clone());
                }
                _ => keys.push((row.id, foreign_key(row, text.deferrals.get(keys.len())))),
            }
        }
        keys.into_iter().map(|(_, key)| key).collect()
    }
}

fn kind(
    table: &TableRow,
    column: &SqliteColumnRow,
    text: &TableText,
    conditions: &mut Conditions,
) -> ColumnKind {
    if !table.strict {
        let declared = if column.declared.is_empty() { "no type" } else { &column.declared };
        return ColumnKind::Unknown(format!("{declared} in a table that is not STRICT"));
    }
    if let Some(clause) = text.unusual.get(&column.name.to_ascii_lowercase()) {
        return ColumnKind::Unknown(format!("{} {clause}", column.declared));
    }
    sqlite_kind(&column.declared, conditions).unwrap_or_else(|| ColumnKind::Unknown(column.declared.clone()))
}

fn foreign_key(row: &SqliteForeignKeyRow, deferral: Option<&Deferral>) -> CatalogForeignKey {
    let (on_delete, on_update) = (action(&row.on_delete), action(&row.on_update));
    let on_update = (on_update != ReferentialAction::NoAction).then(|| format!("ON UPDATE {on_update}"));
    let deferred = (deferral == Some(&Deferral::Deferred)).then(|| "INITIALLY DEFERRED".to_owned());
    CatalogForeignKey {
        columns: vec![row.column.clone()],
        parent_table: row.parent_table.clone(),
        parent_columns: row.parent_column.iter().cloned().collect(),
        on_delete,
        deferrable: deferral.is_some_and(|deferral| *deferral != Deferral::Never),
        unusual: on_update.into_iter().chain(deferred).collect(),
    }
}

fn action(text: &str) -> ReferentialAction {
    match text {
        "CASCADE" => ReferentialAction::Cascade,
        "SET NULL" => ReferentialAction::SetNull,
        "SET DEFAULT" => ReferentialAction::SetDefault,
        "RESTRICT" => ReferentialAction::Restrict,
        // SQLite knows these five only.
        _ => ReferentialAction::NoAction,
    }
}

/// Spells the parent tables and columns as declared, and fills in the columns that foreign keys omit.
fn name_parents(catalog: &mut Catalog) {
    let parents: Vec<(String, Vec<String>, Vec<String>)> = catalog
        .tables
        .iter()
        .map(|(name, table)| {
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            (name.clone(), table.primary_key.clone(), columns)
        })
        .collect();
    for key in catalog.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        let parent = parents.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&key.parent_table));
        let Some((name, primary_key, columns)) = parent else {
            continue;
        };
        key.parent_table.clone_from(name);
        if key.parent_columns.is_empty() {
            key.parent_columns.clone_from(primary_key);
        }
        for parent_column in &mut key.parent_columns {
            if let Some(column) = columns.iter().find(|column| column.eq_ignore_ascii_case(parent_column)) {
                parent_column.clone_from(column);
            }
        }
    }
    for table in catalog.tables.values_mut() {
        table.foreign_keys.sort();
    }
}

#[cfg(test)]
mod tests;
