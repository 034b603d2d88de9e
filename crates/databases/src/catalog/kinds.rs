//! The kind of a column, derived from its declared type and its checks by a closed list per backend.
//!
//! The list is that of `migrations/`. Conditions that a kind implies are removed; the others remain, and must be
//! equal on both backends.

use super::checks::Conditions;
use super::neutral::ColumnKind;
use super::sql::Expression;

const EVERY_DOUBLE: &str = "this BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308";

mod on_sqlite {
    pub(super) const BOOL: &str = "this IN (0, 1)";
    pub(super) const INT: &str = "this BETWEEN -2147483648 AND 2147483647";
    pub(super) const UUID: &str = "this GLOB '????????-????-????-????-????????????' AND this NOT GLOB '*[^0-9a-f-]*' \
        AND length(replace(this, '-', '')) = 32";
    pub(super) const NO_NUL: &str = "instr(this, char(0)) = 0";
    pub(super) const EMAIL: &str =
        "length(this) <= 320 AND this NOT GLOB '*[A-Z]*' AND instr(this, char(0)) = 0";
    pub(super) const CURRENCY: &str = "this GLOB '[A-Z][A-Z][A-Z]' AND instr(this, char(0)) = 0";
    pub(super) const PERIOD: &str =
        "this GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' AND substr(this, 6) BETWEEN '01' AND '12'";
    pub(super) const DATE: &str = "this GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' \
        AND this IS date(this) AND this >= '0001'";
    pub(super) const TIME: &str = "this GLOB \
        '[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]' AND this < '24'";
    pub(super) const INSTANT: &str = "this GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T\
        [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' \
        AND substr(this, 1, 10) IS date(substr(this, 1, 10)) AND substr(this, 12, 2) < '24' AND this >= '0001'";
    pub(super) const JSON: &str = "json_valid(this)";
    // Before SQLite 3.45 json_valid(NULL) was 0 instead of NULL, so NULL would violate the check.
    pub(super) const JSON_OR_NULL: &str = "json_valid(coalesce(this, 'null'))";
    pub(super) const VECTOR: &str = "length(this) > 0 AND length(this) % 4 = 0";
}

mod on_postgres {
    pub(super) const EMAIL: &str = "length(this) <= 320 AND this !~ '[A-Z]'";
    pub(super) const CURRENCY: &str = "this ~ '^[A-Z]{3}$'";
    pub(super) const PERIOD: &str = "this ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'";
    pub(super) const DATE: &str = "this BETWEEN '0001-01-01' AND '9999-12-31'";
    pub(super) const TIME: &str = "this < '24:00:00'";
    pub(super) const INSTANT: &str = "this >= '0001-01-01 00:00:00+00' AND this < '10000-01-01 00:00:00+00'";
    pub(super) const NOT_NAN: &str = "this <> 'NaN'";
    pub(super) const VECTOR: &str = "array_ndims(this) = 1 AND array_lower(this, 1) = 1 \
        AND array_position(this, NULL) IS NULL";
}

/// The kind of a column of a STRICT table.
pub(super) fn sqlite_kind(declared: &str, conditions: &mut Conditions) -> Option<ColumnKind> {
    use on_sqlite::{
        BOOL, CURRENCY, DATE, EMAIL, INSTANT, INT, JSON, JSON_OR_NULL, NO_NUL, PERIOD, TIME, UUID, VECTOR,
    };
    match declared {
        "INTEGER" if conditions.take(BOOL) => Some(ColumnKind::Bool),
        "INTEGER" if conditions.take(INT) => Some(ColumnKind::Int),
        "INTEGER" => Some(match digits(conditions) {
            Some(precision) => {
                ColumnKind::Decimal { precision, scale: None, positive: conditions.take("this > 0") }
            }
            None => ColumnKind::BigInt,
        }),
        "REAL" => conditions.take(EVERY_DOUBLE).then_some(ColumnKind::Double),
        "TEXT" => {
            let forms = [
                (UUID, ColumnKind::Uuid),
                (EMAIL, ColumnKind::Email),
                (CURRENCY, ColumnKind::Currency),
                (PERIOD, ColumnKind::Period),
                (INSTANT, ColumnKind::Instant),
                (DATE, ColumnKind::Date),
                (TIME, ColumnKind::TimeOfDay),
            ];
            let form = forms.into_iter().find(|(pattern, _)| conditions.take(pattern)).map(|(_, kind)| kind);
            if form.is_some() {
                return form;
            }
            if conditions.take(JSON) || conditions.take(JSON_OR_NULL) {
                return Some(ColumnKind::Json { max_bytes: conditions.take_one(max_blob) });
            }
            let values = conditions.take_one(one_of);
            // An SQL string literal cannot contain NUL, so a list implies this as well.
            let no_nul = conditions.take(NO_NUL);
            match values {
                Some(values) => Some(ColumnKind::OneOf(values)),
                None => no_nul.then(|| ColumnKind::Text { max_chars: conditions.take_one(max_length) }),
            }
        }
        "BLOB" if conditions.take(VECTOR) => Some(ColumnKind::Vector {
            max_elements: conditions.take_one(|condition| max_length(condition).map(|bytes| bytes / 4)),
        }),
        "BLOB" => Some(ColumnKind::Bytes { size: conditions.take_one(exact_length) }),
        _ => None,
    }
}

/// The kind of a column; `declared` is the output of `format_type`.
pub(super) fn postgres_kind(declared: &str, conditions: &mut Conditions) -> Option<ColumnKind> {
    use on_postgres::{CURRENCY, DATE, EMAIL, INSTANT, NOT_NAN, PERIOD, TIME, VECTOR};
    match declared {
        "bigint" => Some(ColumnKind::BigInt),
        "integer" => Some(ColumnKind::Int),
        "boolean" => Some(ColumnKind::Bool),
        "uuid" => Some(ColumnKind::Uuid),
        "jsonb" => Some(ColumnKind::Json { max_bytes: conditions.take_one(max_octets) }),
        "double precision" => conditions.take(EVERY_DOUBLE).then_some(ColumnKind::Double),
        "date" => conditions.take(DATE).then_some(ColumnKind::Date),
        "time without time zone" => conditions.take(TIME).then_some(ColumnKind::TimeOfDay),
        "timestamp with time zone" => conditions.take(INSTANT).then_some(ColumnKind::Instant),
        "real[]" => conditions
            .take(VECTOR)
            .then(|| ColumnKind::Vector { max_elements: conditions.take_one(max_elements) }),
        "bytea" => Some(ColumnKind::Bytes { size: conditions.take_one(exact_length) }),
        "text" if conditions.take(EMAIL) => Some(ColumnKind::Email),
        "text" if conditions.take(CURRENCY) => Some(ColumnKind::Currency),
        "text" if conditions.take(PERIOD) => Some(ColumnKind::Period),
        "text" => Some(match conditions.take_one(one_of) {
            Some(values) => ColumnKind::OneOf(values),
            None => ColumnKind::Text { max_chars: conditions.take_one(max_length) },
        }),
        _ => {
            let (precision, scale) = declared.strip_prefix("numeric(")?.strip_suffix(')')?.split_once(',')?;
            let (precision, scale) = (precision.parse().ok()?, Some(scale.parse().ok()?));
            let positive = conditions.take(NOT_NAN).then(|| conditions.take("this > 0"))?;
            Some(ColumnKind::Decimal { precision, scale, positive })
        }
    }
}

/// `this IN ('a', 'b')`.
fn one_of(condition: &Expression) -> Option<Vec<String>> {
    let text = |element: &Expression| match element {
        Expression::Text(text) => Some(text.clone()),
        _ => None,
    };
    match condition {
        Expression::In(operand, elements) if **operand == Expression::This => {
            elements.iter().map(text).collect()
        }
        Expression::Binary(operator, left, right) if operator == "=" && **left == Expression::This => {
            Some(vec![text(right)?])
        }
        _ => None,
    }
}

/// `length(this) <= n`.
fn max_length(condition: &Expression) -> Option<u32> {
    measured(condition, "length", &Expression::This, "<=")
}

/// `length(this) = n`.
fn exact_length(condition: &Expression) -> Option<u32> {
    measured(condition, "length", &Expression::This, "=")
}

/// `length(CAST(this AS BLOB)) <= n`: the bytes of a text, on SQLite before 3.43 too, which has no `octet_length`.
fn max_blob(condition: &Expression) -> Option<u32> {
    let blob = Expression::Cast(Box::new(Expression::This), "blob".to_owned());
    measured(condition, "length", &blob, "<=")
}

/// `octet_length(this::text) <= n`.
fn max_octets(condition: &Expression) -> Option<u32> {
    measured(condition, "octet_length", &Expression::This, "<=")
}

/// `cardinality(this) <= n`.
fn max_elements(condition: &Expression) -> Option<u32> {
    measured(condition, "cardinality", &Expression::This, "<=")
}

/// `function(argument) operator n`.
fn measured(condition: &Expression, function: &str, argument: &Expression, wanted: &str) -> Option<u32> {
    let Expression::Binary(operator, left, right) = condition else {
        return None;
    };
    match (left.as_ref(), right.as_ref()) {
        (Expression::Call(name, arguments), Expression::Number(number))
            if operator == wanted
                && name == function
                && arguments.as_slice() == std::slice::from_ref(argument) =>
        {
            number.parse().ok()
        }
        _ => None,
    }
}

/// `this BETWEEN -99... AND 99...`: the number of digits.
fn digits(conditions: &mut Conditions) -> Option<u32> {
    let highest = conditions.find(|condition| match condition {
        Expression::Binary(operator, left, right) if operator == "<=" && **left == Expression::This => {
            match right.as_ref() {
                Expression::Number(number) if number.bytes().all(|b| b == b'9') => Some(number.clone()),
                _ => None,
            }
        }
        _ => None,
    })?;
    let bounded = conditions.take(&format!("this BETWEEN -{highest} AND {highest}"));
    bounded.then(|| u32::try_from(highest.len()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::checks::CheckConstraint;
    use crate::catalog::sql::{Dialect, tokenize};

    fn conditions(text: &str, dialect: Dialect) -> Conditions {
        let checks = [CheckConstraint::new(vec!["c".to_owned()], &tokenize(text, dialect))];
        Conditions::on("c", if text.is_empty() { &[] } else { &checks })
    }

    fn sqlite(declared: &str, check: &str) -> Option<ColumnKind> {
        sqlite_kind(declared, &mut conditions(check, Dialect::Sqlite))
    }

    fn postgres(declared: &str, check: &str) -> Option<ColumnKind> {
        postgres_kind(declared, &mut conditions(check, Dialect::Postgres))
    }

    #[test]
    fn kinds_with_numbers_are_read() {
        let text = |max_chars| Some(ColumnKind::Text { max_chars });
        assert_eq!(sqlite("TEXT", "length(c) <= 50 AND instr(c, char(0)) = 0"), text(Some(50)));
        assert_eq!(sqlite("TEXT", "instr(c, char(0)) = 0"), text(None));
        assert_eq!(sqlite("TEXT", "length(c) <= 50"), None);
        assert_eq!(postgres("text", "(length(c) <= 50)"), text(Some(50)));
        assert_eq!(postgres("text", ""), text(None));
        let decimal = |precision, scale, positive| Some(ColumnKind::Decimal { precision, scale, positive });
        assert_eq!(sqlite("INTEGER", "c BETWEEN -99999 AND 99999 AND c > 0"), decimal(5, None, true));
        assert_eq!(sqlite("INTEGER", "c BETWEEN -9 AND 99999"), Some(ColumnKind::BigInt));
        assert_eq!(postgres("numeric(5,2)", "(c <> 'NaN'::numeric)"), decimal(5, Some(2), false));
        assert_eq!(postgres("numeric(5,2)", "(c > (0)::numeric)"), None);
        assert_eq!(postgres("numeric(3,-2)", "(c <> 'NaN'::numeric)"), None);
        assert_eq!(postgres("numeric", "(c <> 'NaN'::numeric)"), None);
        assert_eq!(sqlite("BLOB", "length(c) = 32"), Some(ColumnKind::Bytes { size: Some(32) }));
        assert_eq!(postgres("bytea", "(length(c) = 32)"), Some(ColumnKind::Bytes { size: Some(32) }));
        let json = |max_bytes| Some(ColumnKind::Json { max_bytes });
        assert_eq!(sqlite("TEXT", "json_valid(c) AND length(CAST(c AS BLOB)) <= 99"), json(Some(99)));
        assert_eq!(sqlite("TEXT", "json_valid(coalesce(c, 'null'))"), json(None));
        assert_eq!(postgres("jsonb", "(octet_length((c)::text) <= 99)"), json(Some(99)));
        assert_eq!(postgres("jsonb", ""), json(None));
        let vector = |max_elements| Some(ColumnKind::Vector { max_elements });
        assert_eq!(
            sqlite("BLOB", "length(c) > 0 AND length(c) % 4 = 0 AND length(c) <= 400"),
            vector(Some(100))
        );
        let array =
            "(array_ndims(c) = 1) AND (array_lower(c, 1) = 1) AND (array_position(c, NULL::real) IS NULL)";
        assert_eq!(postgres("real[]", array), vector(None));
        assert_eq!(postgres("real[]", &format!("({array} AND (cardinality(c) <= 100))")), vector(Some(100)));
        let currency = Some(ColumnKind::Currency);
        assert_eq!(sqlite("TEXT", "c GLOB '[A-Z][A-Z][A-Z]' AND instr(c, char(0)) = 0"), currency);
        assert_eq!(postgres("text", "(c ~ '^[A-Z]{3}$'::text)"), currency);
    }

    #[test]
    fn one_of_is_read_whatever_its_length() {
        let one_of =
            |values: &[&str]| Some(ColumnKind::OneOf(values.iter().map(|v| (*v).to_owned()).collect()));
        assert_eq!(sqlite("TEXT", "c IN ('b', 'a')"), one_of(&["b", "a"]));
        assert_eq!(postgres("text", "(c = ANY (ARRAY['b'::text, 'a'::text]))"), one_of(&["b", "a"]));
        assert_eq!(sqlite("TEXT", "c IN ('a')"), one_of(&["a"]));
        assert_eq!(postgres("text", "(c = 'a'::text)"), one_of(&["a"]));
    }

    #[test]
    fn what_a_kind_does_not_imply_stays() {
        let mut conditions = conditions("c BETWEEN -2147483648 AND 2147483647 AND c >= 1", Dialect::Sqlite);
        assert_eq!(sqlite_kind("INTEGER", &mut conditions), Some(ColumnKind::Int));
        assert_eq!(conditions.into_texts(), ["c >= 1"]);
    }
}
