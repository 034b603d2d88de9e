//! CAST: by the affinity of the type's name (SQLite manual, "Datatypes In SQLite", section 3.1).

use sqlite3_parser::ast::{Expr, Type};

use super::super::types::{TargetType, UuidForm};
use super::convert::{self, described};
use super::error::Untranslatable;
use super::in_sqlite;
use super::literal;
use super::prefix;
use super::translator::Translator;
use super::typed::{Detail, Family, Level, Nature, Typed};

/// `CAST(operand AS type)`.
pub(super) fn cast(
    translator: &Translator<'_>,
    operand: &Expr,
    type_name: Option<&Type>,
) -> Result<Typed, Untranslatable> {
    let name = type_name.map(|name| name.name.to_ascii_uppercase()).unwrap_or_default();
    let typed = converted(translator, operand, &name)?;
    // A number has the affinity of the type, and text too, except that a literal has the value of the literal.
    let is_affine = match typed.family {
        family if family.is_number() => true,
        Family::Text => typed.value().is_none(),
        _ => false,
    };
    Ok(Typed { nature: if is_affine { Nature::Affine } else { typed.nature.clone() }, ..typed })
}

fn converted(translator: &Translator<'_>, operand: &Expr, name: &str) -> Result<Typed, Untranslatable> {
    let has = |part: &str| name.contains(part);
    if has("INT") {
        return integer(translator, operand);
    }
    let typed = translator.translate(operand)?;
    let number = typed.text_value().map(literal::number_in_text);
    if has("CHAR") || has("CLOB") || has("TEXT") {
        let typed = match typed.family {
            // SQLite's text form is required here, and a column of unknown type may have another.
            Family::Unknown => return refused(&typed, "TEXT"),
            _ => convert::text(translator, &typed)?,
        };
        return Ok(Typed { target: None, ..typed });
    }
    if has("BLOB") || name.is_empty() {
        return match typed.family {
            Family::Bytea | Family::Uuid(UuidForm::Bytes) => Ok(convert::bytes(&typed)),
            Family::Text if !translator.immutable => {
                Ok(Typed::atom(format!("convert_to({}, 'UTF8')", typed.sql), Family::Bytea))
            }
            _ => refused(&typed, "BLOB"),
        };
    }
    if has("REAL") || has("FLOA") || has("DOUB") {
        return match typed.family {
            Family::Double => Ok(typed),
            Family::SmallInteger | Family::Integer | Family::Numeric | Family::Loose => {
                Ok(Typed::atom(typed.cast("double precision"), Family::Double))
            }
            Family::Boolean => {
                Ok(Typed::atom(format!("{}::double precision", typed.cast("integer")), Family::Double))
            }
            Family::Null => Ok(Typed::atom("NULL::double precision", Family::Double)),
            Family::Parameter => parameter(translator, &typed, "double precision", Family::Double),
            Family::Text => {
                let sql = match number.flatten() {
                    Some(number) => number.cast("double precision"),
                    None => prefix::numeric_prefix(&typed.at(Level::Atom)),
                };
                Ok(Typed::atom(sql, Family::Double))
            }
            Family::JsonScalar => {
                let number = convert::number(&typed)?;
                Ok(Typed { family: Family::Double, ..number })
            }
            _ => match stored_number(&typed) {
                Some(number) => Ok(Typed::atom(number.cast("double precision"), Family::Double)),
                None => refused(&typed, "REAL"),
            },
        };
    }
    // CAST to NUMERIC does not change a number.
    match typed.family {
        family if family.is_number() => Ok(typed),
        Family::Boolean | Family::Null => convert::number(&typed),
        _ => number.flatten().map_or_else(|| refused(&typed, "NUMERIC"), Ok),
    }
}

fn integer(translator: &Translator<'_>, operand: &Expr) -> Result<Typed, Untranslatable> {
    let typed = translator.translate(operand)?;
    if let Detail::Digits(sql) = &typed.detail {
        return Ok(Typed::atom(sql.clone(), Family::Integer));
    }
    match typed.family {
        Family::SmallInteger | Family::Integer => Ok(Typed::atom(typed.cast("bigint"), Family::Integer)),
        Family::Parameter => parameter(translator, &typed, "bigint", Family::Integer),
        Family::Double | Family::Numeric | Family::Loose => {
            Ok(Typed::atom(truncated(&typed), Family::Integer))
        }
        Family::Boolean => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
        Family::Null => Ok(Typed::atom("NULL::bigint", Family::Integer)),
        Family::Text => match typed.text_value().and_then(literal::number_in_text) {
            Some(number) if number.integer_value().is_some() => Ok(number),
            // What follows the integer is not read, such as a fraction.
            _ => Ok(Typed::atom(prefix::integer_prefix(&typed.at(Level::Atom)), Family::Integer)),
        },
        Family::JsonScalar => {
            let text = convert::text(translator, &typed)?;
            Ok(Typed::atom(prefix::integer_prefix(&text.at(Level::Atom)), Family::Integer))
        }
        _ => match stored_number(&typed) {
            Some(number) => Ok(number),
            None => match in_sqlite::stored_text(&typed) {
                // A date or an instant begins with its year.
                Some(text) if !translator.immutable => {
                    Ok(Typed::atom(prefix::integer_prefix(&text.at(Level::Atom)), Family::Integer))
                }
                _ => refused(&typed, "INTEGER"),
            },
        },
    }
}

/// A number without its fraction. Beyond 64 bits SQLite takes the nearest integer.
fn truncated(typed: &Typed) -> String {
    let value = typed.at(Level::Atom);
    let is_small = match typed.target {
        Some(TargetType::Numeric { precision, scale }) => precision.saturating_sub(scale) <= 18,
        _ => false,
    };
    if is_small {
        return format!("trunc({value})::bigint");
    }
    format!(
        "CASE WHEN {value} >= 9223372036854775807 THEN 9223372036854775807 \
         WHEN {value} <= -9223372036854775808 THEN '-9223372036854775808'::bigint ELSE trunc({value})::bigint END"
    )
}

/// A placeholder takes a value of the type to which it is converted.
fn parameter(
    translator: &Translator<'_>,
    typed: &Typed,
    name: &str,
    family: Family,
) -> Result<Typed, Untranslatable> {
    translator.names.note(&format!("{} takes a value of type {name}", typed.sql));
    Ok(Typed::atom(typed.cast(name), family))
}

/// The number that SQLite stores for an instant.
fn stored_number(typed: &Typed) -> Option<Typed> {
    match typed.family {
        Family::Timestamp(form) | Family::TimestampTz(form) => {
            in_sqlite::counted(typed, form).filter(|number| number.family.is_integer())
        }
        _ => None,
    }
}

fn refused(typed: &Typed, to: &str) -> Result<Typed, Untranslatable> {
    Err(Untranslatable::construct(
        format!("CAST of {} to {to}", described(typed.family)),
        "SQLite converts the longest valid prefix; PostgreSQL rejects the value or converts it differently",
    ))
}
