//! The application's tables in foreign-key order, parents before children: the only list of them.
//!
//! A test compares the list with the live catalogs.

use transfer::copy::Application;

use crate::migrations::MIGRATIONS;
use crate::models::{billing, documents, projects, tasks, tenancy};
use crate::schema;

/// What the engine needs of this application.
pub static APPLICATION: Application = Application { tables: TABLES, migrations: &MIGRATIONS };

transfer::tables! {
    /// All tables of the application, parents before children.
    pub static TABLES in schema = [
        tenancy::Organization as organizations,
        tenancy::User as users,
        tenancy::OrganizationSetting as organization_settings,
        tenancy::Subscription as subscriptions,
        tenancy::UsageLog as usage_logs,
        tenancy::Notification as notifications,
        tenancy::Activity as activities,
        tenancy::ContactSubmission as contact_submissions,
        tenancy::ReportRun as report_runs,
        tenancy::Session as sessions,
        tenancy::IdempotencyKey as idempotency_keys,
        documents::Batch as batches,
        documents::Document as document_metadata,
        documents::FieldCorrection as field_corrections,
        documents::ConnectorConfig as connector_configs,
        documents::FieldMapping as field_mappings,
        tasks::RecurringPattern as recurring_patterns,
        tasks::Task as tasks,
        billing::Customer as customers,
        billing::Product as products,
        billing::Bill as bills,
        billing::BillItem as bill_items,
        projects::Project as projects,
        projects::Milestone as milestones,
        projects::Payment as payments,
        projects::Applicant as applicants,
        projects::Match as matches,
        projects::Investment as investments,
        projects::InvestmentValuation as investment_valuations,
        projects::ApplicantEmbedding as applicant_embeddings,
        projects::ProjectEmbedding as project_embeddings,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table without conditions would not be checked at all.
    #[test]
    fn every_table_has_conditions() {
        let checks = APPLICATION.checks().expect("checks");
        for table in TABLES {
            assert!(checks.get(table.name()).is_some_and(|checks| !checks.is_empty()), "{}", table.name());
        }
    }
}
