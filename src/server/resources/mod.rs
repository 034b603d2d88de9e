//! The resources: one file each, with its fields and rules.

mod activities;
mod applicant_embeddings;
mod applicants;
mod batches;
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
use crate::models::billing::{Bill, BillItem, Customer, Product};
use crate::models::documents::{Batch, ConnectorConfig, Document, FieldCorrection, FieldMapping};
use crate::models::projects::{
    Applicant, ApplicantEmbedding, Investment, InvestmentValuation, Match, Milestone, Payment, Project,
    ProjectEmbedding,
};
use crate::models::tasks::{RecurringPattern, Task};
use crate::models::tenancy::{
    Activity, ContactSubmission, Notification, Organization, OrganizationSetting, ReportRun, Subscription,
    UsageLog, User,
};

pub(super) use contact_submissions::MOST as MOST_CONTACTS;

/// The generic functions for one resource.
struct ResourceEntry {
    routes: fn() -> Router<AppState>,
    describe: fn(&mut Description),
}

macro_rules! all {
    ($($row:ident,)+) => {
        /// All resources: the only list of them.
        const ALL: &[ResourceEntry] =
            &[$(ResourceEntry { routes: handle::routes::<$row>, describe: openapi::describe::<$row> }),+];
    };
}

all! {
    Organization,
    OrganizationSetting,
    User,
    Subscription,
    UsageLog,
    Notification,
    Activity,
    ContactSubmission,
    ReportRun,
    Batch,
    Document,
    FieldCorrection,
    ConnectorConfig,
    FieldMapping,
    RecurringPattern,
    Task,
    Customer,
    Product,
    Bill,
    BillItem,
    Payment,
    Project,
    Milestone,
    Applicant,
    ApplicantEmbedding,
    ProjectEmbedding,
    Match,
    Investment,
    InvestmentValuation,
}

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
