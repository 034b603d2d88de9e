//! `/api/documents`: metadata of documents, and their review.

use diesel::QueryResult;

use crate::models::Record as _;
use crate::models::documents::{Document, DocumentChanges, NewDocument};
use crate::models::ownership::users_of;
use crate::models::tenancy::Organization;
use crate::models::{BatchId, DocumentStatus, ReviewMode, Role, UserId};
use crate::server::caller::At;
use crate::server::fields::{Fields, GivenFields, Shape};
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, Parent, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Json, Real, Sha256, Text};

resource! {
    /// Metadata of a document. The review mode of the organization decides whether it needs a review. An approved document
    /// is never deleted, but can be archived.
    Document, "document" at "documents", Documents;
    collections [Collection::Organization, Parent::of::<BatchId>("batches", "batch", "batch_id")];
    actions [APPROVE, REJECT, ARCHIVE];
    new |at| NewDocument {
        batch_id: Option<BatchId>,
        filename: Text [1..=500],
        file_path: Text [1..=4096],
        content_sha256: Option<Sha256>,
        category: Text [1..=100],
        extracted_data: Option<Json>,
        confidence_score: Option<Real>,
        connector_type: Option<Text> [1..=100],
        connector_config_snapshot: Option<Json>,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        status: DocumentStatus::PendingReview,
        processed_at: Some(at.now),
        reviewed_at: None,
        reviewed_by_user_id: None,
        approved_at: None,
        uploaded_at: None,
        uploaded: false,
        error_message: None,
        archived_at: None,
    }
    changes |_at| DocumentChanges {
        filename: Text [1..=500],
        file_path: Text [1..=4096],
        content_sha256: Option<Sha256>,
        category: Text [1..=100],
        extracted_data: Option<Json>,
        confidence_score: Option<Real>,
        connector_type: Option<Text> [1..=100],
        uploaded: bool,
        error_message: Option<Text> [0..=20_000],
    } with {}
    particular {
        const AUDITED: &'static [&'static str] = &["status", "archived_at"];

        fn own_column(_role: Role) -> Option<&'static str> {
            None
        }

        fn users(&self, connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            users_of(connection, self.id.into())
        }

        fn before_create(new: &mut NewDocument, _given: &GivenFields, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            let organization = Organization::find(connection, new.organization_id)?;
            let organization = organization.ok_or_else(|| Problem::not_found("organization"))?;
            let is_sure = new.confidence_score.is_some_and(|score| score >= organization.confidence_threshold);
            let goes_on = match organization.review_mode {
                ReviewMode::ReviewAll => false,
                ReviewMode::LowConfidence => is_sure,
                ReviewMode::Automatic => true,
            };
            if goes_on {
                new.status = DocumentStatus::Approved;
                new.approved_at = Some(at.now);
            }
            Ok(())
        }

        fn before_update(
            &self,
            changes: &mut DocumentChanges,
            at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_not_archived(self)?;
            if let Some(uploaded) = changes.uploaded.filter(|uploaded| *uploaded != self.uploaded) {
                let expected = if uploaded { DocumentStatus::Approved } else { DocumentStatus::Uploaded };
                check_status(self, expected)?;
                changes.status = Some(if uploaded { DocumentStatus::Uploaded } else { DocumentStatus::Approved });
                changes.uploaded_at = Some(uploaded.then_some(at.now));
            }
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if is_of_account(self) {
                let detail = format!("the document is {} and is kept: use the action archive", self.status.as_str());
                return Err(HandlerError::wrong_state(detail));
            }
            Document::delete(connection, self.id)?;
            Ok(())
        }
    }
}

/// Whether the document is approved, possibly uploaded since.
fn is_of_account(document: &Document) -> bool {
    matches!(document.status, DocumentStatus::Approved | DocumentStatus::Uploaded)
}

fn check_not_archived(document: &Document) -> Result<(), HandlerError> {
    match document.archived_at {
        Some(_) => Err(HandlerError::wrong_state("the document is archived")),
        None => Ok(()),
    }
}

const ARCHIVE: ResourceAction<Document> = ResourceAction {
    name: "archive",
    done: "archived",
    about: "Archive an approved document: it is kept, and does not change any more",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, document, fields| {
        fields.finish()?;
        check_not_archived(&document)?;
        if !is_of_account(&document) {
            let detail = format!("the document is {}, not approved", document.status.as_str());
            return Err(HandlerError::wrong_state(detail));
        }
        let changes = DocumentChanges { archived_at: Some(Some(at.now)), ..DocumentChanges::default() };
        changed(connection, &document, &changes)
    },
};

const APPROVE: ResourceAction<Document> = ResourceAction {
    name: "approve",
    done: "approved",
    about: "Approve a document in review",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, document, fields| {
        fields.finish()?;
        check_status(&document, DocumentStatus::PendingReview)?;
        let changes = DocumentChanges {
            status: Some(DocumentStatus::Approved),
            approved_at: Some(Some(at.now)),
            ..reviewed(at)
        };
        changed(connection, &document, &changes)
    },
};

const REJECT: ResourceAction<Document> = ResourceAction {
    name: "reject",
    done: "rejected",
    about: "Reject a document in review, with a reason",
    shapes: || vec![Shape::of::<Option<Text>>("reason", Some(1..=2000), None)],
    answer: None,
    run: |connection, at, document, mut fields: Fields| {
        let reason: Option<Option<Text>> = fields.required("reason", Some(1..=2000));
        fields.finish()?;
        check_status(&document, DocumentStatus::PendingReview)?;
        let changes =
            DocumentChanges { status: Some(DocumentStatus::Rejected), error_message: reason, ..reviewed(at) };
        changed(connection, &document, &changes)
    },
};

fn reviewed(at: &At) -> DocumentChanges {
    DocumentChanges {
        reviewed_at: Some(Some(at.now)),
        reviewed_by_user_id: Some(Some(at.caller.user)),
        ..DocumentChanges::default()
    }
}

fn check_status(document: &Document, expected: DocumentStatus) -> Result<(), HandlerError> {
    match document.status == expected {
        true => Ok(()),
        false => Err(HandlerError::wrong_state(format!(
            "the document is {}, not {}",
            document.status.as_str(),
            expected.as_str()
        ))),
    }
}

fn changed(
    connection: &mut AnyConnection,
    document: &Document,
    changes: &DocumentChanges,
) -> Result<Done<Document>, HandlerError> {
    let row = Document::update(connection, document.id, changes)?;
    Ok(Done::Row(row.ok_or_else(|| Problem::not_found("document"))?))
}
