//! Defaults that are the present time. A column of dates or instants gets it in its own type, whatever form SQLite's
//! function gives it: text, seconds, milliseconds or a Julian day.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::super::types::{DateForm, InstantForm, TargetType};
use super::error::Untranslatable;
use super::moment;
use super::quoting::unquoted;
use super::translator::Translator;
use super::tree::{self, unparenthesized};
use super::typed::LiteralValue;

/// The form in which SQLite gives the time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// `2024-05-31`.
    Date,
    /// `12:00:00`.
    Time,
    /// `2024-05-31 12:00:00`, in UTC.
    Local,
    /// The same, with `Z` or `+00:00`.
    Zoned,
    /// A number since 1970, or of Julian days.
    Number(InstantForm),
}

/// A call that gives the present time, or another time computed from it.
struct Present<'a> {
    given: Given,
    /// Whether a number is an integer.
    is_whole: bool,
    /// What SQLite's function keeps of the time, for `date_trunc`.
    unit: &'static str,
    name: String,
    arguments: Vec<&'a Expr>,
}

/// The present time for a column of this type, and whether SQLite gives it in another form than that of the column's
/// values; `None` if the expression or the type is another one.
pub(super) fn present(
    translator: &Translator<'_>,
    expression: &Expr,
    target: TargetType,
) -> Option<Result<(String, bool), Untranslatable>> {
    let call = called(expression)?;
    let (sql, form): (fn(&str) -> String, Given) = match (target, call.given) {
        (TargetType::Timestamp(_) | TargetType::TimestampTz(_), Given::Time) => return None,
        (TargetType::Timestamp(InstantForm::Iso), given) => (local(given), Given::Local),
        (TargetType::Timestamp(form), given) => (local(given), Given::Number(form)),
        (TargetType::TimestampTz(InstantForm::Iso), given) => (zoned(given), Given::Zoned),
        (TargetType::TimestampTz(InstantForm::IsoUtc), given) => (zoned(given), Given::Local),
        (TargetType::TimestampTz(form), given) => (zoned(given), Given::Number(form)),
        (TargetType::Date(_), Given::Time) => return None,
        (TargetType::Date(DateForm::Iso), _) => (|moment| format!("{moment}::date"), Given::Date),
        (TargetType::Date(DateForm::Midnight), _) => (|moment| format!("{moment}::date"), Given::Local),
        (TargetType::Date(DateForm::Milliseconds), _) => {
            (|moment| format!("{moment}::date"), Given::Number(InstantForm::Milliseconds))
        }
        (TargetType::Time, Given::Time) => (|moment| format!("{moment}::time"), Given::Time),
        (TargetType::Integer | TargetType::BigInt, Given::Number(form)) if call.is_whole => {
            let sql: fn(&str) -> String = match form {
                InstantForm::Seconds => |moment| format!("floor(extract(epoch FROM {moment}))::bigint"),
                InstantForm::Milliseconds => {
                    |moment| format!("floor(extract(epoch FROM {moment}) * 1000)::bigint")
                }
                InstantForm::Microseconds => {
                    |moment| format!("floor(extract(epoch FROM {moment}) * 1000000)::bigint")
                }
                InstantForm::Iso | InstantForm::IsoUtc | InstantForm::JulianDay => return None,
            };
            (sql, call.given)
        }
        (TargetType::Double, Given::Number(InstantForm::Seconds)) if !call.is_whole => {
            (|moment| format!("extract(epoch FROM {moment})::double precision"), call.given)
        }
        _ => return None,
    };
    let moment = moment::instant_of(translator, &call.name, &call.arguments);
    Some(moment.map(|moment| {
        // A date has no time of day anyway.
        let is_date = call.given == Given::Date || matches!(target, TargetType::Date(_));
        let moment =
            if is_date { moment.sql } else { format!("date_trunc('{}', {})", call.unit, moment.sql) };
        (sql(&moment), form != call.given)
    }))
}

/// A value in the form in which SQLite gives the time, at an instant of 2024.
pub(super) fn sample(expression: &Expr) -> Option<LiteralValue> {
    const SECONDS: i64 = 1_717_156_800;
    let text = |text: &str| LiteralValue::Text(text.to_owned());
    let call = called(expression)?;
    Some(match call.given {
        Given::Date => text("2024-05-31"),
        Given::Time => text("12:00:00"),
        Given::Local => text("2024-05-31 12:00:00"),
        Given::Zoned => text("2024-05-31 12:00:00Z"),
        Given::Number(InstantForm::Milliseconds) if call.is_whole => LiteralValue::Integer(SECONDS * 1000),
        Given::Number(InstantForm::Microseconds) if call.is_whole => {
            LiteralValue::Integer(SECONDS * 1_000_000)
        }
        Given::Number(InstantForm::Seconds) if call.is_whole => LiteralValue::Integer(SECONDS),
        Given::Number(InstantForm::Seconds) => LiteralValue::Real("1717156800.5".to_owned()),
        Given::Number(InstantForm::JulianDay) => LiteralValue::Real("2460462.25".to_owned()),
        Given::Number(_) => return None,
    })
}

fn local(given: Given) -> fn(&str) -> String {
    match given {
        Given::Date => |moment| format!("date_trunc('day', {moment})"),
        _ => str::to_owned,
    }
}

fn zoned(given: Given) -> fn(&str) -> String {
    match given {
        Given::Date => |moment| format!("(date_trunc('day', {moment}) AT TIME ZONE 'UTC')"),
        _ => |moment| format!("({moment} AT TIME ZONE 'UTC')"),
    }
}

fn called(expression: &Expr) -> Option<Present<'_>> {
    match unparenthesized(expression) {
        Expr::Literal(Literal::CurrentTimestamp) => Some(Present::plain(Given::Local, "datetime", &[])),
        Expr::Literal(Literal::CurrentDate) => Some(Present::plain(Given::Date, "date", &[])),
        Expr::Literal(Literal::CurrentTime) => Some(Present::plain(Given::Time, "time", &[])),
        Expr::Cast { expr, type_name: Some(name) } if name.name.to_ascii_uppercase().contains("INT") => {
            Some(Present { is_whole: true, ..called(expr)? }).filter(Present::is_number)
        }
        Expr::Binary(left, Operator::Multiply, right) => multiplied(left, right),
        Expr::Binary(left, Operator::Concat, right) => {
            milliseconds(left, right).or_else(|| zoned_text(left, right))
        }
        // The text of the seconds becomes their number.
        Expr::Binary(left, Operator::Add, zero) if number(zero).as_deref() == Some("0") => {
            called(left).filter(Present::is_number)
        }
        expression => {
            let (name, arguments) = tree::called(expression)?;
            match (name.as_str(), arguments) {
                ("date", _) => Some(Present::plain(Given::Date, &name, arguments)),
                ("time", _) => Some(Present::plain(Given::Time, &name, arguments)),
                ("datetime", _) => Some(Present::plain(Given::Local, &name, arguments)),
                ("julianday", _) => {
                    Some(Present::plain(Given::Number(InstantForm::JulianDay), &name, arguments))
                }
                ("unixepoch", _) => Some(unixepoch(&name, arguments)),
                ("round", [rounded] | [rounded, Expr::Literal(Literal::Numeric(_))]) => {
                    Some(Present { is_whole: true, ..called(rounded)? }).filter(Present::is_number)
                }
                ("strftime", [format, rest @ ..]) => {
                    let format = literal(format)?;
                    let call = Present::plain(given_by(&format)?, &name, rest);
                    Some(Present { unit: unit_of(&format), ..call })
                }
                _ => None,
            }
        }
    }
}

impl<'a> Present<'a> {
    fn plain(given: Given, name: &str, arguments: &'a [Expr]) -> Self {
        let is_whole = given == Given::Number(InstantForm::Seconds);
        let unit = if given == Given::Number(InstantForm::JulianDay) { MILLISECONDS } else { "second" };
        Self { given, is_whole, unit, name: name.to_owned(), arguments: arguments.iter().collect() }
    }

    fn is_number(&self) -> bool {
        matches!(self.given, Given::Number(_))
    }
}

/// `unixepoch(..)`, which has a fraction with the modifier 'subsec'.
fn unixepoch<'a>(name: &str, arguments: &'a [Expr]) -> Present<'a> {
    let is_subsec = |argument: &&Expr| {
        literal(argument).is_some_and(|word| ["subsec", "subsecond"].contains(&word.to_lowercase().as_str()))
    };
    let others: Vec<&Expr> = arguments.iter().filter(|argument| !is_subsec(argument)).collect();
    let is_whole = others.len() == arguments.len();
    let unit = if is_whole { "second" } else { MILLISECONDS };
    Present {
        given: Given::Number(InstantForm::Seconds),
        is_whole,
        unit,
        name: name.to_owned(),
        arguments: others,
    }
}

/// What SQLite keeps at most of the present time.
const MILLISECONDS: &str = "milliseconds";

/// What a format of strftime shows of the time.
fn unit_of(format: &str) -> &'static str {
    match format {
        format if format.contains("%f") || format == "%J" => MILLISECONDS,
        format if ["%S", "%T", "%s"].iter().any(|code| format.contains(code)) => "second",
        _ => "minute",
    }
}

/// The form of a format of strftime.
fn given_by(format: &str) -> Option<Given> {
    let format = format.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M");
    let clock = |format: &str| matches!(format, "%H:%M" | "%H:%M:%S" | "%H:%M:%f");
    match format.as_str() {
        "%s" => return Some(Given::Number(InstantForm::Seconds)),
        "%J" => return Some(Given::Number(InstantForm::JulianDay)),
        "%Y-%m-%d" => return Some(Given::Date),
        format if clock(format) => return Some(Given::Time),
        _ => {}
    }
    let rest = format.strip_prefix("%Y-%m-%d")?.strip_prefix([' ', 'T'])?;
    let zone =
        ["Z", " Z", "+00:00", " +00:00", "+0000", "+00"].iter().find_map(|zone| rest.strip_suffix(zone));
    // Zeros after the milliseconds make them micro- or nanoseconds.
    let is_clock = clock(zone.unwrap_or(rest).trim_end_matches('0'));
    is_clock.then_some(if zone.is_some() { Given::Zoned } else { Given::Local })
}

/// A number of seconds or days, multiplied to milliseconds or microseconds.
fn multiplied<'a>(left: &'a Expr, right: &'a Expr) -> Option<Present<'a>> {
    let (value, factor) = match (number(left), number(right)) {
        (None, Some(factor)) => (left, factor),
        (Some(factor), None) => (right, factor),
        _ => return None,
    };
    let scaled = |call: Present<'a>, form| Some(Present { given: Given::Number(form), ..call });
    if let Expr::Binary(days, Operator::Subtract, epoch) = unparenthesized(value) {
        let call = called(days).filter(|call| call.given == Given::Number(InstantForm::JulianDay))?;
        return match (number(epoch)?.as_str(), factor.as_str()) {
            ("2440587.5", "86400") => scaled(call, InstantForm::Seconds),
            ("2440587.5", "86400000") => scaled(call, InstantForm::Milliseconds),
            _ => None,
        };
    }
    let call = called(value)?;
    match (call.given, factor.as_str()) {
        (Given::Number(InstantForm::Seconds), "1000") => scaled(call, InstantForm::Milliseconds),
        (Given::Number(InstantForm::Seconds), "1000000") => scaled(call, InstantForm::Microseconds),
        (Given::Number(InstantForm::Milliseconds), "1000") => scaled(call, InstantForm::Microseconds),
        _ => None,
    }
}

/// `strftime('%s', ..) || substr(strftime('%f', ..), 4)`, and the same with '000'.
fn milliseconds<'a>(left: &'a Expr, right: &'a Expr) -> Option<Present<'a>> {
    let call = called(left)?;
    let is_fraction = match unparenthesized(right) {
        Expr::Literal(Literal::String(_)) => literal(right)? == "000",
        expression => match tree::called(expression)? {
            (name, [fraction, Expr::Literal(Literal::Numeric(start)), ..])
                if name.starts_with("substr") && start.as_ref() == "4" =>
            {
                let (name, arguments) = tree::called(unparenthesized(fraction))?;
                name == "strftime" && literal(arguments.first()?)? == "%f"
            }
            _ => false,
        },
    };
    let is_seconds = call.name == "strftime" && call.given == Given::Number(InstantForm::Seconds);
    let unit = if literal(unparenthesized(right)).is_some() { call.unit } else { MILLISECONDS };
    let given = Given::Number(InstantForm::Milliseconds);
    (is_seconds && is_fraction).then_some(Present { given, unit, ..call })
}

/// `datetime(..) || 'Z'`.
fn zoned_text<'a>(left: &'a Expr, right: &'a Expr) -> Option<Present<'a>> {
    let call = called(left).filter(|call| call.given == Given::Local)?;
    let is_zone = ["Z", "+00:00"].contains(&literal(unparenthesized(right))?.as_str());
    is_zone.then_some(Present { given: Given::Zoned, ..call })
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Literal(Literal::String(token)) => Some(unquoted(token)),
        _ => None,
    }
}

/// A literal number, without zeros after the point.
fn number(expression: &Expr) -> Option<String> {
    match unparenthesized(expression) {
        Expr::Literal(Literal::Numeric(digits)) => match digits.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => Some(whole.to_owned()),
            _ => Some(digits.to_string()),
        },
        _ => None,
    }
}
