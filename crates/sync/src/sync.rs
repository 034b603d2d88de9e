//! A sync, from the first connection to the report.

use std::collections::BTreeSet;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use crate::apply::{Applied, RUN_ID};
use crate::begin::{Begun, FirstCopy, begin, refuse_other_types, refuse_what_acts_on_rows};
use crate::capture::{Capture, SchemaChange};
use crate::compare::{Compared, Comparing, begun, compare, lost};
use crate::error::SyncError;
use crate::follow::{Follower, LOOK, Round};
use crate::owner;
use crate::report::SyncReport;
use crate::state::{Doubt, SyncRecord};
use crate::status::{SyncStatus, status};
use crate::step::PairState;
use crate::subject::Subject;
use crate::watch::Watch;
use databases::error::ExitStatus;
use databases::open::{Access, open_sqlite};
use diesel::SqliteConnection;
use transfer::application::Application;
use transfer::control::Control;
use transfer::plan::OnError;
use transfer::run::RunSettings;
use transfer::target::state::take_down_foreign_keys;
use transfer::target::{RunLock, Target};
use transfer::verify::Verdict;

/// The settings of a sync, beside those of its first copy.
pub struct SyncSettings<'a> {
    /// Of the first copy; its observer also receives the events of comparisons.
    pub run: RunSettings<'a>,
    /// The application, whose tables are followed if the target records no others.
    pub application: fn() -> Application,
    /// The schema of the target; `None` for the first one of search_path.
    pub schema: Option<&'a str>,
    /// Whether the sync ends as soon as both sides are equal and compared.
    pub once: bool,
    /// What is done about rows that cannot be inserted.
    pub on_error: OnError,
    /// How often both sides are compared while they are followed; `None` for never.
    pub verify_every: Option<Duration>,
    /// Receives what happens while changes are followed.
    pub observer: &'a dyn SyncObserver,
}

/// What happens while changes are followed.
pub enum SyncEvent<'a> {
    /// Following begins.
    Following,
    /// Changes were read, and are being applied.
    Applying {
        /// Entries of the log.
        entry_count: i64,
        /// When nothing was left to apply for the last time.
        since: Instant,
    },
    /// The changes that were being applied are in the target.
    Applied {
        /// Entries of the log.
        entry_count: i64,
        /// Rows that were rejected.
        rejected_count: usize,
        /// How long it took.
        elapsed: Duration,
        /// The longest time since any of these changes was committed.
        lag: Duration,
    },
    /// Once a second.
    Progress(&'a SyncProgress),
    /// Changes may have been missed.
    Doubt(&'a Doubt),
    /// An object of the source changed that is not followed.
    SchemaChanged(&'a SchemaChange),
    /// A comparison has ended.
    Compared(&'a Comparing),
}

/// Receives events.
pub trait SyncObserver {
    /// Receives an event.
    fn observe(&self, event: &SyncEvent<'_>);
}

/// Where following stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SyncProgress {
    /// The position up to which changes are in the target.
    pub position: i64,
    /// The longest time, in milliseconds, between a commit in the source and its commit in the target, since the last report.
    pub lag_ms: u128,
    /// Entries of the log that were applied since this sync was started.
    pub applied_changes: i64,
    /// Rows that were inserted since this sync was started.
    pub applied_rows: u64,
    /// Rows that were rejected since this sync was started.
    pub rejected_rows: usize,
}

/// Attaches capture to the source, copies what is missing, and follows until the user interrupts, or with `once` until
/// both sides are equal.
///
/// The report is complete whatever happens. The error that ended the sync, or else the status of the command, is returned
/// beside it.
pub fn sync(
    planner: &mut dyn FirstCopy,
    settings: &SyncSettings<'_>,
) -> (SyncReport, Result<ExitStatus, SyncError>) {
    let began = Instant::now();
    let mut report = SyncReport::new(settings.run.source.to_string(), settings.run.target.to_string());
    let outcome = open_and_follow(planner, settings, &mut report);
    report.end(began.elapsed(), &outcome);
    (report, outcome)
}

fn open_and_follow(
    planner: &mut dyn FirstCopy,
    settings: &SyncSettings<'_>,
    report: &mut SyncReport,
) -> Result<ExitStatus, SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Follow).map_err(SyncError::OpenSource)?;
    let mut target = Target::open_with(settings.run.target, settings.schema)?;
    let record = SyncRecord::load(&mut target)?;
    let subject = match record {
        Some(record) => Some(recorded(&mut source, &mut target, &record, settings)?),
        None => None,
    };
    let subject = match subject {
        Some(subject) => subject,
        None => {
            let (copied, outcome) = begin(&mut source, &mut target, planner, &settings.run);
            report.first_copy = copied;
            match outcome? {
                Begun::Following(subject) => subject,
                Begun::Ended(status) => return Ok(status),
            }
        }
    };
    let lock = RunLock::take(&target)?;
    let outcome = follow(source, target, &subject, settings, report);
    drop(lock);
    outcome
}

/// What an earlier sync has recorded, if both sides belong together and the source is the owner.
fn recorded(
    source: &mut SqliteConnection,
    target: &mut Target,
    record: &SyncRecord,
    settings: &SyncSettings<'_>,
) -> Result<Subject, SyncError> {
    if Capture::load(source)?.is_none() {
        return Err(match record.follows(settings.run.source) {
            true => SyncError::OtherLog,
            false => record.of_other_source(),
        });
    }
    let of_source = owner::of_source(source)?;
    let of_target = owner::of_target(target)?
        .ok_or_else(|| SyncError::Records("the target has a position and no owner".to_owned()))?;
    let sides = owner::sides(&of_source, &of_target)?;
    if sides.state() != Some(PairState::A) {
        return Err(SyncError::Records(
            "the source does not take writes: there is nothing to follow".to_owned(),
        ));
    }
    let conversion: Option<crate::stored::StoredConversion> = record.tables()?;
    Ok(match conversion {
        Some(conversion) => Subject::Foreign(conversion),
        None => Subject::Application((settings.application)()),
    })
}

fn follow(
    mut source: SqliteConnection,
    mut target: Target,
    subject: &Subject,
    settings: &SyncSettings<'_>,
    report: &mut SyncReport,
) -> Result<ExitStatus, SyncError> {
    let capture = Capture::load(&mut source)?.ok_or(SyncError::OtherLog)?;
    let record = SyncRecord::load(&mut target)?
        .ok_or_else(|| SyncError::Records("the target has no position".to_owned()))?;
    let found = subject.followed(&mut source, &capture, &record.source_id, settings.run.show_values)?;
    let names: Vec<&str> = found.tables.iter().map(|table| table.followed.table().name()).collect();
    refuse_what_acts_on_rows(&mut target, &names)?;
    refuse_other_types(&mut target, subject)?;
    // Somebody may have restored them.
    target.in_transaction(|target| take_down_foreign_keys(target, &names, RUN_ID))?;
    let of_target = owner::of_target(&mut target)?
        .ok_or_else(|| SyncError::Records("the target has a position and no owner".to_owned()))?;
    let epoch = i64::try_from(of_target.state.epoch)
        .map_err(|error| SyncError::Records(format!("the epoch of the target cannot be read: {error}")))?;
    let control = Control { stop: settings.run.stop, observer: settings.run.observer };
    let mut follower = Follower {
        watch: Watch::new(source, settings.run.source.path().to_owned())?,
        target,
        capture,
        tables: found.tables,
        encoding: found.encoding,
        position: record.position(),
        epoch,
        source_id: record.source_id.clone(),
        on_error: settings.on_error,
        control,
        whole: record.replaced()?.into_iter().collect(),
        doubts: record.doubts()?,
        doubts_compared: 0,
        with_rejects: BTreeSet::new(),
        seen_at: Instant::now(),
        pruned_at: Instant::now(),
    };
    follower.load_rejects()?;
    let mut following =
        Following { follower, compared: found.compared, settings, progress: SyncProgress::default() };
    let outcome = following.run(report);
    let ended = following.end(report);
    match outcome {
        Err(SyncError::Broken(broken)) => Err(subject.broken(&mut following.follower.watch.source, broken)),
        Err(error) => Err(error),
        Ok(status) => ended.map(|()| status),
    }
}

/// The loop.
struct Following<'a, 's> {
    follower: Follower<'a>,
    compared: Compared,
    settings: &'s SyncSettings<'a>,
    progress: SyncProgress,
}

impl Following<'_, '_> {
    fn run(&mut self, report: &mut SyncReport) -> Result<ExitStatus, SyncError> {
        if self.settings.once {
            let verdict = self.compare_once(report)?;
            return Ok(verdict.exit_status());
        }
        self.settings.observer.observe(&SyncEvent::Following);
        let compared = self.compared.clone();
        let control = self.follower.control;
        std::thread::scope(|scope| {
            let mut comparing: Option<ScopedJoinHandle<'_, Result<Comparing, SyncError>>> = None;
            let mut compare_at = self.settings.verify_every.map(|every| Instant::now() + every);
            let mut report_at = Instant::now();
            while !control.is_stopping() {
                self.round()?;
                if report_at.elapsed() >= Duration::from_secs(1) {
                    report_at = Instant::now();
                    self.settings.observer.observe(&SyncEvent::Progress(&self.progress));
                    self.progress.lag_ms = 0;
                }
                if comparing.as_ref().is_some_and(ScopedJoinHandle::is_finished)
                    && let Some(ended) = comparing.take()
                {
                    let found = ended.join().map_err(|_panic| lost())??;
                    self.take(report, found)?;
                    compare_at = self.settings.verify_every.map(|every| Instant::now() + every);
                }
                if comparing.is_none() && compare_at.is_some_and(|at| Instant::now() >= at) {
                    // Several readers of one snapshot need a moment in which nobody commits.
                    let snapshots = self.follower.take_snapshots(self.settings.run.source, 0)?;
                    let (sender, receiver) = begun();
                    let compared = &compared;
                    comparing = Some(scope.spawn(move || compare(snapshots, compared, control, &sender)));
                    // An error of the thread is found when it has ended.
                    receiver.recv().ok();
                }
                std::thread::sleep(LOOK);
            }
            Ok(ExitStatus::Interrupted)
        })
    }

    /// Looks once, and reports what was found.
    fn round(&mut self) -> Result<Round, SyncError> {
        let round = self.follower.look(self.settings.observer)?;
        self.count(&round);
        self.follower.prune()?;
        Ok(round)
    }

    fn count(&mut self, round: &Round) {
        let Applied { row_count, rejected_count } = round.applied;
        self.progress.position = self.follower.position.seq;
        self.progress.applied_changes += round.entry_count;
        self.progress.applied_rows += row_count;
        self.progress.rejected_rows += rejected_count;
        if let Some(lag) = round.lag {
            self.progress.lag_ms = self.progress.lag_ms.max(lag.as_millis());
        }
        round.doubts.iter().for_each(|doubt| self.settings.observer.observe(&SyncEvent::Doubt(doubt)));
        let changes = round.changes.iter();
        changes.for_each(|change| self.settings.observer.observe(&SyncEvent::SchemaChanged(change)));
    }

    /// Applies everything up to now, and compares. A table that differs because of a doubt is not repaired: it is named.
    fn compare_once(&mut self, report: &mut SyncReport) -> Result<Verdict, SyncError> {
        // What is marked is replaced first; the look also finds what cannot be followed.
        while self.round()?.is_busy {
            self.follower.control.go_on()?;
        }
        let snapshots = self.follower.take_snapshots(self.settings.run.source, self.settings.run.jobs)?;
        let (sender, _receiver) = begun();
        let found = compare(snapshots, &self.compared, self.follower.control, &sender)?;
        let verdict = found.verdict;
        self.take(report, found)?;
        Ok(verdict)
    }

    /// Records a comparison that has ended.
    fn take(&mut self, report: &mut SyncReport, found: Comparing) -> Result<(), SyncError> {
        self.settings.observer.observe(&SyncEvent::Compared(&found));
        if matches!(found.verdict, Verdict::Verified | Verdict::Incomplete) {
            // What was doubted since the snapshot was taken stays.
            let compared = self.follower.doubts_compared.min(self.follower.doubts.len());
            self.follower.doubts.drain(..compared);
            self.follower.doubts_compared = 0;
            SyncRecord::verified(&mut self.follower.target, found.position.seq, &self.follower.doubts)?;
        }
        report.verdict = Some(found.verdict);
        report.verification = Some(found.verification);
        Ok(())
    }

    /// Notes where the sync stands.
    fn end(&mut self, report: &mut SyncReport) -> Result<(), SyncError> {
        report.progress = self.progress.clone();
        report.status = Some(status(&mut self.follower.watch.source, &mut self.follower.target)?);
        Ok(())
    }
}

/// Where a sync of these sides stands.
///
/// # Errors
/// When a side cannot be opened or read.
pub fn status_of(settings: &SyncSettings<'_>) -> Result<SyncStatus, SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Read).map_err(SyncError::OpenSource)?;
    let mut target = Target::open_with(settings.run.target, settings.schema)?;
    status(&mut source, &mut target)
}
