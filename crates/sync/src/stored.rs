//! How the tables of a database of another application are converted, as the target records it when a sync begins: with
//! other data, an assessment may decide otherwise later.

use crate::references::ExpectedColumn;
use serde::{Deserialize, Serialize};

use import::conversion::{ColumnConversion, Conversion, OnIncompatible, TableConversion};
use import::ddl::type_name;
use import::decisions::Decisions;
use import::schema::Schema;
use import::types::{Reading, TargetType};

/// The conversion of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredConversion {
    /// The schema of the target.
    pub schema: String,
    tables: Vec<StoredTable>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredTable {
    source: String,
    target: String,
    row_count: i64,
    size_bytes: i64,
    columns: Vec<StoredColumn>,
    /// Columns of the source that the user skipped.
    #[serde(default)]
    skipped_columns: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredColumn {
    source: String,
    target: String,
    target_type: TargetType,
    reading: Reading,
    labels: Vec<String>,
    not_null: bool,
    is_generated: bool,
    identity: Option<i64>,
    on_incompatible: OnIncompatible,
    is_mixed: bool,
}

impl StoredConversion {
    /// The conversion, to be stored.
    pub fn of(conversion: &Conversion, decisions: &Decisions) -> Self {
        Self {
            schema: conversion.schema.clone(),
            tables: conversion.tables.iter().map(|table| StoredTable::of(table, decisions)).collect(),
        }
    }

    /// How the columns of a table differ from those that were copied, as a sentence; `None` if they do not.
    pub(crate) fn changed_columns(&self, schema: &Schema, table: &str) -> Option<String> {
        let Some(stored) = self.tables.iter().find(|stored| stored.source == table) else {
            return Some("it was not copied when the sync began".to_owned());
        };
        let Some(present) = schema.tables.iter().find(|present| present.name == table) else {
            return Some("it was dropped or renamed".to_owned());
        };
        let is_present =
            |name: &str| present.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let is_stored = |name: &str| {
            stored.columns.iter().any(|column| column.source.eq_ignore_ascii_case(name))
                || stored.skipped_columns.iter().any(|skipped| skipped.eq_ignore_ascii_case(name))
        };
        let missing = stored.columns.iter().filter(|column| !is_present(&column.source));
        let missing = missing.map(|column| format!("`{}` is missing", column.source));
        let added = present.columns.iter().filter(|column| !is_stored(&column.name));
        let added = added.map(|column| format!("`{}` was added", column.name));
        let differences: Vec<String> = missing.chain(added).collect();
        (!differences.is_empty())
            .then(|| format!("its columns are not those that were copied: {}", differences.join(", ")))
    }

    /// The columns of the target, with the types for which values are encoded.
    pub(crate) fn expected_columns(&self) -> Vec<ExpectedColumn> {
        let of_table = |table: &StoredTable| {
            let name = table.target.clone();
            let columns = table.columns.clone().into_iter();
            columns.map(move |column| (name.clone(), column.target, type_name(column.target_type)))
        };
        self.tables.iter().flat_map(of_table).collect()
    }

    /// The conversions of the tables.
    pub(crate) fn tables(&self) -> Vec<TableConversion> {
        self.tables.iter().map(StoredTable::conversion).collect()
    }
}

impl StoredTable {
    fn of(table: &TableConversion, decisions: &Decisions) -> Self {
        let decided = decisions.table(&table.source).into_iter().flat_map(|decision| &decision.columns);
        let skipped = decided.filter(|(_, decision)| decision.skip).map(|(name, _)| name.clone());
        Self {
            skipped_columns: skipped.collect(),
            source: table.source.clone(),
            target: table.target.clone(),
            row_count: table.row_count,
            size_bytes: table.size_bytes,
            columns: table.columns.iter().map(StoredColumn::of).collect(),
        }
    }

    fn conversion(&self) -> TableConversion {
        TableConversion {
            source: self.source.clone(),
            target: self.target.clone(),
            columns: self.columns.iter().map(StoredColumn::conversion).collect(),
            row_count: self.row_count,
            size_bytes: self.size_bytes,
        }
    }
}

impl StoredColumn {
    fn of(column: &ColumnConversion) -> Self {
        Self {
            source: column.source.clone(),
            target: column.target.clone(),
            target_type: column.target_type,
            reading: column.reading,
            labels: column.labels.clone(),
            not_null: column.not_null,
            is_generated: column.is_generated,
            identity: column.identity,
            on_incompatible: column.on_incompatible,
            is_mixed: column.is_mixed,
        }
    }

    fn conversion(&self) -> ColumnConversion {
        ColumnConversion {
            source: self.source.clone(),
            target: self.target.clone(),
            target_type: self.target_type,
            reading: self.reading,
            labels: self.labels.clone(),
            not_null: self.not_null,
            is_generated: self.is_generated,
            identity: self.identity,
            on_incompatible: self.on_incompatible,
            is_mixed: self.is_mixed,
        }
    }
}
