//! Pairs each table of the source with its conversion.

use std::collections::{HashMap, HashSet};

use super::options::DdlOptions;
use crate::conversion::{ColumnConversion, Conversion, TableConversion};
use crate::decisions::NoCase;
use crate::finding::ImportFinding;
use crate::rules::ddl as rules;
use crate::schema::{Column, Schema, SqliteTable};
use crate::translate::{quote_name, shortened};
use crate::types::TargetType;

/// Columns of a table (PostgreSQL manual, appendix "PostgreSQL Limits").
pub const MAX_COLUMNS: usize = 1600;

/// A table with its conversion.
pub(super) struct ConvertedTable<'a> {
    /// Its index among the parts.
    pub(super) index: usize,
    pub(super) table: &'a SqliteTable,
    /// The conversion's, or `citext` for NOCASE columns if configured.
    pub(super) conversion: TableConversion,
    /// In the order of the conversion.
    pub(super) columns: Vec<ConvertedColumn<'a>>,
    places: HashMap<String, usize>,
}

/// A column with its conversion.
pub(super) struct ConvertedColumn<'a> {
    pub(super) source: &'a Column,
    pub(super) target: ColumnConversion,
    /// Whether it holds values of more than 2,600 bytes.
    pub(super) is_long: bool,
}

/// All converted tables.
pub(super) struct ConvertedTables<'a> {
    parts: Vec<ConvertedTable<'a>>,
    places: HashMap<String, usize>,
    /// Every table of the source, converted or not.
    sources: HashMap<String, &'a SqliteTable>,
}

impl<'a> ConvertedTables<'a> {
    /// Every table of the conversion that PostgreSQL can create.
    pub(super) fn new(
        options: &DdlOptions,
        findings: &mut Vec<ImportFinding>,
        schema: &'a Schema,
        conversion: &Conversion,
    ) -> Self {
        let sources: HashMap<String, &SqliteTable> =
            schema.tables.iter().map(|table| (folded(&table.name), table)).collect();
        let long: HashSet<(String, String)> =
            options.long_values.iter().map(|(table, column)| (folded(table), folded(column))).collect();
        let mut parts = Self { parts: Vec::new(), places: HashMap::new(), sources };
        for converted in &conversion.tables {
            let name = folded(&converted.source);
            let Some(&table) = parts.sources.get(&name) else { continue };
            if converted.columns.len() > MAX_COLUMNS {
                findings.push(ImportFinding::new(
                    &rules::TABLE_TOO_MANY_COLUMNS,
                    Some(&table.name),
                    None,
                    format!(
                        "The table has {} columns and {} rows",
                        converted.columns.len(),
                        converted.row_count
                    ),
                ));
                continue;
            }
            let index = parts.parts.len();
            let is_long = |column: &str| long.contains(&(name.clone(), folded(column)));
            parts.parts.push(ConvertedTable::new(index, table, converted, options, is_long));
            parts.places.insert(name, index);
        }
        parts
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ConvertedTable<'a>> {
        self.parts.iter()
    }

    /// The table with this source name, if it is converted.
    pub(super) fn named(&self, name: &str) -> Option<&ConvertedTable<'a>> {
        self.places.get(&folded(name)).and_then(|place| self.parts.get(*place))
    }

    /// Whether the source has a table with this name, converted or not.
    pub(super) fn is_in_source(&self, name: &str) -> bool {
        self.sources.contains_key(&folded(name))
    }
}

impl<'a> ConvertedTable<'a> {
    fn new(
        index: usize,
        table: &'a SqliteTable,
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
                columns.push(ConvertedColumn { source, target: target.clone(), is_long });
            }
        }
        let places =
            columns.iter().enumerate().map(|(place, column)| (folded(&column.source.name), place)).collect();
        Self { index, table, conversion, columns, places }
    }

    /// The column with this source name, if it is converted.
    pub(super) fn column(&self, name: &str) -> Option<&ConvertedColumn<'a>> {
        self.places.get(&folded(name)).and_then(|place| self.columns.get(*place))
    }

    /// The columns with these names.
    ///
    /// # Errors
    /// The first name that is skipped.
    pub(super) fn columns<'b>(&self, names: &[&'b str]) -> Result<Vec<&ConvertedColumn<'a>>, &'b str> {
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
    ) -> ImportFinding {
        ImportFinding::new(rule, Some(&self.table.name), object, text)
    }
}

impl ConvertedColumn<'_> {
    /// Its name in the target, quoted.
    pub(super) fn quoted(&self) -> String {
        quote_name(&self.target.target)
    }

    /// Whether it is nullable in PostgreSQL.
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

/// A name as SQLite compares it: ASCII letters in lower case.
pub(super) fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The first few names, as a list for a message.
pub(super) fn listed<'b>(names: impl IntoIterator<Item = &'b str>) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(8).map(shortened).collect();
    let more = if names.next().is_some() { " and more" } else { "" };
    format!("{}{more}", first.join(", "))
}
