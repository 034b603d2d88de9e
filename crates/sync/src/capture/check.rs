//! Whether a file still has the capture that is recorded.

use diesel::SqliteConnection;

use super::captured::Capture;
use super::compare::{BrokenTable, SchemaChange, differences};
use super::error::CaptureError;
use super::{objects, record};

/// The state of the schema at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaCheck {
    /// `PRAGMA schema_version`, for the next check.
    pub version: i64,
    /// The state.
    pub state: SchemaState,
}

/// How the schema of a file compares with the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing was changed.
    Unchanged,
    /// The schema was written, and every statement in it is the recorded one: VACUUM, or triggers that were dropped and
    /// created again, with changes between that were not logged.
    Doubt,
    /// Statements differ.
    Changed {
        /// Tables whose changes may not be logged. Nothing may be applied until they are captured again.
        broken: Vec<BrokenTable>,
        /// Objects that do not affect the log.
        changes: Vec<SchemaChange>,
    },
}

impl Capture {
    /// The capture that is recorded in the file; `None` if there is none.
    ///
    /// # Errors
    /// When the record was written in another format or parts of it are missing, or the database fails.
    pub fn load(connection: &mut SqliteConnection) -> Result<Option<Self>, CaptureError> {
        record::load(connection)
    }

    /// Compares the schema with the recorded one. `seen` is the version of a check whose state was accepted: with the same
    /// version the state is `Unchanged` and nothing else is read. Without `seen` it is compared with the version at the
    /// time of capture, and the statements are read in any case.
    ///
    /// It has to run in the read transaction in which the log is read.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check(
        &self,
        connection: &mut SqliteConnection,
        seen: Option<i64>,
    ) -> Result<SchemaCheck, CaptureError> {
        let version = objects::version(connection)?;
        if seen == Some(version) {
            return Ok(SchemaCheck { version, state: SchemaState::Unchanged });
        }
        let found = differences(self, &objects::read(connection)?);
        let state = if !found.broken.is_empty() || !found.changes.is_empty() {
            SchemaState::Changed { broken: found.broken, changes: found.changes }
        } else if seen.unwrap_or(self.version) == version {
            SchemaState::Unchanged
        } else {
            SchemaState::Doubt
        };
        Ok(SchemaCheck { version, state })
    }
}
