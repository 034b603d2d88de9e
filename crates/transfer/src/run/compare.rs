//! A comparison of both sides, with a repair where it is requested.

use std::time::Instant as Clock;

use super::error::RunError;
use super::observer::Event;
use super::report::{FindingReport, VerifyReport};
use super::settings::{CompareSettings, Confirmation};
use super::stage::Stage;
use super::stages::StageLog;
use crate::control::Control;
use crate::plan::refuse_unfinished;
use crate::plan::{Options, Plan, estimate_sizes, preflight};
use crate::source::{Source, SourceOptions};
use crate::target::{RunLock, Target, continue_sequences};
use crate::verify::{Comparison, Depth, Verdict, VerifyOptions, repair, verify, without_rejected};
use databases::error::{ExitStatus, Explain as _};

/// Compares the tables of the application on both sides; with a repair, copies the rows that are missing or differ and
/// compares again. Without a repair it writes nothing.
///
/// The report is complete whatever happens. The error that ended the comparison, or else the status of the command, is
/// returned beside it.
pub fn compare(settings: &CompareSettings<'_>) -> (VerifyReport, Result<ExitStatus, RunError>) {
    let began = Clock::now();
    let mut report = VerifyReport::new(settings.source.to_string(), settings.target.to_string());
    settings.observer.observe(&Event::RunBegun {
        run_id: None,
        source: &report.source,
        target: &report.target,
    });
    let stages = StageLog::new(settings.observer);
    let outcome = plan_and_compare(settings, &stages, &mut report);
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
    (report, outcome)
}

fn plan_and_compare(
    settings: &CompareSettings<'_>,
    stages: &StageLog<'_>,
    report: &mut VerifyReport,
) -> Result<ExitStatus, RunError> {
    stages.begin(Stage::Preflight, 0);
    let source_options = SourceOptions { stop: Some(settings.stop), ..SourceOptions::default() };
    let mut source = Source::open(settings.source, &source_options)?;
    settings.observer.observe(&Event::SnapshotTaken(source.snapshot()));
    let mut target = Target::open(settings.target)?;
    compare_opened(settings, stages, report, (&mut source, &mut target))
        .map_err(|error| error.diagnosed(&mut target))
}

fn compare_opened(
    settings: &CompareSettings<'_>,
    stages: &StageLog<'_>,
    report: &mut VerifyReport,
    (source, target): (&mut Source, &mut Target),
) -> Result<ExitStatus, RunError> {
    let control = Control { stop: settings.stop, observer: settings.observer };
    let _lock = settings.repair.then(|| RunLock::take(target)).transpose()?;
    if settings.repair {
        refuse_unfinished(target)?;
    }
    let options = Options { tables: settings.tables.clone(), verify_only: true, ..Options::default() };
    let mut plan = preflight(source, target, settings.application, &options, control)?;
    control.go_on()?;
    if plan.blockers().is_empty() && matches!(settings.options.depth, Depth::Full) {
        estimate_sizes(source, &mut plan, control);
    }
    settings.observer.observe(&Event::Planned(&plan));
    plan.findings.iter().for_each(|finding| settings.observer.observe(&Event::Finding(finding)));
    report.findings = FindingReport::of(&plan.findings, settings.words);
    if !plan.blockers().is_empty() {
        return Ok(ExitStatus::Blocked);
    }
    let tables = settings.application.select(&settings.tables)?;
    let expected = settings.application.catalog()?;
    let (tables, rejected) = without_rejected(target, &plan.source_id, &tables)?;
    let options = VerifyOptions { rejected, ..settings.options.clone() };
    let mut comparison = Comparison {
        source,
        target,
        tables: &tables,
        expected: &expected,
        options: &options,
        skipped: &[],
        control,
    };
    let verdict = compare_and_repair(settings, &plan, &mut comparison, stages, report)?;
    report.verdict = Some(verdict);
    Ok(verdict.exit_status())
}

fn compare_and_repair(
    settings: &CompareSettings<'_>,
    plan: &Plan,
    comparison: &mut Comparison<'_>,
    stages: &StageLog<'_>,
    report: &mut VerifyReport,
) -> Result<Verdict, RunError> {
    let rows = plan.tables.iter().map(|plan| match settings.options.depth {
        Depth::Counts => 0,
        Depth::Sample(wanted) => plan.total.min(wanted.into()),
        Depth::Full => plan.total,
    });
    let row_count = rows.sum();
    let compare = |comparison: &mut Comparison<'_>| {
        stages.begin_sized(Stage::Verify, row_count, plan.size_bytes());
        let verification = verify(comparison)?;
        stages.end();
        settings.observer.observe(&Event::Verified(&verification));
        Ok::<_, RunError>((Verdict::of(&verification, 0, 0, false), verification))
    };
    let (verdict, verification) = compare(comparison)?;
    if !(settings.repair && verification.is_repairable()) {
        report.verification = Some(verification);
        return Ok(verdict);
    }
    let found = report.before_repair.insert(verification);
    (settings.confirm)(&Confirmation::OverwriteRows(found))?;
    stages.begin(Stage::Copy, 0);
    report.repaired = repair(comparison, found, &plan.source_id)?;
    stages.begin(Stage::Sequences, 0);
    report.sequences_continued = continue_sequences(comparison.source, comparison.target, comparison.tables)?;
    settings.observer.observe(&Event::Repaired(&report.repaired));
    // The repair may have copied rows that were rejected before.
    let (tables, rejected) = without_rejected(comparison.target, &plan.source_id, comparison.tables)?;
    let options = VerifyOptions { rejected, ..settings.options.clone() };
    let (verdict, verification) = compare(&mut Comparison {
        source: &mut *comparison.source,
        target: &mut *comparison.target,
        tables: &tables,
        expected: comparison.expected,
        options: &options,
        skipped: comparison.skipped,
        control: comparison.control,
    })?;
    report.verification = Some(verification);
    Ok(verdict)
}
