//! A table of the application, which has one key column: an integer or a UUID.

use std::sync::Arc;

use diesel::SqliteConnection;

use super::{Followed, LogRange};
use crate::spool::Spool;
use import::values::SourceValue;
use transfer::table::{EachRow, Key, KeyRange, Order, ReadError, Table};

/// A table of the application.
pub(crate) struct OfModel {
    table: Arc<dyn Table>,
}

impl OfModel {
    /// The table.
    pub(crate) fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }
}

/// The key as the engine has it.
fn key_of(value: SourceValue<'_>) -> Option<Key> {
    match value {
        SourceValue::Integer(key) => Some(Key::Integer(key)),
        SourceValue::Text(text) => uuid::Uuid::try_parse(text).ok().map(Key::Uuid),
        SourceValue::Null | SourceValue::Real(_) | SourceValue::BrokenText(_) | SourceValue::Blob(_) => None,
    }
}

impl Followed for OfModel {
    fn table(&self) -> &Arc<dyn Table> {
        &self.table
    }

    fn key_columns(&self) -> Vec<String> {
        self.table.key_column().map(str::to_owned).into_iter().collect()
    }

    fn has_table_key(&self) -> bool {
        true
    }

    fn has_certain_key(&self) -> bool {
        true
    }

    fn encode_key(&self, key: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> bool {
        let Some(key) = key.first().and_then(|key| key_of(*key)) else { return false };
        tuple.extend_from_slice(&1_u16.to_be_bytes());
        match key {
            Key::Integer(key) => {
                tuple.extend_from_slice(&8_i32.to_be_bytes());
                tuple.extend_from_slice(&key.to_be_bytes());
            }
            Key::Uuid(key) => {
                tuple.extend_from_slice(&16_i32.to_be_bytes());
                tuple.extend_from_slice(key.as_bytes());
            }
        }
        true
    }

    /// Tables of the application have a key.
    fn encode_image(&self, _image: &[SourceValue<'_>], _tuple: &mut Vec<u8>) -> Result<(), ReadError> {
        let words = "a table of the application without a key";
        let source = diesel::result::Error::QueryBuilderError(words.into());
        Err(ReadError::Query { table: self.table.name().to_owned(), source })
    }

    fn read_changed(
        &self,
        source: &mut SqliteConnection,
        _range: LogRange,
        keys: &mut Spool,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let mut waiting: Option<(Key, Key)> = None;
        let mut read = |(first, last): (Key, Key)| {
            self.table.read_source(source, KeyRange::between(first, last), Order::Key, each)
        };
        let failed = |error: std::io::Error| ReadError::Query {
            table: self.table.name().to_owned(),
            source: diesel::result::Error::QueryBuilderError(Box::new(error)),
        };
        let outcome = keys.each(|key, _| {
            waiting = Some(match waiting {
                // Consecutive keys are one query.
                Some((first, last)) if is_next(last, key) => (first, key),
                Some(range) => {
                    read(range).map_err(Stopped::Read)?;
                    (key, key)
                }
                None => (key, key),
            });
            Ok(())
        });
        match outcome {
            Ok(()) => waiting.map_or(Ok(()), read),
            Err(Stopped::Read(error)) => Err(error),
            Err(Stopped::Spool(error)) => Err(failed(error)),
        }
    }
}

/// Why the reading of keys ended early.
enum Stopped {
    Read(ReadError),
    Spool(std::io::Error),
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Spool(error)
    }
}

fn is_next(before: Key, key: Key) -> bool {
    match (before, key) {
        (Key::Integer(before), Key::Integer(key)) => before.checked_add(1) == Some(key),
        _ => false,
    }
}
