//! Conversions between families, as in SQLite: to text where text is required, to numbers where numbers are, and to
//! one common type where PostgreSQL requires one and SQLite keeps the type of each value.

use sqlite3_parser::ast::Expr;

use super::super::types::{DateForm, UuidForm};
use super::comparison;
use super::error::Untranslatable;
use super::in_sqlite::{counted, number_text, real_text, stored_text};
use super::instants::{adopted, takes_literals};
use super::prefix::numeric_prefix;
use super::quoting::quote_text;
use super::translator::Translator;
use super::typed::{Detail, Family, Level, LiteralValue, Typed};
use super::written::Written;
use super::{json, literal};

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
        Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_)
            if !translator.immutable && stored_text(typed).is_some() =>
        {
            return stored_text(typed).ok_or_else(|| Untranslatable::construct("a date", "its text differs"));
        }
        Family::Double if !translator.immutable => {
            translator.names.note("the text of a REAL of more than 15 digits may end in other digits");
            return real_text(typed);
        }
        Family::Numeric | Family::Loose if !translator.immutable && matches!(typed.detail, Detail::Whole) => {
            return number_text(typed);
        }
        Family::JsonScalar if translator.names.may_assume() && matches!(typed.detail, Detail::Json(_)) => {
            translator.names.note(
                "the text of an object or array in JSON has spaces and another order of keys in PostgreSQL",
            );
            return json::as_text(typed);
        }
        Family::Null => "NULL::text".to_owned(),
        Family::Parameter => typed.cast("text"),
        // The text form of an integer or of text; that of other types differs, and is an assumption.
        Family::Unknown => typed.cast("text"),
        family => {
            return Err(Untranslatable::construct(described(family), "its text form differs in SQLite"));
        }
    };
    Ok(Typed::atom(sql, Family::Text))
}

/// A UUID that SQLite stores as 16 bytes, as these bytes; anything else unchanged.
pub(super) fn bytes(typed: &Typed) -> Typed {
    match typed.family {
        Family::Uuid(UuidForm::Bytes) => Typed::atom(format!("uuid_send({})", typed.sql), Family::Bytea),
        _ => typed.clone(),
    }
}

/// A number, if SQLite has one without converting text.
pub(super) fn number(typed: &Typed) -> Result<Typed, Untranslatable> {
    no_collation_inside(typed)?;
    if let Detail::Digits(sql) = &typed.detail {
        return Ok(Typed::atom(sql.clone(), Family::Integer));
    }
    match typed.family {
        family if family.is_number() => Ok(typed.clone()),
        Family::Boolean => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
        Family::Null => Ok(Typed::atom("NULL::bigint", Family::Integer)),
        Family::Parameter | Family::Unknown => Ok(typed.clone()),
        Family::Timestamp(form) | Family::TimestampTz(form) if counted(typed, form).is_some() => {
            counted(typed, form).ok_or_else(|| Untranslatable::construct("a timestamp", "it is no number"))
        }
        Family::Date(DateForm::Milliseconds) => {
            Ok(Typed::atom(format!("(extract(epoch FROM {}) * 1000)::bigint", typed.sql), Family::Integer))
        }
        Family::JsonScalar if matches!(typed.detail, Detail::Json(_)) => json::as_number(typed),
        Family::Text => Ok(Typed::atom(numeric_prefix(&typed.at(Level::Atom)), Family::Loose)),
        family => Err(Untranslatable::construct(
            format!("{} as a number", described(family)),
            "SQLite converts the longest numeric prefix of the text",
        )),
    }
}

/// A `bigint` as a double: an error where its 64 bits exceed the 53 of a double.
pub(super) fn exact_double(typed: &Typed) -> Typed {
    match typed.integer_value() {
        Some(value) if value.unsigned_abs() <= 1 << 53 => {
            Typed::atom(typed.cast("double precision"), Family::Loose)
        }
        _ => {
            let value = typed.at(Level::Atom);
            let sql = format!(
                "CASE WHEN {value} BETWEEN -9007199254740992 AND 9007199254740992 THEN {value}::double precision \
                 ELSE ({value} || 'e999')::double precision END"
            );
            Typed { nature: typed.nature.clone(), ..Typed::atom(sql, Family::Loose) }
        }
    }
}

/// A `numeric` as a double: an error where it is an integer that exceeds the 53 bits of a double.
pub(super) fn exact_double_of_numeric(typed: &Typed) -> Typed {
    let value = typed.at(Level::Atom);
    let sql = format!(
        "CASE WHEN abs({value}) <= 9007199254740992 OR {value} <> trunc({value}) THEN {value}::double precision \
         ELSE ({value} || 'e999')::double precision END"
    );
    Typed { nature: typed.nature.clone(), ..Typed::atom(sql, Family::Loose) }
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
    let is_one_format = !takes_literals(first) || one_written(&all).is_some();
    if known.iter().all(|family| *family == first) && first != Family::JsonScalar && is_one_format {
        return Ok((all, first));
    }
    if known.iter().any(|family| family.is_open()) {
        return Ok((all, Family::Unknown));
    }
    if known.iter().all(|family| family.is_number() || *family == Family::Boolean) {
        return numbers(all, &known);
    }
    // A literal in exactly the format of a column's values is such a value.
    if let Some(special) = known.iter().copied().find(|family| takes_literals(*family)) {
        let adopted: Option<Vec<Typed>> = all
            .iter()
            .map(|typed| match typed.text_value() {
                Some(value) => adopted(value, special),
                None => (typed.family == special || typed.family == Family::Null).then(|| typed.clone()),
            })
            .collect();
        if let Some(adopted) = adopted {
            return Ok((adopted, special));
        }
    }
    let is_text = |typed: &Typed| {
        matches!(typed.family, Family::Text | Family::Json | Family::Null) || stored_text(typed).is_some()
    };
    if all.iter().all(is_text) {
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

/// The one format of the texts of these, or none where none is known; `None` if they differ.
fn one_written(all: &[Typed]) -> Option<Option<Written>> {
    let mut formats = all.iter().filter(|typed| typed.family != Family::Null).map(Typed::written);
    let first = formats.next()?;
    formats.all(|format| format == first).then_some(first)
}

/// What holds of each of these: of an expression whose value is that of one of them.
pub(super) fn common_detail(all: &[Typed]) -> Detail {
    match one_written(all) {
        Some(Some(written)) => Detail::Written(written),
        _ if all.iter().all(|typed| matches!(typed.detail, Detail::Whole)) => Detail::Whole,
        _ => Detail::None,
    }
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
            Family::Integer if family == Family::Loose => Ok(exact_double(typed)),
            Family::Numeric if family == Family::Loose => {
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
    Ok(Typed { detail: common_detail(&results), ..Typed::atom(sql, family) })
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
