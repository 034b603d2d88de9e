//! The meaning of a declared type name. The list is closed: any other name has no meaning.
//!
//! SQLite itself evaluates only parts of the name (manual, "Datatypes In SQLite", section 3.1), which is not enough:
//! for SQLite, `DATE`, `BOOLEAN`, `UUID` and `DECIMAL` are equal. Applications distinguish them.

/// PostgreSQL manual, "Character Types".
const MAX_VARCHAR: u32 = 10_485_760;
/// PostgreSQL manual, "Arbitrary Precision Numbers".
const MAX_PRECISION: u16 = 1000;

/// The meaning of a column's declared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Integers of 32 bits or fewer.
    Integer,
    /// Integers of 64 bits.
    BigInt,
    /// `TINYINT(1)`, which MySQL and its tools use for booleans.
    TinyFlag,
    /// Binary floating-point numbers.
    Double,
    /// Decimal numbers, with precision and scale if both are valid.
    Decimal(Option<(u16, u16)>),
    /// Booleans.
    Boolean,
    /// UUIDs.
    Uuid,
    /// JSON.
    Json,
    /// Dates.
    Date,
    /// Times of day.
    Time,
    /// Instants or local times; `zoned` if the name says that they have an offset.
    DateTime {
        /// Whether the name says `WITH TIME ZONE`.
        zoned: bool,
    },
    /// Text of at most n characters.
    Varchar(u32),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// No meaning.
    Unknown,
}

impl Intent {
    /// Parses a declared type: its name in any case, with arguments in parentheses in any position.
    #[must_use]
    pub fn of(declared_type: &str) -> Self {
        // The longest name on the list is far shorter; a name of a megabyte is not copied.
        if declared_type.len() > 200 {
            return Self::Unknown;
        }
        let (name, arguments) = split(declared_type);
        match name.as_str() {
            "INT" | "INTEGER" | "MEDIUMINT" | "INT4" | "INT2" | "SMALLINT" | "SERIAL" | "SMALLSERIAL"
            | "YEAR" | "INT UNSIGNED" | "INTEGER UNSIGNED" | "UNSIGNED INT" | "UNSIGNED INTEGER"
            | "MEDIUMINT UNSIGNED" | "SMALLINT UNSIGNED" | "UNSIGNED SMALLINT" | "TINYINT UNSIGNED"
            | "UNSIGNED TINYINT" | "INT1" | "INT3" | "INT16" | "INT32" | "UINT" | "UINT8" | "UINT16"
            | "UINT32" | "INTEGER SIGNED" | "BYTE" => Self::Integer,
            "TINYINT" if arguments == [1] => Self::TinyFlag,
            "TINYINT" => Self::Integer,
            "BIGINT"
            | "INT8"
            | "INT64"
            | "UINT64"
            | "LONG"
            | "BIGSERIAL"
            | "SERIAL8"
            | "BIG INT"
            | "UNSIGNED BIG INT"
            | "BIGINT UNSIGNED"
            | "UNSIGNED BIGINT"
            | "UNSIGNED BIG INTEGER"
            | "BIG INTEGER"
            | "BIGINTEGER" => Self::BigInt,
            "REAL" | "DOUBLE" | "DOUBLE PRECISION" | "FLOAT" | "FLOAT4" | "FLOAT8" | "FLOAT32"
            | "FLOAT64" | "BINARY_FLOAT" | "BINARY_DOUBLE" => Self::Double,
            "DECIMAL" | "NUMERIC" | "DEC" | "NUMBER" | "MONEY" | "SMALLMONEY" | "CURRENCY" => {
                Self::Decimal(precision_and_scale(&arguments))
            }
            "BOOL" | "BOOLEAN" | "LOGICAL" => Self::Boolean,
            "UUID" | "GUID" | "UNIQUEIDENTIFIER" => Self::Uuid,
            "JSON" | "JSONB" => Self::Json,
            "DATE" => Self::Date,
            "TIME" | "TIME WITHOUT TIME ZONE" => Self::Time,
            "DATETIME" | "DATETIME2" | "SMALLDATETIME" | "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => {
                Self::DateTime { zoned: false }
            }
            "TIMESTAMPTZ"
            | "TIMESTAMP WITH TIME ZONE"
            | "DATETIMEOFFSET"
            | "DATETIMETZ"
            | "DATETIME WITH TIME ZONE" => Self::DateTime { zoned: true },
            "VARCHAR"
            | "CHAR"
            | "NVARCHAR"
            | "NCHAR"
            | "CHARACTER"
            | "CHARACTER VARYING"
            | "VARYING CHARACTER"
            | "CHAR VARYING"
            | "NATIVE CHARACTER"
            | "NATIONAL CHARACTER"
            | "NATIONAL VARCHAR"
            | "VARCHAR2"
            | "NVARCHAR2"
            | "NATIONAL CHARACTER VARYING" => match arguments[..] {
                [length] => match u32::try_from(length) {
                    Ok(length @ 1..=MAX_VARCHAR) => Self::Varchar(length),
                    _ => Self::Text,
                },
                _ => Self::Text,
            },
            "TEXT" | "CLOB" | "NCLOB" | "STRING" | "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" | "NTEXT"
            | "LONG VARCHAR" | "CITEXT" => Self::Text,
            "BLOB" | "BINARY" | "VARBINARY" | "BYTEA" | "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB" | "IMAGE"
            | "BYTES" | "LONG VARBINARY" => Self::Bytes,
            _ => Self::Unknown,
        }
    }
}

/// The name in upper case with single spaces, and the numbers in the first parentheses.
fn split(declared_type: &str) -> (String, Vec<u64>) {
    let (before, inside, after) = match declared_type.split_once('(') {
        None => (declared_type, "", ""),
        Some((before, rest)) => {
            let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
            (before, inside, after)
        }
    };
    let words: Vec<&str> = before.split_ascii_whitespace().chain(after.split_ascii_whitespace()).collect();
    let arguments = if inside.is_empty() {
        Vec::new()
    } else {
        // An argument that is not a number must not look like a missing one.
        inside.split(',').map(|argument| argument.trim().parse().unwrap_or(u64::MAX)).collect()
    };
    (words.join(" ").to_ascii_uppercase(), arguments)
}

fn precision_and_scale(arguments: &[u64]) -> Option<(u16, u16)> {
    let (precision, scale) = match arguments {
        [precision] => (*precision, 0),
        [precision, scale] => (*precision, *scale),
        _ => return None,
    };
    let (precision, scale) = (u16::try_from(precision).ok()?, u16::try_from(scale).ok()?);
    // A scale above the precision is supported since PostgreSQL 15 only.
    ((1..=MAX_PRECISION).contains(&precision) && scale <= precision).then_some((precision, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_with_arguments_anywhere() {
        assert_eq!(Intent::of("varchar ( 20 )"), Intent::Varchar(20));
        assert_eq!(Intent::of("NATIVE  CHARACTER(70)"), Intent::Varchar(70));
        assert_eq!(Intent::of("int(11) unsigned"), Intent::Integer);
        assert_eq!(Intent::of("timestamp(6) with time zone"), Intent::DateTime { zoned: true });
        assert_eq!(Intent::of("Unsigned Big Int"), Intent::BigInt);
        assert_eq!(Intent::of("decimal(10,2)"), Intent::Decimal(Some((10, 2))));
        assert_eq!(Intent::of("decimal(10)"), Intent::Decimal(Some((10, 0))));
    }

    #[test]
    fn limits_that_postgresql_does_not_have_are_no_limits() {
        assert_eq!(Intent::of("varchar(0)"), Intent::Text);
        assert_eq!(Intent::of("varchar(10485761)"), Intent::Text);
        assert_eq!(Intent::of("varchar(99999999999999999999)"), Intent::Text);
        assert_eq!(Intent::of("varchar(max)"), Intent::Text);
        assert_eq!(Intent::of("decimal(2,5)"), Intent::Decimal(None));
        assert_eq!(Intent::of("decimal(1001,5)"), Intent::Decimal(None));
        assert_eq!(Intent::of("decimal(10,-2)"), Intent::Decimal(None));
    }

    #[test]
    fn other_names_say_nothing() {
        for name in ["", "BLOB SUB_TYPE TEXT", "ANY", "POINT", "INTERVAL", "varchar(", ")(", "\u{0}"] {
            let expected = if name == "varchar(" { Intent::Text } else { Intent::Unknown };
            assert_eq!(Intent::of(name), expected, "{name:?}");
        }
        assert_eq!(Intent::of(&"INT".repeat(400_000)), Intent::Unknown);
    }
}
