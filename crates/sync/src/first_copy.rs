//! The first copy of a sync: of the application's tables, or of those of another one.

use diesel::SqliteConnection;

use crate::begin::{CopyMode, FirstCopy};
use crate::capture::CaptureError;
use crate::error::SyncError;
use crate::stored::StoredConversion;
use crate::subject::Subject;
use databases::migrations::identity;
use import::import::source_id;
use import::planner::ImportPlanner;
use import::schema;
use transfer::run::ApplicationPlanner;

impl FirstCopy for ApplicationPlanner {
    fn subject_of_sync(&mut self) -> Result<Subject, SyncError> {
        Ok(Subject::Application(self.application.clone()))
    }

    fn source_id(&self, source: &mut SqliteConnection) -> Result<Option<String>, SyncError> {
        identity(source).map_err(|source| SyncError::UseSource { what: "read the identity", source })
    }

    fn set_mode(&mut self, mode: CopyMode) {
        self.options.verify_only = mode == CopyMode::Compare;
        self.options.restart = mode == CopyMode::Restart;
    }

    fn follows(&self, table: &str) -> bool {
        self.application.tables.iter().any(|of_application| of_application.name() == table)
    }
}

impl FirstCopy for ImportPlanner<'_> {
    fn subject_of_sync(&mut self) -> Result<Subject, SyncError> {
        let conversion =
            self.conversion().map(|conversion| StoredConversion::of(conversion, self.decisions()));
        let none = || SyncError::Records("the tables were not assessed".to_owned());
        Ok(Subject::Foreign(conversion.ok_or_else(none)?))
    }

    fn source_id(&self, source: &mut SqliteConnection) -> Result<Option<String>, SyncError> {
        let (schema, _) = schema::read(source).map_err(CaptureError::from)?;
        Ok(Some(source_id(&schema)))
    }

    fn set_mode(&mut self, mode: CopyMode) {
        let options = self.options_mut();
        options.compares_only = mode == CopyMode::Compare;
        options.restart = mode == CopyMode::Restart;
    }

    fn follows(&self, table: &str) -> bool {
        let decisions = self.decisions();
        let is_named = decisions.only.is_empty()
            || decisions.only.iter().any(|name| name.trim().eq_ignore_ascii_case(table));
        is_named && !decisions.table(table).is_some_and(|decision| decision.skip)
    }
}
