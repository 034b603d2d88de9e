//! The declared type of a column in the SQLite migration.

use super::tables::{ProjectColumn, ProjectTable};
use crate::schema::Affinity;
use crate::types::{DateForm, InstantForm, IntervalForm, TargetType, UuidForm};

/// The declared type, if SQLite does not change values of the target's type in such a column; otherwise the simplest
/// type that does not.
pub(super) fn column_type(table: &ProjectTable<'_>, column: &ProjectColumn<'_>) -> String {
    let (fitting, otherwise): (&[Affinity], &str) = match column.conversion.target_type {
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt => {
            (&[Affinity::Integer, Affinity::Numeric], "INTEGER")
        }
        TargetType::Real | TargetType::Double => (&[Affinity::Real, Affinity::Numeric], "REAL"),
        TargetType::Boolean => (&[Affinity::Integer, Affinity::Numeric], "INTEGER"),
        // Decimals that are stored as text keep their digits only as text.
        TargetType::Numeric { .. } | TargetType::AnyNumeric => {
            (&[Affinity::Numeric, Affinity::Text, Affinity::Integer, Affinity::Real], "TEXT")
        }
        TargetType::Bytea | TargetType::Uuid(UuidForm::Bytes) => (&[Affinity::Blob], "BLOB"),
        TargetType::Timestamp(InstantForm::JulianDay) | TargetType::TimestampTz(InstantForm::JulianDay) => {
            (&[Affinity::Real, Affinity::Numeric], "REAL")
        }
        TargetType::Timestamp(
            InstantForm::Seconds | InstantForm::Milliseconds | InstantForm::Microseconds,
        )
        | TargetType::TimestampTz(
            InstantForm::Seconds | InstantForm::Milliseconds | InstantForm::Microseconds,
        )
        | TargetType::Interval(
            IntervalForm::Seconds | IntervalForm::Milliseconds | IntervalForm::Microseconds,
        )
        | TargetType::Date(DateForm::Milliseconds) => (&[Affinity::Integer, Affinity::Numeric], "INTEGER"),
        // Text that does not look like a number.
        TargetType::Date(_) | TargetType::Time | TargetType::Timestamp(_) | TargetType::TimestampTz(_) => {
            (&[Affinity::Text, Affinity::Numeric], "TEXT")
        }
        TargetType::Text
        | TargetType::Varchar(_)
        | TargetType::Char(_)
        | TargetType::Citext
        | TargetType::Uuid(UuidForm::Hyphenated | UuidForm::Simple)
        | TargetType::Json
        | TargetType::Jsonb
        | TargetType::Inet
        | TargetType::Cidr
        | TargetType::Interval(IntervalForm::Iso)
        | TargetType::DoubleArray => (&[Affinity::Text], "TEXT"),
    };
    let declared = column.source.declared_type.as_str();
    // A STRICT table supports only six types, and ANY is not suitable.
    let is_known = !table.source.strict
        || ["INT", "INTEGER", "REAL", "TEXT", "BLOB"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(declared));
    if fitting.contains(&column.source.affinity) && is_known && is_plain(declared) {
        declared.to_owned()
    } else {
        otherwise.to_owned()
    }
}

/// Whether a declared type consists of words, and numbers in parentheses: nothing that ends the column definition
/// early.
fn is_plain(declared: &str) -> bool {
    let (words, numbers) = match declared.split_once('(') {
        Some((words, rest)) => match rest.trim_end().strip_suffix(')') {
            Some(numbers) => (words, numbers),
            None => return false,
        },
        None => (declared, "0"),
    };
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && sqlite3_parser::dialect::keyword_token(word.as_bytes()).is_none()
    };
    let is_number = |number: &str| {
        let number = number.trim();
        !number.is_empty() && number.len() <= 9 && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut words = words.split_ascii_whitespace().peekable();
    words.peek().is_some()
        && words.all(is_word)
        && numbers.split(',').count() <= 2
        && numbers.split(',').all(is_number)
}
