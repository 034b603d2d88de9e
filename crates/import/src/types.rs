//! The PostgreSQL types of columns, and the formats in which SQLite stores their values.

use serde::{Deserialize, Serialize};

/// The type of a column in PostgreSQL, with the format of its values in SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetType {
    /// `smallint`; used only if the target's catalog has it.
    SmallInt,
    /// `integer`.
    Integer,
    /// `bigint`.
    BigInt,
    /// `real`; used only if the target's catalog has it. Accepts only values that a 32-bit float represents exactly.
    Real,
    /// `double precision`.
    Double,
    /// `numeric(precision, scale)`. Values: integers, reals by their shortest decimal form, text in decimal form;
    /// never one that would have to be rounded.
    Numeric {
        /// The total number of digits.
        precision: u16,
        /// The number of digits after the decimal point.
        scale: u16,
    },
    /// `numeric` without precision and scale.
    AnyNumeric,
    /// `boolean`.
    Boolean,
    /// `text`. Integers and reals are converted to SQLite's text form (`CAST(x AS TEXT)`).
    Text,
    /// `varchar(n)`, of at most n characters.
    Varchar(u32),
    /// `character(n)`; used only if the target's catalog has it. PostgreSQL pads values with spaces, and ignores spaces
    /// at the end.
    Char(u32),
    /// `citext`, of the extension with that name.
    Citext,
    /// `bytea`. Text is stored as its UTF-8 bytes only with `TextAs::Bytes`.
    Bytea,
    /// `uuid`.
    Uuid(UuidForm),
    /// `date`.
    Date(DateForm),
    /// `time`.
    Time,
    /// `timestamp`.
    Timestamp(InstantForm),
    /// `timestamp with time zone`.
    TimestampTz(InstantForm),
    /// `json`: the text unchanged.
    Json,
    /// `jsonb`.
    Jsonb,
    /// `double precision[]`, from a JSON array of numbers.
    DoubleArray,
    /// `inet`, from the text of an address.
    Inet,
    /// `cidr`, from the text of a network.
    Cidr,
    /// `interval`; used only if the target's catalog has it.
    Interval(IntervalForm),
}

/// What is known of a column's values beside its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// Whether the type is decided, by the user or by the target's catalog: then every form is read whose meaning in
    /// this type is certain. A type that is chosen from the values is chosen only if all have exactly its form.
    pub any_form: bool,
    /// Whether digits that the type does not keep are rounded away: only ever decided by the user.
    pub rounds: bool,
    /// The digits of fractional seconds that the column keeps, if these are fewer than six: PostgreSQL rounds to them
    /// silently.
    pub fraction_digits: Option<u8>,
}

/// The type of a value, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAs<'l> {
    /// The type.
    pub target: TargetType,
    /// How values are read.
    pub reading: Reading,
    /// The labels of an enum, of which a text has to be one; empty for other types.
    pub labels: &'l [String],
}

impl From<TargetType> for ReadAs<'_> {
    fn from(target: TargetType) -> Self {
        Self { target, reading: Reading::default(), labels: &[] }
    }
}

/// The format of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalForm {
    /// Text: ISO 8601 (`P1DT2H30M`), or days and a time (`1 02:30:00`, `26:30:00.5`), with a sign before it.
    Iso,
    /// Whole seconds.
    Seconds,
    /// Whole milliseconds.
    Milliseconds,
    /// Whole microseconds, as Django writes them.
    Microseconds,
}

/// The format of UUIDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UuidForm {
    /// 36 characters with hyphens, in lower case.
    Hyphenated,
    /// 32 hexadecimal digits in lower case, as Django writes them.
    Simple,
    /// 16 bytes.
    Bytes,
}

/// The format of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// `2024-05-31`.
    Iso,
    /// `2024-05-31 00:00:00` with or without a fraction of zeros, or with `T`: always midnight.
    Midnight,
    /// Milliseconds since 1970 that are midnight UTC.
    Milliseconds,
}

/// The format of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstantForm {
    /// Text: `2024-05-31 12:00`, with optional seconds and a fraction of at most six digits, or `T`. For a
    /// `timestamp` without an offset; for a `timestamptz` with `Z` or `+hh:mm`.
    Iso,
    /// Text as for `Iso`, in UTC where it has no offset: Django writes it (`USE_TZ`). For a `timestamp`, text with an
    /// offset is converted to UTC. Only ever decided, or known from the framework.
    IsoUtc,
    /// Whole seconds since 1970 UTC, as INTEGER.
    Seconds,
    /// Milliseconds since 1970 UTC, as INTEGER.
    Milliseconds,
    /// Microseconds since 1970 UTC, as INTEGER.
    Microseconds,
    /// Julian day as REAL, if it is exactly an integer number of milliseconds in SQLite's calculation.
    JulianDay,
}
