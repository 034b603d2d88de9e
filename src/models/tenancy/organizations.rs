//! Organizations, the tenants.

use crate::models::record;
use crate::models::{EmailAddress, OrganizationId, OrganizationStatus, Plan, ReviewMode};
use transfer::values::{Instant, Json, Real, Text};

record! {
    /// An organization: the tenant that owns all other rows.
    organizations: Organization, NewOrganization, OrganizationChanges;
    key generated id: OrganizationId;
    filter {
        id: OrganizationId,
    }
    fixed {
        created_at: Instant,
    }
    changing {
        name: Text,
        status: OrganizationStatus,
        plan: Plan,
        billing_email: Option<EmailAddress>,
        settings: Json,
        review_mode: ReviewMode,
        confidence_threshold: Real,
        auto_upload_enabled: bool,
        updated_at: Instant,
        closing_at: Option<Instant>,
        #[secret]
        access_version: i32,
    }
}
