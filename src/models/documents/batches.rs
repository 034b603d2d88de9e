//! Batches of uploaded files.

use crate::models::record;
use crate::models::{BatchId, BatchStatus, OrganizationId, UserId, WebUrl};
use transfer::values::{Instant, Json};

record! {
    /// A batch of uploaded files.
    batches: Batch, NewBatch, BatchChanges;
    key given id: BatchId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        user_id: UserId,
        status: BatchStatus,
    }
    fixed {
        organization_id: Option<OrganizationId>,
        user_id: UserId,
        created_at: Instant,
    }
    changing {
        status: BatchStatus,
        total_files: i32,
        processed_files: i32,
        successful: i32,
        failed: i32,
        results: Option<Json>,
        processing_summary: Option<Json>,
        download_url: Option<WebUrl>,
        completed_at: Option<Instant>,
    }
}
