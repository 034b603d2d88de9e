//! The import of a SQLite database of any application, for [`transfer::run::execute`].

use std::error::Error;
use std::sync::Arc;
use std::time::Instant as Clock;

use crate::conversion::Conversion;
use crate::decisions::{Decisions, OrphanPolicy};
use crate::existing::{ExistingError, ExistingTable, TableKind};
use crate::import::{Import, ImportOptions, cleared, import};
use crate::report::Assessment;
use crate::survey::{Progress, Survey, SurveyError};
use crate::{assess, existing, schema, survey};
use databases::catalog::Catalog;
use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;
use databases::url::PostgresUrl;
use transfer::control::Control;
use transfer::error::TransferError;
use transfer::plan::{Plan, Request, assemble, check_target};
use transfer::run::{CallerError, Planner, RunError, RunSubject};
use transfer::source::Source;
use transfer::table::Table;
use transfer::target::Target;
use transfer::verify::OnlyInTarget;

/// The schema of the target if the decisions name none.
const DEFAULT_SCHEMA: &str = "public";

/// The options of an [`ImportPlanner`] beside the decisions.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlannerOptions {
    /// Whether rows are copied into tables that already exist.
    pub data_only: bool,
    /// Whether existing tables with rows are emptied first.
    pub clear: bool,
    /// Whether the materialized views of the target are refreshed at the end.
    pub refresh_views: bool,
    /// Whether an unfinished run is started again from the beginning.
    pub restart: bool,
    /// Whether both sides are only compared: the tables exist.
    pub compares_only: bool,
}

/// Assesses a database and plans its import.
pub struct ImportPlanner<'a> {
    decisions: Decisions,
    options: PlannerOptions,
    /// Called with the number of rows to read, and then with those that were read.
    progress: &'a (dyn Fn(Progress) + Sync),
    /// Called with the assessment, before anything is planned.
    assessed: &'a dyn Fn(&Assessment),
    planned: Option<ImportBasis>,
}

/// The plan's basis.
struct ImportBasis {
    survey: Survey,
    compared: Vec<Arc<dyn Table>>,
    assessment: serde_json::Value,
}

/// An import that cannot be planned.
#[derive(Debug, thiserror::Error)]
enum PlannerError {
    /// The catalog of the target cannot be understood.
    #[error("understand the catalog of the target")]
    Catalog(#[source] Box<dyn Error + Send + Sync>),
    /// The subject was requested before the plan.
    #[error("describe an import that is not planned")]
    NotPlanned,
}

impl Explain for PlannerError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Catalog(_) | Self::NotPlanned => ExitStatus::Unexpected,
        }
    }

    fn hint(&self) -> Option<Hint> {
        None
    }
}

impl<'a> ImportPlanner<'a> {
    /// The planner of an import with these decisions. `progress` is called while the source is read, `assessed` once with
    /// the assessment.
    pub fn new(
        decisions: Decisions,
        options: PlannerOptions,
        progress: &'a (dyn Fn(Progress) + Sync),
        assessed: &'a dyn Fn(&Assessment),
    ) -> Self {
        Self { decisions, options, progress, assessed, planned: None }
    }

    /// How the tables are converted, once they are planned.
    pub fn conversion(&self) -> Option<&Conversion> {
        self.planned.as_ref().map(|planned| &planned.survey.conversion)
    }

    /// The options, to be changed before a plan.
    pub fn options_mut(&mut self) -> &mut PlannerOptions {
        &mut self.options
    }

    /// The decisions.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    fn schema(&self) -> &str {
        self.decisions.schema.as_deref().unwrap_or(DEFAULT_SCHEMA)
    }
}

impl Planner for ImportPlanner<'_> {
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, TransferError> {
        Target::open_in(url, self.schema())
    }

    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        let began = Clock::now();
        let existing = match self.options.data_only {
            true => Some(existing::read(target, self.schema()).map_err(of_existing)?),
            false => None,
        };
        // Reading the source takes long: what blocks in any case is found first.
        let filled = filled(source, existing.as_deref().unwrap_or_default())?;
        let names: Vec<&str> = filled.iter().map(String::as_str).collect();
        let blockers = check_target(target, self.schema(), &names)?;
        if !blockers.is_empty() {
            let mut plan = assemble(source, target, Vec::new(), &Request::default(), control)?;
            // The plan finds a part of them again.
            plan.findings = blockers;
            return Ok(plan);
        }
        let survey =
            survey::survey(source, &self.decisions, existing.as_deref(), control.stop, self.progress)
                .map_err(|error| -> CallerError { Box::new(error) })?;
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (path, size_bytes) = (source.path().to_string(), source.snapshot().size_bytes);
        let assessment = assess::assessment(&survey, path, size_bytes, elapsed_ms);
        (self.assessed)(&assessment);
        let PlannerOptions { data_only, clear, refresh_views, restart, compares_only } = self.options;
        let orphans = self.decisions.orphans;
        let options = ImportOptions { orphans, data_only, restart, clear, refresh_views, compares_only };
        let Import { given, compared, request } = import(&survey, options);
        let assessment = serde_json::to_value(&assessment)?;
        self.planned = Some(ImportBasis { survey, compared, assessment });
        Ok(assemble(source, target, given, &request, control)?)
    }

    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError> {
        let unplanned = || -> CallerError { Box::new(PlannerError::NotPlanned) };
        let ImportBasis { survey, compared, .. } = self.planned.as_ref().ok_or_else(unplanned)?;
        let read = |source| TransferError::ReadSource { what: "read the values that become NULL", source };
        let made = survey.statements.iter().map(|statement| statement.table.clone());
        let converted = survey.conversion.tables.iter().map(|table| table.target.clone());
        Ok(RunSubject {
            tables: plan.tables.iter().map(|plan| Arc::clone(&plan.table)).collect(),
            compared: compared.clone(),
            expected: Catalog::default(),
            only_in_target: OnlyInTarget::Different,
            objects: made.chain(converted).collect(),
            is_partial: survey.is_partial(),
            cleared: match self.decisions.orphans {
                OrphanPolicy::Null => cleared(survey, source).map_err(read)?,
                OrphanPolicy::NotValid | OrphanPolicy::Quarantine | OrphanPolicy::Stop => Vec::new(),
            },
        })
    }

    fn assessment(&self) -> Option<serde_json::Value> {
        self.planned.as_ref().map(|planned| planned.assessment.clone())
    }
}

/// The existing tables with the name of a table of the source, in any letter case.
fn filled(source: &mut Source, existing: &[ExistingTable]) -> Result<Vec<String>, RunError> {
    if existing.is_empty() {
        return Ok(Vec::new());
    }
    let read = |error| -> CallerError { Box::new(SurveyError::from(error)) };
    let (schema, _) = schema::read(source.sqlite()).map_err(read)?;
    let has_rows = |table: &&ExistingTable| matches!(table.kind, TableKind::Table | TableKind::Partitioned);
    let is_filled = |table: &&ExistingTable| {
        schema.tables.iter().any(|of_source| of_source.name.eq_ignore_ascii_case(&table.name))
    };
    Ok(existing.iter().filter(has_rows).filter(is_filled).map(|table| table.name.clone()).collect())
}

fn of_existing(error: ExistingError) -> RunError {
    match error {
        ExistingError::Read(error) => error.into(),
        ExistingError::Understand(cause) => {
            let error: CallerError = Box::new(PlannerError::Catalog(Box::new(cause)));
            error.into()
        }
    }
}
