//! How the columns of keys and indexes are compared, and the expressions for it in PostgreSQL.

use super::part::ConvertedColumn;
use crate::schema::Affinity;
use crate::types::{DateForm, InstantForm, TargetType};

/// PostgreSQL's `INDEX_MAX_KEYS`, which applies to foreign keys too.
pub(super) const MAX_KEY_COLUMNS: usize = 32;

/// How a column of a key or index is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// As its type compares, which is equivalent to SQLite.
    Plainly,
    /// Ignoring the case of A to Z.
    Nocase,
    /// Ignoring trailing spaces.
    Rtrim,
    /// By its characters, although its type is `citext`.
    Exactly,
    /// With a collation that the application defines; PostgreSQL compares the plain column.
    Unknown,
    /// By its text, because its type has no comparison.
    AsText,
}

/// Whether values of a type are compared with a collation.
pub(super) fn is_text(target_type: TargetType) -> bool {
    matches!(
        target_type,
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext
    )
}

impl Compared {
    /// The comparison of a column that SQLite compares with this collation.
    pub(super) fn new(column: &ConvertedColumn<'_>, collation: &str) -> Self {
        let is_citext = column.target.target_type == TargetType::Citext;
        if column.target.target_type == TargetType::Json {
            Self::AsText
        } else if !is_text(column.target.target_type) {
            Self::Plainly
        } else if collation.eq_ignore_ascii_case("BINARY") {
            if is_citext { Self::Exactly } else { Self::Plainly }
        } else if collation.eq_ignore_ascii_case("NOCASE") {
            if is_citext { Self::Plainly } else { Self::Nocase }
        } else if collation.eq_ignore_ascii_case("RTRIM") {
            Self::Rtrim
        } else {
            Self::Unknown
        }
    }

    /// The column, or the expression on it, for an index.
    pub(super) fn term(self, column: &ConvertedColumn<'_>) -> String {
        let name = column.quoted();
        let is_citext = column.target.target_type == TargetType::Citext;
        match self {
            Self::Plainly | Self::Unknown => name,
            Self::Nocase => format!("lower({name} COLLATE \"C\")"),
            Self::Rtrim if is_citext => format!("rtrim({name}::text, ' ')"),
            Self::Rtrim => format!("rtrim({name}, ' ')"),
            Self::Exactly | Self::AsText => format!("({name}::text)"),
        }
    }

    /// Whether a constraint, which is on columns only, is equivalent.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Plainly | Self::Unknown)
    }
}

/// Whether values that differ in SQLite may be equal in the column's type.
pub(super) fn is_coarser(column: &ConvertedColumn<'_>) -> bool {
    let may_be_text = matches!(column.source.affinity, Affinity::Blob | Affinity::Any);
    match column.target.target_type {
        TargetType::Jsonb
        | TargetType::DoubleArray
        | TargetType::Inet
        | TargetType::Cidr
        | TargetType::Interval(_)
        | TargetType::Time
        | TargetType::Date(DateForm::Midnight)
        | TargetType::Timestamp(InstantForm::Iso)
        | TargetType::TimestampTz(InstantForm::Iso) => true,
        TargetType::Numeric { .. } | TargetType::AnyNumeric => {
            may_be_text || column.source.affinity == Affinity::Text
        }
        TargetType::Boolean => column.source.affinity == Affinity::Text || may_be_text,
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext => may_be_text,
        TargetType::SmallInt
        | TargetType::Integer
        | TargetType::BigInt
        | TargetType::Real
        | TargetType::Double
        | TargetType::Bytea
        | TargetType::Uuid(_)
        | TargetType::Date(_)
        | TargetType::Timestamp(_)
        | TargetType::TimestampTz(_)
        | TargetType::Json => false,
    }
}
