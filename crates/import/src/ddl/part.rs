//! Tables of the source beside what becomes of them.

use std::collections::{HashMap, HashSet};

use super::writer::Writer;
use super::{DdlOptions, NoCase};
use crate::conversion::{ColumnConversion, Conversion, TableConversion};
use crate::finding::Finding;
use crate::rules::ddl as rules;
use crate::schema::{Column, Schema, Table};
use crate::translate::{quote_name, shortened};
use crate::types::TargetType;

/// Columns of a table (PostgreSQL manual, appendix "PostgreSQL Limits").
pub const MAX_COLUMNS: usize = 1600;

/// A table beside what becomes of it.
pub(super) struct Part<'a> {
    /// Its place among the parts.
    pub(super) index: usize,
    pub(super) table: &'a Table,
    /// The conversion's, but with `citext` where that is how NOCASE is kept.
    pub(super) conversion: TableConversion,
    /// In the order of the conversion.
    pub(super) columns: Vec<PartColumn<'a>>,
    places: HashMap<String, usize>,
}

/// A column beside what becomes of it.
pub(super) struct PartColumn<'a> {
    pub(super) source: &'a Column,
    pub(super) target: ColumnConversion,
    /// Whether values of over 2,600 bytes were found.
    pub(super) is_long: bool,
}

/// All tables that are carried.
pub(super) struct Parts<'a> {
    parts: Vec<Part<'a>>,
    places: HashMap<String, usize>,
    /// Every table of the source, carried or not.
    sources: HashMap<String, &'a Table>,
}

impl<'a> Parts<'a> {
    /// Every table of the conversion but those that PostgreSQL cannot have.
    pub(super) fn new(writer: &mut Writer<'_>, schema: &'a Schema, conversion: &Conversion) -> Self {
        let sources: HashMap<String, &Table> =
            schema.tables.iter().map(|table| (folded(&table.name), table)).collect();
        let long: HashSet<(String, String)> = writer
            .options
            .long_values
            .iter()
            .map(|(table, column)| (folded(table), folded(column)))
            .collect();
        let mut parts = Self { parts: Vec::new(), places: HashMap::new(), sources };
        for converted in &conversion.tables {
            let name = folded(&converted.source);
            let Some(&table) = parts.sources.get(&name) else { continue };
            if converted.columns.len() > MAX_COLUMNS {
                writer.findings.push(Finding::new(
                    &rules::TABLE_TOO_MANY_COLUMNS,
                    Some(&table.name),
                    None,
                    format!(
                        "The table has {} columns, and {} rows",
                        converted.columns.len(),
                        converted.row_count
                    ),
                ));
                continue;
            }
            let index = parts.parts.len();
            let is_long = |column: &str| long.contains(&(name.clone(), folded(column)));
            parts.parts.push(Part::new(index, table, converted, writer.options, is_long));
            parts.places.insert(name, index);
        }
        parts
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Part<'a>> {
        self.parts.iter()
    }

    /// The table of this name in the source, where it is carried.
    pub(super) fn named(&self, name: &str) -> Option<&Part<'a>> {
        self.places.get(&folded(name)).and_then(|place| self.parts.get(*place))
    }

    /// Whether the source has a table of this name, carried or not.
    pub(super) fn is_in_source(&self, name: &str) -> bool {
        self.sources.contains_key(&folded(name))
    }
}

impl<'a> Part<'a> {
    fn new(
        index: usize,
        table: &'a Table,
        conversion: &TableConversion,
        options: &DdlOptions,
        is_long: impl Fn(&str) -> bool,
    ) -> Self {
        let declared: HashMap<String, &Column> =
            table.columns.iter().map(|column| (folded(&column.name), column)).collect();
        let mut columns = Vec::new();
        let mut conversion = conversion.clone();
        for target in &mut conversion.columns {
            if let Some(source) = declared.get(&folded(&target.source)).copied() {
                target.target_type = target_type(source, target, options);
                let is_long = is_long(&target.source);
                columns.push(PartColumn { source, target: target.clone(), is_long });
            }
        }
        let places =
            columns.iter().enumerate().map(|(place, column)| (folded(&column.source.name), place)).collect();
        Self { index, table, conversion, columns, places }
    }

    /// The column of this name in the source, where it is carried.
    pub(super) fn column(&self, name: &str) -> Option<&PartColumn<'a>> {
        self.places.get(&folded(name)).and_then(|place| self.columns.get(*place))
    }

    /// The columns of these names; or the first name that is left out.
    ///
    /// # Errors
    /// That name.
    pub(super) fn columns<'b>(&self, names: &[&'b str]) -> Result<Vec<&PartColumn<'a>>, &'b str> {
        names.iter().map(|name| self.column(name).ok_or(*name)).collect()
    }

    /// Its name in the target.
    pub(super) fn target(&self) -> &str {
        &self.conversion.target
    }

    /// A finding about an object of this table.
    pub(super) fn finding(
        &self,
        rule: &'static crate::finding::Rule,
        object: Option<&str>,
        text: impl Into<String>,
    ) -> Finding {
        Finding::new(rule, Some(&self.table.name), object, text)
    }
}

impl PartColumn<'_> {
    /// Its name in the target, quoted.
    pub(super) fn quoted(&self) -> String {
        quote_name(&self.target.target)
    }

    /// Whether PostgreSQL accepts NULL in it.
    pub(super) fn may_be_null(&self) -> bool {
        !self.target.not_null && self.target.identity.is_none()
    }
}

fn target_type(source: &Column, target: &ColumnConversion, options: &DdlOptions) -> TargetType {
    let is_nocase = source.collation.eq_ignore_ascii_case("NOCASE");
    match target.target_type {
        TargetType::Text if is_nocase && options.nocase == NoCase::Citext => TargetType::Citext,
        target_type => target_type,
    }
}

/// A name as SQLite compares it: without regard to the case of A to Z.
pub(super) fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Names in a sentence: the first few.
pub(super) fn listed<'b>(names: impl IntoIterator<Item = &'b str>) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(8).map(shortened).collect();
    let more = if names.next().is_some() { " and more" } else { "" };
    format!("{}{more}", first.join(", "))
}
