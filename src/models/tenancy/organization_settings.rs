//! Connector settings of organizations.

use crate::models::record;
use crate::models::{OrganizationId, OrganizationSettingId, ReviewMode, UserId};
use transfer::values::{Instant, Real, Text};

record! {
    /// The settings of one connector for an organization.
    organization_settings: OrganizationSetting, NewOrganizationSetting, OrganizationSettingChanges;
    key generated id: OrganizationSettingId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
    }
    fixed {
        organization_id: OrganizationId,
        created_by_user_id: Option<UserId>,
        created_at: Instant,
    }
    changing {
        connector_type: Text,
        #[secret]
        config_encrypted: Text,
        is_active: bool,
        review_mode: ReviewMode,
        confidence_threshold: Real,
        auto_upload_enabled: bool,
        updated_at: Instant,
    }
}
