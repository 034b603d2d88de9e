//! What `app db sync` prints.

use serde::Serialize;

use super::metrics::SyncMetrics;

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use databases::error::ExitStatus;
use databases::terminal::escape_line;
use sync::capture::CapturePlan;
use sync::{Doubt, SyncError, SyncEvent, SyncObserver, SyncProgress, SyncReport, SyncStatus};

/// Shows what happens while changes are followed.
pub(super) struct Show {
    json: bool,
    metrics: Option<SyncMetrics>,
}

/// One JSON object a line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Following,
    Progress(&'a SyncProgress),
    Doubt(&'a Doubt),
    SchemaChanged { kind: &'a str, name: &'a str },
    Compared { position: i64, verdict: &'a str },
}

impl Show {
    pub(super) fn new(json: bool, metrics: Option<SyncMetrics>) -> Self {
        Self { json, metrics }
    }
}

impl SyncObserver for Show {
    fn observe(&self, event: &SyncEvent<'_>) {
        if let Some(metrics) = &self.metrics {
            metrics.take(event);
        }
        if self.json {
            let line = match event {
                SyncEvent::Applying { .. } | SyncEvent::Applied { .. } => return,
                SyncEvent::Following => Line::Following,
                SyncEvent::Progress(progress) => Line::Progress(progress),
                SyncEvent::Doubt(doubt) => Line::Doubt(doubt),
                SyncEvent::SchemaChanged(change) => {
                    Line::SchemaChanged { kind: &change.kind, name: &change.name }
                }
                SyncEvent::Compared(found) => {
                    Line::Compared { position: found.position.seq, verdict: found.verdict.as_str() }
                }
            };
            return output::event(&line);
        }
        match event {
            SyncEvent::Following => {
                output::note("following: changes are applied as they are committed; Ctrl-C ends")
            }
            SyncEvent::Applying { .. } | SyncEvent::Applied { .. } => {}
            SyncEvent::Progress(progress) => output::note(line(progress)),
            SyncEvent::Doubt(doubt) => output::note(format!(
                "changes may have been missed: {}; compare with `app db sync --once`",
                escape_line(&doubt.reason)
            )),
            SyncEvent::SchemaChanged(change) => output::note(format!(
                "the {} {} of the source was created, changed or dropped: it is not followed",
                change.kind,
                escape_line(&change.name)
            )),
            SyncEvent::Compared(found) => output::note(format!(
                "compared at position {}: {}",
                output::count(found.position.seq),
                found.verdict.as_str()
            )),
        }
    }
}

fn line(progress: &SyncProgress) -> String {
    let rejected = match progress.rejected_rows {
        0 => String::new(),
        count => format!(", {count} rejected"),
    };
    format!(
        "position {}, lag at most {} ms, {} changes applied{rejected}",
        output::count(progress.position),
        progress.lag_ms,
        output::count(progress.applied_changes)
    )
}

/// Prints where a sync stands. What is missing decides the exit code.
pub(super) fn status(status: &SyncStatus, json: bool) -> Result<ExitStatus, CommandFailure> {
    if json {
        output::json(status)?;
    } else {
        say(status);
    }
    Ok(match (status.broken.is_empty(), status.reject_count) {
        (false, _) => ExitStatus::Blocked,
        (true, 0) => ExitStatus::Done,
        (true, _) => ExitStatus::Incomplete,
    })
}

fn say(status: &SyncStatus) {
    let Some(position) = status.position else {
        let attached = if status.is_attached {
            "a change log, and this target does not follow it"
        } else {
            "no change log"
        };
        return output::say(format!("the source has {attached}; begin with `app db sync`"));
    };
    let verified = match (status.verified.position, &status.verified.at) {
        (Some(position), Some(at)) => format!("at position {} on {at}", output::count(position)),
        _ => "not since the sync began".to_owned(),
    };
    let rows = [
        ("change log", if status.is_attached { "attached" } else { "missing" }.to_owned()),
        ("position", output::count(position.seq)),
        ("changes to apply", output::count(status.lag_changes)),
        ("changes applied", output::count(status.applied_changes)),
        ("last applied", status.applied_at.clone().unwrap_or_else(|| "never".to_owned())),
        ("equal and compared", verified),
        ("rejected rows", output::count(i64::try_from(status.reject_count).unwrap_or(i64::MAX))),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    output::table(&["sync", ""], &rows);
    for doubt in &status.verified.doubt {
        output::say(format!("changes may have been missed on {}: {}", doubt.at, escape_line(&doubt.reason)));
    }
    for broken in &status.broken {
        output::say(format!(
            "`{}` cannot be followed: {}; capture it anew with `app db sync --recapture`",
            escape_line(&broken.table),
            escape_line(&broken.reason)
        ));
    }
}

/// Prints what a detach did.
pub(super) fn detached(report: &sync::DetachReport, json: bool) -> Result<ExitStatus, CommandFailure> {
    if json {
        output::json(report)?;
    }
    output::note(format!(
        "detached: {} tables and triggers removed from the source, {} foreign keys put back in the target",
        report.removed_objects, report.restored
    ));
    for object in &report.refused {
        output::note(format!(
            "PostgreSQL refuses {} {} of {}: {}",
            object.kind,
            escape_line(&object.name),
            escape_line(&object.table_name),
            escape_line(&object.reason)
        ));
    }
    Ok(if report.refused.is_empty() { ExitStatus::Done } else { ExitStatus::Incomplete })
}

#[derive(Serialize)]
struct PlanReport<'a> {
    statements: &'a [String],
    blockers: Vec<String>,
    uncaptured: Vec<String>,
}

/// Prints what capture would add to the source.
pub(super) fn plan(plan: &CapturePlan, json: bool) -> Result<ExitStatus, CommandFailure> {
    let blockers: Vec<String> = plan.blockers.iter().map(ToString::to_string).collect();
    let uncaptured = plan.uncaptured.iter().map(|table| format!("`{}`: {}", table.name, table.reason));
    let uncaptured: Vec<String> = uncaptured.collect();
    let status = if blockers.is_empty() { ExitStatus::Done } else { ExitStatus::Blocked };
    if json {
        output::json(&PlanReport { statements: &plan.statements, blockers, uncaptured })?;
        return Ok(status);
    }
    for statement in &plan.statements {
        output::say_sql(&format!("{statement};"));
    }
    uncaptured.iter().for_each(|text| output::note(format!("not followed: {}", escape_line(text))));
    blockers.iter().for_each(|text| output::note(format!("blocked: {}", escape_line(text))));
    output::note(
        "dry run: nothing was changed; `app db sync --detach` removes these tables and triggers again",
    );
    Ok(status)
}

/// The last line.
pub(super) fn end(report: &SyncReport, outcome: &Result<ExitStatus, SyncError>) {
    let (Ok(status), Some(stands)) = (outcome, &report.status) else { return };
    let position = stands.position.map_or(0, |position| position.seq);
    let text = match status {
        ExitStatus::Done => format!("verified: both sides are equal at position {}", output::count(position)),
        ExitStatus::Interrupted => {
            format!("ended at position {}: run the same command again to go on", output::count(position))
        }
        ExitStatus::Incomplete => format!(
            "exit code 40: rows were rejected, or objects skipped; both sides are else equal at position {}; see `app db rejects list`",
            output::count(position)
        ),
        ExitStatus::Different => format!(
            "exit code 30: both sides differ at position {}: the rows are named above",
            output::count(position)
        ),
        status => format!("exit code {}: {}", status.code(), status.meaning()),
    };
    output::note_verdict(matches!(status, ExitStatus::Done), text);
}
