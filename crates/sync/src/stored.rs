//! How the tables of a database of another application are converted, as the target records it when a sync begins: with
//! other data, an assessment may decide otherwise later.

use crate::references::ExpectedColumn;
use serde::{Deserialize, Serialize};

use import::conversion::{ColumnConversion, Conversion, OnIncompatible, TableConversion};
use import::ddl::type_name;
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
    pub fn of(conversion: &Conversion) -> Self {
        Self {
            schema: conversion.schema.clone(),
            tables: conversion.tables.iter().map(StoredTable::of).collect(),
        }
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
    fn of(table: &TableConversion) -> Self {
        Self {
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
