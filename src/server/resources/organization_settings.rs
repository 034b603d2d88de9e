//! `/api/organization-settings`: connector settings of the organization.

use crate::models::ReviewMode;
use crate::models::tenancy::{NewOrganizationSetting, OrganizationSetting, OrganizationSettingChanges};
use crate::server::resource::{Collection, resource};
use transfer::values::{Real, Text};

resource! {
    /// The settings of one connector for the organization. `config_encrypted` is write-only.
    OrganizationSetting, "organization setting" at "organization-settings", OrganizationSettings;
    collections [Collection::Organization];
    new |at| NewOrganizationSetting {
        connector_type: Text [1..=100],
        config_encrypted: Text [0..=100_000],
        is_active: bool = true,
        review_mode: ReviewMode = ReviewMode::ReviewAll,
        confidence_threshold: Real = Real::new(0.85).ok()?,
        auto_upload_enabled: bool = false,
    } with {
        organization_id: at.organization()?,
        created_by_user_id: Some(at.caller.user),
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| OrganizationSettingChanges {
        connector_type: Text [1..=100],
        config_encrypted: Text [0..=100_000],
        is_active: bool,
        review_mode: ReviewMode,
        confidence_threshold: Real,
        auto_upload_enabled: bool,
    } with {
        updated_at: Some(at.now),
    }
}
