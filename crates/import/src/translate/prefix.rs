//! Numbers that a text begins with, and texts that are compared with numbers.

use super::typed::{Family, Level, Typed};

/// What a text that is converted to a number begins with, in SQLite; 0 if it does not begin with a number. An integer of more
/// digits than a double has is an error.
pub(super) fn numeric_prefix(text: &str) -> String {
    const NUMBER: &str = "^[ \\t\\n\\v\\f\\r]*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)";
    const LONG: &str = "^[ \\t\\n\\v\\f\\r]*[+-]?[0-9]{16,}(?![0-9.eE])";
    format!(
        "CASE WHEN {text} ~ '{LONG}' THEN (substring({text} FROM '{NUMBER}') || ' is too long')::double precision \
         WHEN {text} IS NOT NULL THEN coalesce(substring({text} FROM '{NUMBER}')::double precision, 0) END"
    )
}

/// The integer that a text begins with, as CAST returns it: beyond 64 bits the nearest one.
pub(super) fn integer_prefix(text: &str) -> String {
    const INTEGER: &str = "^[ \\t\\n\\v\\f\\r]*([+-]?[0-9]+)";
    format!(
        "CASE WHEN {text} IS NOT NULL THEN least(greatest(coalesce(substring({text} FROM '{INTEGER}')::numeric, 0), \
         -9223372036854775808), 9223372036854775807)::bigint END"
    )
}

/// A `numeric` above every number of SQLite; PostgreSQL before 14 has no infinity of this type.
pub(super) const ABOVE_NUMBERS: &str = "1e400";

/// A text that a number without affinity is compared with: it is greater than every number.
pub(super) fn above_numbers(text: &Typed, number: &Typed) -> Typed {
    let above = above(number);
    let sql = format!("CASE WHEN {} IS NOT NULL THEN {} END", text.above(Level::Comparison), above.sql);
    Typed { sql, ..above }
}

/// A number above every value of this one.
pub(super) fn above(number: &Typed) -> Typed {
    let is_double = matches!(number.family, Family::Double | Family::Loose) && number.value().is_none();
    match is_double {
        true => Typed::atom("'Infinity'::double precision", Family::Loose),
        false => Typed::atom(ABOVE_NUMBERS, Family::Numeric),
    }
}

/// A text that a column of numbers is compared with, as a number: SQLite applies the affinity of the column, and a text that
/// is no number is greater than every number.
pub(super) fn as_compared_number(text: &Typed, of: &Typed) -> Typed {
    const NUMBER: &str =
        "^[ \\t\\n\\v\\f\\r]*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[ \\t\\n\\v\\f\\r]*$";
    let (name, above, family) = match of.family {
        Family::Double | Family::Loose => ("double precision", "'Infinity'", Family::Loose),
        _ => ("numeric", ABOVE_NUMBERS, Family::Numeric),
    };
    let sql = text.at(Level::Atom);
    Typed::atom(
        format!(
            "CASE WHEN {sql} ~ '{NUMBER}' THEN {sql}::{name} WHEN {sql} IS NOT NULL THEN {above}::{name} END"
        ),
        family,
    )
}
