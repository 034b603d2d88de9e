//! Names of indexes, constraints, sequences and views. Names of tables and columns come from the conversion.
//!
//! Names of the source are assigned first, so that a generated name never takes one of them. Unnamed objects get the
//! name that PostgreSQL would choose: `<table>_pkey`, `<table>_<columns>_key`, `_fkey`, `_check`, with a number if it
//! is used.

use std::collections::HashMap;

use super::part::{ConvertedColumn, ConvertedTable, ConvertedTables};
use super::writer::Writer;
use crate::finding::ImportFinding;
use crate::names::{Named, Names, Obstacle, obstacle};
use crate::rules::ddl as rules;
use crate::schema::Schema;

/// An object of a table that may have a name in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    PrimaryKey,
    Unique(usize),
    Index(usize),
    Check(usize),
    ForeignKey(usize),
}

/// The names of a schema.
pub(super) struct Naming {
    /// Tables, views, indexes, sequences.
    relations: Names,
    /// Constraints, by table.
    constraints: Vec<Names>,
    given: HashMap<(usize, Slot), String>,
    views: Vec<String>,
    virtual_tables: Vec<String>,
}

impl Naming {
    /// Assigns every name of the source, unchanged or changed, and records which were changed.
    pub(super) fn new(writer: &mut Writer<'_>, schema: &Schema, parts: &ConvertedTables<'_>) -> Self {
        let mut naming = Self {
            relations: Names::default(),
            constraints: Vec::new(),
            given: HashMap::new(),
            views: Vec::new(),
            virtual_tables: Vec::new(),
        };
        for part in parts.iter() {
            naming.relations.take(part.target());
        }
        naming.give_views(writer, schema);
        naming.give_indexes(writer, schema, parts);
        for part in parts.iter() {
            naming.give_constraints(writer, part);
        }
        naming
    }

    /// The views' names, in their order.
    pub(super) fn views(&self) -> &[String] {
        &self.views
    }

    /// The names of indexes that replace full-text tables, in the order of the virtual tables.
    pub(super) fn virtual_tables(&self) -> &[String] {
        &self.virtual_tables
    }

    /// The name of a key: its own, or one of table, columns and suffix.
    pub(super) fn key(
        &mut self,
        part: &ConvertedTable<'_>,
        slot: Slot,
        columns: &[&ConvertedColumn<'_>],
        ending: &str,
    ) -> String {
        match self.given.get(&(part.index, slot)) {
            Some(name) => name.clone(),
            None => self.own_key(part, columns, ending),
        }
    }

    /// The name of a key that the source does not have.
    pub(super) fn own_key(
        &mut self,
        part: &ConvertedTable<'_>,
        columns: &[&ConvertedColumn<'_>],
        ending: &str,
    ) -> String {
        let base = base(part, columns, ending);
        loop {
            // Unused among the relations, and among the constraints of its table.
            let name = self.relations.give_numbered(&base);
            if self.constraints.get_mut(part.index).is_none_or(|names| names.try_take(&name)) {
                return name;
            }
        }
    }

    /// The name of a CHECK or foreign key: its own, or one of table, columns and suffix.
    pub(super) fn constraint(
        &mut self,
        part: &ConvertedTable<'_>,
        slot: Slot,
        columns: &[&ConvertedColumn<'_>],
        ending: &str,
    ) -> String {
        let base = base(part, columns, ending);
        match (self.given.get(&(part.index, slot)), self.constraints.get_mut(part.index)) {
            (Some(name), _) => name.clone(),
            (None, Some(names)) => names.give_numbered(&base),
            (None, None) => base,
        }
    }

    /// The name of an identity column's sequence, if it must be explicit because PostgreSQL's default name is used by
    /// another object.
    pub(super) fn sequence(
        &mut self,
        part: &ConvertedTable<'_>,
        column: &ConvertedColumn<'_>,
    ) -> Option<String> {
        let base = base(part, &[column], "seq");
        let name = self.relations.give_numbered(&base);
        (name != base).then_some(name)
    }

    fn give_views(&mut self, writer: &mut Writer<'_>, schema: &Schema) {
        let names: Vec<&str> = schema.views.iter().map(|view| view.name.as_str()).collect();
        self.views = self.relations.give_all(&names, Named::Table);
        for (view, given) in names.into_iter().zip(&self.views) {
            if view != given {
                let rule = match obstacle(view, Named::Table) {
                    Some(Obstacle::Reserved) => &rules::NAME_RESERVED_TABLE,
                    _ => &rules::NAME_CHANGED,
                };
                writer.findings.push(ImportFinding::new(
                    rule,
                    None,
                    Some(view),
                    super::comment::renamed("view", view, given),
                ));
            }
        }
    }

    fn give_indexes(&mut self, writer: &mut Writer<'_>, schema: &Schema, parts: &ConvertedTables<'_>) {
        let mut wanted: Vec<(&ConvertedTable<'_>, Slot, &str)> = Vec::new();
        for part in parts.iter() {
            let key = part.table.primary_key.as_ref().and_then(|key| key.name.as_deref());
            wanted.extend(key.map(|name| (part, Slot::PrimaryKey, name)));
            let uniques = part.table.uniques.iter().enumerate();
            wanted
                .extend(uniques.filter_map(|(place, unique)| {
                    Some((part, Slot::Unique(place), unique.name.as_deref()?))
                }));
            let indexes = part.table.indexes.iter().enumerate();
            wanted.extend(indexes.map(|(place, index)| (part, Slot::Index(place), index.name.as_str())));
        }
        let names: Vec<&str> = wanted.iter().map(|(_, _, name)| *name).collect();
        let given = self.relations.give_all(&names, Named::Constraint);
        for ((part, slot, name), given) in wanted.into_iter().zip(given) {
            self.give(writer, part, slot, name, given);
        }
        let names: Vec<&str> = schema.virtual_tables.iter().map(|table| table.name.as_str()).collect();
        self.virtual_tables = self.relations.give_all(&names, Named::Constraint);
    }

    fn give_constraints(&mut self, writer: &mut Writer<'_>, part: &ConvertedTable<'_>) {
        let mut names = Names::default();
        let keys = [Slot::PrimaryKey].into_iter().chain((0..part.table.uniques.len()).map(Slot::Unique));
        for slot in keys {
            if let Some(name) = self.given.get(&(part.index, slot)) {
                names.take(name);
            }
        }
        // Since version 18, NOT NULL constraints have names too.
        for column in part.columns.iter().filter(|column| !column.may_be_null()) {
            names.take(&base(part, &[column], "not_null"));
        }
        let checks = part.table.checks.iter().map(|check| check.name.as_deref()).enumerate();
        let checks = checks.filter_map(|(place, name)| Some((Slot::Check(place), name?)));
        let foreign = part.table.foreign_keys.iter().map(|key| key.name.as_deref()).enumerate();
        let foreign = foreign.filter_map(|(place, name)| Some((Slot::ForeignKey(place), name?)));
        let wanted: Vec<(Slot, &str)> = checks.chain(foreign).collect();
        let given =
            names.give_all(&wanted.iter().map(|(_, name)| *name).collect::<Vec<_>>(), Named::Constraint);
        for ((slot, name), given) in wanted.into_iter().zip(given) {
            self.give(writer, part, slot, name, given);
        }
        self.constraints.push(names);
    }

    fn give(
        &mut self,
        writer: &mut Writer<'_>,
        part: &ConvertedTable<'_>,
        slot: Slot,
        name: &str,
        given: String,
    ) {
        if name != given {
            writer.add_finding(&rules::NAME_CONSTRAINT, part, Some(name), format!("It becomes {given}"));
        }
        self.given.insert((part.index, slot), given);
    }
}

fn base(part: &ConvertedTable<'_>, columns: &[&ConvertedColumn<'_>], ending: &str) -> String {
    let names = columns.iter().map(|column| column.target.target.as_str());
    std::iter::once(part.target()).chain(names).chain([ending]).collect::<Vec<_>>().join("_")
}
