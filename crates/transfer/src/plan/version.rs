//! The check that a side is at the version of the migrations.

use crate::finding::Finding;
use databases::hint::Hint;
use databases::migrations::{self, MigrationState};

/// A finding where the migrations of a side are not those of the application.
pub(super) fn version_finding(
    side: &str,
    entries: &[migrations::MigrationEntry],
    update: &Hint,
) -> Option<Finding> {
    let of = |state| {
        let these = entries.iter().filter(|entry| entry.state == state);
        these.map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (pending, unknown, changed) =
        (of(MigrationState::Pending), of(MigrationState::Unknown), of(MigrationState::Changed));
    if !unknown.is_empty() {
        let text = format!("the {side} has migrations that this program does not know: {unknown}");
        return Some(Finding::blocker(text, "use the version of the program that applied them"));
    }
    if !changed.is_empty() {
        let text = format!("migrations of the {side} changed after they were applied: {changed}");
        return Some(Finding::blocker(text, Hint::AcceptChangedMigrations));
    }
    if !pending.is_empty() {
        let text = format!("the {side} lacks migrations: {pending}");
        return Some(Finding::blocker(text, update.clone()));
    }
    None
}
