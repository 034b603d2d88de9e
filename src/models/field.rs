//! Values in JSON: parsing, and the JSON Schema of what is accepted.
//!
//! Each value has one form in both directions: a decimal is a string with all its digits, an instant is RFC 3339 in
//! UTC. Output is the value's `Serialize`.

mod json_limits;

use chrono::{Datelike as _, NaiveDate};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};

use super::{AnyKey, BillingPeriod, Currency, EmailAddress, WebUrl};
use transfer::values::{Decimal, Instant, InvalidValue, Json, Real, Sha256, Text, TimeOfDay, Vector};

/// A value of requests and responses.
pub trait Field: Sized {
    /// Whether `null` is a valid value.
    const NULLABLE: bool = false;

    /// Parses it from JSON.
    ///
    /// # Errors
    /// The reason why it is not a value of this type.
    fn from_json(value: Value) -> Result<Self, InvalidValue>;

    /// Parses it from a JSON text. Arrays and objects are parsed by the types that have them, so that others do not build
    /// them only to refuse them.
    ///
    /// # Errors
    /// The reason why it is not a value of this type.
    fn from_text(text: &str) -> Result<Self, InvalidValue> {
        Self::from_json(match text.as_bytes().first() {
            Some(b'[') => Value::Array(Vec::new()),
            Some(b'{') => Value::Object(Map::new()),
            _ => serde_json::from_str(text)
                .map_err(|error| InvalidValue::new(format!("invalid JSON: {error}")))?,
        })
    }

    /// Parses it from a query parameter.
    ///
    /// # Errors
    /// The reason why it is not a value of this type.
    fn from_parameter(text: &str) -> Result<Self, InvalidValue> {
        Self::from_json(Value::String(text.to_owned()))
    }

    /// The JSON Schema of accepted values.
    fn schema() -> Schema;

    /// The row that this value refers to, if it is a key.
    fn refers_to(&self) -> Option<AnyKey> {
        None
    }

    /// The measure for a [`Limit`]: the characters of a string, an integer itself, a decimal's smallest units, the
    /// elements of an array.
    fn measure(&self) -> Option<i64> {
        None
    }
}

/// The range of [`Field::measure`] that a column accepts.
pub type Limit = std::ops::RangeInclusive<i64>;

/// The schema of a type within a limit.
pub fn limited(schema: Schema, limit: &Limit) -> Schema {
    let mut object = match schema {
        Schema::Object(object) => object,
        Schema::Array(mut array) => {
            array.min_items = usize::try_from(*limit.start()).ok().filter(|least| *least > 0);
            array.max_items = usize::try_from(*limit.end()).ok();
            return Schema::Array(array);
        }
        other => return other,
    };
    let is_integer = object.minimum.is_some();
    let is_decimal = matches!(&object.format, Some(SchemaFormat::Custom(format)) if format == "decimal");
    if is_decimal {
        // JSON Schema cannot express the units of a decimal; it can express the sign.
        if *limit.start() >= 0 {
            object.pattern = object.pattern.map(|pattern| pattern.replace("^-?", "^"));
        }
        return Schema::Object(object);
    }
    if is_integer {
        return Schema::Object(
            ObjectBuilder::from(object).minimum(Some(*limit.start())).maximum(Some(*limit.end())).build(),
        );
    }
    object.min_length = usize::try_from(*limit.start()).ok().filter(|least| *least > 0);
    object.max_length = usize::try_from(*limit.end()).ok();
    Schema::Object(object)
}

/// A schema of one type, to be completed.
pub(super) fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(kind))
}

/// A string of a format of JSON Schema or OpenAPI.
pub(super) fn formatted(format: &str) -> ObjectBuilder {
    of_type(Type::String).format(Some(SchemaFormat::Custom(format.to_owned())))
}

pub(super) fn text_of(value: Value) -> Result<String, InvalidValue> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InvalidValue::new(format!("{} instead of a string", kind_of(&other)))),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// An integer. JSON has one type of number, so `1.0` is an integer as well; a string is not.
pub(super) fn integer_of(value: &Value) -> Result<i64, InvalidValue> {
    let Value::Number(number) = value else {
        return Err(InvalidValue::new(format!("{} instead of an integer", kind_of(value))));
    };
    let text = number.to_string();
    let whole =
        text.split_once('.').map_or(text.as_str(), |(whole, part)| match part.bytes().all(|b| b == b'0') {
            true => whole,
            false => "",
        });
    whole.parse().map_err(|_not_whole| InvalidValue::new("not a 64-bit integer"))
}

impl<T: Field> Field for Option<T> {
    const NULLABLE: bool = true;

    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        match value {
            Value::Null => Ok(None),
            value => T::from_json(value).map(Some),
        }
    }

    fn from_text(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "null" => Ok(None),
            text => T::from_text(text).map(Some),
        }
    }

    fn from_parameter(text: &str) -> Result<Self, InvalidValue> {
        T::from_parameter(text).map(Some)
    }

    fn schema() -> Schema {
        nullable(T::schema())
    }

    fn refers_to(&self) -> Option<AnyKey> {
        self.as_ref().and_then(T::refers_to)
    }

    fn measure(&self) -> Option<i64> {
        self.as_ref().and_then(T::measure)
    }
}

/// The schema that accepts `null` as well.
fn nullable(schema: Schema) -> Schema {
    let with_null = |kind: SchemaType| match kind {
        SchemaType::Type(kind) => SchemaType::from_iter([kind, Type::Null]),
        other => other,
    };
    match schema {
        Schema::Object(mut object) => {
            object.schema_type = with_null(object.schema_type);
            if let Some(words) = &mut object.enum_values {
                words.push(Value::Null);
            }
            Schema::Object(object)
        }
        Schema::Array(mut array) => {
            array.schema_type = with_null(array.schema_type);
            Schema::Array(array)
        }
        other => other,
    }
}

impl Field for bool {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        value
            .as_bool()
            .ok_or_else(|| InvalidValue::new(format!("{} instead of true or false", kind_of(&value))))
    }

    fn from_parameter(text: &str) -> Result<Self, InvalidValue> {
        text.parse().map_err(|_word| InvalidValue::new("neither `true` nor `false`"))
    }

    fn schema() -> Schema {
        of_type(Type::Boolean).into()
    }
}

impl Field for i32 {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        let number = integer_of(&value)?;
        Self::try_from(number).map_err(|_overflow| InvalidValue::new("not a 32-bit integer"))
    }

    fn from_parameter(text: &str) -> Result<Self, InvalidValue> {
        text.parse().map_err(|_overflow| InvalidValue::new("not a 32-bit integer"))
    }

    fn schema() -> Schema {
        let format = SchemaFormat::Custom("int32".to_owned());
        of_type(Type::Integer).format(Some(format)).minimum(Some(Self::MIN)).maximum(Some(Self::MAX)).into()
    }

    fn measure(&self) -> Option<i64> {
        Some(i64::from(*self))
    }
}

impl Field for Text {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        Self::new(text_of(value)?)
    }

    fn schema() -> Schema {
        of_type(Type::String).pattern(Some("^[^\\u0000]*$")).into()
    }

    fn measure(&self) -> Option<i64> {
        i64::try_from(self.chars().count()).ok()
    }
}

impl Field for EmailAddress {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        Self::new(&text_of(value)?)
    }

    fn schema() -> Schema {
        formatted("email").min_length(Some(3)).max_length(Some(320)).into()
    }
}

impl Field for WebUrl {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        Self::new(&text_of(value)?)
    }

    fn schema() -> Schema {
        formatted("uri").pattern(Some("^[Hh][Tt][Tt][Pp][Ss]?://")).into()
    }

    fn measure(&self) -> Option<i64> {
        i64::try_from(self.as_str().chars().count()).ok()
    }
}

impl Field for Currency {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        Self::new(&text_of(value)?)
    }

    fn schema() -> Schema {
        let about = "A currency by its ISO 4217 code. Amounts in a currency without a minor unit are whole.";
        // One line, where an enum would be one line per code in each place.
        let pattern = format!("^({})$", Self::codes().join("|"));
        let code = of_type(Type::String).min_length(Some(3)).max_length(Some(3)).pattern(Some(pattern));
        code.description(Some(about)).into()
    }
}

impl Field for BillingPeriod {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        let text = text_of(value)?;
        let wrong = || InvalidValue::new("not a month in the form YYYY-MM");
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(wrong());
        }
        let number = |digits: &str| digits.parse().map_err(|_not_a_number| wrong());
        let month = month.parse().map_err(|_not_a_number| wrong())?;
        Self::new(number(year)?, month)
    }

    fn schema() -> Schema {
        of_type(Type::String).pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$")).into()
    }
}

impl<const P: u32, const S: u32> Field for Decimal<P, S> {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        match value {
            Value::String(text) => text.parse(),
            other => Err(InvalidValue::new(format!(
                "{}; a decimal is a string such as \"12.50\", so that no digit is lost",
                kind_of(&other)
            ))),
        }
    }

    fn schema() -> Schema {
        let whole = P.saturating_sub(S);
        let pattern = format!("^-?[0-9]{{1,{whole}}}(\\.[0-9]{{1,{S}}})?$");
        formatted("decimal").pattern(Some(pattern)).into()
    }

    fn measure(&self) -> Option<i64> {
        Some(self.units())
    }
}

impl Field for Real {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        let number = match &value {
            Value::Number(number) => number.as_f64(),
            _ => None,
        };
        let wrong =
            || InvalidValue::new(format!("{} instead of a finite double-precision number", kind_of(&value)));
        Self::new(number.ok_or_else(wrong)?)
    }

    fn schema() -> Schema {
        let format = SchemaFormat::Custom("double".to_owned());
        of_type(Type::Number).format(Some(format)).minimum(Some(f64::MIN)).maximum(Some(f64::MAX)).into()
    }
}

impl Field for NaiveDate {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        let text = text_of(value)?;
        let wrong = || InvalidValue::new("not a date in the form YYYY-MM-DD");
        let day = Self::parse_from_str(&text, "%Y-%m-%d").map_err(|_form| wrong())?;
        // chrono accepts other forms (a sign, a missing zero).
        if day.to_string() != text || !(1..=9999).contains(&day.year()) {
            return Err(wrong());
        }
        Ok(day)
    }

    fn schema() -> Schema {
        formatted("date").into()
    }
}

impl Field for TimeOfDay {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        let text = text_of(value)?;
        let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
        let whole = if whole.len() == 5 { format!("{whole}:00") } else { whole.to_owned() };
        format!("{whole}.{part:0<6}").parse().map_err(|_form: InvalidValue| {
            InvalidValue::new("not a time in the form HH:MM, HH:MM:SS or HH:MM:SS.ffffff")
        })
    }

    fn schema() -> Schema {
        of_type(Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?$"))
            .into()
    }
}

impl Field for Instant {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        text_of(value)?.parse()
    }

    fn schema() -> Schema {
        formatted("date-time").into()
    }
}

impl Field for Json {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        json_limits::check(&value)?;
        Self::new(value)
    }

    fn from_text(text: &str) -> Result<Self, InvalidValue> {
        json_limits::check_length(text)?;
        Self::from_json(Self::parse_value(text)?)
    }

    fn schema() -> Schema {
        let limit = Extensions::builder().add("x-max-bytes", json_limits::MOST_BYTES).build();
        ObjectBuilder::new().schema_type(SchemaType::AnyValue).extensions(Some(limit)).into()
    }
}

impl Field for Sha256 {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        text_of(value)?.parse()
    }

    fn schema() -> Schema {
        of_type(Type::String).pattern(Some("^[0-9a-f]{64}$")).into()
    }
}

impl Field for Vector {
    fn from_json(value: Value) -> Result<Self, InvalidValue> {
        Self::from_text(&value.to_string())
    }

    fn from_text(text: &str) -> Result<Self, InvalidValue> {
        let wrong = || InvalidValue::new("not an array of finite single-precision numbers");
        let numbers: Vec<&RawValue> = serde_json::from_str(text).map_err(|_form| wrong())?;
        let single = |number: &&RawValue| {
            // Not the other texts that Rust parses: JSON has none of them but as strings.
            number.get().parse().ok().filter(|number: &f32| number.is_finite()).ok_or_else(wrong)
        };
        Self::new(numbers.iter().map(single).collect::<Result<_, _>>()?)
    }

    fn schema() -> Schema {
        let format = SchemaFormat::Custom("float".to_owned());
        let single =
            of_type(Type::Number).format(Some(format)).minimum(Some(f32::MIN)).maximum(Some(f32::MAX));
        ArrayBuilder::new().items(single).min_items(Some(1)).into()
    }

    fn measure(&self) -> Option<i64> {
        i64::try_from(self.elements().len()).ok()
    }
}

#[cfg(test)]
mod tests;
