//! How large a JSON value becomes: the text has exponents, PostgreSQL's jsonb writes every digit out.

use serde_json::Value;

use super::InvalidValue;
use super::json_number::plain_digits;

/// The extent of a JSON value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonExtent {
    /// Levels of arrays and objects; 0 for a value that is neither.
    pub depth: usize,
    /// The most digits of a number before or after the point, written without an exponent.
    pub digits: i64,
    /// Bytes of the text, at least, with all numbers written without an exponent.
    pub bytes: i64,
}

/// The extent of a value.
///
/// # Errors
/// When the exponent of a number is not a 64-bit integer.
pub fn json_extent(value: &Value) -> Result<JsonExtent, InvalidValue> {
    let flat = |length: usize| {
        let bytes = i64::try_from(length).map_err(|_overflow| InvalidValue::new("the JSON is too long"))?;
        Ok(JsonExtent { bytes: bytes.saturating_add(2), ..JsonExtent::default() })
    };
    match value {
        Value::Null | Value::Bool(_) => flat(2),
        Value::String(text) => flat(text.len()),
        Value::Number(number) => {
            let (before, after) = plain_digits(number.as_str())?;
            Ok(JsonExtent { depth: 0, digits: before.max(after), bytes: before.saturating_add(after) })
        }
        Value::Array(elements) => {
            elements.iter().try_fold(level(), |all, element| Ok(all.around(json_extent(element)?)))
        }
        Value::Object(members) => members.iter().try_fold(level(), |all, (key, member)| {
            Ok(all.around(flat(key.len())?).around(json_extent(member)?))
        }),
    }
}

/// An empty array or object.
fn level() -> JsonExtent {
    JsonExtent { depth: 1, digits: 0, bytes: 2 }
}

impl JsonExtent {
    /// An array or object with this value in it.
    fn around(self, inner: Self) -> Self {
        Self {
            depth: self.depth.max(inner.depth + 1),
            digits: self.digits.max(inner.digits),
            // The comma or colon.
            bytes: self.bytes.saturating_add(inner.bytes).saturating_add(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(text: &str) -> JsonExtent {
        json_extent(&serde_json::from_str(text).expect("JSON")).expect("an extent")
    }

    #[test]
    fn numbers_count_as_they_are_written_out() {
        assert_eq!(extent("9e131071"), JsonExtent { depth: 0, digits: 131_072, bytes: 131_072 });
        assert_eq!(extent("-2.5e-324"), JsonExtent { depth: 0, digits: 325, bytes: 326 });
        let thousand = format!("[{}]", ["1e399"; 1000].join(","));
        assert_eq!(extent(&thousand), JsonExtent { depth: 1, digits: 400, bytes: 401_002 });
    }

    #[test]
    fn levels_are_counted_in_arrays_and_objects() {
        for (text, depth) in [("1", 0), ("[]", 1), (r#"{"a":1,"b":[{}]}"#, 3), ("[[1],[[2]]]", 3)] {
            assert_eq!(extent(text).depth, depth, "{text}");
        }
        assert_eq!(extent(r#"{"key":"text","n":null}"#).bytes, 24);
    }
}
