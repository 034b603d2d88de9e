//! A copy or an import, from the first connection to the report.

use std::time::Instant as Clock;

use super::context::RunContext;
use super::end::write_end;
use super::error::RunError;
use super::observer::Event;
use super::planner::Planner;
use super::report::RunReport;
use super::settings::RunSettings;
use super::stage::Stage;
use super::stages::StageLog;
use super::subject::RunSubject;
use super::write::{verify, write};
use crate::copy::end_run;
use crate::plan::{Plan, estimate_sizes};
use crate::source::Source;
use crate::target::state::RunState;
use crate::target::{RunLock, Target};
use crate::verify::Verdict;
use databases::error::{ExitStatus, Explain as _};

/// Carries out a run: opens both sides, locks the target, plans, and unless the plan is blocked or only wanted, writes and
/// verifies.
///
/// The report is complete whatever happens. The error that ended the run, or else the status of the command, is returned
/// beside it.
pub fn execute(
    planner: &mut dyn Planner,
    settings: &RunSettings<'_>,
) -> (RunReport, Result<ExitStatus, RunError>) {
    let began = Clock::now();
    let id = uuid::Uuid::now_v7().to_string();
    let (source, target) = (settings.source.to_string(), settings.target.to_string());
    let mut report = RunReport::new(id, source, target, settings.dry_run);
    let stages = StageLog::new(settings.observer);
    settings.observer.observe(&Event::RunBegun {
        run_id: Some(&report.run_id),
        source: &report.source,
        target: &report.target,
    });
    let mut context = RunContext {
        settings,
        stages: &stages,
        report: &mut report,
        planned_rows: 0,
        planned_bytes: None,
        not_in_force_before: Vec::new(),
        is_begun: false,
    };
    let mut opened = None;
    let outcome = context.open_and_run(planner, &mut opened);
    let outcome = outcome.map_err(|error| match &mut opened {
        Some(target) => error.diagnosed(target),
        None => error,
    });
    let is_begun = context.is_begun;
    report.stages = stages.into_times();
    report.elapsed_ms = began.elapsed().as_millis();
    let status = match &outcome {
        Ok(status) => *status,
        Err(error) => {
            report.error = Some(error.with_causes());
            error.exit_status()
        }
    };
    report.exit_code = status.code();
    if is_begun {
        let open = || planner.open_target(settings.target);
        write_end(&report, status, open, opened, settings.observer);
    }
    (report, outcome)
}

/// Why a run in one transaction is rolled back: an error is what rolls back.
enum RolledBack {
    Verdict(Verdict),
    Error(RunError),
}

impl From<RunError> for RolledBack {
    fn from(error: RunError) -> Self {
        Self::Error(error)
    }
}

/// For the transaction itself.
impl From<diesel::result::Error> for RolledBack {
    fn from(error: diesel::result::Error) -> Self {
        Self::Error(error.into())
    }
}

impl RunContext<'_> {
    fn open_and_run(
        &mut self,
        planner: &mut dyn Planner,
        opened: &mut Option<Target>,
    ) -> Result<ExitStatus, RunError> {
        let settings = self.settings;
        self.stages.begin(Stage::Preflight, 0);
        let mut source = Source::open(settings.source, &settings.source_options())?;
        settings.observer.observe(&Event::SnapshotTaken(source.snapshot()));
        self.report.snapshot = Some(source.snapshot().clone());
        let target = opened.insert(planner.open_target(settings.target)?);
        let lock = match settings.writes() {
            true => Some(RunLock::take(target)?),
            false => None,
        };
        let mut plan = planner.plan(&mut source, target, settings.control())?;
        settings.control().go_on()?;
        if plan.blockers().is_empty() && !settings.dry_run {
            estimate_sizes(&mut source, &mut plan, settings.control());
        }
        self.take_plan(&plan);
        self.report.assessment = planner.assessment();
        if !plan.blockers().is_empty() {
            return Ok(ExitStatus::Blocked);
        }
        if settings.dry_run {
            return Ok(ExitStatus::Done);
        }
        let subject = planner.subject(&plan, &mut source)?;
        let verdict = match lock {
            None => verify(self, &subject, &mut source, target)?,
            Some(mut lock) => {
                settings.confirm_losses(&plan)?;
                settings.control().go_on()?;
                let mut sides = (&mut source, &mut *target, &mut lock);
                match settings.single_transaction {
                    true => self.write_in_one_transaction(&mut plan, &subject, &mut sides)?,
                    false => write(self, &mut plan, &subject, &mut sides)?,
                }
            }
        };
        Ok(verdict.exit_status())
    }

    fn take_plan(&mut self, plan: &Plan) {
        self.planned_rows = plan.tables.iter().map(|plan| plan.total).sum();
        self.planned_bytes = plan.size_bytes();
        self.report.take_plan(plan, self.settings.verify_only, self.settings.words);
        let observer = self.settings.observer;
        observer.observe(&Event::Planned(plan));
        plan.findings.iter().for_each(|finding| observer.observe(&Event::Finding(finding)));
    }

    /// Writes and verifies in one transaction, which also writes the end of the run. Where source and target differ, it is
    /// rolled back.
    fn write_in_one_transaction(
        &mut self,
        plan: &mut Plan,
        subject: &RunSubject,
        (source, target, lock): &mut (&mut Source, &mut Target, &mut RunLock),
    ) -> Result<Verdict, RunError> {
        let outcome = target.in_transaction(|target| {
            let verdict = write(self, plan, subject, &mut (&mut **source, target, &mut **lock))?;
            if !verdict.keeps_rows() {
                return Err(RolledBack::Verdict(verdict));
            }
            self.report.exit_code = verdict.exit_status().code();
            let text = serde_json::to_string(&self.report).map_err(RunError::from)?;
            end_run(target, &self.report.run_id, RunState::Completed, self.report.exit_code, None, &text)
                .map_err(RunError::from)?;
            Ok(verdict)
        });
        // Also after an error: nothing of the run is in the target then.
        self.is_begun = false;
        self.report.undone = outcome.is_err();
        match outcome {
            Ok(verdict) => Ok(verdict),
            Err(RolledBack::Verdict(verdict)) => {
                self.settings.observer.observe(&Event::RolledBack);
                Ok(verdict)
            }
            Err(RolledBack::Error(error)) => Err(error),
        }
    }
}
