//! Embeddings of applicants.

use diesel::prelude::*;

use super::Applicant;
use crate::models::record;
use crate::models::{ApplicantEmbeddingId, ApplicantId, OrganizationId};
use crate::schema::{applicant_embeddings, applicants};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Text, Vector};

record! {
    /// The preferences of an applicant as an embedding vector.
    applicant_embeddings: ApplicantEmbedding, NewApplicantEmbedding, ApplicantEmbeddingChanges;
    key generated id: ApplicantEmbeddingId;
    owner applicant_id;
    filter {
        applicant_id: ApplicantId,
    }
    fixed {
        applicant_id: ApplicantId,
        created_at: Instant,
    }
    changing {
        model: Text,
        embedding: Vector,
        preferences_text: Text,
        updated_at: Instant,
    }
}

impl ApplicantEmbedding {
    /// Active applicants of an organization with their embeddings of this model, in key order from `after` on: one
    /// page, so that memory is bounded.
    ///
    /// # Errors
    /// When the database fails.
    pub fn with_applicants(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        model: &Text,
        after: Option<ApplicantId>,
        limit: i64,
    ) -> QueryResult<Vec<(Applicant, Self)>> {
        let mut rows = applicants::table
            .inner_join(applicant_embeddings::table.on(applicant_embeddings::applicant_id.eq(applicants::id)))
            .filter(applicants::organization_id.eq(organization))
            .filter(applicants::status.eq("active"))
            .filter(applicant_embeddings::model.eq(model))
            .order(applicants::id)
            .limit(limit)
            .select((Applicant::as_select(), Self::as_select()))
            .into_boxed();
        if let Some(after) = after {
            rows = rows.filter(applicants::id.gt(after));
        }
        rows.load(connection)
    }
}
