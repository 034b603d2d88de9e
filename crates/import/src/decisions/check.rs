//! Checks decisions against the schema, and derives the names.

use std::collections::HashSet;

use super::{Decisions, DecisionsError};
use crate::names::{self, Named};
use crate::schema::{Schema, SqliteTable};

impl Decisions {
    /// Checks that every named table and column exists, and that the names are allowed.
    ///
    /// # Errors
    /// The first problem.
    pub fn check(&self, schema: &Schema) -> Result<(), DecisionsError> {
        if let Some(name) = &self.schema {
            usable(name, Named::Table)?;
        }
        for name in &self.only {
            if !schema.tables.iter().any(|table| table.name == *name) {
                return Err(DecisionsError::UnknownTable { table: name.clone() });
            }
        }
        for (name, decision) in &self.tables {
            let unknown = || DecisionsError::UnknownTable { table: name.clone() };
            let table = schema.tables.iter().find(|table| table.name == *name).ok_or_else(unknown)?;
            if let Some(target) = &decision.name {
                usable(target, Named::Table)?;
            }
            for (column, decision) in &decision.columns {
                if !table.columns.iter().any(|known| known.name == *column) {
                    return Err(DecisionsError::UnknownColumn {
                        table: name.clone(),
                        column: column.clone(),
                    });
                }
                if let Some(target) = &decision.name {
                    usable(target, Named::Column)?;
                }
            }
            let names = self.column_names(table);
            let kept =
                table.columns.iter().zip(names).filter(|(column, _)| !self.skips_column(table, &column.name));
            distinct(kept.map(|(_, name)| name), Some(table))?;
        }
        let names = self.table_names(schema);
        let kept = schema.tables.iter().zip(names).filter(|(table, _)| !self.skips_table(table));
        let views = names::assign_tables(schema).into_iter().skip(schema.tables.len());
        distinct(kept.map(|(_, name)| name).chain(views.map(|(_, name)| name)), None)
    }

    /// Checks that every column that is rounded has a type: without existing tables, the configuration sets it.
    ///
    /// # Errors
    /// The first column without one.
    pub fn check_types(&self) -> Result<(), DecisionsError> {
        for (table, decision) in &self.tables {
            for (column, decision) in &decision.columns {
                if decision.round && decision.types.is_empty() {
                    let (table, column) = (table.clone(), column.clone());
                    return Err(DecisionsError::RoundWithoutType { table, column });
                }
            }
        }
        Ok(())
    }

    /// Whether a table is skipped.
    #[must_use]
    pub fn skips_table(&self, table: &SqliteTable) -> bool {
        let is_selected = self.only.is_empty() || self.only.contains(&table.name);
        !is_selected || self.table(&table.name).is_some_and(|decision| decision.skip)
    }

    /// Whether a column is skipped.
    #[must_use]
    pub fn skips_column(&self, table: &SqliteTable, column: &str) -> bool {
        self.column(&table.name, column).is_some_and(|decision| decision.skip)
    }

    /// The names of the tables in PostgreSQL, in their order.
    #[must_use]
    pub fn table_names(&self, schema: &Schema) -> Vec<String> {
        let assigned = names::assign_tables(schema).into_iter().take(schema.tables.len());
        assigned
            .map(|(source, given)| {
                self.table(&source).and_then(|decision| decision.name.clone()).unwrap_or(given)
            })
            .collect()
    }

    /// The names of a table's columns in PostgreSQL, in their order.
    #[must_use]
    pub fn column_names(&self, table: &SqliteTable) -> Vec<String> {
        let decided = |source: &str| self.column(&table.name, source)?.name.clone();
        names::assign_columns(table)
            .into_iter()
            .map(|(source, given)| decided(&source).unwrap_or(given))
            .collect()
    }
}

fn usable(name: &str, named: Named) -> Result<(), DecisionsError> {
    match names::obstacle(name, named) {
        None => Ok(()),
        Some(_) => Err(DecisionsError::UnusableName { name: name.to_owned() }),
    }
}

fn distinct(names: impl Iterator<Item = String>, table: Option<&SqliteTable>) -> Result<(), DecisionsError> {
    let mut taken = HashSet::new();
    for name in names {
        if !taken.insert(name.clone()) {
            return Err(DecisionsError::SameName { table: table.map(|table| table.name.clone()), name });
        }
    }
    Ok(())
}
