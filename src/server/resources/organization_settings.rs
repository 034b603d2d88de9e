//! `/api/organization-settings`: how the organization uses its connectors.

use crate::models::ReviewMode;
use crate::models::tenancy::{NewOrganizationSetting, OrganizationSetting, OrganizationSettingChanges};
use crate::server::resource::{Collection, resource};
use transfer::values::{Real, Text};

resource! {
    /// How the organization uses one connector. What `config_encrypted` holds is never given back.
    OrganizationSetting, "organization setting" at "organization-settings", OrganizationSettings;
    collections [Collection::Organization];
    new |at| NewOrganizationSetting {
        connector_type: Text [1..=100],
        config_encrypted: Text,
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
        config_encrypted: Text,
        is_active: bool,
        review_mode: ReviewMode,
        confidence_threshold: Real,
        auto_upload_enabled: bool,
    } with {
        updated_at: Some(at.now),
    }
}
