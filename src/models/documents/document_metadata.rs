//! Metadata of documents.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BatchId, DocumentId, DocumentStatus, OrganizationId, UserId};
use crate::schema::document_metadata;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Real, Sha256, Text};

record! {
    /// The metadata of a document.
    document_metadata: Document, NewDocument, DocumentChanges;
    key generated id: DocumentId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        batch_id: BatchId,
        status: DocumentStatus,
    }
    fixed {
        organization_id: OrganizationId,
        batch_id: Option<BatchId>,
        created_at: Instant,
    }
    changing {
        filename: Text,
        file_path: Text,
        content_sha256: Option<Sha256>,
        category: Text,
        extracted_data: Option<Json>,
        status: DocumentStatus,
        confidence_score: Option<Real>,
        connector_type: Option<Text>,
        connector_config_snapshot: Option<Json>,
        processed_at: Option<Instant>,
        reviewed_at: Option<Instant>,
        reviewed_by_user_id: Option<UserId>,
        approved_at: Option<Instant>,
        uploaded_at: Option<Instant>,
        uploaded: bool,
        error_message: Option<Text>,
        archived_at: Option<Instant>,
    }
}

impl Document {
    /// Whether a batch has documents of account: approved ones.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_account_exist_in(connection: &mut AnyConnection, batch: BatchId) -> QueryResult<bool> {
        let first = document_metadata::table
            .filter(document_metadata::batch_id.eq(batch))
            .filter(document_metadata::status.eq_any([DocumentStatus::Approved, DocumentStatus::Uploaded]))
            .select(document_metadata::id);
        Ok(first.first::<DocumentId>(connection).optional()?.is_some())
    }
}
