//! One thing an organization used and is billed for. The largest table.

use crate::models::record;
use crate::values::{BillingPeriod, Instant, Json, OrganizationId, Text, UsageLogId, UserId};

record! {
    /// One thing an organization used and is billed for. The largest table.
    usage_logs: UsageLog, NewUsageLog, UsageLogChanges;
    key generated id: UsageLogId;
    owner organization_id: OrganizationId;
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
