//! Text functions. Positions count characters in both; SQLite's behavior before the first character is reproduced
//! here.

use sqlite3_parser::ast::{Expr, Literal};

use super::convert::{self, position};
use super::error::Untranslatable;
use super::quoting::quote_text;
use super::translator::Translator;
use super::tree;
use super::typed::{Family, Level, LiteralValue, Typed};

/// PostgreSQL uses 32-bit positions.
const FARTHEST: i64 = 1_000_000_000;

/// `length(x)`: characters of text, bytes of a blob.
pub(super) fn length(translator: &Translator<'_>, operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = &convert::bytes(operand);
    let sql = match operand.family {
        // The same function for both types in PostgreSQL too.
        Family::Bytea | Family::Unknown => operand.sql.clone(),
        _ => convert::text(translator, operand)?.sql,
    };
    Ok(Typed::atom(format!("length({sql})"), Family::SmallInteger))
}

/// `lower(x)` and `upper(x)`: ASCII letters only.
pub(super) fn in_case(
    translator: &Translator<'_>,
    name: &str,
    operand: &Typed,
) -> Result<Typed, Untranslatable> {
    let text = convert::text(translator, operand)?;
    let sql = match text.level {
        Level::Collate => text.sql,
        _ => format!("{} COLLATE \"C\"", text.above(Level::Collate)),
    };
    Ok(Typed::atom(format!("{name}({sql})"), Family::Text))
}

/// `trim`, `ltrim`, `rtrim`: spaces, or the given characters.
pub(super) fn trim(
    translator: &Translator<'_>,
    name: &str,
    operands: &[Typed],
) -> Result<Typed, Untranslatable> {
    let function = if name == "trim" { "btrim" } else { name };
    let (value, characters) = match operands {
        [value] => (value, quote_text(" ")),
        [value, characters] => (value, convert::text(translator, characters)?.sql),
        _ => return Err(Untranslatable::function(name, "it requires one or two arguments")),
    };
    let value = convert::text(translator, value)?;
    Ok(Typed::atom(format!("{function}({}, {characters})", value.sql), Family::Text))
}

/// `replace(x, from, to)`.
pub(super) fn replace(translator: &Translator<'_>, operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let [value, from, to] = operands else {
        return Err(Untranslatable::function("replace", "it requires three arguments"));
    };
    // For an empty `from` SQLite returns the value even if `to` is NULL.
    if from.text_value().is_none_or(str::is_empty) && to.value().is_none() {
        return Err(Untranslatable::function("replace", "its second and third arguments must be literals"));
    }
    let mut texts = Vec::new();
    for operand in [value, from, to] {
        texts.push(convert::text(translator, operand)?.sql);
    }
    Ok(Typed::atom(format!("replace({})", texts.join(", ")), Family::Text))
}

/// `instr(x, y)`.
pub(super) fn instr(translator: &Translator<'_>, operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let [value, part] = operands else {
        return Err(Untranslatable::function("instr", "it requires two arguments"));
    };
    let (value, part) = (convert::text(translator, value)?, convert::text(translator, part)?);
    let sql = format!("strpos({}, {})", value.sql, part.sql);
    Ok(Typed::atom(sql, Family::SmallInteger))
}

/// `substr(x, start)` and `substr(x, start, length)`: a negative start counts from the end, a negative length returns
/// the characters before the start.
pub(super) fn substr(translator: &Translator<'_>, operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let (value, start, count) = match operands {
        [value, start] => (value, start, None),
        [value, start, count] => (value, start, Some(count)),
        _ => return Err(Untranslatable::function("substr", "it requires two or three arguments")),
    };
    let value = &convert::bytes(value);
    let value = match value.family {
        // For an empty blob SQLite returns NULL.
        Family::Bytea => Typed::atom(format!("NULLIF({}, ''::bytea)", value.sql), Family::Bytea),
        _ => convert::text(translator, value)?,
    };
    let family = if value.family == Family::Bytea { Family::Bytea } else { Family::Text };
    let (start, count) = (bounded(start)?, count.map(bounded).transpose()?);
    let first = first_position(&value, &start);
    let sql = match (&count, start.integer_value()) {
        (None, Some(start)) if start < 0 && family == Family::Text => {
            format!("right({}, {})", value.sql, -start)
        }
        // Before the first character PostgreSQL starts with the first one.
        (None, _) => format!("substr({}, {first})", value.sql),
        (Some(count), _) => match count.integer_value() {
            Some(count @ 0..) => format!("substr({}, {first}, {count})", value.sql),
            Some(count) => format!("substr({}, {first} - {}, {})", value.sql, -count, -count),
            None => {
                let count = count.at(Level::Atom);
                format!("substr({}, {first} - greatest(-{count}, 0), abs({count}))", value.sql)
            }
        },
    };
    Ok(Typed::atom(sql, family))
}

/// The position of the first character, from 1; below 1 it is before the text.
fn first_position(value: &Typed, start: &Typed) -> String {
    match start.integer_value() {
        Some(start @ 0..) => start.to_string(),
        Some(start) => format!("length({}) + 1 - {}", value.sql, -start),
        None => {
            let tested = start.above(Level::Comparison);
            format!(
                "CASE WHEN {tested} < 0 THEN length({}) + 1 + {} ELSE {} END",
                value.sql,
                start.at(Level::Atom),
                start.sql
            )
        }
    }
}

fn bounded(typed: &Typed) -> Result<Typed, Untranslatable> {
    if typed.integer_value().is_some_and(|value| value.unsigned_abs() > FARTHEST.unsigned_abs()) {
        return Err(Untranslatable::function("substr", "a position is out of range in PostgreSQL"));
    }
    if typed.family.is_open() {
        return Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger));
    }
    if typed.family == Family::Integer && typed.value().is_none() {
        let sql = format!("least(greatest({}, -{FARTHEST}), {FARTHEST})::integer", typed.sql);
        return Ok(Typed::atom(sql, Family::SmallInteger));
    }
    position(typed)
}

/// `hex(x)`: the bytes of a blob, or of the text form of any other value.
pub(super) fn hex(translator: &Translator<'_>, operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = &convert::bytes(operand);
    let bytes = match operand.family {
        Family::Bytea => operand.sql.clone(),
        // NULL gives an empty text.
        Family::Unknown | Family::Parameter => {
            return Err(Untranslatable::function("hex", "the type of its argument is not known"));
        }
        _ if translator.immutable => {
            return Err(Untranslatable::function("hex", "it is not immutable in PostgreSQL for text"));
        }
        _ => format!("convert_to({}, 'UTF8')", convert::text(translator, operand)?.sql),
    };
    Ok(Typed::atom(format!("coalesce(upper(encode({bytes}, 'hex')), '')"), Family::Text))
}

/// `unicode(x)`: NULL for an empty text.
pub(super) fn unicode(translator: &Translator<'_>, operand: &Typed) -> Result<Typed, Untranslatable> {
    let text = convert::text(translator, operand)?;
    Ok(Typed::atom(format!("NULLIF(ascii({}), 0)", text.sql), Family::SmallInteger))
}

/// `octet_length(x)`.
pub(super) fn octet_length(translator: &Translator<'_>, operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = &convert::bytes(operand);
    let sql = match operand.family {
        Family::Bytea | Family::Unknown => operand.sql.clone(),
        _ => convert::text(translator, operand)?.sql,
    };
    Ok(Typed::atom(format!("octet_length({sql})"), Family::SmallInteger))
}

/// `zeroblob(n)`, for a small literal number.
pub(super) fn zeros(expression: &Expr) -> Option<Typed> {
    const LONGEST: usize = 1024;
    let (name, [Expr::Literal(Literal::Numeric(digits))]) = tree::called(expression)? else { return None };
    let count: usize = digits.parse().ok().filter(|count| *count <= LONGEST && name == "zeroblob")?;
    let digits = "00".repeat(count);
    Some(Typed::literal(format!("'\\x{digits}'::bytea"), Family::Bytea, LiteralValue::Blob(digits)))
}

/// `randomblob(n)`: the last seven bytes of a UUID are random (RFC 9562, section 5.4), which the server generates
/// without an extension.
pub(super) fn random_bytes(translator: &Translator<'_>, operand: &Typed) -> Result<Typed, Untranslatable> {
    const LONGEST: i64 = 256;
    const RANDOM: i64 = 7;
    translator.names.is_random();
    let refused = |why| Err(Untranslatable::function("randomblob", why));
    if translator.immutable {
        return refused("its value differs on every call");
    }
    let Some(count) = operand.integer_value().filter(|count| *count <= LONGEST) else {
        return refused("only a literal length of at most 256 bytes is supported");
    };
    // SQLite returns one byte for a length below 1.
    let mut missing = count.max(1);
    let mut parts = Vec::new();
    while missing > 0 {
        let part = missing.min(RANDOM);
        parts.push(format!("substring(uuid_send(gen_random_uuid()) FROM 10 FOR {part})"));
        missing -= part;
    }
    let level = if parts.len() == 1 { Level::Atom } else { Level::Other };
    Ok(Typed::new(parts.join(" || "), Family::Bytea, level))
}

/// `concat(..)` and `concat_ws(separator, ..)`: NULL is skipped.
pub(super) fn concat(
    translator: &Translator<'_>,
    name: &str,
    operands: &[Typed],
) -> Result<Typed, Untranslatable> {
    if translator.immutable {
        return Err(Untranslatable::function(name, "it is not immutable in PostgreSQL"));
    }
    let mut texts = Vec::new();
    for operand in operands {
        texts.push(convert::text(translator, operand)?.sql);
    }
    Ok(Typed::atom(format!("{name}({})", texts.join(", ")), Family::Text))
}
