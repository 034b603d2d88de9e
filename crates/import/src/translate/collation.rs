//! SQLite's collations.

/// The collation of a column in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collation {
    /// Byte by byte.
    Binary,
    /// ASCII letters are equal in both cases.
    NoCase,
    /// Trailing spaces are ignored.
    Rtrim,
}

impl Collation {
    /// SQLite's own collations by name; others are defined by an application and not known here.
    pub fn named(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match () {
            () if is("binary") => Some(Self::Binary),
            () if is("nocase") => Some(Self::NoCase),
            () if is("rtrim") => Some(Self::Rtrim),
            () => None,
        }
    }
}
