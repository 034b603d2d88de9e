//! Conversions between families, as in SQLite: to text where text is required, to numbers where numbers are, and to
//! one common type where PostgreSQL requires one and SQLite keeps the type of each value.

use sqlite3_parser::ast::Expr;

use super::super::types::{DateForm, UuidForm};
use super::comparison;
use super::error::Untranslatable;
use super::literal;
use super::quoting::quote_text;
use super::translator::Translator;
use super::typed::{Family, Level, LiteralValue, Typed};

/// Its text form in SQLite.
pub(super) fn text(translator: &Translator<'_>, typed: &Typed) -> Result<Typed, Untranslatable> {
    no_collation_inside(typed)?;
    if let Some(LiteralValue::Integer(value)) = typed.value() {
        return literal::text(&value.to_string());
    }
    let sql = match typed.family {
        Family::Text | Family::Mixed => return Ok(typed.clone()),
        Family::SmallInteger | Family::Integer | Family::Json | Family::Uuid(UuidForm::Hyphenated) => {
            typed.cast("text")
        }
        Family::Boolean => format!("{}::integer::text", typed.at(Level::Atom)),
        Family::Uuid(UuidForm::Simple) => format!("replace({}, '-', '')", typed.cast("text")),
        Family::Date(DateForm::Iso) if !translator.immutable => {
            format!("to_char({}, 'YYYY-MM-DD')", typed.sql)
        }
        Family::Null => "NULL::text".to_owned(),
        Family::Parameter => typed.cast("text"),
        // PostgreSQL rejects it if it is not text: the text form of a number differs.
        Family::Unknown => format!("{} COLLATE \"C\"", typed.above(Level::Collate)),
        family => {
            return Err(Untranslatable::construct(described(family), "its text form differs in SQLite"));
        }
    };
    let level = if typed.family == Family::Unknown { Level::Collate } else { Level::Atom };
    Ok(Typed::new(sql, Family::Text, level))
}

/// A UUID that SQLite stores as 16 bytes, as these bytes; anything else unchanged.
pub(super) fn bytes(typed: &Typed) -> Typed {
    match typed.family {
        Family::Uuid(UuidForm::Bytes) => Typed::atom(format!("uuid_send({})", typed.sql), Family::Bytea),
        _ => typed.clone(),
    }
}

/// An operand of `||`.
pub(super) fn concat_operand(translator: &Translator<'_>, typed: &Typed) -> Result<Typed, Untranslatable> {
    text(translator, typed)
}

/// A number, if SQLite has one without converting text.
pub(super) fn number(typed: &Typed) -> Result<Typed, Untranslatable> {
    no_collation_inside(typed)?;
    match typed.family {
        family if family.is_number() => Ok(typed.clone()),
        Family::Boolean => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
        Family::Null => Ok(Typed::atom("NULL::bigint", Family::Integer)),
        Family::Parameter | Family::Unknown => Ok(typed.clone()),
        family => Err(Untranslatable::construct(
            format!("{} as a number", described(family)),
            "SQLite converts the longest numeric prefix of the text",
        )),
    }
}

/// An integer for a function with a 32-bit argument.
pub(super) fn position(typed: &Typed) -> Result<Typed, Untranslatable> {
    let typed = number(typed)?;
    match typed.family {
        Family::SmallInteger => Ok(typed),
        Family::Integer | Family::Parameter => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
        Family::Unknown => Ok(typed),
        _ => Err(Untranslatable::construct("a fraction as a position", "SQLite truncates it to an integer")),
    }
}

/// COLLATE applies to comparisons; inside another operand SQLite applies it to the outer comparison.
pub(super) fn no_collation_inside(typed: &Typed) -> Result<(), Untranslatable> {
    match typed.collating {
        super::typed::Collating::Explicit(super::Collation::NoCase | super::Collation::Rtrim) => {
            Err(Untranslatable::construct("COLLATE inside an expression", "it applies to comparisons only"))
        }
        _ => Ok(()),
    }
}

/// Converts all of them to one type without changing a value: the results of CASE, COALESCE and similar.
pub(super) fn unified(
    translator: &Translator<'_>,
    all: Vec<Typed>,
) -> Result<(Vec<Typed>, Family), Untranslatable> {
    for typed in &all {
        no_collation_inside(typed)?;
    }
    let known: Vec<Family> = all.iter().map(|typed| typed.family).filter(|f| *f != Family::Null).collect();
    let Some(first) = known.first().copied() else { return Ok((all, Family::Null)) };
    if known.iter().all(|family| *family == first) && first != Family::JsonScalar {
        return Ok((all, first));
    }
    if known.iter().any(|family| family.is_open()) {
        return Ok((all, Family::Unknown));
    }
    if known.iter().all(|family| family.is_number() || *family == Family::Boolean) {
        return numbers(all, &known);
    }
    // A literal in exactly the format of a column's values is such a value.
    if let Some(special) = known.iter().copied().find(|family| comparison::takes_literals(*family)) {
        let adopted: Option<Vec<Typed>> = all
            .iter()
            .map(|typed| match typed.text_value() {
                Some(value) => comparison::adopted(value, special),
                None => (typed.family == special || typed.family == Family::Null).then(|| typed.clone()),
            })
            .collect();
        if let Some(adopted) = adopted {
            return Ok((adopted, special));
        }
    }
    let is_text = |family: &Family| {
        matches!(
            family,
            Family::Text
                | Family::Json
                | Family::Uuid(UuidForm::Hyphenated | UuidForm::Simple)
                | Family::Date(DateForm::Iso)
        )
    };
    if known.iter().all(is_text) {
        let texts: Result<Vec<Typed>, Untranslatable> = all
            .iter()
            .map(
                |typed| {
                    if typed.family == Family::Null { Ok(typed.clone()) } else { text(translator, typed) }
                },
            )
            .collect();
        return Ok((texts?, Family::Text));
    }
    Err(Untranslatable::construct("an expression of several types", "PostgreSQL requires one type"))
}

fn numbers(all: Vec<Typed>, known: &[Family]) -> Result<(Vec<Typed>, Family), Untranslatable> {
    let family = if known.iter().all(|family| family.is_integer() || *family == Family::Boolean) {
        Family::Integer
    } else if known
        .iter()
        .all(|family| *family == Family::Numeric || family.is_integer() || *family == Family::Boolean)
    {
        Family::Numeric
    } else {
        Family::Loose
    };
    let converted: Result<Vec<Typed>, Untranslatable> = all
        .iter()
        .map(|typed| match typed.family {
            Family::Null => Ok(typed.clone()),
            Family::Boolean => number(typed),
            Family::Numeric | Family::Integer if family == Family::Loose => {
                // 64 bits exceed a double's 53.
                if typed.family == Family::Integer {
                    return Err(Untranslatable::construct(
                        "bigint with double precision",
                        "digits would be lost",
                    ));
                }
                Ok(Typed::atom(typed.cast("double precision"), Family::Loose))
            }
            _ => Ok(typed.clone()),
        })
        .collect();
    Ok((converted?, family))
}

/// CASE.
pub(super) fn case(
    translator: &Translator<'_>,
    base: Option<&Expr>,
    pairs: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
) -> Result<Typed, Untranslatable> {
    let base = base.map(|base| translator.translate(base)).transpose()?;
    let mut conditions = Vec::new();
    let mut results = Vec::new();
    for (condition, result) in pairs {
        let condition = translator.translate(condition)?;
        conditions.push(match &base {
            Some(base) => comparison::equal(base, &condition)?.sql,
            None => translator.truth(&condition)?.sql,
        });
        results.push(translator.translate(result)?);
    }
    if let Some(otherwise) = otherwise {
        results.push(translator.translate(otherwise)?);
    }
    let (results, family) = unified(translator, results)?;
    let mut sql = "CASE".to_owned();
    for (condition, result) in conditions.iter().zip(&results) {
        sql.push_str(&format!(" WHEN {condition} THEN {}", result.sql));
    }
    if let (Some(_), Some(last)) = (otherwise, results.last()) {
        sql.push_str(&format!(" ELSE {}", last.sql));
    }
    sql.push_str(" END");
    Ok(Typed::atom(sql, family))
}

/// The name of a family for messages.
pub(super) fn described(family: Family) -> &'static str {
    match family {
        Family::Boolean | Family::Words => "a boolean",
        Family::SmallInteger | Family::Integer => "an integer",
        Family::Double | Family::Numeric | Family::Loose => "a number that may have a fraction",
        Family::Text => "text",
        Family::Mixed => "a text column with numbers among its values",
        Family::Bytea => "binary data",
        Family::Date(_) => "a date",
        Family::Timestamp(_) | Family::TimestampTz(_) => "a timestamp",
        Family::Uuid(_) => "a UUID",
        Family::Json | Family::Jsonb => "a JSON document",
        Family::JsonScalar => "a value extracted from JSON",
        Family::Opaque => "a column of this type",
        Family::Null => "NULL",
        Family::Parameter => "a placeholder",
        Family::Unknown => "a value of unknown type",
    }
}

/// Text as a literal of a PostgreSQL type.
pub(super) fn typed_literal(text: &str, type_name: &str) -> String {
    format!("{}::{type_name}", quote_text(text))
}
