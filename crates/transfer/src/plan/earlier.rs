//! The check of a run that did not end: whether this one continues it, restarts it, or must leave it alone.

use crate::finding::Finding;
use crate::plan::request::PlanRequest;
use crate::plan::unfinished::Unfinished;
use databases::hint::Hint;

/// What an unfinished run means for this one.
pub(super) fn check_unfinished(
    unfinished: Option<&Unfinished>,
    names: &[&str],
    request: &PlanRequest<'_>,
) -> Option<Finding> {
    let unfinished = unfinished?;
    let run = &unfinished.run;
    // Its tables and keys are not this run's to take, also not with --restart.
    if !request.is_ours(run) {
        let text =
            format!("the run of {} did not reach its end: {} from {}", run.began_at, run.command, run.source);
        return Some(Finding::blocker(text, Hint::FinishOrOtherSchema));
    }
    if !request.restart {
        return unfinished.obstacle(&request.source_id, &request.run_settings);
    }
    let begun = unfinished.parts.keys().map(String::as_str);
    let others: Vec<&str> = begun.filter(|table| !names.contains(table)).collect();
    if others.is_empty() || !request.shares_tables {
        return None;
    }
    let text =
        format!("the run that is restarted began {} too, which --tables does not select", others.join(", "));
    Some(Finding::blocker(text, Hint::SelectRestartedTables))
}
