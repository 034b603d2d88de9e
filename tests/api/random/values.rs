//! JSON values for fields: accepted by a schema, including boundary values, or rejected by it.

use serde_json::Value;

use super::catalog::{fields, resource_of};
use super::dice::Dice;

/// Provides an existing key of a resource, as JSON.
pub(super) trait Keys {
    fn key(&self, resource: &str, dice: &mut Dice) -> Option<String>;
}

/// Values that are invalid for all or some fields; as JSON text, because some are not valid JSON values.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "null", "true", "0", "-1", "1.5", "1.0", "1e2", "9223372036854775808", "-9223372036854775809", "1e400", "\"\"",
    "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "[]", "[null]", "{}", "{\"a\":1,\"a\":2}",
    "{\"\\u0000\":1}", "\"99999999999999999999.99\"", "\"0000-01-01\"", "\"+2026-01-01\"", "\"2026-02-30\"",
    "\"10000-01-01\"", "\"2026-01-31T12:00:00\"", "\"owner\"", "\"UNKNOWN\"", "\"F47AC10B-58CC-4372-A567-0E02B2C3D479\"",
];

/// Texts with special rules for sorting, case folding or length.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "a", "B", "ä", "Z", "_", "a b", "O'Neil", "\"q\"\\", "%_", "--", "a\tb\r\nc", "e\u{301}", "\u{e9}", "ß", "ſ", "İ",
    "日本語", "🦀", "👩‍👩‍👧", "\u{202e}abc", "\u{ffff}", "\u{10ffff}", "\u{feff}x", "NULL", "0", " lead", "trail ", "$1 ?1 :a", "active",
];

#[rustfmt::skip]
const JSONS: &[&str] = &[
    "null", "true", "[]", "{}", "\"\"", "0", "-0", "-0.0", "1.0", "1E5", "1e-20", "123456789012345678901234567890.1234567890",
    "9007199254740993", "[[[[1,[2]]]]]", "{\"b\":1,\"a\":{\"ü\":[1.50,\"🦀\",null]},\"aa\":2}", "{\"\":{\"\":\"\\u001f\\t\"}}", "1e130",
    "{\"min\":30,\"max\":80}", "\"\\ud83e\\udd80\"",
];

const DATES: &[&str] = &["0001-01-01", "9999-12-31", "2024-02-29", "2026-01-31", "2026-02-01", "1970-01-01"];

#[rustfmt::skip]
const INSTANTS: &[&str] = &[
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-01-31T13:00:00+01:00", "2026-02-28T23:59:59.9Z",
    "1969-12-31T23:59:59.000001Z", "2026-01-31T12:00:00-23:59",
];

const REALS: &[&str] =
    &["0", "-0.0", "0.85", "1", "52.52", "13.405", "-90", "180", "1e-300", "1.7976931348623157e308", "0.1"];

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A body for this schema; with `is_careless`, with errors.
pub(super) fn body(schema: &Value, keys: &dyn Keys, is_careless: bool, dice: &mut Dice) -> String {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut members = Vec::new();
    for (name, schema) in fields(schema) {
        let is_required = required.contains(&name.as_str());
        let is_given = if is_required { !(is_careless && dice.percent(10)) } else { dice.percent(45) };
        if is_given {
            let value = match is_careless && dice.percent(25) {
                true => dice.one(ODD).to_owned(),
                false => value(&name, &schema, keys, dice),
            };
            members.push(format!("{}:{value}", quoted(&name)));
        }
    }
    if is_careless && dice.percent(15) {
        members.push(
            dice.one(&["\"no/such~field\":1", "\"id\":1", "\"organization_id\":1", "\"\":null"]).to_owned(),
        );
    }
    format!("{{{}}}", members.join(","))
}

/// A value that the schema accepts.
pub(super) fn value(name: &str, schema: &Value, keys: &dyn Keys, dice: &mut Dice) -> String {
    let is = |kind: &str| match &schema["type"] {
        Value::String(only) => only == kind,
        Value::Array(kinds) => kinds.iter().any(|each| each == kind),
        _ => false,
    };
    let is_reference = resource_of(name).is_some();
    if is("null") && dice.percent(if is_reference { 50 } else { 15 }) {
        return "null".to_owned();
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&Value> = words.iter().filter(|word| !word.is_null()).collect();
        return dice.one(&words).to_string();
    }
    if schema["type"].is_null() {
        return dice.one(JSONS).to_owned();
    }
    if let Some(resource) = resource_of(name).filter(|_| is("integer") || schema["format"] == "uuid") {
        let known = if dice.percent(96) { keys.key(&resource, dice) } else { None };
        if known.is_none() && is("null") && dice.percent(90) {
            return "null".to_owned();
        }
        let unknown =
            if is("integer") { "9223372036854775807" } else { "\"f47ac10b-58cc-4372-a567-0e02b2c3d479\"" };
        return known.unwrap_or_else(|| unknown.to_owned());
    }
    if is("boolean") {
        return dice.one(&["true", "false"]).to_owned();
    }
    if is("integer") {
        let bound = |name: &str, other: i64| schema[name].as_i64().unwrap_or(other);
        let (least, most) = (bound("minimum", i64::MIN), bound("maximum", i64::MAX));
        let usual = [0, 1, 2, 3, 7, 31, 1000].map(|number: i64| number.clamp(least, most));
        let number =
            if dice.percent(85) { usual[dice.below(usual.len())] } else { [least, most][dice.below(2)] };
        return number.to_string();
    }
    if is("number") {
        return dice.one(REALS).to_owned();
    }
    if is("array") {
        return array(&schema["items"], keys, dice);
    }
    text(name, schema, dice)
}

fn array(items: &Value, keys: &dyn Keys, dice: &mut Dice) -> String {
    let one = |dice: &mut Dice| match items["type"] == "object" {
        true => body(items, keys, false, dice),
        // A vector of few dimensions, so that some are comparable.
        false => dice.one(&["0", "1", "-1", "0.5", "3.4028235e38", "1e-45", "0.1"]).to_owned(),
    };
    let length = if items["type"] == "object" { dice.below(3) } else { 1 + dice.below(2) };
    format!("[{}]", (0..length).map(|_| one(dice)).collect::<Vec<_>>().join(","))
}

fn text(name: &str, schema: &Value, dice: &mut Dice) -> String {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match schema["format"].as_str() {
        Some("date") => return quoted(dice.one(DATES)),
        Some("date-time") => return quoted(dice.one(INSTANTS)),
        Some("uuid") => return quoted("f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        Some("email") => {
            return quoted(&format!("{}@Example.org", dice.one(&["Ada", "ada", "b.c", "d+e", "o'x"])));
        }
        Some("decimal") => return quoted(&decimal(pattern, dice)),
        _ => {}
    }
    if name == "currency" {
        // Mostly one, as the currencies of rows that refer to each other must be equal.
        return quoted(dice.one(&["USD", "USD", "USD", "USD", "EUR", "JPY"]));
    }
    if pattern.contains("64") {
        return quoted(&["0", "f", "9a"][dice.below(2)].repeat(64));
    }
    if pattern.starts_with("^[0-9]{4}-") {
        return quoted(dice.one(&["2026-01", "0001-12", "9999-12"]));
    }
    if pattern.contains("[01][0-9]|2") {
        return quoted(dice.one(&["00:00", "23:59:59.999999", "09:30:00", "12:00:00.5"]));
    }
    if name == "days_of_week" && dice.percent(80) {
        return quoted(dice.one(&["mon", "fri,mon", "sun, sat", "MON,mon"]));
    }
    let count = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let (least, most) = (count("minLength").unwrap_or(0), count("maxLength"));
    let longest = most.unwrap_or(3000);
    let text = match dice.below(12) {
        0 => "🦀".repeat(longest.min(2000)),
        1 => "ü".repeat(longest.min(4000)),
        _ => dice.one(TEXTS).to_owned(),
    };
    let text: String =
        text.chars().chain("xyz".chars().cycle()).take(text.chars().count().max(least)).collect();
    quoted(&text.chars().take(longest).collect::<String>())
}

/// A decimal with as many digits before and after the point as its pattern permits.
fn decimal(pattern: &str, dice: &mut Dice) -> String {
    let digits: Vec<usize> =
        pattern.split("{1,").skip(1).filter_map(|rest| rest.split('}').next()?.parse().ok()).collect();
    let (whole, part) = (digits.first().copied().unwrap_or(1), digits.get(1).copied().unwrap_or(1));
    match dice.below(12) {
        0 => format!("{}.{}", "9".repeat(whole), "9".repeat(part)),
        1 => "0".to_owned(),
        2 => format!("0.{}1", "0".repeat(part - 1)),
        3 if pattern.starts_with("^-") => "-1".to_owned(),
        4 => format!("{}1", "0".repeat(whole - 1)),
        _ => dice.one(&["1", "2.5", "10", "19", "100", "0.5", "7.0"]).to_owned(),
    }
}
