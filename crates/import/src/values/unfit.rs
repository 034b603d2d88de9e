//! Why a value is incompatible with its type.

/// Why a value is incompatible. Small, because there can be as many as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Unfit {
    /// A storage class that is incompatible with the type, such as TEXT for an integer.
    #[error("its storage class is incompatible with the type")]
    WrongClass,
    /// Out of range, or with more digits than the type allows.
    #[error("it is outside the range of the type")]
    OutOfRange,
    /// It would have to be rounded.
    #[error("the type cannot represent it exactly")]
    Inexact,
    /// An infinity, for a type without it.
    #[error("it is infinite")]
    Infinite,
    /// Text that is not a decimal number.
    #[error("it is not a decimal number")]
    NotANumber,
    /// Text that is not an integer as SQLite prints it.
    #[error("it is text that is not an integer")]
    NotAnInteger,
    /// Neither 0 nor 1, true nor false.
    #[error("it is neither 0 nor 1, true nor false")]
    NotABoolean,
    /// More characters or bytes than the type allows.
    #[error("it is longer than the type allows")]
    TooLong,
    /// Text that is no label of the enum.
    #[error("it is not a label of the enum")]
    NotALabel,
    /// Text with NUL.
    #[error("it contains NUL (U+0000)")]
    HasNul,
    /// Text that is not well-formed.
    #[error("its bytes are not well-formed text")]
    BrokenText,
    /// Not a UUID in the column's format.
    #[error("it is not a UUID in the format of the column")]
    NotAUuid,
    /// Not a date in the column's format.
    #[error("it is not a valid date in the format of the column")]
    NotADate,
    /// Not a time of day.
    #[error("it is not a time of day in the format HH:MM:SS")]
    NotATime,
    /// Not a date and time in the column's format.
    #[error("it is not a valid date and time in the format of the column")]
    NotAnInstant,
    /// An instant where a date is required.
    #[error("it is not midnight")]
    NotMidnight,
    /// A UTC offset, which `timestamp` does not store.
    #[error("it has a UTC offset, which the type does not store")]
    HasOffset,
    /// No UTC offset, so that the instant is not known.
    #[error("it has no UTC offset")]
    NoOffset,
    /// More digits after the second than the column keeps.
    #[error("it has more digits after the second than the column keeps")]
    FractionTooLong,
    /// Not an address in text form.
    #[error("it is not a network address")]
    NotAnAddress,
    /// Not a duration in the column's format.
    #[error("it is not a duration in the format of the column")]
    NotADuration,
    /// A number whose unit is not decided.
    #[error("it is a number whose unit is not decided")]
    UnitUndecided,
    /// Not valid JSON (RFC 8259).
    #[error("it is not valid JSON (RFC 8259)")]
    NotJson,
    /// JSON nested too deep.
    #[error("it is JSON nested deeper than 128 levels")]
    TooDeep,
    /// A JSON object with a duplicate key.
    #[error("it is JSON with a duplicate key")]
    DuplicateKey,
    /// JSON with an unpaired surrogate.
    #[error("it is JSON with an unpaired surrogate")]
    LoneSurrogate,
    /// JSON that is not an array of numbers.
    #[error("it is not a JSON array of numbers")]
    NotAnArray,
}
