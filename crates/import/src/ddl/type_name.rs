//! The names of types in PostgreSQL.

use crate::types::TargetType;

/// PostgreSQL's `MaxAttrSize`: a longer `varchar(n)` or `character(n)` is rejected.
const MAX_CHARACTERS: u32 = 10_485_760;

/// PostgreSQL manual, "Arbitrary Precision Numbers".
const MAX_PRECISION: u16 = 1000;

/// The type for `CREATE TABLE`. Limits that PostgreSQL does not support are omitted: `varchar(0)` and
/// `varchar(2000000000)` become `text`, `numeric(2000,0)` and `numeric(2,5)` become `numeric`. Every value still
/// fits.
#[must_use]
pub fn type_name(target_type: TargetType) -> String {
    match target_type {
        TargetType::SmallInt => "smallint".to_owned(),
        TargetType::Integer => "integer".to_owned(),
        TargetType::BigInt => "bigint".to_owned(),
        TargetType::Real => "real".to_owned(),
        TargetType::Double => "double precision".to_owned(),
        // Before version 15 the scale cannot exceed the precision.
        TargetType::Numeric { precision, scale }
            if (1..=MAX_PRECISION).contains(&precision) && scale <= precision =>
        {
            format!("numeric({precision},{scale})")
        }
        TargetType::Numeric { .. } | TargetType::AnyNumeric => "numeric".to_owned(),
        TargetType::Boolean => "boolean".to_owned(),
        TargetType::Varchar(length) if (1..=MAX_CHARACTERS).contains(&length) => format!("varchar({length})"),
        TargetType::Char(length) if (1..=MAX_CHARACTERS).contains(&length) => format!("character({length})"),
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) => "text".to_owned(),
        TargetType::Citext => "citext".to_owned(),
        TargetType::Bytea => "bytea".to_owned(),
        TargetType::Uuid(_) => "uuid".to_owned(),
        TargetType::Date(_) => "date".to_owned(),
        TargetType::Time => "time".to_owned(),
        TargetType::Timestamp(_) => "timestamp".to_owned(),
        TargetType::TimestampTz(_) => "timestamptz".to_owned(),
        TargetType::Json => "json".to_owned(),
        TargetType::Jsonb => "jsonb".to_owned(),
        TargetType::DoubleArray => "double precision[]".to_owned(),
        TargetType::Inet => "inet".to_owned(),
        TargetType::Cidr => "cidr".to_owned(),
        TargetType::Interval(_) => "interval".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DateForm, InstantForm, UuidForm};

    #[test]
    fn types_are_written_as_postgresql_writes_them() {
        let cases = [
            (TargetType::Numeric { precision: 10, scale: 2 }, "numeric(10,2)"),
            (TargetType::Varchar(40), "varchar(40)"),
            (TargetType::Char(2), "character(2)"),
            (TargetType::Uuid(UuidForm::Bytes), "uuid"),
            (TargetType::Date(DateForm::Midnight), "date"),
            (TargetType::TimestampTz(InstantForm::Seconds), "timestamptz"),
            (TargetType::DoubleArray, "double precision[]"),
        ];
        for (target_type, expected) in cases {
            assert_eq!(type_name(target_type), expected);
        }
    }

    #[test]
    fn limits_that_postgresql_does_not_support_are_omitted() {
        assert_eq!(type_name(TargetType::Numeric { precision: 0, scale: 0 }), "numeric");
        assert_eq!(type_name(TargetType::Numeric { precision: 1001, scale: 0 }), "numeric");
        assert_eq!(type_name(TargetType::Numeric { precision: 2, scale: 5 }), "numeric");
        assert_eq!(type_name(TargetType::Varchar(0)), "text");
        assert_eq!(type_name(TargetType::Varchar(10_485_761)), "text");
        assert_eq!(type_name(TargetType::Varchar(10_485_760)), "varchar(10485760)");
    }
}
