//! Reads the rows of the target back, in the form in which they were sent.

use diesel::connection::LoadConnection;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::row::{Field as _, Row as _};

use super::order::bounds;
use super::{ForeignTable, tuple_fields};
use crate::values;
use databases::name::quote_name;
use transfer::table::{EachRow, Key, KeyRange, Order, Place, ReadError};

impl ForeignTable {
    /// Returns the rows of the target in `range`. If no column holds the key, `range` is the full range, and the key
    /// of every row is 0.
    pub(super) fn read_tuples(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> QueryResult<()> {
        let mut query = format!("SELECT {} FROM {}", self.target_columns(), self.target);
        if let Some(place) = self.rowid_field {
            let Some((lower, upper)) = bounds(range) else { return Ok(()) };
            let key = quote_name(&self.columns[place]);
            if range != KeyRange::ALL {
                query += &format!(" WHERE {key} BETWEEN {lower} AND {upper}");
            }
            if order == Order::Key {
                query += &format!(" ORDER BY {key}");
            }
        }
        let rows = LoadConnection::<PgRowByRowLoadingMode>::load(target, diesel::sql_query(query))?;
        let mut tuple = Vec::new();
        let mut previous = None;
        for row in rows {
            let row = row?;
            tuple.clear();
            let field_count = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
            tuple.extend_from_slice(&field_count.to_be_bytes());
            let mut unreadable = false;
            for (place, field) in self.fields.iter().enumerate() {
                let value = row.get(place);
                match value.as_ref().and_then(|value| value.value()) {
                    None => tuple.extend_from_slice(&(-1_i32).to_be_bytes()),
                    Some(value) => unreadable |= !values::canonical(value.as_bytes(), field.to, &mut tuple),
                }
            }
            let key = self.key_of(&tuple);
            let given = match unreadable {
                false => each(Ok((key, &tuple))),
                true => {
                    let words = "the server's binary format is not that of the column's type";
                    let source = diesel::result::Error::DeserializationError(words.into());
                    each(Err(ReadError::Row { table: self.name.clone(), place: Place(previous), source }))
                }
            };
            previous = Some(key);
            if given.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The key in a tuple of the target.
    fn key_of(&self, tuple: &[u8]) -> Key {
        let field = self.rowid_field.and_then(|place| tuple_fields(tuple).nth(place).flatten());
        let key = match field {
            Some([a, b]) => i64::from(i16::from_be_bytes([*a, *b])),
            Some([a, b, c, d]) => i64::from(i32::from_be_bytes([*a, *b, *c, *d])),
            Some(field) => field.try_into().map_or(0, i64::from_be_bytes),
            None => 0,
        };
        Key::Integer(key)
    }
}
