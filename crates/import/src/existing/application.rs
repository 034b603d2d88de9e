//! Detects the framework that created the tables: what it writes to SQLite, if the declared type does not show it.

use super::catalog::ExistingTable;
use crate::rules::migration_tables;
use crate::schema::Schema;

/// The framework of an application, detected by its migration history table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// Django. Its SQLite backend writes aware instants as text in the connection's zone, UTC by default, without an
    /// offset (`adapt_datetimefield_value`); its PostgreSQL columns are then `timestamptz`.
    Django,
    /// Rails. Active Record writes instants as text in `default_timezone`, UTC by default, without an offset.
    Rails,
    /// Prisma. It writes instants as milliseconds, and since newer versions as text with an offset; its columns in
    /// PostgreSQL are `timestamp` in UTC. The default `CURRENT_TIMESTAMP` writes UTC without an offset.
    Prisma,
    /// TypeORM. Its SQLite driver writes dates as text in UTC, without an offset (`DateUtils.mixedDateToUtcDatetimeString`).
    TypeOrm,
    /// Another one, or several of these.
    Unknown,
}

impl Framework {
    /// The application that the tables belong to. Source and target must agree: both have its history table.
    pub fn of(schema: &Schema, existing: &[ExistingTable]) -> Self {
        let is_there = |name: &str| {
            schema.tables.iter().any(|table| table.name == name)
                && existing.iter().any(|table| table.name == name)
        };
        let migrations_of_typeorm = schema.tables.iter().any(|table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            table.name == "migrations" && columns == migration_tables::TYPEORM_COLUMNS
        });
        let known = [
            (Self::Django, is_there("django_migrations")),
            (Self::Rails, is_there("schema_migrations") && is_there("ar_internal_metadata")),
            (Self::Prisma, is_there("_prisma_migrations")),
            (Self::TypeOrm, migrations_of_typeorm && is_there("migrations")),
        ];
        let mut found =
            known.into_iter().filter_map(|(application, is_known)| is_known.then_some(application));
        match (found.next(), found.next()) {
            (Some(application), None) => application,
            _ => Self::Unknown,
        }
    }

    /// Whether it writes UTC when it writes no offset.
    pub(super) fn writes_utc(self) -> bool {
        match self {
            Self::Django | Self::Rails | Self::TypeOrm | Self::Prisma => true,
            Self::Unknown => false,
        }
    }
}
