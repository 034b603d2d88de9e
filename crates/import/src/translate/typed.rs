//! A translated expression with the known properties of its values: their family in SQLite, their type in PostgreSQL,
//! whether the expression is a literal or a column, and the precedence of its SQL.

use super::super::types::{DateForm, InstantForm, TargetType, UuidForm};
use super::{Collation, Written};

/// The family of an expression's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `boolean` in PostgreSQL; the integers 0 and 1 in SQLite.
    Boolean,
    /// `boolean` in PostgreSQL; the texts `true` and `false` in SQLite.
    Words,
    /// `smallint`, `integer`.
    SmallInteger,
    /// `bigint`.
    Integer,
    /// `double precision`; always REAL in SQLite.
    Double,
    /// `numeric`; INTEGER or REAL in SQLite, depending on the value.
    Numeric,
    /// `double precision`; INTEGER or REAL in SQLite, depending on the value.
    Loose,
    /// `text`, `varchar`.
    Text,
    /// `text` in PostgreSQL; text and numbers in SQLite.
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
    /// `text` in PostgreSQL, extracted from JSON; any type in SQLite.
    JsonScalar,
    /// It can be NULL and be passed on, but not be computed with.
    Opaque,
    /// Always NULL.
    Null,
    /// A placeholder: PostgreSQL infers its type.
    Parameter,
    /// Not known.
    Unknown,
}

impl Family {
    /// The family of a column of this type.
    pub(crate) fn of(target: TargetType) -> Self {
        match target {
            TargetType::SmallInt | TargetType::Integer => Self::SmallInteger,
            TargetType::BigInt => Self::Integer,
            TargetType::Real | TargetType::Double => Self::Double,
            TargetType::Numeric { .. } | TargetType::AnyNumeric => Self::Numeric,
            TargetType::Boolean => Self::Boolean,
            TargetType::Text | TargetType::Varchar(_) | TargetType::Citext => Self::Text,
            TargetType::Char(_)
            | TargetType::Time
            | TargetType::DoubleArray
            | TargetType::Inet
            | TargetType::Cidr
            | TargetType::Interval(_) => Self::Opaque,
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

/// The kind of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Nature {
    /// A literal.
    Literal(LiteralValue),
    /// A column, whose affinity SQLite applies to the other operand of a comparison.
    Column,
    /// CAST, or a column that is the result of a query: SQLite applies its affinity too.
    Affine,
    /// Another one.
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

/// The collation with which SQLite compares an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collating {
    /// None of its own.
    None,
    /// That of its column.
    Column(Collation),
    /// That of COLLATE.
    Explicit(Collation),
}

/// The precedence of PostgreSQL's operators (manual, section 4.1.6), from the lowest.
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

/// What else is known of an expression's values.
#[derive(Clone, Debug, Default)]
pub(crate) enum Detail {
    /// Nothing.
    #[default]
    None,
    /// Of a column of dates or instants: the text that SQLite stores.
    Written(Written),
    /// Of a column of dates or instants: the texts that SQLite stores have several formats.
    Several,
    /// Of a column of numbers: whole ones are INTEGER in SQLite, others REAL.
    Whole,
    /// Of text in this format: the `timestamp` in SQL, in UTC.
    Instant(String, Written),
    /// Of text that consists of the digits of an integer: the integer in SQL.
    Digits(String),
    /// Of a value extracted from JSON: the `jsonb` in SQL, in which NULL stands for `null`, and 1 and 0 for the booleans.
    Json(String),
}

/// A translated expression.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) sql: String,
    pub(crate) family: Family,
    pub(crate) nature: Nature,
    pub(crate) collating: Collating,
    pub(crate) level: Level,
    /// Its type in the target, if it is a plain column.
    pub(crate) target: Option<TargetType>,
    pub(crate) detail: Detail,
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
            detail: Detail::None,
        }
    }

    /// A function call, a cast, a parenthesis.
    pub(crate) fn atom(sql: impl Into<String>, family: Family) -> Self {
        Self::new(sql, family, Level::Atom)
    }

    /// A boolean expression for SQLite's 0, 1 or NULL.
    pub(crate) fn truth(sql: impl Into<String>, level: Level) -> Self {
        Self::new(sql, Family::Boolean, level)
    }

    pub(crate) fn literal(sql: impl Into<String>, family: Family, value: LiteralValue) -> Self {
        Self { nature: Nature::Literal(value), ..Self::atom(sql, family) }
    }

    /// Its SQL as the operand of an operator with this precedence; in parentheses if its own is lower.
    pub(crate) fn at(&self, level: Level) -> String {
        if self.level < level { format!("({})", self.sql) } else { self.sql.clone() }
    }

    /// The same, for an operator that does not chain.
    pub(crate) fn above(&self, level: Level) -> String {
        if self.level <= level { format!("({})", self.sql) } else { self.sql.clone() }
    }

    pub(crate) fn cast(&self, name: &str) -> String {
        format!("{}::{name}", self.at(Level::Atom))
    }

    pub(crate) fn value(&self) -> Option<&LiteralValue> {
        match &self.nature {
            Nature::Literal(value) => Some(value),
            Nature::Column | Nature::Affine | Nature::Other => None,
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

    /// The stored text of its dates or instants.
    pub(crate) fn written(&self) -> Option<Written> {
        match self.detail {
            Detail::Written(written) => Some(written),
            Detail::None
            | Detail::Several
            | Detail::Whole
            | Detail::Instant(..)
            | Detail::Digits(_)
            | Detail::Json(_) => None,
        }
    }

    /// The expression with what is known of these values, as far as it holds outside of their query.
    pub(crate) fn with_detail_of(self, other: &Self) -> Self {
        let detail = match other.detail {
            Detail::Written(written) => Detail::Written(written),
            Detail::Whole => Detail::Whole,
            Detail::Several => Detail::Several,
            Detail::None | Detail::Instant(..) | Detail::Digits(_) | Detail::Json(_) => Detail::None,
        };
        Self { detail, ..self }
    }

    /// The result of a query, under this name.
    pub(crate) fn as_result(&self, name: &str) -> Self {
        let collating = match self.collating {
            Collating::Explicit(collation) => Collating::Column(collation),
            other => other,
        };
        let result = Self {
            sql: name.to_owned(),
            collating,
            level: Level::Atom,
            nature: self.nature_of_result(),
            family: if self.family == Family::JsonScalar { Family::Mixed } else { self.family },
            ..self.clone()
        };
        result.with_detail_of(self)
    }

    pub(crate) fn is_parameter(&self) -> bool {
        self.family == Family::Parameter
    }

    /// Whether it is always NULL.
    pub(crate) fn is_null(&self) -> bool {
        self.family == Family::Null
    }

    pub(crate) fn is_column(&self) -> bool {
        self.nature == Nature::Column
    }

    /// Whether SQLite applies its affinity to the other operand of a comparison.
    pub(crate) fn has_affinity(&self) -> bool {
        matches!(self.nature, Nature::Column | Nature::Affine)
    }

    /// What it is as the result of a query.
    pub(crate) fn nature_of_result(&self) -> Nature {
        if self.has_affinity() { Nature::Affine } else { Nature::Other }
    }

    /// The expression as the operand of what applies no affinity.
    pub(crate) fn without_affinity(self) -> Self {
        let nature = if self.has_affinity() { Nature::Other } else { self.nature };
        Self { nature, ..self }
    }
}
