//! Manually corrected field values.

use crate::models::record;
use crate::models::{DocumentId, FieldCorrectionId, OrganizationId, UserId};
use transfer::values::{Instant, Real, Text};

record! {
    /// A manually corrected field value, used to improve the extraction.
    field_corrections: FieldCorrection, NewFieldCorrection, FieldCorrectionChanges;
    key generated id: FieldCorrectionId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        document_id: DocumentId,
    }
    fixed {
        organization_id: OrganizationId,
        document_id: DocumentId,
        field_name: Text,
        created_by_user_id: Option<UserId>,
        created_at: Instant,
    }
    changing {
        original_value: Option<Text>,
        corrected_value: Text,
        original_confidence: Option<Real>,
        correction_method: Option<Text>,
    }
}
