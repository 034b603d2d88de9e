//! Billable usage of organizations; the largest table.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillingPeriod, OrganizationId, UsageLogId, UserId};
use crate::schema::usage_logs;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Text};

record! {
    /// A billable use of the application by an organization.
    usage_logs: UsageLog, NewUsageLog, UsageLogChanges;
    key generated id: UsageLogId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        billing_period: BillingPeriod,
    }
    fixed {
        organization_id: OrganizationId,
        user_id: Option<UserId>,
        action_type: Text,
        document_count: i32,
        created_at: Instant,
    }
    changing {
        metadata: Option<Json>,
        billed: bool,
        voided_at: Option<Instant>,
        billing_period: BillingPeriod,
    }
}

/// The usage of an action type in a period.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, diesel::Queryable)]
pub struct UsageOfAction {
    /// The action type.
    pub action_type: Text,
    /// Number of uses.
    pub log_count: i64,
    /// Documents.
    pub document_count: i64,
}

impl UsageLog {
    /// The usage of an organization in a period without what is void, sorted by action type; at most one action type more
    /// than `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn summary(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        period: &BillingPeriod,
        most: usize,
    ) -> QueryResult<Vec<UsageOfAction>> {
        let sums = usage_logs::table
            .filter(usage_logs::organization_id.eq(organization))
            .filter(usage_logs::billing_period.eq(period))
            .filter(usage_logs::voided_at.is_null())
            .group_by(usage_logs::action_type)
            .select((
                usage_logs::action_type,
                count_star(),
                sum(usage_logs::document_count).assume_not_null(),
            ))
            .limit(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1));
        let mut rows: Vec<UsageOfAction> = sums.load(connection)?;
        // PostgreSQL would sort by the collation of the database.
        rows.sort_by(|a, b| a.action_type.cmp(&b.action_type));
        Ok(rows)
    }
}
