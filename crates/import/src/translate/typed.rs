//! A translated expression with what is known of its values: which family they are in SQLite, how PostgreSQL holds
//! them, whether the expression is a literal or a column, and how tightly its SQL binds.

use super::super::types::{DateForm, InstantForm, TargetType, UuidForm};
use super::Collation;

/// What the values of an expression are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `boolean` in PostgreSQL; the integers 0 and 1 in SQLite.
    Boolean,
    /// `boolean` in PostgreSQL; the words `true` and `false` in SQLite.
    Words,
    /// `smallint`, `integer`.
    SmallInteger,
    /// `bigint`.
    Integer,
    /// `double precision`; always REAL in SQLite.
    Double,
    /// `numeric`; INTEGER or REAL in SQLite, value by value.
    Numeric,
    /// `double precision`; INTEGER or REAL in SQLite, value by value.
    Loose,
    /// `text`, `varchar`.
    Text,
    /// `text` in PostgreSQL; in SQLite numbers among it.
    Mixed,
    /// `bytea`.
    Bytea,
    /// `date`.
    Date(DateForm),
    /// `timestamp`.
    Timestamp(InstantForm),
    /// `timestamp with time zone`.
    TimestampTz(InstantForm),
    /// `uuid`.
    Uuid(UuidForm),
    /// `json`.
    Json,
    /// `jsonb`.
    Jsonb,
    /// `text` in PostgreSQL, taken out of JSON; in SQLite whatever type stands there.
    JsonScalar,
    /// Nothing can be computed with it, but it can be NULL, and be passed on.
    Opaque,
    /// Always NULL.
    Null,
    /// A placeholder: PostgreSQL takes its type from where it stands.
    Parameter,
    /// Nothing is known.
    Unknown,
}

impl Family {
    /// Of a column of this type.
    pub(crate) fn of(target: TargetType) -> Self {
        match target {
            TargetType::SmallInt | TargetType::Integer => Self::SmallInteger,
            TargetType::BigInt => Self::Integer,
            TargetType::Real | TargetType::Double => Self::Double,
            TargetType::Numeric { .. } | TargetType::AnyNumeric => Self::Numeric,
            TargetType::Boolean => Self::Boolean,
            TargetType::Text | TargetType::Varchar(_) | TargetType::Citext => Self::Text,
            TargetType::Char(_) | TargetType::Time | TargetType::DoubleArray => Self::Opaque,
            TargetType::Bytea => Self::Bytea,
            TargetType::Uuid(form) => Self::Uuid(form),
            TargetType::Date(form) => Self::Date(form),
            TargetType::Timestamp(form) => Self::Timestamp(form),
            TargetType::TimestampTz(form) => Self::TimestampTz(form),
            TargetType::Json => Self::Json,
            TargetType::Jsonb => Self::Jsonb,
        }
    }

    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Self::SmallInteger | Self::Integer)
    }

    /// Whether every value is a number in SQLite and PostgreSQL.
    pub(crate) fn is_number(self) -> bool {
        self.is_integer() || matches!(self, Self::Double | Self::Numeric | Self::Loose)
    }

    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Parameter | Self::Unknown)
    }
}

/// What an expression is, beside its values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Nature {
    /// A literal.
    Literal(LiteralValue),
    /// A column, whose affinity SQLite lends to what it is compared with.
    Column,
    /// Neither.
    Other,
}

/// A literal's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LiteralValue {
    /// Fits 64 bits.
    Integer(i64),
    /// As written, without underscores.
    Real(String),
    /// Text.
    Text(String),
    /// Hexadecimal digits.
    Blob(String),
    /// NULL.
    Null,
}

/// By which collation SQLite compares an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collating {
    /// It has none of its own.
    None,
    /// Its column's.
    Column(Collation),
    /// By COLLATE.
    Explicit(Collation),
}

/// How tightly PostgreSQL's operators bind (its manual, section 4.1.6), from the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Or,
    And,
    Not,
    Is,
    Comparison,
    Like,
    Other,
    Additive,
    Multiplicative,
    Unary,
    Collate,
    Atom,
}

/// A translated expression.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) sql: String,
    pub(crate) family: Family,
    pub(crate) nature: Nature,
    pub(crate) collating: Collating,
    pub(crate) level: Level,
    /// Its type in the target, where it is a column as it stands.
    pub(crate) target: Option<TargetType>,
}

impl Typed {
    pub(crate) fn new(sql: impl Into<String>, family: Family, level: Level) -> Self {
        Self {
            sql: sql.into(),
            family,
            nature: Nature::Other,
            collating: Collating::None,
            level,
            target: None,
        }
    }

    /// A function call, a cast, a parenthesis.
    pub(crate) fn atom(sql: impl Into<String>, family: Family) -> Self {
        Self::new(sql, family, Level::Atom)
    }

    /// A boolean expression that stands for SQLite's 0, 1 or NULL.
    pub(crate) fn truth(sql: impl Into<String>, level: Level) -> Self {
        Self::new(sql, Family::Boolean, level)
    }

    pub(crate) fn literal(sql: impl Into<String>, family: Family, value: LiteralValue) -> Self {
        Self { nature: Nature::Literal(value), ..Self::atom(sql, family) }
    }

    /// Its SQL where an operator stands that binds so tightly; in parentheses if it binds less.
    pub(crate) fn at(&self, level: Level) -> String {
        if self.level < level { format!("({})", self.sql) } else { self.sql.clone() }
    }

    /// The same, beside an operator that does not chain.
    pub(crate) fn above(&self, level: Level) -> String {
        if self.level <= level { format!("({})", self.sql) } else { self.sql.clone() }
    }

    pub(crate) fn cast(&self, name: &str) -> String {
        format!("{}::{name}", self.at(Level::Atom))
    }

    pub(crate) fn value(&self) -> Option<&LiteralValue> {
        match &self.nature {
            Nature::Literal(value) => Some(value),
            Nature::Column | Nature::Other => None,
        }
    }

    pub(crate) fn text_value(&self) -> Option<&str> {
        match self.value() {
            Some(LiteralValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn integer_value(&self) -> Option<i64> {
        match self.value() {
            Some(LiteralValue::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn is_column(&self) -> bool {
        self.nature == Nature::Column
    }
}
