//! Name resolution: columns for an expression, tables for a query.

use sqlite3_parser::ast::{Expr, Literal};

use super::super::conversion::{ColumnConversion, TableConversion};
use super::super::schema::{Affinity, Column, SqliteTable};
use super::super::types::TargetType;
use super::collation::Collation;
use super::quoting::quote_name;
use super::typed::{Collating, Detail, Family, Nature, Typed};
use super::written::Written;

/// The names that an expression can use.
pub trait Scope {
    /// The target's name and type of a column of the source, by ASCII case-insensitive name.
    fn column(&self, table: Option<&str>, name: &str) -> Option<(String, TargetType, Collation)>;

    /// The affinity of that column in the source, which determines the result of `x = '5'`; `None` if it is not
    /// known, and then that of the type is assumed.
    fn affinity(&self, _table: Option<&str>, _name: &str) -> Option<Affinity> {
        None
    }

    /// Why a column that the source has cannot be used: its name in double quotes is then not text.
    fn withheld(&self, _table: Option<&str>, _name: &str) -> Option<Withheld> {
        None
    }
}

/// Why an expression cannot use a column of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// It is not converted.
    Skipped,
    /// It holds values of another storage class than that of its type.
    Mixed,
    /// The application defines its collation.
    Collation,
}

/// The columns of one table.
pub struct TableScope<'a> {
    table: &'a SqliteTable,
    conversion: &'a TableConversion,
}

impl<'a> TableScope<'a> {
    /// The columns of this table, from its conversion.
    pub fn new(table: &'a SqliteTable, conversion: &'a TableConversion) -> Self {
        Self { table, conversion }
    }

    fn is_table(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| name.eq_ignore_ascii_case(&self.table.name))
    }

    fn source(&self, name: &str) -> Option<&Column> {
        self.table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn converted(&self, name: &str) -> Option<&ColumnConversion> {
        self.conversion.columns.iter().find(|column| column.source.eq_ignore_ascii_case(name))
    }
}

impl Scope for TableScope<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Option<(String, TargetType, Collation)> {
        if !self.is_table(table) {
            return None;
        }
        let source = self.source(name)?;
        let collation = Collation::named(&source.collation)?;
        let column = self.converted(name)?;
        if column.is_mixed {
            return None;
        }
        Some((column.target.clone(), column.target_type, collation))
    }

    fn affinity(&self, table: Option<&str>, name: &str) -> Option<Affinity> {
        self.is_table(table).then(|| self.source(name)).flatten().map(|column| column.affinity)
    }

    fn withheld(&self, table: Option<&str>, name: &str) -> Option<Withheld> {
        let source = self.source(name).filter(|_| self.is_table(table))?;
        match self.converted(name) {
            None => Some(Withheld::Skipped),
            Some(column) if column.is_mixed => Some(Withheld::Mixed),
            Some(_) => Collation::named(&source.collation).is_none().then_some(Withheld::Collation),
        }
    }
}

/// The tables and views that a query can read.
pub trait Relations {
    /// Their PostgreSQL schema.
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
    /// Whether the source has further columns, which are not in the target.
    pub is_partial: bool,
    /// For a table that statements may change: its keys and constraints; `None` for a view.
    pub facts: Option<TableFacts>,
}

/// What a change of a table depends on besides its columns.
#[derive(Clone, Debug, Default)]
pub struct TableFacts {
    /// The column that is the rowid (`INTEGER PRIMARY KEY`), by its name in the source.
    pub rowid: Option<String>,
    /// The columns of its primary key, by their names in the source.
    pub primary_key: Vec<String>,
    /// Its primary key and unique constraints and indexes, in the source.
    pub unique: Vec<UniqueKey>,
    /// Whether a foreign key that refers to it deletes or changes rows with it.
    pub has_actions: bool,
    /// Whether it has CHECK constraints.
    pub has_checks: bool,
    /// Its triggers.
    pub triggers: Vec<String>,
}

/// A unique key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueKey {
    /// Its columns, by their names in the source; `None` if it has expressions, a condition, or a collation other than
    /// BINARY.
    pub columns: Option<Vec<String>>,
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
    /// Its collation in the source; `None` if the application defines it.
    pub collation: Option<Collation>,
    /// Its affinity in the source, if known.
    pub affinity: Option<Affinity>,
    /// The format of its dates or instants in the source, if all have one.
    pub written: Option<Written>,
    /// Whether they are known to have several formats.
    pub has_several_formats: bool,
    /// Whether every value is text, in a column that applies no affinity.
    pub is_only_text: bool,
    /// Whether it is NOT NULL in the source.
    pub not_null: bool,
    /// Whether the source has a default for it, other than NULL.
    pub has_default: bool,
    /// Whether it is generated in the target.
    pub is_generated: bool,
    /// For a column of a view, its result, with properties that no type has; for a column that no expression can use,
    /// an opaque one.
    pub(crate) result: Option<Typed>,
}

impl RelationColumn {
    /// A column of a table, of whose values no more is known than its type.
    pub(crate) fn of_table(source: &Column, converted: &ColumnConversion) -> Self {
        // Text with numbers among its values can be compared with words.
        let is_opaque = converted.is_mixed && Family::of(converted.target_type) != Family::Text;
        Self {
            source: converted.source.clone(),
            target: converted.target.clone(),
            target_type: converted.target_type,
            collation: Collation::named(&source.collation),
            affinity: Some(source.affinity),
            written: None,
            has_several_formats: false,
            is_only_text: false,
            not_null: source.not_null,
            has_default: !matches!(source.default, None | Some(Expr::Literal(Literal::Null))),
            is_generated: converted.is_generated,
            result: is_opaque.then(|| Typed::atom("", Family::Opaque)),
        }
    }

    /// A column of a view with this result.
    pub(super) fn of_view(name: &str, result: Typed) -> Self {
        Self {
            source: name.to_owned(),
            target: name.to_owned(),
            target_type: result.target.unwrap_or(TargetType::Text),
            collation: None,
            affinity: None,
            written: None,
            has_several_formats: false,
            is_only_text: false,
            not_null: false,
            has_default: false,
            is_generated: false,
            result: Some(result),
        }
    }

    /// The column as an expression: `prefix` is the text before its name in SQL, including the point.
    pub(crate) fn expression(&self, prefix: &str) -> Typed {
        if let Some(result) = &self.result {
            return Typed { sql: format!("{prefix}{}", quote_name(&self.target)), ..result.clone() };
        }
        let column = column_expression(prefix, &self.target, self.target_type, self.collation, self.affinity);
        let is_text = self.is_only_text && column.family == Family::Mixed;
        let column = Typed { family: if is_text { Family::Text } else { column.family }, ..column };
        let is_by_value = matches!(column.family, Family::Numeric | Family::Loose)
            && matches!(self.affinity, Some(Affinity::Integer | Affinity::Numeric));
        let detail = match self.written {
            Some(written) => Detail::Written(written),
            None if self.has_several_formats => Detail::Several,
            None if is_by_value => Detail::Whole,
            None => Detail::None,
        };
        Typed { detail, ..column }
    }
}

/// A column as an expression: `prefix` is the text before its name in SQL, including the point.
pub(super) fn column_expression(
    prefix: &str,
    name: &str,
    target_type: TargetType,
    collation: Option<Collation>,
    affinity: Option<Affinity>,
) -> Typed {
    let name = format!("{prefix}{}", quote_name(name));
    let family = family_of_column(target_type, affinity);
    let sql = match target_type {
        // Compared as in SQLite, never with the rules of citext.
        TargetType::Citext => format!("{name}::text"),
        // Computed as in SQLite, with 64 bits.
        TargetType::Real => format!("{name}::double precision"),
        _ => name,
    };
    Typed {
        // A column without affinity applies none.
        nature: match affinity {
            Some(Affinity::Blob | Affinity::Any) => Nature::Other,
            _ => Nature::Column,
        },
        // A collation that the application defines is not known: no comparison can be translated.
        family: if collation.is_none() && family == Family::Text { Family::Opaque } else { family },
        collating: collation.map_or(Collating::None, Collating::Column),
        target: Some(target_type),
        ..Typed::atom(sql, family)
    }
}

/// If the affinity is not that of the type, SQLite compares with other rules.
fn family_of_column(target_type: TargetType, affinity: Option<Affinity>) -> Family {
    let family = Family::of(target_type);
    let Some(affinity) = affinity else { return family };
    match (family, affinity) {
        (Family::Text, Affinity::Text) => Family::Text,
        (Family::Text, _) => Family::Mixed,
        (Family::Boolean, Affinity::Text) => Family::Words,
        // Numbers stored as text are compared as text, and integers stored as REAL are divided as REAL.
        (number, Affinity::Text) if number.is_number() => Family::Opaque,
        (number, Affinity::Real) if number.is_integer() => Family::Opaque,
        // With any affinity other than REAL the column may hold both 1 and 1.5.
        (Family::Double, Affinity::Integer | Affinity::Numeric | Affinity::Blob | Affinity::Any) => {
            Family::Loose
        }
        (family, _) => family,
    }
}
