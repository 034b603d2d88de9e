//! The names of types and forms in the configuration file.

use crate::types::{DateForm, InstantForm, IntervalForm, TargetType, UuidForm};

const INSTANT_FORMS: [InstantForm; 5] = [
    InstantForm::Iso,
    InstantForm::Seconds,
    InstantForm::Milliseconds,
    InstantForm::Microseconds,
    InstantForm::JulianDay,
];

const DATE_FORMS: [DateForm; 3] = [DateForm::Iso, DateForm::Midnight, DateForm::Milliseconds];
const UUID_FORMS: [UuidForm; 3] = [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes];
const INTERVAL_FORMS: [IntervalForm; 4] =
    [IntervalForm::Iso, IntervalForm::Seconds, IntervalForm::Milliseconds, IntervalForm::Microseconds];

/// The types that have this form, instants with a time zone first.
pub(super) fn of_form(form: &str) -> Vec<TargetType> {
    let instants = INSTANT_FORMS.into_iter().chain([InstantForm::IsoUtc]);
    let mut all: Vec<TargetType> = instants.clone().map(TargetType::TimestampTz).collect();
    all.extend(instants.map(TargetType::Timestamp));
    all.extend(DATE_FORMS.map(TargetType::Date));
    all.extend(UUID_FORMS.map(TargetType::Uuid));
    all.extend(INTERVAL_FORMS.map(TargetType::Interval));
    all.retain(|target| self::form(*target) == Some(form));
    all
}

/// The type with this name, in each form that its values may have without a decision.
pub(super) fn parse(name: &str) -> Option<Vec<TargetType>> {
    let spaced = name.trim().to_ascii_lowercase();
    let words: Vec<&str> = spaced.split_ascii_whitespace().collect();
    let name = words.join(" ");
    let (base, arguments) = match name.split_once('(') {
        None => (name.as_str(), None),
        Some((base, rest)) => (base.trim_end(), Some(rest.strip_suffix(')')?)),
    };
    let one = match (base, arguments) {
        ("varchar" | "character varying", Some(length)) => TargetType::Varchar(parse_length(length)?),
        ("char" | "character", Some(length)) => TargetType::Char(parse_length(length)?),
        ("numeric" | "decimal", Some(arguments)) => {
            let (precision, scale) = arguments.split_once(',').unwrap_or((arguments, "0"));
            let (precision, scale): (u16, u16) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
            if !(1..=1000).contains(&precision) || scale > precision {
                return None;
            }
            TargetType::Numeric { precision, scale }
        }
        (_, Some(_)) => return None,
        ("smallint", None) => TargetType::SmallInt,
        ("integer" | "int", None) => TargetType::Integer,
        ("bigint", None) => TargetType::BigInt,
        ("real", None) => TargetType::Real,
        ("double precision", None) => TargetType::Double,
        ("numeric" | "decimal", None) => TargetType::AnyNumeric,
        ("boolean", None) => TargetType::Boolean,
        ("text" | "varchar", None) => TargetType::Text,
        ("citext", None) => TargetType::Citext,
        ("bytea", None) => TargetType::Bytea,
        ("time", None) => TargetType::Time,
        ("json", None) => TargetType::Json,
        ("jsonb", None) => TargetType::Jsonb,
        ("double precision[]", None) => TargetType::DoubleArray,
        ("inet", None) => TargetType::Inet,
        ("cidr", None) => TargetType::Cidr,
        ("interval", None) => return Some(INTERVAL_FORMS.map(TargetType::Interval).to_vec()),
        ("uuid", None) => {
            return Some(UUID_FORMS.map(TargetType::Uuid).to_vec());
        }
        ("date", None) => {
            return Some(DATE_FORMS.map(TargetType::Date).to_vec());
        }
        ("timestamp" | "timestamp without time zone", None) => {
            return Some(INSTANT_FORMS.map(TargetType::Timestamp).to_vec());
        }
        ("timestamptz" | "timestamp with time zone", None) => {
            return Some(INSTANT_FORMS.map(TargetType::TimestampTz).to_vec());
        }
        _ => return None,
    };
    Some(vec![one])
}

fn parse_length(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|length| (1..=10_485_760).contains(length))
}

/// The name of a type, without its form.
pub(crate) fn name(target: TargetType) -> String {
    match target {
        TargetType::SmallInt => "smallint".to_owned(),
        TargetType::Integer => "integer".to_owned(),
        TargetType::BigInt => "bigint".to_owned(),
        TargetType::Real => "real".to_owned(),
        TargetType::Double => "double precision".to_owned(),
        TargetType::Numeric { precision, scale } => format!("numeric({precision},{scale})"),
        TargetType::AnyNumeric => "numeric".to_owned(),
        TargetType::Boolean => "boolean".to_owned(),
        TargetType::Text => "text".to_owned(),
        TargetType::Varchar(length) => format!("varchar({length})"),
        TargetType::Char(length) => format!("character({length})"),
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

/// The name of a type's form, if it has more than one.
pub(crate) fn form(target: TargetType) -> Option<&'static str> {
    match target {
        TargetType::Uuid(form) => Some(match form {
            UuidForm::Hyphenated => "hyphenated",
            UuidForm::Simple => "simple",
            UuidForm::Bytes => "bytes",
        }),
        TargetType::Date(form) => Some(match form {
            DateForm::Iso => "iso",
            DateForm::Midnight => "midnight",
            DateForm::Milliseconds => "milliseconds",
        }),
        TargetType::Timestamp(form) | TargetType::TimestampTz(form) => Some(match form {
            InstantForm::Iso => "iso",
            InstantForm::IsoUtc => "iso-utc",
            InstantForm::Seconds => "seconds",
            InstantForm::Milliseconds => "milliseconds",
            InstantForm::Microseconds => "microseconds",
            InstantForm::JulianDay => "julian",
        }),
        TargetType::Interval(form) => Some(match form {
            IntervalForm::Iso => "iso",
            IntervalForm::Seconds => "seconds",
            IntervalForm::Milliseconds => "milliseconds",
            IntervalForm::Microseconds => "microseconds",
        }),
        TargetType::SmallInt
        | TargetType::Integer
        | TargetType::BigInt
        | TargetType::Real
        | TargetType::Double
        | TargetType::Numeric { .. }
        | TargetType::AnyNumeric
        | TargetType::Boolean
        | TargetType::Text
        | TargetType::Varchar(_)
        | TargetType::Char(_)
        | TargetType::Citext
        | TargetType::Bytea
        | TargetType::Time
        | TargetType::Json
        | TargetType::Jsonb
        | TargetType::DoubleArray
        | TargetType::Inet
        | TargetType::Cidr => None,
    }
}
