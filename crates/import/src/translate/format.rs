//! Formats of strftime.

use super::error::Untranslatable;
use super::quoting::quote_text;
use super::translator::Translator;
use super::typed::{Detail, Family, Level, Typed};
use super::written::Written;

/// Now, in UTC.
pub(super) const NOW: &str = "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')";

/// What is known of the text in this format.
pub(super) fn detail(format: &str, moment: &str) -> Detail {
    let shape = format.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M");
    let shape = shape.replace("%Y", "0000").replace("%f", "00.000");
    let shape = ["%m", "%d", "%H", "%M", "%S"].iter().fold(shape, |shape, code| shape.replace(code, "00"));
    if let Some(written) = Written::of_shape(&shape) {
        let unit = match written.time {
            None => "day",
            Some(time) if !time.has_seconds => "minute",
            Some(time) if time.fraction == 0 => "second",
            Some(_) => "milliseconds",
        };
        return Detail::Instant(format!("date_trunc('{unit}', {moment})"), written);
    }
    let field = match format {
        "%Y" => "year",
        "%m" => "month",
        "%d" => "day",
        "%H" => "hour",
        "%M" => "minute",
        "%S" => "second",
        "%j" => "doy",
        "%w" => "dow",
        "%s" => "epoch",
        _ => return Detail::None,
    };
    Detail::Digits(format!("floor(extract({field} FROM {moment}))::bigint"))
}

/// A specifier of strftime as a pattern of to_char, and as an expression that is immutable in PostgreSQL.
fn code(letter: char) -> Option<(&'static str, &'static str, usize)> {
    Some(match letter {
        'Y' => ("YYYY", "year", 4),
        'm' => ("MM", "month", 2),
        'd' => ("DD", "day", 2),
        'H' => ("HH24", "hour", 2),
        'M' => ("MI", "minute", 2),
        'S' => ("SS", "second", 2),
        'j' => ("DDD", "doy", 3),
        _ => return None,
    })
}

/// An instant as text in this format.
pub(super) fn formatted(
    translator: &Translator<'_>,
    format: &str,
    moment: &Typed,
) -> Result<Typed, Untranslatable> {
    let format = format.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M");
    let mut pieces: Vec<String> = Vec::new();
    let mut pattern = String::new();
    let mut literal = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            literal.push(letter);
            continue;
        }
        let unknown = || Untranslatable::function("strftime", "a specifier of its format is not supported");
        let letter = letters.next().ok_or_else(unknown)?;
        match (letter, code(letter)) {
            ('%', _) => literal.push('%'),
            (_, Some((of_to_char, _, _))) if !translator.immutable => {
                push_literal(&mut pattern, &mut literal);
                pattern.push_str(of_to_char);
            }
            (_, Some((_, field, width))) => {
                end_piece(&mut pieces, &mut pattern, &mut literal, moment);
                let value = format!("floor(extract({field} FROM {}))::integer::text", moment.sql);
                pieces.push(format!("lpad({value}, {width}, '0')"));
            }
            ('f', _) if moment.sql.contains(NOW) || translator.names.may_assume() => {
                if !moment.sql.contains(NOW) {
                    translator
                        .names
                        .note("milliseconds of an instant with more digits are cut, where SQLite rounds");
                }
                push_literal(&mut pattern, &mut literal);
                pattern.push_str("SS.MS");
            }
            ('W', _) => {
                end_piece(&mut pieces, &mut pattern, &mut literal, moment);
                let week = format!(
                    "(extract(doy FROM {0})::integer + 7 - extract(isodow FROM {0})::integer) / 7",
                    moment.sql
                );
                pieces.push(format!("lpad(({week})::text, 2, '0')"));
            }
            ('w', _) => {
                end_piece(&mut pieces, &mut pattern, &mut literal, moment);
                pieces.push(format!("extract(dow FROM {})::integer::text", moment.sql));
            }
            ('s', _) => {
                end_piece(&mut pieces, &mut pattern, &mut literal, moment);
                pieces.push(format!("floor(extract(epoch FROM {}))::bigint::text", moment.sql));
            }
            _ => return Err(unknown()),
        }
    }
    end_piece(&mut pieces, &mut pattern, &mut literal, moment);
    let level = if pieces.len() == 1 { Level::Atom } else { Level::Other };
    if pieces.is_empty() {
        return Err(Untranslatable::function("strftime", "its format is empty"));
    }
    Ok(Typed::new(pieces.join(" || "), Family::Text, level))
}

/// Text inside a pattern: letters need double quotes.
fn push_literal(pattern: &mut String, literal: &mut String) {
    if literal.chars().all(|character| matches!(character, '-' | ':' | ' ' | '/' | '.' | ',')) {
        pattern.push_str(literal);
    } else {
        pattern.push('"');
        for character in literal.chars() {
            if matches!(character, '"' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('"');
    }
    literal.clear();
}

fn end_piece(pieces: &mut Vec<String>, pattern: &mut String, literal: &mut String, moment: &Typed) {
    if !pattern.is_empty() {
        push_literal(pattern, literal);
        pieces.push(format!("to_char({}, {})", moment.sql, quote_text(pattern)));
        pattern.clear();
    } else if !literal.is_empty() {
        pieces.push(quote_text(literal));
        literal.clear();
    }
}
