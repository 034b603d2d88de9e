//! `/api/applicants/{id}/applicant-embeddings`: what an applicant prefers, as a vector; one at most.

use crate::models::ApplicantId;
use crate::models::projects::{ApplicantEmbedding, ApplicantEmbeddingChanges, NewApplicantEmbedding};
use crate::server::resource::{Parent, resource};
use transfer::values::{Text, Vector};

resource! {
    /// What an applicant prefers, as a vector. Only vectors of one model are compared.
    ApplicantEmbedding, "applicant embedding" at "applicant-embeddings", ApplicantEmbeddings;
    collections [Parent::of::<ApplicantId>("applicants", "applicant", "applicant_id")];
    new |at| NewApplicantEmbedding {
        applicant_id: ApplicantId,
        model: Text [1..=200],
        embedding: Vector,
        preferences_text: Text,
    } with {
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ApplicantEmbeddingChanges {
        model: Text [1..=200],
        embedding: Vector,
        preferences_text: Text,
    } with {
        updated_at: Some(at.now),
    }
}
