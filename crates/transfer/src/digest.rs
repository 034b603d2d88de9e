//! A digest of rows.

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

/// The sum of the hashes of some rows, whatever their order. A sum, not an exclusive or: that would not see a row
/// that is there twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest(u128);

impl Digest {
    /// Adds a row.
    pub(crate) fn add(&mut self, tuple: &[u8]) {
        self.0 = self.0.wrapping_add(xxh3_128(tuple));
    }

    /// The digest that [`Display`](fmt::Display) wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        u128::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
