//! What is followed: the tables of the application, or those of a database of another one.

use std::sync::Arc;

use crate::capture::{BrokenTable, Capture, CaptureKind, CapturedTable, image_table};
use crate::collect::NumberedTable;
use crate::compare::Compared;
use crate::error::SyncError;
use crate::followed::{Followed, OfForeign, OfModel};
use crate::stored::StoredConversion;
use databases::catalog::Catalog;
use databases::name::quote_name;
use diesel::SqliteConnection;
use import::schema::{Encoding, Schema};
use import::table::{Columns, ForeignTable, Hashed, OrphanColumns};
use transfer::application::Application;
use transfer::table::Table;

/// What is followed.
pub enum Subject {
    /// The tables of the application.
    Application(Application),
    /// Those of another one.
    Foreign(StoredConversion),
}

/// The followed tables of a source.
pub(crate) struct FollowedTables {
    pub(crate) tables: Vec<NumberedTable>,
    pub(crate) encoding: Encoding,
    pub(crate) compared: Compared,
}

impl Subject {
    /// The tables as they are followed.
    pub(crate) fn followed(
        &self,
        source: &mut SqliteConnection,
        capture: &Capture,
        source_id: &str,
        show_values: bool,
    ) -> Result<FollowedTables, SyncError> {
        let (schema, _) = import::schema::read(source).map_err(crate::capture::CaptureError::from)?;
        let mut found = FollowedTables {
            tables: Vec::new(),
            encoding: schema.encoding,
            compared: Compared {
                tables: Vec::new(),
                expected: Catalog::default(),
                source_id: source_id.to_owned(),
                show_values,
                is_partial: false,
            },
        };
        match self {
            Self::Application(application) => {
                found.compared.tables = application.tables.clone();
                found.compared.expected = application.catalog()?;
            }
            Self::Foreign(conversion) => found.compared.tables = conversion.compared(&schema),
        }
        for captured in capture.followed() {
            match self.table(&schema, captured)? {
                Some(followed) => found.tables.push(numbered(captured, followed)),
                None => found.compared.is_partial = true,
            }
        }
        Ok(found)
    }

    /// The error for tables that cannot be followed: whether it is enough to capture them again.
    pub(crate) fn broken(&self, source: &mut SqliteConnection, mut broken: Vec<BrokenTable>) -> SyncError {
        let Self::Foreign(conversion) = self else { return SyncError::Broken(broken) };
        let schema = match import::schema::read(source) {
            Ok((schema, _)) => schema,
            Err(error) => return crate::capture::CaptureError::from(error).into(),
        };
        let mut have_changed = false;
        for table in &mut broken {
            if let Some(reason) = conversion.changed_columns(&schema, &table.table) {
                have_changed = true;
                table.reason = format!("{}; {reason}", table.reason);
            }
        }
        if have_changed { SyncError::ColumnsChanged(broken) } else { SyncError::Broken(broken) }
    }

    fn table(
        &self,
        schema: &Schema,
        captured: &CapturedTable,
    ) -> Result<Option<Box<dyn Followed>>, SyncError> {
        match self {
            Self::Application(application) => {
                let table = application.tables.iter().find(|table| table.name() == captured.name);
                Ok(table.map(|table| -> Box<dyn Followed> { Box::new(OfModel::new(Arc::clone(table))) }))
            }
            Self::Foreign(conversion) => conversion.table(schema, captured),
        }
    }
}

impl StoredConversion {
    fn compared(&self, schema: &Schema) -> Vec<Arc<dyn Table>> {
        let mut compared: Vec<Arc<dyn Table>> = Vec::new();
        for conversion in self.tables() {
            let Some(table) = schema.tables.iter().find(|table| table.name == conversion.source) else {
                continue;
            };
            let orphans = OrphanColumns::default();
            let table =
                ForeignTable::new(table, &conversion, &self.schema, schema.encoding, &orphans, Columns::All);
            compared.push(if table.is_keyed() { Arc::new(table) } else { Arc::new(Hashed::new(table)) });
        }
        compared
    }

    fn table(
        &self,
        schema: &Schema,
        captured: &CapturedTable,
    ) -> Result<Option<Box<dyn Followed>>, SyncError> {
        let Some(conversion) = self.tables().into_iter().find(|table| table.source == captured.name) else {
            return Ok(None);
        };
        let changed = |reason: String| {
            SyncError::ColumnsChanged(vec![BrokenTable { table: captured.name.clone(), reason }])
        };
        if let Some(reason) = self.changed_columns(schema, &captured.name) {
            return Err(changed(reason));
        }
        let table = schema.tables.iter().find(|table| table.name == captured.name);
        let table = table.ok_or_else(|| changed("it was dropped or renamed".to_owned()))?;
        let (key, image): (&[String], &[String]) = match &captured.kind {
            CaptureKind::Keyed { columns } => (columns, &[]),
            CaptureKind::Images { columns } => (&[], columns),
            CaptureKind::Skipped => return Ok(None),
        };
        let followed = OfForeign::new(table, &conversion, &self.schema, schema.encoding, key, image);
        let followed = followed.ok_or_else(|| {
            SyncError::Records(format!("a column of the key of `{}` is not in the target", captured.name))
        })?;
        Ok(Some(Box::new(followed)))
    }
}

fn numbered(captured: &CapturedTable, followed: Box<dyn Followed>) -> NumberedTable {
    let (key_length, image_length) = match &captured.kind {
        CaptureKind::Keyed { columns } => (columns.len(), 0),
        CaptureKind::Images { columns } => (0, columns.len()),
        CaptureKind::Skipped => (0, 0),
    };
    NumberedTable {
        t: captured.number,
        key_length,
        image_table: (image_length > 0).then(|| quote_name(&image_table(captured.number))),
        image_length,
        followed,
    }
}
