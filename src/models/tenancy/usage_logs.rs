//! One thing an organization used and is billed for. The largest table.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillingPeriod, OrganizationId, UsageLogId, UserId};
use crate::schema::usage_logs;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Text};

record! {
    /// One thing an organization used and is billed for. The largest table.
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
        billing_period: BillingPeriod,
    }
}

/// What an organization used in a period, by kind of action.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, diesel::Queryable)]
pub struct UsageOfAction {
    /// The kind of action.
    pub action_type: Text,
    /// How often.
    pub log_count: i64,
    /// Documents.
    pub document_count: i64,
}

impl UsageLog {
    /// What an organization used in a period, by kind of action in alphabetical order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn summary(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        period: &BillingPeriod,
    ) -> QueryResult<Vec<UsageOfAction>> {
        let sums = usage_logs::table
            .filter(usage_logs::organization_id.eq(organization))
            .filter(usage_logs::billing_period.eq(period))
            .group_by(usage_logs::action_type)
            .select((
                usage_logs::action_type,
                count_star(),
                sum(usage_logs::document_count).assume_not_null(),
            ));
        let mut rows: Vec<UsageOfAction> = sums.load(connection)?;
        // PostgreSQL would order by the database's language.
        rows.sort_by(|a, b| a.action_type.cmp(&b.action_type));
        Ok(rows)
    }
}
