//! The stages of a run after its plan.

use std::collections::BTreeSet;

use super::context::RunContext;
use super::error::RunError;
use super::observer::Event;
use super::stage::Stage;
use super::subject::RunSubject;
use crate::copy;
use crate::copy::CopyRun;
use crate::copy::{RejectFile, reject_file_name};
use crate::error::TransferError;
use crate::plan::{OnRefused, Plan};
use crate::source::Source;
use crate::target::state::SkippedObject;
use crate::target::{RunLock, Target, continue_sequences};
use crate::verify::{self, Comparison, Verdict, VerifyOptions, not_in_force_before};

/// Both sides, and the lock of the target.
pub(super) type Sides<'a> = (&'a mut Source, &'a mut Target, &'a mut RunLock);

/// Everything after the plan, in the order of the stages.
pub(super) fn write(
    context: &mut RunContext<'_>,
    plan: &mut Plan,
    subject: &RunSubject,
    sides: &mut Sides<'_>,
) -> Result<Verdict, RunError> {
    if plan.on_refused == OnRefused::KeepDefinition {
        let names: Vec<&str> = plan.tables.iter().map(|plan| plan.table.name()).collect();
        context.not_in_force_before = not_in_force_before(sides.1, &names)?;
    }
    copy_rows(context, plan, subject, sides)?;
    let (source, target, _) = sides;
    let settings = context.settings;
    let id = context.report.run_id.clone();
    context.stages.begin_in(target, &id, Stage::Sequences, 0)?;
    context.report.sequences_continued += continue_sequences(source, target, &subject.tables)?;
    copy::forget_settled(target, &context.report.source_id, &subject.tables)?;
    let verdict = verify(context, subject, source, target)?;
    context.stages.begin_in(target, &id, Stage::Finish, 0)?;
    copy::finish(target, plan, settings.jobs, settings.control())?;
    context.stages.end();
    let (change, wal_size_bytes) = (source.change()?, source.wal_size_bytes());
    settings.observer.observe(&Event::SourceChanged { change, wal_size_bytes });
    context.report.source_change = Some(change);
    context.report.wal_size_bytes = wal_size_bytes;
    Ok(verdict)
}

/// The stages `prepare`, `copy` and `constraints`.
fn copy_rows(
    context: &mut RunContext<'_>,
    plan: &mut Plan,
    subject: &RunSubject,
    (source, target, lock): &mut Sides<'_>,
) -> Result<(), RunError> {
    let settings = context.settings;
    let id = context.report.run_id.clone();
    let file = settings.rejects_file.clone().unwrap_or_else(|| reject_file_name(&id));
    let rejects = RejectFile::new(file, settings.max_rejects);
    if !subject.cleared.is_empty() {
        rejects.append(&subject.cleared)?;
    }
    let run = CopyRun {
        id: &id,
        jobs: settings.jobs,
        rejects: &rejects,
        stages: context.stages,
        control: settings.control(),
    };
    context.stages.begin(Stage::Prepare, 0);
    context.is_begun = true;
    copy::prepare(source, target, plan, &run)?;
    // The application may write to the target from now on: its keys must not be those of the source.
    context.report.sequences_continued = continue_sequences(source, target, &subject.tables)?;
    context.stages.begin_sized_in(target, &id, Stage::Copy, plan.missing(), plan.missing_bytes())?;
    let (tables, outcome) = copy::copy_all(source, target, lock, plan, &run);
    context.stages.end();
    settings.observer.observe(&Event::TablesEnded(&tables));
    context.report.tables = tables;
    if rejects.is_used() {
        context.report.rejects_file = Some(rejects.path().display().to_string());
        settings.observer.observe(&Event::RejectsFile(rejects.path()));
    }
    outcome?;
    settings.observer.observe(&Event::Copied {
        row_count: context.report.copied_rows(),
        table_count: context.report.tables.len(),
    });
    Ok(())
}

/// The stage `verify`, and the verdict. The stage is written to the target only where the run is.
pub(super) fn verify(
    context: &mut RunContext<'_>,
    subject: &RunSubject,
    source: &mut Source,
    target: &mut Target,
) -> Result<Verdict, RunError> {
    let settings = context.settings;
    let skipped = skipped_objects(target, &subject.objects)?;
    skipped.iter().for_each(|object| settings.observer.observe(&Event::Skipped(object)));
    let (tables, rejected) = verify::without_rejected(target, &context.report.source_id, &subject.compared)?;
    let options = VerifyOptions {
        only_in_target: subject.only_in_target,
        show_values: settings.show_values,
        rejected,
        not_in_force_before: context.not_in_force_before.clone(),
        ..VerifyOptions::default()
    };
    let (row_count, size_bytes) = (context.planned_rows, context.planned_bytes);
    match settings.writes() {
        true => {
            let id = &context.report.run_id;
            context.stages.begin_sized_in(target, id, Stage::Verify, row_count, size_bytes)?;
        }
        false => context.stages.begin_sized(Stage::Verify, row_count, size_bytes),
    }
    let verification = verify::verify(&mut Comparison {
        source,
        target,
        tables: &tables,
        expected: &subject.expected,
        options: &options,
        skipped: &skipped,
        control: settings.control(),
    })?;
    context.stages.end();
    settings.observer.observe(&Event::Verified(&verification));
    let verdict =
        Verdict::of(&verification, context.report.rejected_rows(), skipped.len(), subject.is_partial);
    context.report.left_out = skipped;
    context.report.verification = Some(verification);
    context.report.verdict = Some(verdict);
    Ok(verdict)
}

/// The skipped objects of these tables and views.
fn skipped_objects(
    target: &mut Target,
    objects: &BTreeSet<String>,
) -> Result<Vec<SkippedObject>, TransferError> {
    let all = target
        .in_transaction(SkippedObject::load)
        .map_err(|source| TransferError::UseTarget { what: "read the skipped objects", source })?;
    Ok(all.into_iter().filter(|object| objects.contains(&object.table_name)).collect())
}
