//! `/api/batches`: batches of uploaded files.

use diesel::QueryResult;

use crate::models::Record as _;
use crate::models::documents::{Batch, BatchChanges, Document, NewBatch};
use crate::models::{BatchId, BatchStatus, UserId, WebUrl};
use crate::server::caller::At;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
use transfer::values::Json;

const COUNT: crate::models::Limit = 0..=2_147_483_647;

resource! {
    /// A batch of uploaded files.
    Batch, "batch" at "batches", Batches;
    collections [Collection::Organization];
    new |at| NewBatch {
        total_files: i32 [COUNT],
    } with {
        id: BatchId(uuid::Uuid::now_v7()),
        organization_id: at.organization(),
        user_id: at.caller.user,
        created_at: at.now,
        status: BatchStatus::Pending,
        processed_files: 0,
        successful: 0,
        failed: 0,
        results: None,
        processing_summary: None,
        download_url: None,
        completed_at: None,
    }
    changes |_at| BatchChanges {
        status: BatchStatus,
        processed_files: i32 [COUNT],
        successful: i32 [COUNT],
        failed: i32 [COUNT],
        results: Option<Json>,
        processing_summary: Option<Json>,
        download_url: Option<WebUrl> [1..=2048],
    } with {}
    particular {
        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.user_id])
        }

        fn before_update(
            &self,
            changes: &mut BatchChanges,
            at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            if changes.processed_files.unwrap_or(self.processed_files) > self.total_files {
                return Err(Problem::field("processed_files", "out_of_range", "must not exceed the number of files of the batch").into());
            }
            changes.completed_at = match changes.status {
                Some(BatchStatus::Completed | BatchStatus::Failed) => Some(self.completed_at.or(Some(at.now))),
                Some(BatchStatus::Pending | BatchStatus::Processing) => Some(None),
                None => None,
            };
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if Document::of_account_exist_in(connection, self.id)? {
                return Err(HandlerError::wrong_state("the batch has approved documents, which do not change"));
            }
            Batch::delete(connection, self.id)?;
            Ok(())
        }
    }
}
