//! Why a value does not fit its type.

/// Why a value does not fit. Small, since there can be as many as there are values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Unfit {
    /// A storage class that the type does not take, such as TEXT for an integer.
    #[error("its storage class is not one that the type takes")]
    WrongClass,
    /// Too large, too small, or with more digits than the type holds.
    #[error("it is outside the range of the type")]
    OutOfRange,
    /// It would have to be rounded.
    #[error("the type does not hold it exactly")]
    Inexact,
    /// An infinity, for a type that has none.
    #[error("it is infinite")]
    Infinite,
    /// Text that is not a number in decimal form.
    #[error("it is not a number in decimal form")]
    NotANumber,
    /// Neither 0 nor 1, true nor false.
    #[error("it is neither 0 nor 1, true nor false")]
    NotABoolean,
    /// More characters or bytes than the type holds.
    #[error("it is longer than the type holds")]
    TooLong,
    /// Fewer characters than `character(n)` pads to.
    #[error("it is shorter than the type and would be padded")]
    TooShort,
    /// A space at the end, which `character(n)` takes for padding.
    #[error("it ends in a space, which the type takes for padding")]
    TrailingSpace,
    /// Text with NUL.
    #[error("it holds NUL (U+0000)")]
    HasNul,
    /// Text that is not well-formed.
    #[error("its bytes are not well-formed text")]
    BrokenText,
    /// Not a UUID in the column's form.
    #[error("it is not a UUID in the form of the column")]
    NotAUuid,
    /// Not a day in the column's form.
    #[error("it is not a day of the calendar in the form of the column")]
    NotADate,
    /// Not a time of day.
    #[error("it is not a time of day in the form HH:MM:SS")]
    NotATime,
    /// Not a date and time in the column's form.
    #[error("it is not a date and time in the form of the column")]
    NotAnInstant,
    /// An instant where a date is wanted.
    #[error("it is not midnight")]
    NotMidnight,
    /// An offset from UTC, which `timestamp` does not keep.
    #[error("it has an offset from UTC, which the type does not keep")]
    HasOffset,
    /// No offset from UTC, so that the instant is not known.
    #[error("it has no offset from UTC")]
    NoOffset,
    /// Not JSON as RFC 8259 has it.
    #[error("it is not JSON (RFC 8259)")]
    NotJson,
    /// JSON nested too deep.
    #[error("it is JSON nested deeper than 128 levels")]
    TooDeep,
    /// A JSON object with a key twice.
    #[error("it is JSON whose object names a key twice")]
    DuplicateKey,
    /// JSON with half of a surrogate pair.
    #[error("it is JSON with half of a surrogate pair")]
    LoneSurrogate,
    /// JSON that is not an array of numbers.
    #[error("it is not a JSON array of numbers")]
    NotAnArray,
}
