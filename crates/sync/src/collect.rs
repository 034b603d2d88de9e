//! Reading what changed: from a position to the end of the log, in one snapshot of the source.
//!
//! The log says which rows changed, not what they became: the present rows of all changed keys are read in the same
//! snapshot. What is read is kept aside, so that the snapshot can end before anything is written: with a rollback journal
//! nobody can commit while it is read.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use diesel::SqliteConnection;

use crate::error::SyncError;
use crate::followed::{Followed, LogRange};
use crate::log::{self, TableChanges};
use crate::position::Position;
use crate::spool::Spool;
use import::rows::read_rows;
use import::schema::Encoding;
use import::values::SourceValue;
use transfer::copy::reject;
use transfer::table::{EachRow, Key, KeyRange, Order, ReadError};
use transfer::target::state::Reject;

/// A followed table with its number in the log.
pub(crate) struct NumberedTable {
    /// The number.
    pub(crate) t: i64,
    /// The number of columns of its key; 0 if the log has images.
    pub(crate) key_length: usize,
    /// The table of its images, quoted; `None` if the log has keys.
    pub(crate) image_table: Option<String>,
    /// The number of columns of an image.
    pub(crate) image_length: usize,
    /// The table.
    pub(crate) followed: Box<dyn Followed>,
}

impl NumberedTable {
    /// Whether rows of the target with the key of a row of the source are that row, or if there is no key to go by.
    pub(crate) fn has_certain_key(&self) -> bool {
        self.key_length == 0 || self.followed.has_certain_key()
    }
}

/// The changes between two positions, which bring the target from one state of the source to another.
pub(crate) struct Batch {
    pub(crate) from: Position,
    pub(crate) upto: Position,
    /// Entries of the log.
    pub(crate) entry_count: i64,
    pub(crate) tables: Vec<TableBatch>,
}

/// The changes of one table.
pub(crate) struct TableBatch {
    /// Its place in the list of tables.
    pub(crate) place: usize,
    pub(crate) change: Change,
    /// Rows to insert.
    pub(crate) rows: Spool,
    /// Rows that cannot be encoded.
    pub(crate) unencodable: Vec<Reject>,
}

impl TableBatch {
    /// Whether the table is replaced.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.change, Change::Whole)
    }
}

/// What is deleted before the rows are inserted.
pub(crate) enum Change {
    /// The rows with these keys.
    Keys(Spool),
    /// One row for each of these images.
    Images(Spool),
    /// All rows.
    Whole,
}

/// Reads the changes after `from`; `None` if there are none. `whole` are the numbers of tables that are replaced, and
/// `whole_if_changed` of those that are replaced if they changed. The source is in a transaction.
pub(crate) fn collect(
    source: &mut SqliteConnection,
    tables: &[NumberedTable],
    encoding: Encoding,
    from: Position,
    whole: &BTreeSet<i64>,
    whole_if_changed: &BTreeSet<i64>,
) -> Result<Option<Batch>, SyncError> {
    let upto = log::end(source).map_err(SyncError::ReadLog)?.unwrap_or(from);
    if upto == from && whole.is_empty() {
        return Ok(None);
    }
    let changes = log::changes(source, from.seq, upto.seq).map_err(SyncError::ReadLog)?;
    let mut batch = Batch {
        from,
        upto,
        entry_count: changes.iter().map(|changes| changes.entry_count).sum(),
        tables: Vec::new(),
    };
    for (place, table) in tables.iter().enumerate() {
        let of_table = changes.iter().find(|changes| changes.t == table.t);
        let is_marked = of_table.is_some_and(|changes| changes.mark_count > 0);
        let mut reader = TableReader {
            source: &mut *source,
            table,
            encoding,
            rows: Spool::default(),
            unencodable: Vec::new(),
        };
        let range = LogRange { t: table.t, after: from.seq, upto: upto.seq };
        let change = match of_table {
            _ if is_marked || whole.contains(&table.t) => reader.read_whole()?,
            Some(_) if whole_if_changed.contains(&table.t) => reader.read_whole()?,
            Some(TableChanges { .. }) if table.image_table.is_some() => reader.read_images(range)?,
            Some(TableChanges { .. }) => reader.read_keys(range)?,
            None => continue,
        };
        let unencodable = reader.rejects()?;
        batch.tables.push(TableBatch { place, change, rows: reader.rows, unencodable });
    }
    Ok(Some(batch))
}

struct TableReader<'a> {
    source: &'a mut SqliteConnection,
    table: &'a NumberedTable,
    encoding: Encoding,
    rows: Spool,
    unencodable: Vec<(Key, ReadError)>,
}

impl TableReader<'_> {
    fn read_whole(&mut self) -> Result<Change, SyncError> {
        let table = self.table.followed.table();
        self.keep(|source, each| table.read_source(source, KeyRange::ALL, Order::Any, each))?;
        Ok(Change::Whole)
    }

    fn read_keys(&mut self, range: LogRange) -> Result<Change, SyncError> {
        let mut keys = Spool::default();
        let length = self.table.key_length;
        let of_log = |part: &str| {
            (1..=length).map(|number| part.replace('#', &number.to_string())).collect::<Vec<_>>().join(", ")
        };
        let columns = of_log("k#");
        let query = format!(
            "SELECT {columns} FROM __backoffice_changes WHERE t = ? AND seq > ? AND seq <= ? AND what = {}
             GROUP BY {}, {} ORDER BY {columns}",
            log::what::KEY,
            of_log("k# COLLATE BINARY"),
            of_log("typeof(k#)"),
        );
        let followed = &self.table.followed;
        let mut tuple = Vec::new();
        self.read(&query, range, &mut |key| {
            tuple.clear();
            // A key that the target cannot hold was never there.
            match followed.encode_key(key, &mut tuple) {
                true => keys.push(key_of(key), &tuple),
                false => Ok(()),
            }
        })?;
        self.keep(|source, each| followed.read_changed(source, range, &mut keys, each))?;
        Ok(Change::Keys(keys))
    }

    /// Adds up the images of equal rows: those that went are deleted, those that came are inserted.
    fn read_images(&mut self, range: LogRange) -> Result<Change, SyncError> {
        let mut gone = Spool::default();
        let length = self.table.image_length;
        let of_image = |part: &str| {
            (1..=length).map(|number| part.replace('#', &number.to_string())).collect::<Vec<_>>().join(", ")
        };
        let query = format!(
            "SELECT sum(sign), {} FROM {} WHERE ? IS NOT NULL AND seq > ? AND seq <= ?
             GROUP BY {}, {} HAVING sum(sign) <> 0",
            of_image("c#"),
            self.table.image_table.as_deref().unwrap_or_default(),
            of_image("c# COLLATE BINARY"),
            of_image("typeof(c#)"),
        );
        let followed = &self.table.followed;
        let (mut came, mut unencodable) = (Spool::default(), Vec::new());
        let mut tuple = Vec::new();
        self.read(&query, range, &mut |image| {
            let Some((SourceValue::Integer(sum), image)) = image.split_first() else {
                return Err(std::io::Error::other("the sign of an image is not a number"));
            };
            tuple.clear();
            let to = if *sum > 0 { &mut came } else { &mut gone };
            match followed.encode_image(image, &mut tuple) {
                Ok(()) => (0..sum.unsigned_abs()).try_for_each(|_| to.push(Key::Integer(0), &tuple)),
                // It was never in the target.
                Err(_) if *sum < 0 => Ok(()),
                Err(error) => {
                    unencodable.push((Key::Integer(0), error));
                    Ok(())
                }
            }
        })?;
        self.rows = came;
        self.unencodable = unencodable;
        Ok(Change::Images(gone))
    }

    /// The rows that cannot be encoded, with their values.
    fn rejects(&mut self) -> Result<Vec<Reject>, SyncError> {
        let table = self.table.followed.table();
        let mut rejects = Vec::new();
        for (key, error) in std::mem::take(&mut self.unencodable) {
            let (column, reason) = match &error {
                ReadError::Encode { column, source, .. } => (Some(column.as_str()), source.to_string()),
                error => (None, error.to_string()),
            };
            let found = match self.table.followed.has_table_key() {
                true => reject(self.source, table.as_ref(), KeyRange::only(key), column, reason.clone())
                    .map_err(|source| SyncError::UseSource { what: "read a refused row", source })?,
                false => None,
            };
            rejects.push(found.unwrap_or_else(|| Reject {
                table_name: table.name().to_owned(),
                key: key.to_string(),
                column_name: column.map(str::to_owned),
                storage_class: None,
                value: None,
                reason,
            }));
        }
        Ok(rejects)
    }

    /// Passes the rows of a query on the log on.
    fn read(
        &mut self,
        query: &str,
        range: LogRange,
        each: &mut dyn FnMut(&[SourceValue<'_>]) -> std::io::Result<()>,
    ) -> Result<(), SyncError> {
        let binds = [range.t, range.after, range.upto];
        let mut outcome = Ok(());
        read_rows(self.source, query, &binds, self.encoding, &mut |row| {
            outcome = each(row);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(SyncError::ReadLog)?;
        outcome.map_err(SyncError::Spool)
    }

    /// Keeps the rows that `read` passes on.
    fn keep(
        &mut self,
        read: impl FnOnce(&mut SqliteConnection, &mut EachRow<'_>) -> Result<(), ReadError>,
    ) -> Result<(), SyncError> {
        let (rows, unencodable) = (&mut self.rows, &mut self.unencodable);
        let mut outcome = Ok(());
        read(self.source, &mut |row| {
            outcome = match row {
                Ok((key, tuple)) => rows.push(key, tuple).map_err(SyncError::Spool),
                Err(ReadError::Encode { key, table, column, source }) => {
                    unencodable.push((key, ReadError::Encode { key, table, column, source }));
                    Ok(())
                }
                Err(error) => Err(SyncError::ReadRow(error)),
            };
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(SyncError::ReadRow)?;
        outcome
    }
}

/// What stands for a key that is not one integer or UUID.
const OTHER_KEY: Key = Key::Uuid(uuid::Uuid::nil());

/// The key as the engine has it, where it is one integer or UUID.
fn key_of(key: &[SourceValue<'_>]) -> Key {
    match key {
        [SourceValue::Integer(key)] => Key::Integer(*key),
        [SourceValue::Text(text)] => uuid::Uuid::try_parse(text).map_or(OTHER_KEY, Key::Uuid),
        _ => OTHER_KEY,
    }
}
