//! Column defaults, normalized to one spelling for both backends.

use serde_json::Value;

use super::neutral::ColumnKind;
use super::sql::{Dialect, Expression, parse, tokenize};

/// The normalized default: the value itself, or an expression in parentheses. NULL is no default.
pub(super) fn normalize(text: &str, dialect: Dialect, kind: &ColumnKind) -> Option<String> {
    let default = parse(&tokenize(text, dialect));
    Some(match (kind, default) {
        (_, Expression::Constant(constant)) if constant == "NULL" => return None,
        (ColumnKind::Bool, Expression::Constant(constant)) if constant == "FALSE" => "false".to_owned(),
        (ColumnKind::Bool, Expression::Constant(constant)) if constant == "TRUE" => "true".to_owned(),
        (ColumnKind::Bool, Expression::Number(number)) if number == "0" => "false".to_owned(),
        (ColumnKind::Bool, Expression::Number(number)) if number == "1" => "true".to_owned(),
        (ColumnKind::Json { .. }, Expression::Text(text)) => canonical_json(&text).unwrap_or(text),
        (ColumnKind::Decimal { scale: Some(scale), .. }, Expression::Number(number)) => {
            last_digits(&number, *scale)
        }
        // In SQLite a bare identifier as a default is a string; PostgreSQL has none.
        (_, Expression::Text(text) | Expression::Number(text) | Expression::Name(text)) => text,
        (_, expression) => format!("({expression})"),
    })
}

fn canonical_json(text: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    value.sort_all_objects();
    Some(value.to_string())
}

/// `number` in units of the last of `scale` digits after the decimal point.
fn last_digits(number: &str, scale: u32) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let missing = usize::try_from(scale).ok().and_then(|scale| scale.checked_sub(fraction.len()));
    let Some(missing) = missing else {
        return number.to_owned();
    };
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let digits = format!("{whole}{fraction}{}", "0".repeat(missing));
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        significant => format!("{sign}{significant}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(text: &str, kind: &ColumnKind) -> Option<String> {
        normalize(text, Dialect::Sqlite, kind)
    }

    fn postgres(text: &str, kind: &ColumnKind) -> Option<String> {
        normalize(text, Dialect::Postgres, kind)
    }

    #[test]
    fn both_backends_agree() {
        let text = ColumnKind::Text { max_chars: None };
        let money = ColumnKind::Decimal { precision: 14, scale: Some(2), positive: false };
        let units = ColumnKind::Decimal { precision: 14, scale: None, positive: false };
        for (left, right, value) in [
            (sqlite("1", &ColumnKind::Bool), postgres("true", &ColumnKind::Bool), Some("true")),
            (sqlite("'active'", &text), postgres("'active'::text", &text), Some("active")),
            (sqlite("NULL", &text), postgres("NULL::text", &text), None),
            (sqlite("-1", &ColumnKind::Int), postgres("'-1'::integer", &ColumnKind::Int), Some("-1")),
            (sqlite("0.850", &ColumnKind::Double), postgres("0.85", &ColumnKind::Double), Some("0.85")),
            (sqlite("-150", &units), postgres("'-1.5'::numeric", &money), Some("-150")),
            (sqlite("5", &units), postgres("0.05", &money), Some("5")),
            (sqlite("0", &units), postgres("0", &money), Some("0")),
            (
                sqlite(r#"'{"b":1,"aaa":[true]}'"#, &ColumnKind::Json { max_bytes: None }),
                postgres(r#"'{"aaa": [true], "b": 1}'::jsonb"#, &ColumnKind::Json { max_bytes: None }),
                Some(r#"{"aaa":[true],"b":1}"#),
            ),
        ] {
            assert_eq!(left.as_deref(), value);
            assert_eq!(right.as_deref(), value);
        }
    }

    #[test]
    fn an_expression_is_not_taken_for_a_text() {
        let text = ColumnKind::Text { max_chars: None };
        assert_eq!(postgres("lower('A'::text)", &text).as_deref(), Some("(lower('A'))"));
        assert_eq!(postgres("'lower(A)'::text", &text).as_deref(), Some("lower(A)"));
        assert_eq!(sqlite("CURRENT_TIMESTAMP", &text).as_deref(), Some("(CURRENT_TIMESTAMP)"));
    }
}
