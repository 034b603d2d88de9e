//! The tables and views of a source, with what the import makes of them: what the translation of queries depends on.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use diesel::prelude::*;

use crate::conversion::{ColumnConversion, Conversion};
use crate::profile::TableProfile;
use crate::rows::read_rows;
use crate::schema::{Action, Affinity, Column, IndexOn, KeyColumn, Schema, SqliteTable};
use crate::translate::{
    Relation, RelationColumn, Relations, TableFacts, UniqueKey, Written, translated_view,
};
use crate::types::{DateForm, InstantForm, TargetType};
use crate::values::SourceValue;
use databases::name::quote_name;

/// By table and column: the format of the texts of dates and instants; `None` if they have several.
#[derive(Clone, Debug, Default)]
pub struct Formats(HashMap<(String, String), Option<Written>>);

impl Formats {
    /// Reads the formats of all columns that become dates and instants.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn read(
        source: &mut SqliteConnection,
        schema: &Schema,
        conversion: &Conversion,
    ) -> QueryResult<Self> {
        let mut formats = HashMap::new();
        for table in &conversion.tables {
            for column in table.columns.iter().filter(|column| is_written(column)) {
                let found = shapes(source, schema, &table.source, &column.source)?;
                let format = match (found.shapes.is_empty(), column.target_type) {
                    // What an application writes by default.
                    (true, TargetType::Timestamp(_)) => Some(Written::DATETIME),
                    (true, _) => continue,
                    (false, _) => Written::of_shapes(&found.shapes, found.writes_zero),
                };
                formats.insert((table.source.clone(), column.source.clone()), format);
            }
        }
        Ok(Self(formats))
    }
}

/// The tables of a converted database, for the translation of statements.
pub struct SourceTables<'a> {
    schema: &'a Schema,
    conversion: &'a Conversion,
    formats: Formats,
    /// The views that the target has.
    views: HashSet<String>,
    /// The columns without affinity whose values are all text, by table and column.
    only_text: HashSet<(String, String)>,
}

impl<'a> SourceTables<'a> {
    /// The tables of this database, without its views, and without the formats of its dates and instants.
    #[must_use]
    pub fn new(schema: &'a Schema, conversion: &'a Conversion) -> Self {
        Self {
            schema,
            conversion,
            formats: Formats::default(),
            views: HashSet::new(),
            only_text: HashSet::new(),
        }
    }

    /// With the views of the target.
    #[must_use]
    pub fn with_views<'n>(mut self, views: impl IntoIterator<Item = &'n str>) -> Self {
        self.views.extend(views.into_iter().map(str::to_owned));
        self
    }

    /// With the profiles of the tables, in the order of the schema.
    #[must_use]
    pub fn with_profiles(mut self, profiles: &[TableProfile]) -> Self {
        for (table, profile) in self.schema.tables.iter().zip(profiles) {
            for (column, profile) in table.columns.iter().zip(&profile.columns) {
                let has_no_affinity = matches!(column.affinity, Affinity::Blob | Affinity::Any);
                if has_no_affinity && profile.text.count > 0 && profile.value_count() == profile.text.count {
                    self.only_text.insert((table.name.clone(), column.name.clone()));
                }
            }
        }
        self
    }

    /// With the formats of the dates and instants of the source.
    #[must_use]
    pub fn with_formats(mut self, formats: Formats) -> Self {
        self.formats = formats;
        self
    }

    fn table(&self, table: &SqliteTable) -> Option<Relation> {
        let conversion = self.conversion.tables.iter().find(|converted| converted.source == table.name)?;
        let columns = conversion.columns.iter().filter_map(|column| {
            let source = table.columns.iter().find(|source| source.name == column.source)?;
            Some(self.column(table, source, column))
        });
        Some(Relation {
            target: conversion.target.clone(),
            columns: columns.collect(),
            is_partial: conversion.columns.len() != table.columns.len(),
            facts: Some(self.facts(table)),
        })
    }

    fn column(&self, table: &SqliteTable, source: &Column, column: &ColumnConversion) -> RelationColumn {
        let format = self.formats.0.get(&(table.name.clone(), source.name.clone()));
        RelationColumn {
            written: format.copied().flatten(),
            has_several_formats: format == Some(&None),
            is_only_text: self.only_text.contains(&(table.name.clone(), source.name.clone())),
            ..RelationColumn::of_table(source, column)
        }
    }

    fn facts(&self, table: &SqliteTable) -> TableFacts {
        let rowid = table.primary_key.as_ref().filter(|key| key.is_rowid);
        let keys = self.schema.tables.iter().flat_map(|other| &other.foreign_keys);
        let triggers = self.schema.triggers.iter();
        TableFacts {
            rowid: rowid.and_then(|key| key.columns.first()).map(|column| column.name.clone()),
            primary_key: table
                .primary_key
                .iter()
                .flat_map(|key| &key.columns)
                .map(|column| column.name.clone())
                .collect(),
            unique: unique_keys(table),
            has_actions: keys
                .filter(|key| key.parent_table.eq_ignore_ascii_case(&table.name))
                .any(|key| key.on_delete != Action::NoAction),
            has_checks: !table.checks.is_empty(),
            triggers: triggers
                .filter(|trigger| trigger.table.eq_ignore_ascii_case(&table.name))
                .map(|trigger| trigger.name.clone())
                .collect(),
        }
    }
}

impl Relations for SourceTables<'_> {
    fn schema(&self) -> &str {
        &self.conversion.schema
    }

    fn relation(&self, name: &str) -> Option<Relation> {
        if let Some(table) = self.schema.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)) {
            return self.table(table);
        }
        let view = self.schema.views.iter().find(|view| view.name.eq_ignore_ascii_case(name))?;
        if !self.views.contains(&view.name) {
            return None;
        }
        // The views that it reads were created before it, so none reads itself.
        let columns = translated_view(&view.sql, self, &view.name).ok()?.columns;
        Some(Relation { target: view.name.clone(), columns, is_partial: false, facts: None })
    }
}

fn is_written(column: &ColumnConversion) -> bool {
    matches!(
        column.target_type,
        TargetType::Date(DateForm::Midnight)
            | TargetType::Timestamp(InstantForm::Iso)
            | TargetType::TimestampTz(InstantForm::Iso | InstantForm::IsoUtc)
    )
}

/// The primary key and the unique constraints and indexes of a table, each once.
fn unique_keys(table: &SqliteTable) -> Vec<UniqueKey> {
    let of_columns = |columns: &[KeyColumn]| {
        let is_binary = columns.iter().all(|column| column.collation.eq_ignore_ascii_case("binary"));
        let names = || columns.iter().map(|column| column.name.clone()).collect();
        UniqueKey { columns: is_binary.then(names) }
    };
    let mut keys: Vec<UniqueKey> = Vec::new();
    keys.extend(table.primary_key.as_ref().map(|key| of_columns(&key.columns)));
    keys.extend(table.uniques.iter().map(|unique| of_columns(&unique.columns)));
    for index in table.indexes.iter().filter(|index| index.is_unique) {
        let columns: Option<Vec<String>> = index
            .terms
            .iter()
            .map(|term| match &term.on {
                IndexOn::Column(name) if term.collation.eq_ignore_ascii_case("binary") => Some(name.clone()),
                IndexOn::Column(_) | IndexOn::Expression(_) => None,
            })
            .collect();
        keys.push(UniqueKey { columns: columns.filter(|_| index.predicate.is_none()) });
    }
    let mut once: Vec<UniqueKey> = Vec::new();
    for key in keys {
        if key.columns.is_none() || !once.contains(&key) {
            once.push(key);
        }
    }
    once
}

/// The texts of a column, with each digit as `0`.
#[derive(Default)]
struct Shapes {
    shapes: Vec<String>,
    /// Whether a text has a fraction of zeros.
    writes_zero: bool,
}

/// More shapes than this are several formats in any case.
const MOST_SHAPES: usize = 20;

fn shapes(source: &mut SqliteConnection, schema: &Schema, table: &str, column: &str) -> QueryResult<Shapes> {
    let value = quote_name(column);
    let shape = (1..=9).fold(value.clone(), |shape, digit| format!("replace({shape}, '{digit}', '0')"));
    // An offset other than that of UTC is not known from the instant.
    let offset = format!(
        "CASE WHEN length({value}) > 16 AND substr({value}, -6, 1) IN ('+', '-') AND substr({value}, -6) <> '+00:00' \
         THEN '|' || substr({value}, -6) ELSE '' END"
    );
    let fraction = format!("substr({value}, instr({value}, '.'))");
    let query = format!(
        "SELECT DISTINCT {shape} || {offset}, instr({value}, '.') > 0 AND {fraction} NOT GLOB '.*[1-9]*' \
         FROM {} WHERE {value} IS NOT NULL LIMIT {}",
        quote_name(table),
        2 * MOST_SHAPES
    );
    let mut found = Shapes::default();
    read_rows(source, &query, &[], schema.encoding, &mut |row| {
        if let [SourceValue::Text(shape), SourceValue::Integer(is_zero)] = row {
            found.writes_zero |= *is_zero != 0;
            if !found.shapes.iter().any(|known| known == shape) {
                found.shapes.push((*shape).to_owned());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}
