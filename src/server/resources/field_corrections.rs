//! `/api/documents/{id}/field-corrections`: manually corrected field values.

use crate::models::DocumentId;
use crate::models::documents::{FieldCorrection, FieldCorrectionChanges, NewFieldCorrection};
use crate::server::resource::{Collection, Parent, resource};
use transfer::values::{Real, Text};

resource! {
    /// A manually corrected field value, used to improve the extraction.
    FieldCorrection, "field correction" at "field-corrections", FieldCorrections;
    collections [Collection::Organization, Parent::of::<DocumentId>("documents", "document", "document_id")];
    new |at| NewFieldCorrection {
        document_id: DocumentId,
        field_name: Text [1..=200],
        original_value: Option<Text> [0..=20_000],
        corrected_value: Text [0..=20_000],
        original_confidence: Option<Real>,
        correction_method: Option<Text> [1..=100],
    } with {
        organization_id: at.organization()?,
        created_by_user_id: Some(at.caller.user),
        created_at: at.now,
    }
    changes |_at| FieldCorrectionChanges {
        original_value: Option<Text> [0..=20_000],
        corrected_value: Text [0..=20_000],
        original_confidence: Option<Real>,
        correction_method: Option<Text> [1..=100],
    } with {}
}
