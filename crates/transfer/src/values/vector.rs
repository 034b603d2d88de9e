//! Vectors of single-precision numbers: `real[]`; on SQLite the elements as little-endian bytes.

use std::io::Write as _;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

/// At least one number. Compared bitwise, so that every value is preserved by a copy, including NaN.
#[derive(Clone, Debug, serde::Serialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Vector)]
pub struct Vector(Vec<f32>);

/// PostgreSQL's object identifier of `real`.
const REAL_OID: i32 = 700;

impl Vector {
    /// A vector of these elements.
    ///
    /// # Errors
    /// When it is empty: PostgreSQL's empty array has no dimension.
    pub fn new(elements: Vec<f32>) -> Result<Self, InvalidValue> {
        if elements.is_empty() {
            return Err(InvalidValue::new("vector has no elements"));
        }
        Ok(Self(elements))
    }

    /// The elements.
    pub fn elements(&self) -> &[f32] {
        &self.0
    }

    /// Reads the output of `array_send` in PostgreSQL's source file `arrayfuncs.c`.
    fn read_array(bytes: &[u8]) -> Result<Self, InvalidValue> {
        let wrong = || InvalidValue::new("not a one-dimensional array of real without nulls, counted from 1");
        let mut words = bytes.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]]);
        let mut next = || words.next().ok_or_else(wrong);
        let dimensions = i32::from_be_bytes(next()?);
        let nulls = i32::from_be_bytes(next()?);
        let element = i32::from_be_bytes(next()?);
        let length = i32::from_be_bytes(next()?);
        let lower_bound = i32::from_be_bytes(next()?);
        if (dimensions, nulls, element, lower_bound) != (1, 0, REAL_OID, 1) {
            return Err(wrong());
        }
        let elements = (0..length)
            .map(|_| {
                if i32::from_be_bytes(next()?) != 4 {
                    return Err(wrong());
                }
                Ok(f32::from_bits(u32::from_be_bytes(next()?)))
            })
            .collect::<Result<_, _>>()?;
        Self::new(elements)
    }

    fn write_array(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let size_bytes = self.0.len().saturating_mul(8);
        let length = i32::try_from(self.0.len()).map_err(|_overflow| Unencodable::TooLong { size_bytes })?;
        for word in [1, 0, REAL_OID, length, 1] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        for element in &self.0 {
            out.extend_from_slice(&4_i32.to_be_bytes());
            out.extend_from_slice(&element.to_bits().to_be_bytes());
        }
        Ok(())
    }
}

impl PartialEq for Vector {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|x| x.to_bits()).eq(other.0.iter().map(|x| x.to_bits()))
    }
}

impl ToSql<sql_types::Vector, Sqlite> for Vector {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let bytes: Vec<u8> = self.0.iter().flat_map(|x| x.to_bits().to_le_bytes()).collect();
        out.set_value(bytes);
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Vector, Sqlite> for Vector {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let (words, rest) = value.read_blob().as_chunks::<4>();
        if !rest.is_empty() {
            return Err(InvalidValue::new("vector's length is not a multiple of 4 bytes").into());
        }
        Ok(Self::new(words.iter().map(|word| f32::from_bits(u32::from_le_bytes(*word))).collect())?)
    }
}

impl ToSql<sql_types::Vector, Pg> for Vector {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut bytes = Vec::with_capacity(20 + self.0.len() * 8);
        self.write_array(&mut bytes)?;
        out.write_all(&bytes)?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Vector, Pg> for Vector {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::read_array(value.as_bytes())?)
    }
}

on_both_backends!(sql_types::Vector, sql_types::Vector => Vector);

impl BinaryField for Vector {
    fn show(&self) -> String {
        format!("{:?}", self.0)
    }

    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        self.write_array(out)
    }
}
