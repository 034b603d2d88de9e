//! How the columns of keys and indexes are compared, and how PostgreSQL is told.

use super::part::PartColumn;
use crate::schema::Affinity;
use crate::types::{DateForm, InstantForm, TargetType};

/// PostgreSQL's `INDEX_MAX_KEYS`, which holds for foreign keys too.
pub(super) const MAX_KEY_COLUMNS: usize = 32;

/// How a column of a key or index is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// As its type compares, which is as SQLite does.
    Plainly,
    /// Without regard to the case of A to Z.
    Nocase,
    /// Without spaces at its end.
    Rtrim,
    /// By its characters, though its type is `citext`.
    Exactly,
    /// By a collation that is the application's; PostgreSQL compares it as it stands.
    Unknown,
    /// By its text, for its type has no comparison.
    AsText,
}

/// Whether a type's values are compared by a collation.
pub(super) fn is_text(target_type: TargetType) -> bool {
    matches!(
        target_type,
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext
    )
}

impl Compared {
    /// How a column is compared that SQLite compares by this collation.
    pub(super) fn new(column: &PartColumn<'_>, collation: &str) -> Self {
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

    /// The column, or the expression over it, as an index has it.
    pub(super) fn term(self, column: &PartColumn<'_>) -> String {
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

    /// Whether a constraint, which is over columns only, says the same.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Plainly | Self::Unknown)
    }
}

/// Whether values that SQLite holds for different may be equal in the column's type.
pub(super) fn is_coarser(column: &PartColumn<'_>) -> bool {
    let may_be_text = matches!(column.source.affinity, Affinity::Blob | Affinity::Any);
    match column.target.target_type {
        TargetType::Jsonb
        | TargetType::DoubleArray
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
