//! All rows of an organization, table by table: to export them, and to erase them when it is closed.
//!
//! The tables are those of `for_each_table!`: a new one does not compile without its condition here.

use std::ops::ControlFlow;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::{OrganizationId, Record, billing, documents, for_each_table, projects, tasks, tenancy};
use crate::schema;
use databases::connection::{AnyConnection, row_by_row};

/// A table with rows of organizations.
trait OfOrganization: Record + serde::Serialize {
    /// Whether its rows are exported: sessions and stored responses are no data of the organization.
    const IS_EXPORTED: bool = true;

    /// Takes the rows of an organization in the order of their keys, one at a time, until it breaks.
    fn each(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        take: &mut Take<'_>,
    ) -> QueryResult<()>;

    /// Deletes the rows of an organization, and returns their number.
    fn erase(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<usize>;
}

/// The condition for rows of an organization: by their own column, or by the row that they refer to.
macro_rules! condition {
    ($organization:ident, organizations) => {
        schema::organizations::id.eq($organization)
    };
    ($organization:ident, $table:ident) => {
        schema::$table::organization_id.eq($organization)
    };
    ($organization:ident, $table:ident $column:ident -> $parent:ident $($further:tt)*) => {
        schema::$table::$column.eq_any(
            schema::$parent::table
                .filter(condition!($organization, $parent $($further)*))
                .select(schema::$parent::id),
        )
    };
}

macro_rules! of_organization {
    ($($row:ty: $table:ident $($column:ident -> $parent:ident $($next:ident -> $next_parent:ident)?)? $(, exported $is_exported:literal)?;)+) => {$(
        impl OfOrganization for $row {
            $(const IS_EXPORTED: bool = $is_exported;)?

            fn each(
                connection: &mut AnyConnection,
                organization: OrganizationId,
                take: &mut Take<'_>,
            ) -> QueryResult<()> {
                row_by_row!(
                    connection,
                    Self,
                    schema::$table::table
                        .filter(condition!(organization, $table $($column -> $parent $($next -> $next_parent)?)?))
                        .select(Self::as_select())
                        .order(schema::$table::id),
                    rows => take_rows(rows, take)
                )
            }

            fn erase(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<usize> {
                let rows = schema::$table::table
                    .filter(condition!(organization, $table $($column -> $parent $($next -> $next_parent)?)?));
                diesel::delete(rows).execute(connection)
            }
        }
    )+};
}

of_organization! {
    tenancy::Organization: organizations;
    tenancy::User: users;
    tenancy::OrganizationSetting: organization_settings;
    tenancy::Subscription: subscriptions;
    tenancy::UsageLog: usage_logs;
    tenancy::Notification: notifications;
    tenancy::Activity: activities;
    tenancy::ReportRun: report_runs;
    tenancy::Session: sessions user_id -> users, exported false;
    tenancy::IdempotencyKey: idempotency_keys user_id -> users, exported false;
    // The organization of a batch may be missing, its user is not.
    documents::Batch: batches user_id -> users;
    documents::Document: document_metadata;
    documents::FieldCorrection: field_corrections;
    documents::ConnectorConfig: connector_configs user_id -> users;
    documents::FieldMapping: field_mappings connector_config_id -> connector_configs user_id -> users;
    tasks::RecurringPattern: recurring_patterns user_id -> users;
    tasks::Task: tasks user_id -> users;
    billing::Customer: customers;
    billing::Product: products;
    billing::Bill: bills;
    billing::BillItem: bill_items bill_id -> bills;
    projects::Project: projects;
    projects::Milestone: milestones project_id -> projects;
    projects::Payment: payments;
    projects::Applicant: applicants;
    projects::Match: matches;
    projects::Investment: investments;
    projects::InvestmentValuation: investment_valuations investment_id -> investments;
    projects::ApplicantEmbedding: applicant_embeddings applicant_id -> applicants;
    projects::ProjectEmbedding: project_embeddings project_id -> projects;
}

macro_rules! of_no_organization {
    ($($row:ty;)+) => {$(
        impl OfOrganization for $row {
            const IS_EXPORTED: bool = false;

            fn each(
                _connection: &mut AnyConnection,
                _organization: OrganizationId,
                _take: &mut Take<'_>,
            ) -> QueryResult<()> {
                Ok(())
            }

            fn erase(_connection: &mut AnyConnection, _organization: OrganizationId) -> QueryResult<usize> {
                Ok(0)
            }
        }
    )+};
}

of_no_organization! {
    tenancy::ContactSubmission;
    tenancy::AttemptCounter;
}

/// What is done with each row as JSON.
type Take<'a> = dyn FnMut(serde_json::Value) -> ControlFlow<()> + 'a;

fn take_rows<R: serde::Serialize>(
    rows: impl Iterator<Item = QueryResult<R>>,
    take: &mut Take<'_>,
) -> QueryResult<()> {
    for row in rows {
        let json = serde_json::to_value(row?);
        let json = json.map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        if take(json).is_break() {
            break;
        }
    }
    Ok(())
}

/// The functions of one table.
pub struct OrganizationTable {
    /// The name of the table.
    pub name: &'static str,
    is_exported: bool,
    /// Takes the rows of an organization as JSON in the order of their keys, one at a time, until it breaks.
    pub each: fn(&mut AnyConnection, OrganizationId, &mut Take<'_>) -> QueryResult<()>,
    erase: fn(&mut AnyConnection, OrganizationId) -> QueryResult<usize>,
}

impl OrganizationTable {
    const fn of<R: OfOrganization>(name: &'static str) -> Self {
        Self { name, is_exported: R::IS_EXPORTED, each: R::each, erase: R::erase }
    }
}

macro_rules! all_tables {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        /// All tables, parents before children.
        const ALL: &[OrganizationTable] = &[$(OrganizationTable::of::<$module::$row>(stringify!($table))),+];
    };
}
for_each_table!(all_tables);

/// The tables of an export, parents before children.
pub fn exported() -> impl Iterator<Item = &'static OrganizationTable> {
    ALL.iter().filter(|table| table.is_exported)
}

/// Deletes all rows of an organization, children before parents, and the organization.
///
/// # Errors
/// When the database fails.
pub fn erase(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<()> {
    // A table may have more rows than a request may delete.
    if let AnyConnection::Postgres(connection) = connection {
        connection.batch_execute("SET LOCAL statement_timeout = 0")?;
    }
    for table in ALL.iter().rev() {
        let count = (table.erase)(connection, organization)?;
        tracing::info!(%organization, table = table.name, count, "erased rows of an organization");
    }
    Ok(())
}
