//! Dates and times: SQLite's functions of 'now' and of columns that became dates and timestamps. Every instant is a
//! `timestamp` in UTC here; what depends on the machine's time zone is an error.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::super::types::{DateForm, InstantForm};
use super::convert::typed_literal;
use super::error::Untranslatable;
use super::format::{NOW, detail, formatted};
use super::instants;
use super::modifier::modified;
use super::translator::Translator;
use super::typed::{Detail, Family, Level, LiteralValue, Typed};

/// CURRENT_DATE, CURRENT_TIME and CURRENT_TIMESTAMP: text, in UTC.
pub(super) fn current(translator: &Translator<'_>, pattern: &str) -> Result<Typed, Untranslatable> {
    if translator.immutable {
        return Err(Untranslatable::construct("the current time", "its value differs on every call"));
    }
    let detail = match pattern {
        "YYYY-MM-DD" => detail("%Y-%m-%d", NOW),
        "YYYY-MM-DD HH24:MI:SS" => detail("%Y-%m-%d %H:%M:%S", NOW),
        _ => Detail::None,
    };
    Ok(Typed { detail, ..Typed::atom(format!("to_char({NOW}, '{pattern}')"), Family::Text) })
}

/// Whether a function is a date or time function.
pub(super) fn is_function(name: &str) -> bool {
    matches!(name, "date" | "time" | "datetime" | "julianday" | "unixepoch" | "strftime")
}

/// `date(..)`, `time(..)`, `datetime(..)`, `julianday(..)`, `unixepoch(..)`, `strftime(format, ..)`.
pub(super) fn function(
    translator: &Translator<'_>,
    name: &str,
    arguments: &[Expr],
) -> Result<Typed, Untranslatable> {
    let (format, arguments) = match (name, arguments) {
        ("strftime", [format, rest @ ..]) => (Some(translator.translate(format)?), rest),
        _ => (None, arguments),
    };
    let moment = instant(translator, name, arguments)?;
    let written = match name {
        "date" => "%Y-%m-%d",
        "time" => "%H:%M:%S",
        "datetime" => "%Y-%m-%d %H:%M:%S",
        "unixepoch" => {
            let sql = format!("floor(extract(epoch FROM {}))::bigint", moment.sql);
            return Ok(Typed::atom(sql, Family::Integer));
        }
        "julianday" => {
            // SQLite counts milliseconds since noon of 24 November 4714 BC, as an integer.
            let milliseconds = format!("(extract(epoch FROM {}) * 1000)::bigint", moment.sql);
            let sql = format!("({milliseconds} + 210866760000000) / 86400000::double precision");
            return Ok(Typed::new(sql, Family::Double, Level::Multiplicative));
        }
        _ => format
            .as_ref()
            .and_then(Typed::text_value)
            .ok_or_else(|| Untranslatable::function(name, "only a literal format is supported"))?,
    };
    let text = formatted(translator, written, &moment)?;
    Ok(Typed { detail: detail(written, &moment.sql), ..text })
}

/// The instant of a date function's arguments, as an expression of type `timestamp`, with modifiers applied.
pub(super) fn instant(
    translator: &Translator<'_>,
    name: &str,
    arguments: &[Expr],
) -> Result<Typed, Untranslatable> {
    instant_of(translator, name, &arguments.iter().collect::<Vec<_>>())
}

/// As [`instant`].
pub(super) fn instant_of(
    translator: &Translator<'_>,
    name: &str,
    arguments: &[&Expr],
) -> Result<Typed, Untranslatable> {
    let Some((value, modifiers)) = arguments.split_first() else { return now(translator, name) };
    let mut words = Vec::new();
    for modifier in modifiers {
        let typed = translator.translate(modifier)?;
        let word = typed
            .text_value()
            .ok_or_else(|| Untranslatable::function(name, "a modifier is not a literal"))?;
        words.push(word.trim().to_ascii_lowercase());
    }
    let is_epoch = words.first().is_some_and(|word| word == "unixepoch");
    let mut moment = start(translator, name, value, is_epoch)?;
    for word in words.iter().skip(usize::from(is_epoch)) {
        moment = modified(name, &moment, word)?;
    }
    Ok(moment)
}

fn now(translator: &Translator<'_>, name: &str) -> Result<Typed, Untranslatable> {
    if translator.immutable {
        return Err(Untranslatable::function(name, "the current time differs on every call"));
    }
    Ok(Typed::atom(NOW, Family::Timestamp(InstantForm::Iso)))
}

fn start(
    translator: &Translator<'_>,
    name: &str,
    value: &Expr,
    is_epoch: bool,
) -> Result<Typed, Untranslatable> {
    let stamp = |sql: String| Ok(Typed::atom(sql, Family::Timestamp(InstantForm::Iso)));
    if is_epoch
        && let Expr::Binary(column, Operator::Divide, divisor) = value
        && let Expr::Literal(Literal::Numeric(digits)) = divisor.as_ref()
    {
        let column = translator.translate(column)?;
        let seconds = match (in_utc(&column, InstantForm::Milliseconds), digits.as_ref()) {
            (Some(sql), "1000.0") => return stamp(sql),
            // An integer division: truncated towards zero.
            (Some(sql), "1000") => format!("trunc(extract(epoch FROM {sql}))"),
            (None, "1000") if column.family.is_integer() => {
                format!("{} / 1000", column.at(Level::Multiplicative))
            }
            (None, "1000.0") if column.family.is_integer() => {
                return stamp(of_milliseconds(&column.at(Level::Multiplicative)));
            }
            _ => return Err(Untranslatable::function(name, "its argument is not a number of seconds")),
        };
        return stamp(format!("(TIMESTAMP 'epoch' + {seconds} * INTERVAL '1 second')"));
    }
    let typed = translator.translate(value)?;
    if is_epoch {
        return match in_utc(&typed, InstantForm::Seconds) {
            Some(sql) => stamp(sql),
            None if typed.family.is_integer() => stamp(format!(
                "(TIMESTAMP 'epoch' + {} * INTERVAL '1 second')",
                typed.at(Level::Multiplicative)
            )),
            // SQLite computes with milliseconds.
            None if matches!(typed.family, Family::Double | Family::Loose | Family::Numeric) => {
                stamp(of_milliseconds(&format!("floor({} * 1000 + 0.5)", typed.at(Level::Multiplicative))))
            }
            None => Err(Untranslatable::function(name, "its argument is not a number of seconds")),
        };
    }
    match (&typed.family, typed.value()) {
        (_, Some(LiteralValue::Text(text))) if text.trim().eq_ignore_ascii_case("now") => {
            now(translator, name)
        }
        // A time of day is on 1 January 2000.
        (_, Some(LiteralValue::Text(text))) if is_clock(text) => {
            stamp(typed_literal(&format!("2000-01-01 {text}"), "timestamp"))
        }
        (_, Some(LiteralValue::Text(text))) => {
            let is_known = [Family::Date(DateForm::Iso), Family::Timestamp(InstantForm::Iso)]
                .into_iter()
                .any(|family| instants::adopted(text, family).is_some());
            if !is_known {
                return Err(Untranslatable::function(
                    name,
                    "its literal is neither 'now' nor an ISO date or timestamp",
                ));
            }
            stamp(typed_literal(text, "timestamp"))
        }
        (Family::Text, _) if matches!(typed.detail, Detail::Instant(..)) => match &typed.detail {
            Detail::Instant(sql, _) => stamp(sql.clone()),
            _ => Err(Untranslatable::function(name, "its argument is not a date or timestamp")),
        },
        (Family::Text, _) if translator.names.may_assume() => {
            translator.names.note(
                "a text with a date is read as YYYY-MM-DD, with a time or without; any other text is an error in PostgreSQL, \
                 where SQLite returns NULL or reads other forms",
            );
            stamp(of_text(&typed))
        }
        (Family::Date(DateForm::Iso | DateForm::Midnight), _) => stamp(typed.cast("timestamp")),
        (Family::Timestamp(InstantForm::JulianDay), _) => stamp(typed.sql.clone()),
        (Family::TimestampTz(InstantForm::JulianDay), _) => {
            stamp(format!("({} AT TIME ZONE 'UTC')", typed.sql))
        }
        _ => match in_utc(&typed, InstantForm::Iso) {
            Some(sql) => stamp(sql),
            None => Err(Untranslatable::function(name, "its argument is not a date or timestamp column")),
        },
    }
}

/// `12:30` or `12:30:59`.
fn is_clock(text: &str) -> bool {
    ["%H:%M", "%H:%M:%S"].iter().any(|format| {
        chrono::NaiveTime::parse_from_str(text, format)
            .is_ok_and(|time| time.format(format).to_string() == text)
    })
}

/// A column of instants in this format, as `timestamp`.
fn in_utc(typed: &Typed, form: InstantForm) -> Option<String> {
    match typed.family {
        Family::Timestamp(its) if its == form => Some(typed.at(Level::Atom)),
        Family::TimestampTz(its) if its == form => {
            Some(format!("({} AT TIME ZONE 'UTC')", typed.at(Level::Atom)))
        }
        _ => None,
    }
}

/// Milliseconds since 1970.
fn of_milliseconds(sql: &str) -> String {
    format!("(TIMESTAMP 'epoch' + {sql} * INTERVAL '1 millisecond')")
}

/// A text with a date, and with a time of day or without. Another text is an error: PostgreSQL would read forms that SQLite
/// does not read.
fn of_text(typed: &Typed) -> String {
    const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?)?$";
    let text = typed.at(Level::Atom);
    format!("(CASE WHEN {text} ~ '{DATE}' THEN {text} ELSE 'not a date: ' || {text} END)::timestamp")
}
