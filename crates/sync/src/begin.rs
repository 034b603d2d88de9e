//! The beginning of a sync: capture is attached, what is missing is copied, and the position is recorded.

use diesel::SqliteConnection;

use crate::apply::{RUN_ID, tables_with_rejects};
use crate::capture::{Capture, CapturePlan, OwnerRow, attach, detach};
use crate::error::SyncError;
use crate::follow::now;
use crate::log;
use crate::owner;
use crate::position::Position;
use crate::references;
use crate::state::SyncRecord;
use crate::subject::Subject;
use databases::error::{ExitStatus, Explain as _};
use databases::url::PostgresUrl;
use transfer::control::Control;
use transfer::error::TransferError;
use transfer::finding::Finding;
use transfer::plan::Plan;
use transfer::run::{Confirm, Confirmation, Planner, RunError, RunReport, RunSettings, RunSubject, execute};
use transfer::source::Source;
use transfer::target::Target;
use transfer::target::state::{RunRecord, RunState, take_down_foreign_keys};
use transfer::verify::{TableVerdict, Verdict};

/// What a first copy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyMode {
    /// It creates the tables, and copies the rows.
    Copy,
    /// It begins an unfinished copy again: rows that were copied may have changed since.
    Restart,
    /// It compares only: an earlier run has copied the rows, and what differs is replaced.
    Compare,
}

/// A planner of the first copy that also says how tables are converted.
pub trait FirstCopy: Planner {
    /// What was planned, once the run has ended.
    ///
    /// # Errors
    /// When what was planned cannot be followed.
    fn subject_of_sync(&mut self) -> Result<Subject, SyncError>;

    /// Whether this table of the source is followed.
    fn follows(&self, table: &str) -> bool;

    /// The identity of the source, as the records of runs have it.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn source_id(&self, source: &mut SqliteConnection) -> Result<Option<String>, SyncError>;

    /// What is to be done before following.
    fn set_mode(&mut self, mode: CopyMode);
}

/// What the first copy came to.
pub(crate) enum Begun {
    /// The sync has begun.
    Following(Subject),
    /// The copy was blocked, or only planned: nothing was changed.
    Ended(ExitStatus),
}

/// Passes calls on, and notes the end of the log in the snapshot that is copied.
struct Noting<'a> {
    planner: &'a mut dyn FirstCopy,
    position: Option<Position>,
}

impl Planner for Noting<'_> {
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, TransferError> {
        self.planner.open_target(url)
    }

    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        let end = log::end(source.sqlite())
            .map_err(|source| TransferError::ReadSource { what: "read the change log", source })?;
        self.position = Some(end.unwrap_or(Position::BEGIN));
        self.planner.plan(source, target, control)
    }

    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError> {
        self.planner.subject(plan, source)
    }

    fn assessment(&self) -> Option<serde_json::Value> {
        self.planner.assessment()
    }
}

/// What capture would add to the source.
///
/// # Errors
/// When the source cannot be read.
pub fn plan_capture(
    source: &mut SqliteConnection,
    planner: &dyn FirstCopy,
) -> Result<CapturePlan, SyncError> {
    Ok(CapturePlan::of(source, &|table| planner.follows(table))?)
}

/// Attaches capture, copies, and records the position. `source` is open for writing, and has no capture unless an earlier
/// begin was killed.
pub(crate) fn begin(
    source: &mut SqliteConnection,
    target: &mut Target,
    planner: &mut dyn FirstCopy,
    settings: &RunSettings<'_>,
) -> (Option<RunReport>, Result<Begun, SyncError>) {
    let (pair_id, is_new) = match attached(source, target, planner) {
        Ok(attached) => attached,
        Err(error) => return (None, Err(error)),
    };
    let mode = match mode(source, target, planner) {
        Ok(mode) => mode,
        Err(error) => return (None, Err(error)),
    };
    planner.set_mode(mode);
    // What a restart empties is what the unfinished copy has written.
    let agree = |_: &Confirmation<'_>| Ok(());
    let confirm: &Confirm<'_> = if mode == CopyMode::Restart { &agree } else { settings.confirm };
    let settings = RunSettings { verify_only: mode == CopyMode::Compare, confirm, ..settings.clone() };
    let mut noting = Noting { planner, position: None };
    let (report, outcome) = execute(&mut noting, &settings);
    let position = noting.position;
    let ended = |status: ExitStatus, source: &mut SqliteConnection| -> Result<Begun, SyncError> {
        if is_new {
            detach(source)?;
        }
        Ok(Begun::Ended(status))
    };
    let begun = match (outcome, position, report.verdict) {
        (Err(error), ..) if error.exit_status() == ExitStatus::Blocked => {
            // It was refused before anything was written, and the next attempt begins anew.
            ended(ExitStatus::Blocked, source).and(Err(error.into()))
        }
        (Err(error), ..) => Err(error.into()),
        (Ok(_), Some(position), Some(verdict)) if !matches!(verdict, Verdict::NotVerified(_)) => {
            agree_to_replace(&report, &settings)
                .and_then(|()| record(source, target, noting.planner, &report, &pair_id, position))
                .map(Begun::Following)
        }
        (Ok(status), ..) => ended(status, source),
    };
    let begun = match begun {
        // Nothing will be followed as it is: nothing stays behind in the source.
        Err(error) if is_new && error.exit_status() == ExitStatus::Blocked => match detach(source) {
            Ok(_) => Err(error),
            Err(error) => Err(error.into()),
        },
        begun => begun,
    };
    (Some(report), begun)
}

/// Asks before rows of an earlier run are replaced: they may have been changed in the target since.
fn agree_to_replace(report: &RunReport, settings: &RunSettings<'_>) -> Result<(), SyncError> {
    match (report.verdict, &report.verification) {
        (Some(Verdict::Different), Some(verification)) => {
            let confirmation = Confirmation::OverwriteRows(verification);
            Ok((settings.confirm)(&confirmation).map_err(RunError::from)?)
        }
        _ => Ok(()),
    }
}

/// What is to be done: by the newest run from this source.
fn mode(
    source: &mut SqliteConnection,
    target: &mut Target,
    planner: &dyn FirstCopy,
) -> Result<CopyMode, SyncError> {
    let source_id = planner.source_id(source)?;
    let runs = RunRecord::load(target)?;
    let newest = runs.into_iter().find(|run| Some(&run.source_id) == source_id.as_ref());
    Ok(match newest.map(|run| run.state) {
        None => CopyMode::Copy,
        Some(RunState::Completed) => CopyMode::Compare,
        Some(_) => CopyMode::Restart,
    })
}

/// The identity of the pair, and whether capture is new.
fn attached(
    source: &mut SqliteConnection,
    target: &Target,
    planner: &dyn FirstCopy,
) -> Result<(String, bool), SyncError> {
    if Capture::load(source)?.is_some() {
        // An earlier begin was killed before the position was recorded.
        let owner = owner::of_source(source)?;
        if !owner::names_target(&owner, target)? {
            return Err(owner::followed_by_other(&owner, databases::hint::Hint::DetachSync));
        }
        return Ok((owner.pair_id, false));
    }
    let plan = plan_capture(source, planner)?;
    if !plan.blockers.is_empty() {
        let blockers = plan.blockers.iter();
        return Err(SyncError::Blocked(
            blockers.map(|blocker| Finding::blocker(blocker.to_string(), "leave this table out")).collect(),
        ));
    }
    let pair_id = format!("{}@{}", uuid::Uuid::now_v7(), owner::name_of(target)?);
    let owner = OwnerRow {
        state: "owner".to_owned(),
        epoch: 0,
        other_id: Some(pair_id.clone()),
        cutover_id: None,
        at: now(),
        position: None,
    };
    attach(source, &plan, &owner)?;
    // The first position has a stamp, too.
    log::add_commit(source).map_err(SyncError::ReadLog)?;
    Ok((pair_id, true))
}

/// Records the position up to which the target has everything, and takes foreign keys down. Tables that were found to
/// differ, or of which rows are rejected, are replaced by the first changes.
fn record(
    source: &mut SqliteConnection,
    target: &mut Target,
    planner: &mut dyn FirstCopy,
    report: &RunReport,
    pair_id: &str,
    position: Position,
) -> Result<Subject, SyncError> {
    let subject = planner.subject_of_sync()?;
    refuse_other_types(target, &subject)?;
    let capture = Capture::load(source)?.ok_or(crate::capture::CaptureError::NotAttached)?;
    let found = subject.followed(source, &capture, &report.source_id, false)?;
    let verified = |name: &str| {
        let mut tables = report.verification.iter().flat_map(|verification| &verification.tables);
        tables.any(|table| table.table == name && table.verdict == TableVerdict::Verified)
    };
    // Nobody knows what became of rejected rows before there was a log.
    target.in_transaction(Target::prepare_records)?;
    let with_rejects = target.in_transaction(|target| tables_with_rejects(target, &report.source_id))?;
    let is_replaced = |name: &str| !verified(name) || with_rejects.contains(name);
    let replaced = found.tables.iter().filter(|table| is_replaced(table.followed.table().name()));
    let replaced: Vec<i64> = replaced.map(|table| table.t).collect();
    let names: Vec<&str> = found.tables.iter().map(|table| table.followed.table().name()).collect();
    let stored = match &subject {
        Subject::Application(_) => None,
        Subject::Foreign(conversion) => Some(conversion),
    };
    target.in_transaction(|target| {
        take_down_foreign_keys(target, &names, RUN_ID)?;
        owner::receive(target, pair_id, 0)?;
        SyncRecord::begin(target, &report.source_id, &report.source, position, &replaced, &stored)
    })?;
    Ok(subject)
}

/// Refuses a target whose columns do not have the types for which values are encoded.
pub(crate) fn refuse_other_types(target: &mut Target, subject: &Subject) -> Result<(), SyncError> {
    let Subject::Foreign(conversion) = subject else { return Ok(()) };
    let columns = conversion.expected_columns();
    let found = target.in_transaction(|target| references::other_types(target, &columns))?;
    let hint = databases::hint::Hint::RestartRun { empties_tables: false };
    let found: Vec<Finding> = found.into_iter().map(|text| Finding::blocker(text, hint.clone())).collect();
    if found.is_empty() { Ok(()) } else { Err(SyncError::Blocked(found)) }
}

/// Refuses what would act on rows that are replaced: foreign keys of tables that are not followed, by which rows would be
/// missing for a moment or be deleted with others, and triggers.
pub(crate) fn refuse_what_acts_on_rows(target: &mut Target, names: &[&str]) -> Result<(), SyncError> {
    let foreign = target.in_transaction(|target| references::of_others(target, names))?;
    let triggers = target.in_transaction(|target| references::triggers(target, names))?;
    let foreign =
        foreign.into_iter().map(|text| Finding::blocker(text, "drop it until the move is complete"));
    let triggers = triggers.into_iter().map(|text| {
        Finding::blocker(text, "disable it until the move is complete: ALTER TABLE ... DISABLE TRIGGER")
    });
    let found: Vec<Finding> = foreign.chain(triggers).collect();
    if found.is_empty() { Ok(()) } else { Err(SyncError::Blocked(found)) }
}
