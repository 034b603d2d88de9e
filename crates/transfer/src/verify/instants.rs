//! The oldest and the newest instant of a table, seen while its rows are read.

use chrono::DateTime;

use super::merge::fields;
use super::result::Instants;
use crate::table::Table;
use databases::catalog::{Catalog, ColumnKind};

/// Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01T00:00:00Z.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Which columns of `table` hold instants, by their places in its tuples.
pub(super) fn instant_columns(catalog: &Catalog, table: &dyn Table) -> Vec<usize> {
    let columns = catalog.tables.get(table.name()).map(|table| table.columns.as_slice()).unwrap_or_default();
    let is_instant =
        |name: &str| columns.iter().any(|column| column.name == name && column.kind == ColumnKind::Instant);
    let places = table.columns().into_iter().enumerate().filter(|(_, name)| is_instant(name));
    places.map(|(place, _)| place).collect()
}

/// The instants of one side.
#[derive(Clone, Copy)]
pub(super) struct InstantRange<'a> {
    columns: &'a [usize],
    /// Microseconds since PostgreSQL's epoch.
    seen: Option<(i64, i64)>,
}

impl<'a> InstantRange<'a> {
    pub(super) fn new(columns: &'a [usize]) -> Self {
        Self { columns, seen: None }
    }

    /// Looks at a row.
    pub(super) fn add(&mut self, tuple: &[u8]) {
        let mut wanted = self.columns.iter().copied().peekable();
        for (place, field) in fields(tuple).enumerate() {
            match wanted.peek() {
                None => return,
                Some(next) if *next == place => wanted.next(),
                Some(_) => continue,
            };
            // After its length; NULL has nothing there.
            let Some(bytes) = field.get(4..).and_then(|bytes| bytes.first_chunk::<8>()) else { continue };
            let micros = i64::from_be_bytes(*bytes);
            self.seen = Some(match self.seen {
                None => (micros, micros),
                Some((oldest, newest)) => (oldest.min(micros), newest.max(micros)),
            });
        }
    }

    /// The range as text; `None` without an instant.
    pub(super) fn show(self) -> Option<Instants> {
        let (oldest, newest) = self.seen?;
        let show = |micros: i64| {
            let instant = DateTime::from_timestamp_micros(micros.checked_add(EPOCH_MICROS)?)?;
            Some(instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
        };
        Some(Instants { oldest: show(oldest)?, newest: show(newest)? })
    }
}
