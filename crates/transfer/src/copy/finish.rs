//! The last stage: statistics, by which queries after the move are planned as they were before it, and materialized views
//! where the user wants them refreshed.

use std::sync::{Mutex, PoisonError};

use diesel::connection::SimpleConnection as _;

use super::retry::with_retries;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::{Mode, Plan};
use crate::target::Target;

/// Gathers the statistics of the tables that received rows, with `jobs` connections.
///
/// It is the last stage because no other needs them: building indexes and validating keys scan whole tables anyway, and
/// so does verification.
///
/// # Errors
/// When the target fails, or the user interrupts.
pub fn finish(
    target: &mut Target,
    plan: &Plan,
    jobs: usize,
    control: Control<'_>,
) -> Result<(), TransferError> {
    if plan.refreshes_views {
        refresh_views(target, control)?;
    }
    let nested = target
        .is_in_transaction()
        .map_err(|source| TransferError::UseTarget { what: "gather statistics", source })?;
    let filled = plan.tables.iter().filter(|plan| plan.mode != Mode::Nothing).map(|plan| plan.table.name());
    let waiting: Mutex<Vec<&str>> = Mutex::new(filled.collect());
    let mut others = Vec::new();
    for _ in 1..if nested { 1 } else { jobs } {
        others.push(target.another()?);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = std::iter::once(target)
            .chain(&mut others)
            .map(|target| scope.spawn(|| analyze(target, &waiting, control)))
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_panic| TransferError::ReaderLost)?)
    })
}

/// Refreshes the materialized views, in the order in which they were created: one can only use those before it.
fn refresh_views(target: &mut Target, control: Control<'_>) -> Result<(), TransferError> {
    let views = target
        .in_transaction(Target::materialized_views)
        .map_err(|source| TransferError::UseTarget { what: "look for materialized views", source })?;
    for view in views {
        let refreshed = with_retries(target, control, "refresh a materialized view", |target| {
            target.in_transaction(|target| {
                target.postgres().batch_execute(&format!("REFRESH MATERIALIZED VIEW {view}"))
            })
        });
        refreshed.map_err(|failed| failed.into_error("refresh a materialized view"))?;
        control.go_on()?;
    }
    Ok(())
}

fn analyze(
    target: &mut Target,
    waiting: &Mutex<Vec<&str>>,
    control: Control<'_>,
) -> Result<(), TransferError> {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(table) = next else { return Ok(()) };
        let analyzed = with_retries(target, control, "gather statistics", |target| {
            target.in_transaction(|target| {
                let analyze = format!("ANALYZE {}", target.full_name(table));
                target.postgres().batch_execute(&analyze)
            })
        });
        analyzed.map_err(|failed| failed.into_error("gather statistics"))?;
        control.go_on()?;
    }
}
