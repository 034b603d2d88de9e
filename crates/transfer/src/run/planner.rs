//! What is copied: for a run, a planner decides it.

use std::collections::BTreeSet;

use super::error::RunError;
use super::subject::RunSubject;
use crate::application::Application;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::{Existing, Options, Plan, preflight};
use crate::source::Source;
use crate::target::Target;
use crate::verify::OnlyInTarget;
use databases::url::PostgresUrl;

/// Decides what a run copies: the part before the first write.
pub trait Planner {
    /// Connects to the target.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses the connection.
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, TransferError> {
        Target::open(url)
    }

    /// Checks both sides and plans. Writes nothing.
    ///
    /// # Errors
    /// When a side cannot be read. What blocks the run is a finding of the plan.
    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError>;

    /// What is copied and compared. Called once, after a plan without blockers that is carried out.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError>;

    /// The assessment of a source that is not an application database, for the report.
    fn assessment(&self) -> Option<serde_json::Value> {
        None
    }
}

/// Plans the copy of the application's own tables.
pub struct ApplicationPlanner {
    /// The application.
    pub application: Application,
    /// What the user chose.
    pub options: Options,
}

impl Planner for ApplicationPlanner {
    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        Ok(preflight(source, target, &self.application, &self.options, control)?)
    }

    fn subject(&mut self, _plan: &Plan, _source: &mut Source) -> Result<RunSubject, RunError> {
        let tables = self.application.select(&self.options.tables)?;
        let only_in_target = match self.options.existing {
            Existing::Append => OnlyInTarget::Kept,
            Existing::Refuse | Existing::Clear => OnlyInTarget::Different,
        };
        Ok(RunSubject {
            compared: tables.clone(),
            tables,
            expected: self.application.catalog()?,
            only_in_target,
            objects: BTreeSet::new(),
            is_partial: false,
            cleared: Vec::new(),
        })
    }
}
