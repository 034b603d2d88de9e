//! Floating-point numbers: `double precision`; on SQLite `REAL`. Finite, and without a negative zero.
//!
//! SQLite stores NaN as NULL and -0.0 as 0.0 (its file format stores integral reals as integers), so neither is
//! written to either backend.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Double;

use super::{BinaryField, InvalidValue, Unencodable};

/// A finite double-precision number.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, serde::Serialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Double)]
pub struct Real(f64);

impl Real {
    /// The number; -0.0 becomes 0.0.
    ///
    /// # Errors
    /// When it is not finite.
    pub fn new(number: f64) -> Result<Self, InvalidValue> {
        if !number.is_finite() {
            return Err(InvalidValue::new(format!("{number} is not a finite number")));
        }
        // IEEE 754 (section 6.3): -0.0 + 0.0 is 0.0.
        Ok(Self(number + 0.0))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl<DB: diesel::backend::Backend> ToSql<Double, DB> for Real
where
    f64: ToSql<Double, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: diesel::backend::Backend> FromSql<Double, DB> for Real
where
    f64: FromSql<Double, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let number = f64::from_sql(value)?;
        Self::new(number)?;
        // A negative zero written by another program is kept: verification must detect it.
        Ok(Self(number))
    }
}

impl BinaryField for Real {
    fn show(&self) -> String {
        format!("{:?}", self.0)
    }

    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }
}
