//! How large a JSON value of a request may become on either backend.
//!
//! A few bytes of exponents are written out as thousands of digits by PostgreSQL, in each response again. The limits
//! are those of requests: what a database contains already is read, copied and compared as it is.

use serde_json::Value;

use transfer::values::{InvalidValue, json_extent};

/// The most digits of a number before, and after, the point: every finite double fits, which has 309 before it and 324
/// zeros and digits after it that matter.
const MOST_DIGITS: i64 = 400;
/// The most levels of arrays and objects. Half of what parsers commonly accept, because a row, a list and the wrapping
/// of a client add levels.
const MOST_LEVELS: usize = 64;
/// The most bytes of the text, as sent and as PostgreSQL prints it: a quarter of what the columns hold, and of the default of
/// MAX_BODY_BYTES. A value is parsed into a tree, which takes many times its text.
pub(super) const MOST_BYTES: i64 = 256 * 1024;

/// Refuses a text that is too long, before it is parsed.
pub(super) fn check_length(text: &str) -> Result<(), InvalidValue> {
    match i64::try_from(text.len()) {
        Ok(length) if length <= MOST_BYTES => Ok(()),
        _ => Err(InvalidValue::new(format!("the JSON is longer than {MOST_BYTES} bytes"))),
    }
}

/// Refuses what would become too large.
pub(super) fn check(value: &Value) -> Result<(), InvalidValue> {
    let extent = json_extent(value)?;
    if extent.digits > MOST_DIGITS {
        return Err(InvalidValue::new(format!(
            "a number of the JSON has more than {MOST_DIGITS} digits before or after the point"
        )));
    }
    if extent.depth > MOST_LEVELS {
        return Err(InvalidValue::new(format!("the JSON is nested deeper than {MOST_LEVELS} levels")));
    }
    if extent.bytes > MOST_BYTES {
        return Err(InvalidValue::new(format!(
            "the JSON is longer than {MOST_BYTES} bytes as PostgreSQL prints it, with numbers written out"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_accepted(text: &str) -> bool {
        check(&serde_json::from_str(text).expect("JSON")).is_ok()
    }

    #[test]
    fn every_finite_double_is_accepted_and_larger_exponents_are_not() {
        for number in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -0.0, 0.1] {
            assert!(is_accepted(&serde_json::to_string(&number).expect("a number")), "{number}");
        }
        assert!(is_accepted("9e399") && is_accepted("1e-400") && is_accepted("0e131071"));
        for text in ["9e400", "1e-401", "9e131071", "[{\"a\":-9e131071}]", "1e99999999999999999999"] {
            assert!(!is_accepted(text), "{text}");
        }
    }

    #[test]
    fn nesting_and_length_are_limited() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(is_accepted(&nested(MOST_LEVELS)) && !is_accepted(&nested(MOST_LEVELS + 1)));
        let numbers = |count| format!("[{}]", vec!["1e399"; count].join(","));
        assert!(is_accepted(&numbers(650)) && !is_accepted(&numbers(660)));
    }
}
