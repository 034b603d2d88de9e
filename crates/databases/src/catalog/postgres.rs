//! The catalog of PostgreSQL.

mod rows;

use std::collections::BTreeMap;
use std::convert::Infallible;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use self::rows::{
    ConstraintRow, PostgresColumnRow, PostgresIndexRow, load_columns, load_constraints, load_indexes,
};
use super::checks::{CheckConstraint, Conditions};
use super::defaults;
use super::error::CatalogError;
use super::kinds::postgres_kind;
use super::neutral::{
    Catalog, CatalogColumn, CatalogForeignKey, CatalogIndex, CatalogTable, ColumnKind, ReferentialAction,
};
use super::sql::{Dialect, parse, tokenize};

/// Settings that affect how the server prints expressions and values.
const PRINTING: &str = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; \
    SET LOCAL standard_conforming_strings = on; SET LOCAL quote_all_identifiers = off";

/// The tables of PostgreSQL's current schema.
///
/// # Errors
/// When a query fails; never because of the contents of the schema.
pub fn read_postgres(connection: &mut PgConnection) -> Result<Catalog, CatalogError> {
    // Always rolled back: the settings must not remain in effect, not even in a transaction of the caller.
    let ended = connection.transaction::<Infallible, Ended, _>(|connection| {
        Err(load(connection).map_or_else(Ended::Failed, Ended::Loaded))
    });
    match ended {
        Err(Ended::Loaded(rows)) => Ok(rows.catalog()),
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// How the transaction ended.
enum Ended {
    Loaded(PostgresRows),
    Failed(CatalogError),
}

impl From<diesel::result::Error> for Ended {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

fn load(connection: &mut PgConnection) -> Result<PostgresRows, CatalogError> {
    connection.batch_execute(PRINTING).map_err(CatalogError::query("settings"))?;
    Ok(PostgresRows {
        columns: load_columns(connection).map_err(CatalogError::query("columns"))?,
        constraints: load_constraints(connection).map_err(CatalogError::query("constraints"))?,
        indexes: load_indexes(connection).map_err(CatalogError::query("indexes"))?,
    })
}

struct PostgresRows {
    columns: Vec<PostgresColumnRow>,
    constraints: Vec<ConstraintRow>,
    indexes: Vec<PostgresIndexRow>,
}

impl PostgresRows {
    fn catalog(&self) -> Catalog {
        let mut tables = BTreeMap::<String, CatalogTable>::new();
        let checks = self.checks();
        for column in &self.columns {
            let table = tables.entry(column.table_name.clone()).or_default();
            let checks = checks.get(column.table_name.as_str()).map(Vec::as_slice).unwrap_or_default();
            table.columns.extend(column.name.as_ref().map(|name| {
                let mut conditions = Conditions::on(name, checks);
                let described = describe_column(name, column, &mut conditions);
                table.checks.extend(conditions.into_texts());
                described
            }));
        }
        // There are several queries: a table created between them is skipped.
        for row in &self.constraints {
            let Some(table) = tables.get_mut(&row.table_name) else {
                continue;
            };
            match row.kind.as_str() {
                "p" => table.primary_key.clone_from(&row.columns),
                "f" => table.foreign_keys.push(foreign_key(row)),
                _ => {}
            }
        }
        for row in &self.indexes {
            let Some(table) = tables.get_mut(&row.table_name) else {
                continue;
            };
            if table.indexes.last().is_none_or(|index| index.name != row.name) {
                table.indexes.push(index(row));
            }
            if let Some(index) = table.indexes.last_mut() {
                index.columns.push((index_column(row), row.descending));
            }
        }
        for (name, table) in &mut tables {
            let checks = checks.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
            table.checks.extend(CheckConstraint::spanning(checks));
            table.checks.sort_unstable();
            table.checks.dedup();
            table.foreign_keys.sort();
        }
        Catalog { tables }
    }

    fn checks(&self) -> BTreeMap<&str, Vec<CheckConstraint>> {
        let mut checks = BTreeMap::<&str, Vec<CheckConstraint>>::new();
        for row in self.constraints.iter().filter(|row| row.kind == "c") {
            let tokens = tokenize(row.condition.as_deref().unwrap_or_default(), Dialect::Postgres);
            let check = if row.valid { CheckConstraint::new } else { CheckConstraint::not_valid };
            checks.entry(&row.table_name).or_default().push(check(row.columns.clone(), &tokens));
        }
        checks
    }
}

fn describe_column(name: &str, row: &PostgresColumnRow, conditions: &mut Conditions) -> CatalogColumn {
    let kind = kind(row, conditions);
    let default = row.default.as_ref().filter(|_| !row.generated);
    CatalogColumn {
        name: name.to_owned(),
        nullable: !row.not_null,
        default: default.and_then(|default| defaults::normalize(default, Dialect::Postgres, &kind)),
        identity: row.identity == "d",
        kind,
    }
}

fn kind(row: &PostgresColumnRow, conditions: &mut Conditions) -> ColumnKind {
    let declared = row.declared.as_deref().unwrap_or_default();
    // Bytewise, as SQLite compares; the sort order of text is not part of the catalog.
    if let Some(collation) = row.collation.as_ref().filter(|collation| *collation != "C") {
        return ColumnKind::Unknown(format!("{declared} COLLATE {collation}"));
    }
    if row.generated {
        let expression = row.default.as_deref().unwrap_or_default();
        return ColumnKind::Unknown(format!("{declared} GENERATED ALWAYS AS ({})", print(expression)));
    }
    if row.identity == "a" {
        return ColumnKind::Unknown(format!("{declared} GENERATED ALWAYS AS IDENTITY"));
    }
    postgres_kind(declared, conditions).unwrap_or_else(|| ColumnKind::Unknown(declared.to_owned()))
}

fn foreign_key(row: &ConstraintRow) -> CatalogForeignKey {
    let on_update = action(&row.on_update);
    let unusual = [
        (on_update != ReferentialAction::NoAction).then(|| format!("ON UPDATE {on_update}")),
        row.deferred.then(|| "INITIALLY DEFERRED".to_owned()),
        row.match_full.then(|| "MATCH FULL".to_owned()),
        row.sets_some.then(|| "of some columns only".to_owned()),
        (!row.valid).then(|| "NOT VALID".to_owned()),
    ];
    CatalogForeignKey {
        columns: row.columns.clone(),
        parent_table: row.parent_table.clone().unwrap_or_default(),
        parent_columns: row.parent_columns.clone(),
        on_delete: action(&row.on_delete),
        deferrable: row.deferrable,
        unusual: unusual.into_iter().flatten().collect(),
    }
}

fn action(letter: &str) -> ReferentialAction {
    match letter {
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        "r" => ReferentialAction::Restrict,
        // PostgreSQL knows these five only.
        _ => ReferentialAction::NoAction,
    }
}

fn index(row: &PostgresIndexRow) -> CatalogIndex {
    let unusual = [
        (row.method != "btree").then(|| format!("USING {}", row.method)),
        row.exclusion.then(|| "EXCLUDE".to_owned()),
        row.nulls_not_distinct.then(|| "NULLS NOT DISTINCT".to_owned()),
        row.deferrable.then(|| "DEFERRABLE".to_owned()),
        (!row.valid).then(|| "NOT VALID".to_owned()),
    ];
    CatalogIndex {
        name: row.name.clone(),
        columns: Vec::new(),
        unique: row.unique,
        predicate: row.predicate.as_deref().map(print),
        unusual: unusual.into_iter().flatten().collect(),
    }
}

fn index_column(row: &PostgresIndexRow) -> String {
    let name = row.column.clone().unwrap_or_else(|| format!("({})", print(&row.definition)));
    if row.included {
        return format!("INCLUDE {name}");
    }
    // PostgreSQL's default is NULLS LAST for an ascending column and NULLS FIRST for a descending one.
    let nulls = match (row.descending, row.nulls_first) {
        (true, false) => " NULLS LAST",
        (false, true) => " NULLS FIRST",
        (true, true) | (false, false) => "",
    };
    let collation = row.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let operator_class = row.operator_class.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    format!("{name}{collation}{operator_class}{nulls}")
}

fn print(expression: &str) -> String {
    parse(&tokenize(expression, Dialect::Postgres)).to_string()
}
