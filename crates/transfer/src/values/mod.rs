//! The logical types, independent of the database.
//!
//! One file each, with its representation on SQLite, on PostgreSQL and in binary COPY. The value written on one
//! backend is the value read on the other, to the last digit; a value that one of them cannot store is rejected
//! before it is written to either.

mod binary;
mod date;
mod decimal;
mod instant;
mod json;
mod json_extent;
mod json_number;
mod plain;
mod real;
mod sha256;
pub mod sql_types;
mod text;
mod time_of_day;
mod vector;

pub use binary::{BinaryField, Unencodable};
pub use decimal::{Decimal, Money, Quantity, Rate, UnitPrice};
pub use instant::Instant;
pub use json::Json;
pub use json_extent::{JsonExtent, json_extent};
pub use real::Real;
pub use sha256::Sha256;
pub use text::Text;
pub use time_of_day::TimeOfDay;
pub use vector::Vector;

/// The reason why a value does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidValue {
    reason: String,
}

impl InvalidValue {
    /// A value is refused for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Delegates the conversions of a type to the backend of the connection.
#[macro_export]
macro_rules! on_both_backends {
    ([$($generics:tt)*] $sql_type:ty, $value:expr => $rust:ty) => {
        impl<$($generics)*> diesel::serialize::ToSql<$sql_type, $crate::databases::connection::MultiBackend> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::databases::connection::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value(($value, self));
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<$($generics)*> diesel::deserialize::FromSql<$sql_type, $crate::databases::connection::MultiBackend> for $rust {
            fn from_sql(
                bytes: <$crate::databases::connection::MultiBackend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql_type>()
            }
        }
    };
    ($sql_type:ty, $value:expr => $rust:ty) => {
        $crate::on_both_backends!([] $sql_type, $value => $rust);
    };
}
pub use on_both_backends;
