//! What names mean: columns where an expression stands, tables where a query stands.

use super::super::conversion::{Conversion, TableConversion};
use super::super::schema::{Affinity, Schema, Table};
use super::super::types::TargetType;
use super::quoting::quote_name;
use super::typed::{Collating, Family, Nature, Typed};

/// What names mean where an expression stands.
pub trait Scope {
    /// The target's name and type of a column of the source, by ASCII case-insensitive name.
    fn column(&self, table: Option<&str>, name: &str) -> Option<(String, TargetType, Collation)>;

    /// The affinity of that column in the source, which decides what SQLite makes of `x = '5'`; `None` when it is
    /// not known, and then the one that goes with the type is assumed.
    fn affinity(&self, _table: Option<&str>, _name: &str) -> Option<Affinity> {
        None
    }

    /// Whether the source has such a column, also where nothing can be made of it: then its name in double quotes is
    /// not text.
    fn has_column(&self, table: Option<&str>, name: &str) -> bool {
        self.column(table, name).is_some()
    }
}

/// The collation of a column in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collation {
    /// Byte by byte.
    Binary,
    /// ASCII letters are equal in both cases.
    NoCase,
    /// Spaces at the end do not count.
    Rtrim,
}

impl Collation {
    /// SQLite's own collations by name; others are made by an application and unknown here.
    pub fn named(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match () {
            () if is("binary") => Some(Self::Binary),
            () if is("nocase") => Some(Self::NoCase),
            () if is("rtrim") => Some(Self::Rtrim),
            () => None,
        }
    }
}

/// The columns of one table.
pub struct TableScope<'a> {
    table: &'a Table,
    conversion: &'a TableConversion,
}

impl<'a> TableScope<'a> {
    /// Of this table, as it is converted.
    pub fn new(table: &'a Table, conversion: &'a TableConversion) -> Self {
        Self { table, conversion }
    }

    fn is_table(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| name.eq_ignore_ascii_case(&self.table.name))
    }
}

impl Scope for TableScope<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Option<(String, TargetType, Collation)> {
        if !self.is_table(table) {
            return None;
        }
        let source = self.table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
        let collation = Collation::named(&source.collation)?;
        let column =
            self.conversion.columns.iter().find(|column| column.source.eq_ignore_ascii_case(name))?;
        if column.is_mixed {
            return None;
        }
        Some((column.target.clone(), column.target_type, collation))
    }

    fn affinity(&self, table: Option<&str>, name: &str) -> Option<Affinity> {
        let named = || self.table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        self.is_table(table).then(named).flatten().map(|column| column.affinity)
    }

    fn has_column(&self, table: Option<&str>, name: &str) -> bool {
        self.is_table(table) && self.table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// What tables and views a query can read.
pub trait Relations {
    /// The schema of PostgreSQL that holds them.
    fn schema(&self) -> &str;

    /// A table or view of the source, by ASCII case-insensitive name.
    fn relation(&self, name: &str) -> Option<Relation>;
}

/// A table or view.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its name in the target, without quotes.
    pub target: String,
    /// Its columns, in the order of the source.
    pub columns: Vec<RelationColumn>,
}

/// A column of a table or view.
#[derive(Clone, Debug)]
pub struct RelationColumn {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target, without quotes.
    pub target: String,
    /// Its type in the target.
    pub target_type: TargetType,
    /// Its collation in the source; `None` for one that an application made.
    pub collation: Option<Collation>,
    /// Its affinity in the source, where it is known.
    pub affinity: Option<Affinity>,
}

/// The tables of a database as they are converted.
pub struct SchemaRelations<'a> {
    schema: &'a Schema,
    conversion: &'a Conversion,
}

impl<'a> SchemaRelations<'a> {
    /// Of this database.
    pub fn new(schema: &'a Schema, conversion: &'a Conversion) -> Self {
        Self { schema, conversion }
    }
}

impl Relations for SchemaRelations<'_> {
    fn schema(&self) -> &str {
        &self.conversion.schema
    }

    fn relation(&self, name: &str) -> Option<Relation> {
        let table = self.schema.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))?;
        let conversion =
            self.conversion.tables.iter().find(|table| table.source.eq_ignore_ascii_case(name))?;
        // A table whose columns are not all carried has another `*`.
        if conversion.columns.len() != table.columns.len() {
            return None;
        }
        let columns = conversion.columns.iter().zip(&table.columns).map(|(column, source)| RelationColumn {
            source: column.source.clone(),
            target: column.target.clone(),
            target_type: column.target_type,
            collation: Collation::named(&source.collation),
            affinity: Some(source.affinity),
        });
        Some(Relation { target: conversion.target.clone(), columns: columns.collect() })
    }
}

/// A column as an expression: `prefix` is what stands before its name in SQL, with the point.
pub(crate) fn column_expression(
    prefix: &str,
    name: &str,
    target_type: TargetType,
    collation: Option<Collation>,
    affinity: Option<Affinity>,
) -> Typed {
    let name = format!("{prefix}{}", quote_name(name));
    let family = family_of_column(target_type, affinity);
    let sql = match target_type {
        // Compared as SQLite compares, never by the rules of citext.
        TargetType::Citext => format!("{name}::text"),
        // Computed as SQLite computes, in 64 bits.
        TargetType::Real => format!("{name}::double precision"),
        _ => name,
    };
    Typed {
        // Without an affinity a column lends none.
        nature: match affinity {
            Some(Affinity::Blob | Affinity::Any) => Nature::Other,
            _ => Nature::Column,
        },
        // A collation that an application made is unknown: no comparison can be translated.
        family: if collation.is_none() && family == Family::Text { Family::Opaque } else { family },
        collating: collation.map_or(Collating::None, Collating::Column),
        target: Some(target_type),
        ..Typed::atom(sql, family)
    }
}

/// Where the affinity is not the one that goes with the type, SQLite compares by other rules.
fn family_of_column(target_type: TargetType, affinity: Option<Affinity>) -> Family {
    let family = Family::of(target_type);
    let Some(affinity) = affinity else { return family };
    match (family, affinity) {
        (Family::Text, Affinity::Text) => Family::Text,
        (Family::Text, _) => Family::Mixed,
        (Family::Boolean, Affinity::Text) => Family::Words,
        // Numbers kept as text are compared as text.
        (number, Affinity::Text) if number.is_number() => Family::Opaque,
        // Any other affinity than REAL may hold 1 beside 1.5.
        (Family::Double, Affinity::Integer | Affinity::Numeric | Affinity::Blob | Affinity::Any) => {
            Family::Loose
        }
        (family, _) => family,
    }
}
