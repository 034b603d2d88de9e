//! Tables, columns, keys and indexes, in words that do not depend on the backend.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The tables of a database, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Catalog {
    /// The tables.
    pub tables: BTreeMap<String, Table>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The columns, in the table's order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in the key's order.
    pub primary_key: Vec<String>,
    /// The foreign keys, in order.
    pub foreign_keys: Vec<ForeignKey>,
    /// The indexes but the primary key's, by name.
    pub indexes: Vec<Index>,
    /// What else must hold for each row, beyond what the kinds of the columns say: one condition each, in order.
    pub checks: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What values it holds.
    pub kind: Kind,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The value of a row that gives none; an expression that is no literal is in parentheses. A decimal's is in
    /// units of its last digit.
    pub default: Option<String>,
    /// Whether the database numbers the rows that give no value, and never gives a number twice.
    pub identity: bool,
}

/// What values a column holds: the same on both backends, however each declares and checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers of 64 bits.
    BigInt,
    /// UUIDs.
    Uuid,
    /// Text without NUL.
    Text {
        /// The most characters it may have.
        max_chars: Option<u32>,
    },
    /// E-mail addresses in lower case.
    Email,
    /// Billing periods: year and month.
    Period,
    /// Some texts only, in the order of the check.
    OneOf(Vec<String>),
    /// True or false.
    Bool,
    /// Whole numbers of 32 bits.
    Int,
    /// Finite numbers in double precision.
    Double,
    /// Exact decimal numbers.
    Decimal {
        /// How many digits.
        precision: u32,
        /// How many of them are behind the point. SQLite holds the number of last digits, and nothing in its schema
        /// says what a last digit is worth: `None`.
        scale: Option<u32>,
        /// Whether only numbers above zero are allowed.
        positive: bool,
    },
    /// Days of the years 1 to 9999.
    Date,
    /// Times of day.
    TimeOfDay,
    /// Points in time of the years 1 to 9999.
    Instant,
    /// JSON.
    Json,
    /// One or more numbers in single precision.
    Vector,
    /// Bytes.
    Bytes {
        /// How many there must be.
        size: Option<u32>,
    },
    /// None of these: what was found, in the backend's words.
    Unknown(String),
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ForeignKey {
    /// The columns.
    pub columns: Vec<String>,
    /// The table they point to.
    pub parent_table: String,
    /// The columns they point to.
    pub parent_columns: Vec<String>,
    /// What happens to a row whose parent is deleted.
    pub on_delete: Action,
    /// Whether a transaction may put the check off to its end.
    pub deferrable: bool,
    /// What else is not as usual, in SQL's words: `ON UPDATE CASCADE`, `NOT VALID`.
    pub unusual: Vec<String>,
}

/// What happens to a row whose parent is deleted or gets another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The statement fails, unless the row has another parent at its end.
    NoAction,
    /// The statement fails.
    Restrict,
    /// The row goes the same way.
    Cascade,
    /// The columns become NULL.
    SetNull,
    /// The columns take their defaults.
    SetDefault,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// The columns in order, and whether each is descending. An expression stands in parentheses; what is not as
    /// usual about a column follows its name.
    pub columns: Vec<(String, bool)>,
    /// Whether no two rows may be equal in them.
    pub unique: bool,
    /// Which rows it holds; all, if there is none.
    pub predicate: Option<String>,
    /// What else is not as usual, in SQL's words: `USING gin`, `NOT VALID`.
    pub unusual: Vec<String>,
}

impl Kind {
    /// Whether both are the same, as far as either backend can say.
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

impl fmt::Display for Kind {
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
            Self::Json => f.write_str("json"),
            Self::Vector => f.write_str("vector"),
            Self::Bytes { size: None } => f.write_str("bytes"),
            Self::Bytes { size: Some(n) } => write!(f, "bytes({n})"),
            Self::Unknown(found) => write!(f, "unknown: {found}"),
        }
    }
}

impl fmt::Display for Action {
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

impl fmt::Display for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (columns, parent_columns) = (self.columns.join(", "), self.parent_columns.join(", "));
        write!(f, "({columns}) to {} ({parent_columns}) on delete {}", self.parent_table, self.on_delete)?;
        let deferrable = if self.deferrable { " deferrable" } else { "" };
        write!(f, "{deferrable}{}", spaced(&self.unusual))
    }
}

impl fmt::Display for Index {
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
