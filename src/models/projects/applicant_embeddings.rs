//! Embeddings of applicants.

use diesel::prelude::*;

use super::{Candidate, Location, Offer, Ranking, rank};
use crate::models::record;
use crate::models::{ApplicantEmbeddingId, ApplicantId, OrganizationId};
use crate::schema::{applicant_embeddings, applicants};
use databases::connection::{AnyConnection, row_by_row};
use transfer::values::{Instant, Real, Text, Vector};

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
    /// Ranks the active applicants of an organization for an offer, among those with embeddings of its model. One
    /// applicant at a time is in memory, beside the best.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rank(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        offer: &Offer,
        limit: usize,
    ) -> QueryResult<Ranking> {
        let rows = applicants::table
            .inner_join(applicant_embeddings::table.on(applicant_embeddings::applicant_id.eq(applicants::id)))
            .filter(applicants::organization_id.eq(organization))
            .filter(applicants::status.eq("active"))
            .filter(applicant_embeddings::model.eq(&offer.model))
            .select((
                applicants::id,
                applicants::latitude,
                applicants::longitude,
                applicants::ami_percent,
                applicant_embeddings::model,
                applicant_embeddings::embedding,
            ));
        row_by_row!(connection, Compared, rows, rows => {
            rank(offer, rows.map(|row| row.map(candidate)), limit)
        })
    }
}

/// The columns of an applicant that are compared.
type Compared = (ApplicantId, Option<Real>, Option<Real>, Option<Real>, Text, Vector);

fn candidate((applicant_id, latitude, longitude, ami_percent, model, embedding): Compared) -> Candidate {
    Candidate { applicant_id, model, embedding, place: Location::new(latitude, longitude), ami_percent }
}
