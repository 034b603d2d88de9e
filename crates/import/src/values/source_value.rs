//! A value of SQLite.

/// A value by its storage class (SQLite manual, "Datatypes In SQLite", section 2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SourceValue<'a> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL; never NaN, which SQLite stores as NULL.
    Real(f64),
    /// Well-formed TEXT.
    Text(&'a str),
    /// TEXT whose bytes are not UTF-8, or, in a UTF-16 file, with an unpaired surrogate: the bytes as stored.
    BrokenText(&'a [u8]),
    /// BLOB.
    Blob(&'a [u8]),
}
