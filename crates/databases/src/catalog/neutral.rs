//! Tables, columns, keys and indexes in a form that does not depend on the backend.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The tables of a database, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Catalog {
    /// The tables.
    pub tables: BTreeMap<String, CatalogTable>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CatalogTable {
    /// The columns, in the table's order.
    pub columns: Vec<CatalogColumn>,
    /// The columns of the primary key, in the key's order.
    pub primary_key: Vec<String>,
    /// The foreign keys, in order.
    pub foreign_keys: Vec<CatalogForeignKey>,
    /// The indexes except that of the primary key, by name.
    pub indexes: Vec<CatalogIndex>,
    /// The check conditions that the kinds of the columns do not imply, in order.
    pub checks: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogColumn {
    /// Its name.
    pub name: String,
    /// The kind of its values.
    pub kind: ColumnKind,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The default; an expression that is not a literal is in parentheses. A decimal is in units of its last digit.
    pub default: Option<String>,
    /// Whether it is an identity column (SQLite: AUTOINCREMENT).
    pub identity: bool,
}

/// The kind of a column's values: the same on both backends, independent of how each declares and checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// 64-bit integers.
    BigInt,
    /// UUIDs.
    Uuid,
    /// Text without NUL.
    Text {
        /// The maximum number of characters.
        max_chars: Option<u32>,
    },
    /// E-mail addresses in lower case.
    Email,
    /// Billing periods: year and month.
    Period,
    /// One of a list of strings, in the order of the check.
    OneOf(Vec<String>),
    /// True or false.
    Bool,
    /// 32-bit integers.
    Int,
    /// Finite numbers in double precision.
    Double,
    /// Exact decimal numbers.
    Decimal {
        /// The number of digits.
        precision: u32,
        /// The number of digits after the decimal point. `None` for SQLite, which stores an integer of the smallest
        /// unit, and whose schema does not contain the scale.
        scale: Option<u32>,
        /// Whether only positive numbers are allowed.
        positive: bool,
    },
    /// Days of the years 1 to 9999.
    Date,
    /// Times of day.
    TimeOfDay,
    /// Instants of the years 1 to 9999.
    Instant,
    /// JSON.
    Json {
        /// The maximum number of bytes of its text, as PostgreSQL prints it.
        max_bytes: Option<u32>,
    },
    /// Currency codes: three letters from A to Z.
    Currency,
    /// One or more numbers in single precision.
    Vector {
        /// The maximum number of elements.
        max_elements: Option<u32>,
    },
    /// Bytes.
    Bytes {
        /// The required length.
        size: Option<u32>,
    },
    /// None of these: the declaration as the backend prints it.
    Unknown(String),
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CatalogForeignKey {
    /// The columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub parent_table: String,
    /// The referenced columns.
    pub parent_columns: Vec<String>,
    /// The ON DELETE action.
    pub on_delete: ReferentialAction,
    /// Whether it is deferrable.
    pub deferrable: bool,
    /// Other properties that differ from the default, in SQL: `ON UPDATE CASCADE`, `NOT VALID`.
    pub unusual: Vec<String>,
}

/// The referential action of a foreign key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// The statement fails, unless the row has a parent at its end.
    NoAction,
    /// The statement fails.
    Restrict,
    /// The row is deleted or updated as well.
    Cascade,
    /// The columns become NULL.
    SetNull,
    /// The columns take their defaults.
    SetDefault,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogIndex {
    /// Its name.
    pub name: String,
    /// The columns in order, and whether each is descending. An expression is in parentheses; properties that differ
    /// from the default follow the name.
    pub columns: Vec<(String, bool)>,
    /// Whether it is unique.
    pub unique: bool,
    /// The predicate of a partial index.
    pub predicate: Option<String>,
    /// Other properties that differ from the default, in SQL: `USING gin`, `NOT VALID`.
    pub unusual: Vec<String>,
}

impl ColumnKind {
    /// Whether both are equal, as far as both backends know.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Decimal { precision, scale, positive },
                Self::Decimal { precision: other_precision, scale: other_scale, positive: other_positive },
            ) => {
                let same_scale = scale.is_none() || other_scale.is_none() || scale == other_scale;
                precision == other_precision && positive == other_positive && same_scale
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BigInt => f.write_str("bigint"),
            Self::Uuid => f.write_str("uuid"),
            Self::Text { max_chars: None } => f.write_str("text"),
            Self::Text { max_chars: Some(n) } => write!(f, "text({n})"),
            Self::Email => f.write_str("email"),
            Self::Period => f.write_str("period"),
            Self::OneOf(values) => write!(f, "one of ({})", values.join(", ")),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Double => f.write_str("double"),
            Self::Decimal { precision, scale, positive } => {
                write!(f, "{}decimal({precision}", if *positive { "positive " } else { "" })?;
                match scale {
                    Some(scale) => write!(f, ",{scale})"),
                    None => f.write_str(")"),
                }
            }
            Self::Date => f.write_str("date"),
            Self::TimeOfDay => f.write_str("time"),
            Self::Instant => f.write_str("instant"),
            Self::Json { max_bytes: None } => f.write_str("json"),
            Self::Json { max_bytes: Some(n) } => write!(f, "json({n})"),
            Self::Currency => f.write_str("currency"),
            Self::Vector { max_elements: None } => f.write_str("vector"),
            Self::Vector { max_elements: Some(n) } => write!(f, "vector({n})"),
            Self::Bytes { size: None } => f.write_str("bytes"),
            Self::Bytes { size: Some(n) } => write!(f, "bytes({n})"),
            Self::Unknown(found) => write!(f, "unknown: {found}"),
        }
    }
}

impl fmt::Display for ReferentialAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        })
    }
}

impl fmt::Display for CatalogForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (columns, parent_columns) = (self.columns.join(", "), self.parent_columns.join(", "));
        write!(f, "({columns}) to {} ({parent_columns}) on delete {}", self.parent_table, self.on_delete)?;
        let deferrable = if self.deferrable { " deferrable" } else { "" };
        write!(f, "{deferrable}{}", spaced(&self.unusual))
    }
}

impl fmt::Display for CatalogIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unique = if self.unique { "unique " } else { "" };
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, descending)| format!("{name}{}", if *descending { " desc" } else { "" }))
            .collect();
        write!(f, "{unique}on ({})", columns.join(", "))?;
        if let Some(predicate) = &self.predicate {
            write!(f, " where {predicate}")?;
        }
        f.write_str(&spaced(&self.unusual))
    }
}

fn spaced(notes: &[String]) -> String {
    notes.iter().map(|note| format!(" {note}")).collect()
}
