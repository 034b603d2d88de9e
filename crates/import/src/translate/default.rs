//! Defaults and generated values: the value that SQLite would store, as a value of the column's type in the target.

use sqlite3_parser::ast::{Expr, Id, Literal};

use super::super::types::{DateForm, InstantForm, TargetType};
use super::error::Untranslatable;
use super::instants;
use super::moment::{self, NOW};
use super::quoting::{quote_text, unquoted};
use super::translator::Translator;
use super::typed::{Family, LiteralValue, Typed};
use super::{convert, literal};

/// The default of a column of this type.
pub(super) fn default(
    translator: &Translator<'_>,
    expression: &Expr,
    target: TargetType,
) -> Result<String, Untranslatable> {
    let mut expression = expression;
    while let Expr::Parenthesized(inner) = expression
        && let [one] = inner.as_slice()
    {
        expression = one;
    }
    if let Some(sql) = present(translator, expression, target) {
        return sql;
    }
    let typed = match expression {
        // A bare word is text (SQLite manual, "CREATE TABLE", section 3.2).
        Expr::Id(Id(word)) | Expr::Name(sqlite3_parser::ast::Name(word))
            if !word.eq_ignore_ascii_case("true") && !word.eq_ignore_ascii_case("false") =>
        {
            literal::text(&unquoted(word))?
        }
        _ => translator.translate(expression)?,
    };
    match typed.value() {
        Some(value) => stored(value, target).ok_or_else(|| {
            Untranslatable::construct("this default", "its value is not a value of the column's type")
        }),
        None if typed.sql == "TRUE" || typed.sql == "FALSE" => {
            let value = LiteralValue::Integer(i64::from(typed.sql == "TRUE"));
            stored(&value, target)
                .ok_or_else(|| Untranslatable::construct("this default", "the column's type is not boolean"))
        }
        None => assigned(&typed, target),
    }
}

/// The function of a moment with its arguments; `strftime` as the function that returns text of the same form, or
/// `zulu` for the form with `Z`.
fn moment_function(expression: &Expr) -> Option<(String, &[Expr])> {
    let (name, arguments): (String, &[Expr]) = match expression {
        Expr::Literal(Literal::CurrentTimestamp) => ("datetime".to_owned(), &[]),
        Expr::Literal(Literal::CurrentDate) => ("date".to_owned(), &[]),
        Expr::Literal(Literal::CurrentTime) => ("time".to_owned(), &[]),
        _ => moment::called(expression)?,
    };
    let mut arguments = arguments;
    let mut name = name;
    if name == "strftime" {
        let Some((Expr::Literal(Literal::String(format)), rest)) = arguments.split_first() else {
            return None;
        };
        // The format of the text determines the column types.
        name = match unquoted(format).as_str() {
            "%s" => "unixepoch",
            "%Y-%m-%d" => "date",
            "%H:%M:%S" => "time",
            "%Y-%m-%d %H:%M:%S" | "%Y-%m-%d %H:%M:%f" | "%Y-%m-%dT%H:%M:%S" | "%Y-%m-%dT%H:%M:%f" => {
                "datetime"
            }
            "%Y-%m-%dT%H:%M:%SZ" | "%Y-%m-%dT%H:%M:%fZ" | "%Y-%m-%d %H:%M:%SZ" => "zulu",
            _ => return None,
        }
        .to_owned();
        arguments = rest;
    }
    Some((name, arguments))
}

/// The current time, for a date or timestamp column.
fn present(
    translator: &Translator<'_>,
    expression: &Expr,
    target: TargetType,
) -> Option<Result<String, Untranslatable>> {
    let (name, arguments) = moment_function(expression)?;
    let instant = || moment::instant(translator, &name, arguments);
    let is_epoch = name == "unixepoch";
    let of = |suffix: &str| instant().map(|moment| format!("{}{suffix}", moment.sql));
    match target {
        TargetType::Timestamp(InstantForm::Iso) if name == "datetime" => Some(of("")),
        TargetType::Timestamp(InstantForm::Seconds) if is_epoch => Some(of("")),
        TargetType::TimestampTz(form) => {
            let fits = match form {
                InstantForm::Iso => name == "datetime" || name == "zulu",
                InstantForm::Seconds => is_epoch,
                InstantForm::IsoUtc
                | InstantForm::Milliseconds
                | InstantForm::Microseconds
                | InstantForm::JulianDay => false,
            };
            fits.then(|| {
                let sql = instant()?.sql;
                Ok(if sql == NOW {
                    "CURRENT_TIMESTAMP".to_owned()
                } else {
                    format!("({sql} AT TIME ZONE 'UTC')")
                })
            })
        }
        TargetType::Date(DateForm::Iso) if name == "date" => Some(of("::date")),
        TargetType::Time if name == "time" => Some(of("::time")),
        // '%s' is text of digits only, which an integer column stores as an integer.
        TargetType::BigInt | TargetType::Integer if is_epoch => {
            Some(moment::function(translator, "unixepoch", arguments).map(|typed| typed.sql))
        }
        _ => None,
    }
}

/// A literal as a value of the type; `None` if SQLite would store another value.
fn stored(value: &LiteralValue, target: TargetType) -> Option<String> {
    if *value == LiteralValue::Null {
        return Some("NULL".to_owned());
    }
    match target {
        TargetType::SmallInt => {
            integer(value).filter(|value| i16::try_from(*value).is_ok()).map(|v| v.to_string())
        }
        TargetType::Integer => {
            integer(value).filter(|value| i32::try_from(*value).is_ok()).map(|v| v.to_string())
        }
        TargetType::BigInt => integer(value).map(|value| value.to_string()),
        TargetType::Real => {
            integer(value).filter(|value| value.unsigned_abs() < 1 << 24).map(|v| v.to_string())
        }
        TargetType::Double => match value {
            LiteralValue::Real(digits) => Some(digits.clone()),
            _ => integer(value).map(|value| value.to_string()),
        },
        TargetType::Numeric { precision, scale } => decimal(value, Some((precision, scale))),
        TargetType::AnyNumeric => decimal(value, None),
        TargetType::Boolean => match value {
            LiteralValue::Text(word) if word == "true" => Some("true".to_owned()),
            LiteralValue::Text(word) if word == "false" => Some("false".to_owned()),
            _ => match integer(value) {
                Some(0) => Some("false".to_owned()),
                Some(1) => Some("true".to_owned()),
                _ => None,
            },
        },
        TargetType::Text | TargetType::Citext => text(value, None),
        TargetType::Varchar(longest) => text(value, Some(longest)),
        TargetType::Char(length) => {
            let text_length = |text: &str| u32::try_from(text.chars().count()).ok();
            match value {
                LiteralValue::Text(text) if text_length(text) == Some(length) => Some(quote_text(text)),
                _ => None,
            }
        }
        TargetType::Bytea => match value {
            LiteralValue::Blob(digits) => Some(format!("'\\x{digits}'::bytea")),
            _ => None,
        },
        TargetType::Uuid(_) | TargetType::Date(_) | TargetType::Timestamp(_) | TargetType::TimestampTz(_) => {
            instants::literal_of(Family::of(target), value).map(|value| value.sql)
        }
        TargetType::Time => match value {
            LiteralValue::Text(text) if is_clock(text) => Some(convert::typed_literal(text, "time")),
            _ => None,
        },
        TargetType::Json | TargetType::Jsonb => match value {
            LiteralValue::Text(text)
                if serde_json::from_str::<serde_json::Value>(text).is_ok() && !text.contains("\\u0000") =>
            {
                Some(quote_text(text))
            }
            _ => None,
        },
        TargetType::DoubleArray => match value {
            LiteralValue::Text(text) if text == "[]" => Some("'{}'".to_owned()),
            _ => None,
        },
    }
}

fn is_clock(text: &str) -> bool {
    chrono::NaiveTime::parse_from_str(text, "%H:%M:%S")
        .is_ok_and(|time| time.format("%H:%M:%S").to_string() == text)
}

/// The integer that a column with numeric affinity stores.
fn integer(value: &LiteralValue) -> Option<i64> {
    match value {
        LiteralValue::Integer(value) => Some(*value),
        LiteralValue::Real(digits) => {
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let is_whole = fraction.bytes().all(|byte| byte == b'0');
            // With more than 15 digits a REAL may be another number.
            (is_whole && whole.len() <= 15).then(|| whole.parse().ok()).flatten()
        }
        LiteralValue::Text(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_plain =
                !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
            is_plain.then(|| text.parse().ok()).flatten()
        }
        LiteralValue::Blob(_) | LiteralValue::Null => None,
    }
}

/// A decimal that needs no rounding.
fn decimal(value: &LiteralValue, limits: Option<(u16, u16)>) -> Option<String> {
    let digits = match value {
        LiteralValue::Integer(value) => value.to_string(),
        LiteralValue::Real(digits) | LiteralValue::Text(digits) => digits.clone(),
        LiteralValue::Blob(_) | LiteralValue::Null => return None,
    };
    let unsigned = digits.strip_prefix('-').unwrap_or(&digits);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if !matches!(value, LiteralValue::Integer(_)) && whole.len() + fraction.len() > 15 {
        return None;
    }
    let fits = limits.is_none_or(|(precision, scale)| {
        fraction.len() <= usize::from(scale) && whole.len() <= usize::from(precision.saturating_sub(scale))
    });
    fits.then_some(digits)
}

fn text(value: &LiteralValue, longest: Option<u32>) -> Option<String> {
    let text = match value {
        LiteralValue::Text(text) => text.clone(),
        LiteralValue::Integer(value) => value.to_string(),
        LiteralValue::Real(digits) if is_written_alike(digits) => digits.clone(),
        LiteralValue::Real(_) | LiteralValue::Blob(_) | LiteralValue::Null => return None,
    };
    let length = u32::try_from(text.chars().count()).ok()?;
    longest.is_none_or(|longest| length <= longest).then(|| quote_text(&text))
}

/// Whether SQLite writes a decimal unchanged: up to 15 digits are those of the REAL.
pub(super) fn is_written_alike(digits: &str) -> bool {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let Some((whole, fraction)) = unsigned.split_once('.') else { return false };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = all_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    // Smaller numbers are written with an exponent, and trailing zeros are omitted.
    is_plain
        && all_digits(fraction)
        && !fraction.starts_with("000")
        && (fraction == "0" && whole != "0" || !fraction.ends_with('0'))
        && whole.len() + fraction.len() <= 15
}

/// The value that INSERT or UPDATE assigns to a column of this type.
pub(crate) fn placed(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    match (typed.family, typed.value()) {
        (Family::Parameter | Family::Unknown, _) => Ok(typed.sql.clone()),
        (_, Some(value)) => stored(value, target).ok_or_else(|| {
            Untranslatable::construct(
                "a literal in a column of another type",
                "it is not a value of that type",
            )
        }),
        _ => assigned(typed, target),
    }
}

/// A computed value for a column of this type: only if PostgreSQL's assignment does not change it.
pub(super) fn assigned(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    let family = Family::of(target);
    let is_same = match (typed.family, target) {
        (Family::Null, _) => true,
        (Family::SmallInteger | Family::Integer, _) => {
            return match target {
                TargetType::SmallInt
                | TargetType::Integer
                | TargetType::BigInt
                | TargetType::Double
                | TargetType::AnyNumeric => Ok(typed.sql.clone()),
                TargetType::Numeric { precision, scale } if precision > scale => Ok(typed.sql.clone()),
                TargetType::Text | TargetType::Varchar(_) => Ok(typed.cast("text")),
                _ => refused(typed, target),
            };
        }
        (Family::Boolean, TargetType::SmallInt | TargetType::Integer | TargetType::BigInt) => {
            return Ok(typed.cast("integer"));
        }
        (Family::Loose | Family::Double, TargetType::Double) => true,
        (Family::Loose | Family::Double, _) => false,
        // A column has the value of the other column; a computed value would be rounded.
        (Family::Numeric, _) => typed.target == Some(target) || target == TargetType::AnyNumeric,
        (Family::Text, TargetType::Text | TargetType::Varchar(_) | TargetType::Citext) => true,
        (Family::Mixed | Family::JsonScalar | Family::Words | Family::Opaque, _) => {
            typed.target == Some(target)
        }
        (Family::Boolean | Family::Bytea | Family::Json | Family::Jsonb, _) => family == typed.family,
        (Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_) | Family::Uuid(_), _) => {
            family == typed.family
        }
        _ => false,
    };
    if is_same { Ok(typed.sql.clone()) } else { refused(typed, target) }
}

fn refused(typed: &Typed, _target: TargetType) -> Result<String, Untranslatable> {
    Err(Untranslatable::construct(
        format!("{} in a column of another type", convert::described(typed.family)),
        "SQLite stores it unchanged, PostgreSQL would convert it",
    ))
}
