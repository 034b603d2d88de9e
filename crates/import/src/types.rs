//! The types of PostgreSQL that a column can become, and in which form its values are found.

use serde::Serialize;

/// The type of a column in PostgreSQL, with the form in which SQLite holds its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetType {
    /// `smallint`; chosen only where a target's catalog says so.
    SmallInt,
    /// `integer`.
    Integer,
    /// `bigint`.
    BigInt,
    /// `real`; chosen only where a target's catalog says so. Only values that a 32-bit float holds exactly.
    Real,
    /// `double precision`.
    Double,
    /// `numeric(precision, scale)`. Values: integers, reals by their shortest decimal form, text in decimal form;
    /// never one that would have to be rounded.
    Numeric {
        /// Digits in all.
        precision: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// `numeric` without limits.
    AnyNumeric,
    /// `boolean`.
    Boolean,
    /// `text`. Integers and reals are taken as SQLite writes them (`CAST(x AS TEXT)`).
    Text,
    /// `varchar(n)`, of at most so many characters.
    Varchar(u32),
    /// `character(n)`; chosen only where a target's catalog says so. Shorter values do not fit: they would be padded.
    Char(u32),
    /// `citext`, of the extension of that name.
    Citext,
    /// `bytea`. Text is taken as its UTF-8 bytes only where `TextAs::Bytes` was decided.
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
    /// `json`: the text as it stands.
    Json,
    /// `jsonb`.
    Jsonb,
    /// `double precision[]`, from a JSON array of numbers.
    DoubleArray,
}

/// How UUIDs are held.
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

/// How dates are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// `2024-05-31`.
    Iso,
    /// `2024-05-31 00:00:00` with or without a fraction of zeros, or `T`: midnight always.
    Midnight,
    /// Milliseconds since 1970 that are midnight UTC.
    Milliseconds,
}

/// How instants are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InstantForm {
    /// Text: `2024-05-31 12:00`, with optional seconds and a fraction of at most six digits, or `T`. For a
    /// `timestamp` without an offset; for a `timestamptz` with `Z` or `+hh:mm`.
    Iso,
    /// Text as for `Iso`, without an offset, that is UTC; for `TimestampTz` only. Django writes it (`USE_TZ`).
    IsoUtc,
    /// Whole seconds since 1970 UTC, as INTEGER.
    Seconds,
    /// Milliseconds since 1970 UTC, as INTEGER.
    Milliseconds,
    /// Microseconds since 1970 UTC, as INTEGER.
    Microseconds,
    /// Julian day as REAL, where it is exactly a whole number of milliseconds as SQLite counts them.
    JulianDay,
}
