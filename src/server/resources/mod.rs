//! The resources: one file each, with its fields and rules.

mod activities;
mod applicant_embeddings;
mod applicants;
mod batches;
mod bill_actions;
mod bill_items;
mod bills;
mod connector_configs;
mod contact_submissions;
mod customers;
mod documents;
mod field_corrections;
mod field_mappings;
mod investment_valuations;
mod investments;
mod ledger;
mod matches;
mod milestones;
mod notifications;
mod organization_settings;
mod organizations;
mod payments;
mod products;
mod project_embeddings;
mod projects;
mod recurring_patterns;
mod report_runs;
mod subscriptions;
mod tasks;
mod usage_logs;
mod users;

use axum::Router;

use super::app::AppState;
use super::handle;
use super::openapi::{self, Described, Description};
use super::resource::Resource;
use super::rights::ResourceKind;
use crate::models::for_each_table;

/// The generic functions for one resource.
struct ResourceEntry {
    routes: fn() -> Router<AppState>,
    describe: fn(&mut Description),
    /// The audited fields, and the visible columns.
    #[cfg(test)]
    audited: fn() -> (&'static [&'static str], Vec<&'static str>),
}

/// The resource of a model; fails to compile if its kind is not the one in the list of tables.
const fn entry<R: Resource>(has_listed_kind: bool) -> ResourceEntry {
    assert!(has_listed_kind, "the resource has another kind than its table");
    ResourceEntry {
        routes: handle::routes::<R>,
        describe: openapi::describe::<R>,
        #[cfg(test)]
        audited: || (R::AUDITED, R::properties().into_iter().map(|(column, _)| column).collect()),
    }
}

macro_rules! resources {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        /// All resources.
        const ALL: &[ResourceEntry] = &[$($(
            entry::<crate::models::$module::$row>(matches!(
                <crate::models::$module::$row as Resource>::KIND,
                ResourceKind::$kind
            )),
        )?)+];
    };
}
for_each_table!(resources);

/// The routes of all resources.
pub(super) fn routes() -> Router<AppState> {
    let particular = Router::new().merge(usage_logs::routes()).merge(contact_submissions::routes());
    ALL.iter().fold(particular, |router, entry| router.merge((entry.routes)()))
}

/// Describes all resources.
pub(super) fn describe(description: &mut Description) {
    for entry in ALL {
        (entry.describe)(description);
    }
}

/// Routes outside of the generic ones.
pub(super) fn described() -> Vec<Described> {
    [usage_logs::described(), contact_submissions::described()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A misspelled field would never be recorded. Secret columns are not visible.
    #[test]
    fn audited_fields_are_visible_columns() {
        let mut count = 0;
        for entry in ALL {
            let (audited, columns) = (entry.audited)();
            for field in audited {
                assert!(columns.contains(field), "{field} is not one of {columns:?}");
                count += 1;
            }
        }
        assert!(count > 50, "{count}");
    }
}
