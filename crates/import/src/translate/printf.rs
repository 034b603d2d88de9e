//! `printf` and `format` with a literal format of `%d`, `%s`, `%f` and `%%`.

use super::convert::{self, number};
use super::error::Untranslatable;
use super::prefix::integer_prefix;
use super::quoting::quote_text;
use super::translator::Translator;
use super::typed::{Family, Level, Typed};

/// A conversion of a format: `%`, flag, width, precision, letter.
struct Specifier {
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// The widest field and the longest fraction that are translated.
const WIDEST: usize = 100;

/// `printf(format, ..)`.
pub(super) fn printf(translator: &Translator<'_>, operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let refused = |why| Untranslatable::function("printf", why);
    let Some((format, mut values)) = operands.split_first() else {
        return Err(refused("it requires a format"));
    };
    let format = format.text_value().ok_or_else(|| refused("only a literal format is supported"))?;
    if translator.immutable {
        return Err(refused("it is not immutable in PostgreSQL"));
    }
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        literal.push_str(rest.get(..at).unwrap_or_default());
        let (specifier, after) = specifier(rest.get(at + 1..).unwrap_or_default())
            .ok_or_else(|| refused("only %d, %s, %f and %% are supported"))?;
        rest = after;
        if specifier.letter == '%' {
            literal.push('%');
            continue;
        }
        if !literal.is_empty() {
            pieces.push(quote_text(&std::mem::take(&mut literal)));
        }
        let Some((value, others)) = values.split_first() else {
            return Err(refused("it has fewer values than its format"));
        };
        values = others;
        pieces.push(formatted(translator, &specifier, value)?);
    }
    literal.push_str(rest);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(quote_text(&literal));
    }
    let level = if pieces.len() == 1 { Level::Atom } else { Level::Other };
    Ok(Typed::new(pieces.join(" || "), Family::Text, level))
}

/// The conversion that the text after `%` begins with.
fn specifier(text: &str) -> Option<(Specifier, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (zeros, text) = text.strip_prefix('0').map_or((false, text), |text| (true, text));
    let (width, text) = text.split_at(digits(text));
    let (precision, text) = match text.strip_prefix('.') {
        Some(text) => {
            let (precision, text) = text.split_at(digits(text));
            (Some(precision.parse().ok()?), text)
        }
        None => (None, text),
    };
    let width = if width.is_empty() { 0 } else { width.parse().ok()? };
    let letter = text.chars().next()?;
    let is_known = match letter {
        'd' | 'i' => precision.is_none(),
        's' => precision.is_none() && !zeros && width == 0,
        'f' => !zeros && width == 0,
        '%' => precision.is_none() && !zeros && width == 0,
        _ => false,
    };
    let fits = width <= WIDEST && precision.is_none_or(|precision| precision <= 15);
    let specifier = Specifier { zeros, width, precision, letter };
    (is_known && fits).then(|| (specifier, text.get(letter.len_utf8()..).unwrap_or_default()))
}

fn formatted(
    translator: &Translator<'_>,
    specifier: &Specifier,
    value: &Typed,
) -> Result<String, Untranslatable> {
    Ok(match specifier.letter {
        's' => format!("coalesce({}, '')", convert::text(translator, value)?.sql),
        'f' => {
            let number = number(value)?;
            let double = number.cast("double precision");
            // SQLite rounds to 16 digits first, and then to the precision.
            let decimal = format!("to_char({double}, '9.999999999999999EEEE')::numeric");
            format!(
                "coalesce(round({decimal}, {}), 0.{})::text",
                specifier.precision.unwrap_or(6),
                "0".repeat(specifier.precision.unwrap_or(6))
            )
        }
        _ => integer(specifier, &whole(value)?),
    })
}

/// The integer of a value; 0 for NULL.
fn whole(value: &Typed) -> Result<String, Untranslatable> {
    let sql = match value.family {
        Family::Text => integer_prefix(&value.at(Level::Atom)),
        _ => {
            let number = number(value)?;
            match number.family {
                family if family.is_integer() => number.cast("bigint"),
                _ => format!("trunc({})::bigint", number.sql),
            }
        }
    };
    Ok(format!("coalesce({sql}, 0)"))
}

fn integer(specifier: &Specifier, sql: &str) -> String {
    let width = specifier.width;
    if width == 0 {
        return format!("{sql}::text");
    }
    if !specifier.zeros {
        return format!("lpad({sql}::text, greatest({width}, length({sql}::text)))");
    }
    let digits = format!("abs({sql})::text");
    let sign = format!("CASE WHEN {sql} < 0 THEN '-' ELSE '' END");
    format!("({sign} || lpad({digits}, greatest({width} - length({sign}), length({digits})), '0'))")
}
