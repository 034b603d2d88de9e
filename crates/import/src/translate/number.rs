//! Numeric functions.

use super::convert::{self, number};
use super::error::Untranslatable;
use super::translator::Translator;
use super::typed::{Family, Level, Typed};

/// From here on a double has no fraction.
const WHOLE_DOUBLES: &str = "4503599627370496";

/// `abs(x)`; for the lowest integer both raise an error.
pub(super) fn abs(operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = number(operand)?;
    let operand = match operand.family {
        Family::SmallInteger => Typed::atom(operand.cast("bigint"), Family::Integer),
        _ => operand,
    };
    Ok(Typed::atom(format!("abs({})", operand.sql), operand.family))
}

/// `sign(x)`.
pub(super) fn sign(operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = number(operand)?;
    Ok(Typed::atom(format!("sign({})::integer", operand.sql), Family::SmallInteger))
}

/// `ceil(x)` and `floor(x)`: for an integer, the integer.
pub(super) fn whole(name: &str, operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = number(operand)?;
    match operand.family {
        family if family.is_integer() => Ok(operand),
        Family::Double => Ok(Typed::atom(format!("{name}({})", operand.sql), Family::Double)),
        _ => Err(Untranslatable::function(name, "its result type depends on the value")),
    }
}

/// `round(x)` and `round(x, digits)`: always a REAL, half away from zero.
pub(super) fn round(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let Some((first, digits)) = operands.split_first() else {
        return Err(Untranslatable::function("round", "it requires an argument"));
    };
    let operand = number(first)?;
    let digits = match digits {
        [] => 0,
        [digits] => match digits.integer_value() {
            // SQLite limits the digits to 0 to 30.
            Some(count) => count.clamp(0, 30),
            None => return Err(Untranslatable::function("round", "the number of digits must be a literal")),
        },
        _ => return Err(Untranslatable::function("round", "it takes at most two arguments")),
    };
    match operand.family {
        family if family.is_integer() => Ok(Typed::atom(operand.cast("double precision"), Family::Double)),
        family if family.is_open() => {
            Err(Untranslatable::function("round", "the type of its argument is not known"))
        }
        _ if digits == 0 => {
            let value = match operand.family {
                Family::Numeric => operand.cast("double precision"),
                _ => operand.at(Level::Additive),
            };
            Ok(Typed::atom(
                format!(
                    "CASE WHEN abs({value}) < {WHOLE_DOUBLES} \
                     THEN trunc({value} + CASE WHEN {value} < 0 THEN -0.5 ELSE 0.5 END) ELSE {value} END"
                ),
                Family::Double,
            ))
        }
        _ if digits > 2 => {
            Err(Untranslatable::function("round", "rounding to more than two digits is not equivalent"))
        }
        _ => Ok(Typed::atom(exact_round(&operand, digits), Family::Double)),
    }
}

/// SQLite rounds the decimal digits of the binary value; PostgreSQL would convert 15 of them to numeric. So the value
/// is split into its integer and its fraction, of which 62 bits contain all that affects two digits.
fn exact_round(operand: &Typed, digits: i64) -> String {
    let value = match operand.family {
        Family::Numeric => operand.cast("double precision"),
        _ => operand.at(Level::Atom),
    };
    format!(
        "CASE WHEN abs({value}) < {WHOLE_DOUBLES} THEN round(trunc({value})::bigint \
         + (({value} - trunc({value})) * 4611686018427387904)::bigint \
         * 0.00000000000000000021684043449710088680149056017398834228515625, {digits})::double precision \
         ELSE {value} END"
    )
}

/// `random()`: a signed 64-bit integer.
pub(super) fn random(translator: &Translator<'_>) -> Result<Typed, Untranslatable> {
    if translator.immutable {
        return Err(Untranslatable::function("random", "its value differs on every call"));
    }
    translator.names.is_random();
    Ok(Typed::atom(
        "('x' || left(md5(random()::text || clock_timestamp()::text), 16))::bit(64)::bigint",
        Family::Integer,
    ))
}

/// `max(a, b)` and `min(a, b)`: NULL if one of them is, unlike GREATEST and LEAST.
pub(super) fn extreme(
    translator: &Translator<'_>,
    name: &str,
    operands: Vec<Typed>,
) -> Result<Typed, Untranslatable> {
    let function = if name == "max" { "greatest" } else { "least" };
    let tests: Vec<String> =
        operands.iter().map(|typed| format!("{} IS NOT NULL", typed.above(Level::Comparison))).collect();
    let collating =
        operands.iter().map(|typed| typed.collating).find(|c| *c != super::typed::Collating::None);
    let is_binary = collating.is_none_or(|collating| {
        matches!(
            collating,
            super::typed::Collating::None
                | super::typed::Collating::Column(super::Collation::Binary)
                | super::typed::Collating::Explicit(super::Collation::Binary)
        )
    });
    let (operands, family) = convert::unified(translator, operands)?;
    let mut values: Vec<String> = operands.iter().map(|typed| typed.sql.clone()).collect();
    match family {
        Family::Text if is_binary => {
            if let (Some(first), Some(typed)) = (values.first_mut(), operands.first()) {
                *first = format!("{} COLLATE \"C\"", typed.above(Level::Collate));
            }
        }
        Family::Boolean | Family::Bytea | Family::Date(_) | Family::Timestamp(_) | Family::Uuid(_) => {}
        family if family.is_number() => {}
        _ => return Err(Untranslatable::function(name, "SQLite orders these values differently")),
    }
    if family == Family::Boolean {
        values = operands.iter().map(|typed| typed.cast("integer")).collect();
    }
    let family = if family == Family::Boolean { Family::SmallInteger } else { family };
    let sql = format!("CASE WHEN {} THEN {function}({}) END", tests.join(" AND "), values.join(", "));
    Ok(Typed::atom(sql, family))
}
