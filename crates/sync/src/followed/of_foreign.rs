//! A table of a database of another application.

use std::ops::ControlFlow;
use std::sync::Arc;

use diesel::SqliteConnection;

use super::{Followed, LogRange};
use crate::spool::Spool;
use databases::name::quote_name;
use import::conversion::{ColumnConversion, OnIncompatible, TableConversion};
use import::rows::read_rows;
use import::schema::{Affinity, Encoding, SqliteTable};
use import::table::{Columns, ForeignTable, OrphanColumns};
use import::types::{DateForm, TargetType};
use import::values::{SourceValue, encode};
use transfer::table::{EachRow, Key, ReadError, SourceSql, Table};
use transfer::values::Unencodable;

/// A table of a database of another application.
pub(crate) struct OfForeign {
    table: Arc<dyn Table>,
    sql: SourceSql,
    /// Whether the key of the log is the rowid.
    has_table_key: bool,
    /// Whether different keys are encoded differently.
    has_certain_key: bool,
    /// Whether the key by which it is read is a rowid.
    has_rowid: bool,
    encoding: Encoding,
    /// The columns that are sent.
    columns: Vec<ColumnConversion>,
    /// The columns of the key, in the order of the log; empty if the log has images.
    key: Vec<ColumnConversion>,
    /// For each column that is sent, its place in an image; empty if the log has keys.
    image: Vec<usize>,
}

impl OfForeign {
    /// The table, with the columns of its key or its images as the log has them; `None` if a column of the key is not in the
    /// target, or one of the target not in the images.
    pub(crate) fn new(
        table: &SqliteTable,
        conversion: &TableConversion,
        schema: &str,
        encoding: Encoding,
        key: &[String],
        image: &[String],
    ) -> Option<Self> {
        let of = |name: &String| {
            conversion.columns.iter().find(|column| column.source.eq_ignore_ascii_case(name)).cloned()
        };
        let columns: Vec<ColumnConversion> =
            conversion.columns.iter().filter(|column| !column.is_generated).cloned().collect();
        let place = |column: &ColumnConversion| {
            image.iter().position(|name| name.eq_ignore_ascii_case(&column.source))
        };
        let image = match image {
            [] => Vec::new(),
            _ => columns.iter().map(place).collect::<Option<_>>()?,
        };
        let orphans = OrphanColumns::default();
        let written = ForeignTable::new(table, conversion, schema, encoding, &orphans, Columns::Sent);
        Some(Self {
            sql: written.source_sql(),
            has_table_key: table.primary_key.as_ref().is_some_and(|key| key.is_rowid) && written.is_keyed(),
            has_certain_key: key.iter().all(|name| {
                let declared = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
                let is_certain = |column: ColumnConversion| {
                    declared.is_some_and(|declared| has_certain_values(&column, declared.affinity))
                };
                of(name).is_some_and(is_certain)
            }),
            table: Arc::new(written),
            has_rowid: table.rowid.is_some(),
            encoding,
            key: key.iter().map(of).collect::<Option<_>>()?,
            columns,
            image,
        })
    }

    /// The rows of all keys in the range. A key is its bytes and its storage class: `COLLATE BINARY` and `typeof`, also
    /// in DISTINCT.
    fn query(&self) -> String {
        let name = quote_name(&self.sql.name);
        let log = if self.sql.name.eq_ignore_ascii_case("__log") { "__log_1" } else { "__log" };
        let of_log =
            |part: fn(usize) -> String| (1..=self.key.len()).map(part).collect::<Vec<_>>().join(", ");
        let keys = of_log(|number| format!("k{number} COLLATE BINARY AS __k{number}"));
        let classes = of_log(|number| format!("typeof(k{number}) AS __c{number}"));
        let same: Vec<String> = self
            .key
            .iter()
            .zip(1..)
            .map(|(column, number)| {
                let column = format!("{name}.{}", quote_name(&column.source));
                format!(
                    "{column} = {log}.__k{number} AND {column} COLLATE BINARY = {log}.__k{number}
                     AND typeof({column}) = {log}.__c{number}"
                )
            })
            .collect();
        let row_key = if self.has_rowid { format!("{name}.{}", self.sql.key) } else { "0".to_owned() };
        let columns: Vec<String> = self.sql.columns.iter().map(|column| format!("{name}.{column}")).collect();
        format!(
            "SELECT {row_key}, {} FROM (SELECT DISTINCT {keys}, {classes} FROM __backoffice_changes
                 WHERE t = ? AND seq > ? AND seq <= ? AND what = 0) AS {log} CROSS JOIN {name} WHERE {}",
            columns.join(", "),
            same.join(" AND ")
        )
    }

    fn encode_row(
        &self,
        key: Key,
        row: &mut dyn Iterator<Item = SourceValue<'_>>,
        tuple: &mut Vec<u8>,
    ) -> Result<(), ReadError> {
        begin_tuple(self.columns.len(), tuple);
        for column in &self.columns {
            let value = row.next().ok_or_else(|| self.unexpected("a row is shorter than its columns"))?;
            encode(value, column.read_as(), column.on_incompatible, tuple).map_err(|unfit| {
                ReadError::Encode {
                    table: self.table.name().to_owned(),
                    column: column.target.clone(),
                    key,
                    source: Unencodable::Unfit(Box::new(unfit)),
                }
            })?;
        }
        Ok(())
    }

    fn read(
        &self,
        source: &mut SqliteConnection,
        range: LogRange,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let mut tuple = Vec::new();
        let mut unexpected = None;
        let binds = [range.t, range.after, range.upto];
        read_rows(source, &self.query(), &binds, self.encoding, &mut |row| {
            let Some((SourceValue::Integer(key), row)) = row.split_first() else {
                unexpected = Some(self.unexpected("a rowid is not an integer"));
                return ControlFlow::Break(());
            };
            tuple.clear();
            let encoded = self.encode_row(Key::Integer(*key), &mut row.iter().copied(), &mut tuple);
            each(encoded.map(|()| (Key::Integer(*key), tuple.as_slice())))
        })
        .map_err(|source| ReadError::Query { table: self.table.name().to_owned(), source })?;
        unexpected.map_or(Ok(()), Err)
    }

    /// What SQLite never answers: nothing of it is applied.
    fn unexpected(&self, words: &'static str) -> ReadError {
        let source = diesel::result::Error::DeserializationError(words.into());
        ReadError::Query { table: self.table.name().to_owned(), source }
    }
}

/// Whether values that SQLite keeps apart have different forms in the type of the target. With an affinity, SQLite stores
/// numbers and text that mean the same as the same value (manual, "Datatypes In SQLite", section 3); without one, 1 and '1'
/// are two keys, and both are `1` as text. An instant has several spellings.
fn has_certain_values(column: &ColumnConversion, affinity: Affinity) -> bool {
    if column.on_incompatible != OnIncompatible::Reject || column.reading.any_form || column.reading.rounds {
        return false;
    }
    let is_typed = !matches!(affinity, Affinity::Blob | Affinity::Any);
    match column.target_type {
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt | TargetType::Double => true,
        TargetType::Uuid(_) | TargetType::Date(DateForm::Iso) | TargetType::Bytea => true,
        TargetType::Text | TargetType::Varchar(_) => is_typed,
        TargetType::Numeric { .. } | TargetType::AnyNumeric => is_typed && affinity != Affinity::Text,
        _ => false,
    }
}

/// The number of fields, with which a tuple of binary COPY begins (PostgreSQL manual, COPY, "Binary Format").
fn begin_tuple(field_count: usize, tuple: &mut Vec<u8>) {
    let field_count = u16::try_from(field_count).unwrap_or(u16::MAX);
    tuple.extend_from_slice(&field_count.to_be_bytes());
}

impl Followed for OfForeign {
    fn table(&self) -> &Arc<dyn Table> {
        &self.table
    }

    fn key_columns(&self) -> Vec<String> {
        self.key.iter().map(|column| column.target.clone()).collect()
    }

    fn has_table_key(&self) -> bool {
        self.has_table_key
    }

    fn has_certain_key(&self) -> bool {
        self.has_certain_key
    }

    fn encode_key(&self, key: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> bool {
        begin_tuple(self.key.len(), tuple);
        self.key
            .iter()
            .zip(key)
            .all(|(column, value)| encode(*value, column.read_as(), column.on_incompatible, tuple).is_ok())
    }

    fn encode_image(&self, image: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> Result<(), ReadError> {
        let mut values = self.image.iter().map_while(|place| image.get(*place)).copied();
        self.encode_row(Key::Integer(0), &mut values, tuple)
    }

    fn read_changed(
        &self,
        source: &mut SqliteConnection,
        range: LogRange,
        _keys: &mut Spool,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        self.read(source, range, each)
    }
}
