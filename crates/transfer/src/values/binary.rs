//! Values in PostgreSQL's binary form, as COPY carries them (PostgreSQL manual, COPY, "Binary Format").
//!
//! A field is its length as a 32-bit integer in network byte order, followed by the bytes; NULL is the length -1.

/// A value that cannot be encoded.
#[derive(Debug, thiserror::Error)]
pub enum Unencodable {
    /// Longer than the maximum length of a field.
    #[error("value of {size_bytes} bytes exceeds the maximum length of a COPY field (2147483647 bytes)")]
    TooLong {
        /// Its length.
        size_bytes: usize,
    },
    /// The value does not fit the type.
    #[error(transparent)]
    Invalid(#[from] super::InvalidValue),
    /// The value does not fit the column type of an imported database.
    #[error(transparent)]
    Unfit(Box<dyn std::error::Error + Send + Sync>),
}

/// A value with a binary encoding.
pub trait BinaryField: std::fmt::Debug {
    /// The value as text, exact enough that different values have different texts.
    fn show(&self) -> String {
        format!("{self:?}")
    }

    /// Appends the value's bytes, without their length.
    ///
    /// # Errors
    /// When PostgreSQL's type cannot hold the value.
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable>;

    /// Appends the field: length, then bytes.
    ///
    /// # Errors
    /// As [`write_binary`](Self::write_binary), or when the value is longer than a field can be.
    fn write_field(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        self.write_binary(out)?;
        let size_bytes = out.len() - start - 4;
        let length = i32::try_from(size_bytes).map_err(|_overflow| Unencodable::TooLong { size_bytes })?;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

impl<T: BinaryField> BinaryField for Option<T> {
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "NULL".to_owned(), T::show)
    }

    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        self.as_ref().map_or(Ok(()), |value| value.write_binary(out))
    }

    fn write_field(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        match self {
            Some(value) => value.write_field(out),
            None => {
                out.extend_from_slice(&(-1_i32).to_be_bytes());
                Ok(())
            }
        }
    }
}

/// Days from the Unix epoch to PostgreSQL's, 2000-01-01.
pub(super) const EPOCH_DAYS: i32 = 10_957;

/// Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01T00:00:00Z.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;
