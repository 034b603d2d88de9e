//! The PostgreSQL types of columns, and the formats in which SQLite stores their values.

use serde::Serialize;

/// The type of a column in PostgreSQL, with the format of its values in SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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
    /// `character(n)`; used only if the target's catalog has it. Shorter values do not fit: they would be padded.
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
}

/// The format of UUIDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InstantForm {
    /// Text: `2024-05-31 12:00`, with optional seconds and a fraction of at most six digits, or `T`. For a
    /// `timestamp` without an offset; for a `timestamptz` with `Z` or `+hh:mm`.
    Iso,
    /// Text as for `Iso`, without an offset, in UTC; for `TimestampTz` only. Django writes it (`USE_TZ`).
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
