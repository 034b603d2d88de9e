//! Reads the rows of any SELECT by storage class, independent of declared types.
//!
//! No byte is converted. SQLite's own conversion replaces malformed text; here malformed text keeps its stored bytes
//! and is marked as malformed.

use std::ops::{ControlFlow, Range};

use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::row::{Field, Row};
use diesel::sql_types::BigInt;
use diesel::sqlite::{Sqlite, SqliteType};

use super::schema::Encoding;
use super::values::SourceValue;

type StoredRow<'row> = <SqliteConnection as LoadConnection>::Row<'row, 'row>;
type StoredField<'row> = <StoredRow<'row> as Row<'row, Sqlite>>::Field<'row>;
type StoredValue<'row> = <Sqlite as diesel::backend::Backend>::RawValue<'row>;

/// Calls `each` for every row of `query`, until it breaks. `binds` are the query's parameters.
///
/// # Errors
/// When the database fails, for instance because it is corrupt; the rows before were passed to `each`.
pub fn read_rows(
    connection: &mut SqliteConnection,
    query: &str,
    binds: &[i64],
    encoding: Encoding,
    each: &mut dyn FnMut(&[SourceValue<'_>]) -> ControlFlow<()>,
) -> QueryResult<()> {
    let mut statement = diesel::sql_query(query).into_boxed::<Sqlite>();
    for bind in binds {
        statement = statement.bind::<BigInt, _>(*bind);
    }
    let mut reader = Reader::new(encoding);
    let mut kept_fields: Vec<StoredField<'static>> = Vec::new();
    let mut kept_values: Vec<Option<StoredValue<'static>>> = Vec::new();
    let mut kept_row: Vec<SourceValue<'static>> = Vec::new();
    for row in LoadConnection::load(connection, statement)? {
        let row = row?;
        let mut fields = emptied(kept_fields);
        fields.extend((0..row.field_count()).map_while(|index| row.get(index)));
        let mut values = emptied(kept_values);
        values.extend(fields.iter().map(Field::value));
        reader.decode(&mut values);
        let mut replaced = Vec::new();
        let mut again = Vec::new();
        let mut source = emptied(kept_row);
        for (index, value) in values.iter_mut().enumerate() {
            let value = reader.read(index, value.as_mut());
            // Diesel replaces malformed UTF-8 with U+FFFD; only the bytes, which it copies first, distinguish it from
            // a stored U+FFFD.
            if encoding == Encoding::Utf8 && may_be_replaced(value) {
                replaced.push(index);
            }
            source.push(value);
        }
        again.extend(replaced.iter().map(|index| fields.get(*index).and_then(Field::value)));
        for (index, value) in replaced.iter().zip(&mut again) {
            if let (Some(slot), Some(value)) = (source.get_mut(*index), value) {
                let bytes = value.read_blob();
                *slot = std::str::from_utf8(bytes).map_or(SourceValue::BrokenText(bytes), SourceValue::Text);
            }
        }
        let flow = each(&source);
        kept_row = emptied(source);
        kept_values = emptied(values);
        drop(again);
        kept_fields = emptied(fields);
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

fn may_be_replaced(value: SourceValue<'_>) -> bool {
    matches!(value, SourceValue::Text(text) if !text.is_ascii() && text.contains('\u{FFFD}'))
}

/// The same vector, emptied, for elements with another lifetime. Collecting in place keeps the allocation.
fn emptied<A, B>(mut vector: Vec<A>) -> Vec<B> {
    vector.clear();
    vector.into_iter().filter_map(|_| None).collect()
}

/// Reads the values of one row after another.
struct Reader {
    encoding: Encoding,
    /// The text values of a row of a UTF-16 file, as UTF-8.
    text: String,
    /// For each value of such a row, the range of its text; `None` if it is not text or malformed.
    places: Vec<Option<Range<usize>>>,
}

impl Reader {
    fn new(encoding: Encoding) -> Self {
        Self { encoding, text: String::new(), places: Vec::new() }
    }

    fn decode(&mut self, values: &mut [Option<StoredValue<'_>>]) {
        let unit = match self.encoding {
            Encoding::Utf8 => return,
            Encoding::Utf16Le => u16::from_le_bytes,
            Encoding::Utf16Be => u16::from_be_bytes,
        };
        self.text.clear();
        self.places.clear();
        for value in values {
            let place = value.as_mut().filter(|value| value.value_type() == Some(SqliteType::Text));
            // As a BLOB, text has the bytes of the file's encoding.
            let place = place.and_then(|value| append_utf16(value.read_blob(), unit, &mut self.text));
            self.places.push(place);
        }
    }

    fn read<'v>(&'v self, index: usize, value: Option<&'v mut StoredValue<'_>>) -> SourceValue<'v> {
        let Some(value) = value else { return SourceValue::Null };
        match value.value_type() {
            None => SourceValue::Null,
            Some(SqliteType::SmallInt | SqliteType::Integer | SqliteType::Long) => {
                SourceValue::Integer(value.read_long())
            }
            Some(SqliteType::Float | SqliteType::Double) => SourceValue::Real(value.read_double()),
            Some(SqliteType::Binary) => SourceValue::Blob(value.read_blob()),
            Some(SqliteType::Text) if self.encoding == Encoding::Utf8 => SourceValue::Text(value.read_text()),
            Some(SqliteType::Text) => {
                let place = self.places.get(index).cloned().flatten();
                match place.and_then(|place| self.text.get(place)) {
                    Some(text) => SourceValue::Text(text),
                    None => SourceValue::BrokenText(value.read_blob()),
                }
            }
        }
    }
}

/// Appends the text and returns its range; `None` if it is malformed.
fn append_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, text: &mut String) -> Option<Range<usize>> {
    let start = text.len();
    let pairs = bytes.chunks_exact(2);
    let is_whole = pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_lone_surrogate) => {
                text.truncate(start);
                return None;
            }
        }
    }
    if !is_whole {
        text.truncate(start);
        return None;
    }
    Some(start..text.len())
}

#[cfg(test)]
mod tests;
