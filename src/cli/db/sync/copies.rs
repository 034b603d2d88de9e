//! The first copy of a sync: of the application's tables, or of those of another one.

use std::sync::Arc;

use databases::migrations::identity;
use databases::url::PostgresUrl;
use diesel::SqliteConnection;
use import::decisions::Decisions;
use import::import::source_id;
use import::planner::{ImportPlanner, PlannerOptions};
use import::report::Assessment;
use import::schema;
use import::survey::Progress;
use sync::capture::CaptureError;
use sync::{CopyMode, FirstCopy, StoredConversion, Subject, SyncError};
use transfer::application::Application;
use transfer::control::Control;
use transfer::error::TransferError;
use transfer::plan::{OnError, Options, Plan};
use transfer::run::{ApplicationPlanner, Planner, RunError, RunSubject};
use transfer::source::Source;
use transfer::target::Target;

/// The tables of the application.
pub(super) struct ApplicationCopy(ApplicationPlanner);

impl ApplicationCopy {
    pub(super) fn new(application: Application, on_error: OnError) -> Self {
        Self(ApplicationPlanner { application, options: Options { on_error, ..Options::default() } })
    }
}

impl Planner for ApplicationCopy {
    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        self.0.plan(source, target, control)
    }

    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError> {
        self.0.subject(plan, source)
    }
}

impl FirstCopy for ApplicationCopy {
    fn subject_of_sync(&mut self) -> Result<Subject, SyncError> {
        let Application { tables, migrations } = &self.0.application;
        Ok(Subject::Application(Application { tables: tables.iter().map(Arc::clone).collect(), migrations }))
    }

    fn source_id(&self, source: &mut SqliteConnection) -> Result<Option<String>, SyncError> {
        identity(source).map_err(|source| SyncError::UseSource { what: "read the identity", source })
    }

    fn set_mode(&mut self, mode: CopyMode) {
        self.0.options.verify_only = mode == CopyMode::Compare;
        self.0.options.restart = mode == CopyMode::Restart;
    }

    fn follows(&self, table: &str) -> bool {
        self.0.application.tables.iter().any(|of_application| of_application.name() == table)
    }
}

/// The tables of another application.
pub(super) struct ForeignCopy<'a>(ImportPlanner<'a>);

impl<'a> ForeignCopy<'a> {
    pub(super) fn new(
        decisions: Decisions,
        progress: &'a (dyn Fn(Progress) + Sync),
        assessed: &'a dyn Fn(&Assessment),
    ) -> Self {
        Self(ImportPlanner::new(decisions, PlannerOptions::default(), progress, assessed))
    }
}

impl Planner for ForeignCopy<'_> {
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, TransferError> {
        self.0.open_target(url)
    }

    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        self.0.plan(source, target, control)
    }

    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError> {
        self.0.subject(plan, source)
    }

    fn assessment(&self) -> Option<serde_json::Value> {
        self.0.assessment()
    }
}

impl FirstCopy for ForeignCopy<'_> {
    fn subject_of_sync(&mut self) -> Result<Subject, SyncError> {
        let conversion =
            self.0.conversion().map(|conversion| StoredConversion::of(conversion, self.0.decisions()));
        let none = || SyncError::Records("the tables were not assessed".to_owned());
        Ok(Subject::Foreign(conversion.ok_or_else(none)?))
    }

    fn source_id(&self, source: &mut SqliteConnection) -> Result<Option<String>, SyncError> {
        let (schema, _) = schema::read(source).map_err(CaptureError::from)?;
        Ok(Some(source_id(&schema)))
    }

    fn set_mode(&mut self, mode: CopyMode) {
        let options = self.0.options_mut();
        options.compares_only = mode == CopyMode::Compare;
        options.restart = mode == CopyMode::Restart;
    }

    fn follows(&self, table: &str) -> bool {
        let decisions = self.0.decisions();
        let is_named = decisions.only.is_empty()
            || decisions.only.iter().any(|name| name.trim().eq_ignore_ascii_case(table));
        is_named && !decisions.table(table).is_some_and(|decision| decision.skip)
    }
}
