//! `/api/applicants/{id}/applicant-embeddings`: the embedding of an applicant's preferences; at most one.

use crate::models::ApplicantId;
use crate::models::projects::{ApplicantEmbedding, ApplicantEmbeddingChanges, NewApplicantEmbedding};
use crate::server::resource::{Parent, resource};
use transfer::values::{Text, Vector};

resource! {
    /// The preferences of an applicant as an embedding vector. Only vectors of the same model are compared.
    ApplicantEmbedding, "applicant embedding" at "applicant-embeddings", ApplicantEmbeddings;
    collections [Parent::of::<ApplicantId>("applicants", "applicant", "applicant_id")];
    new |at| NewApplicantEmbedding {
        applicant_id: ApplicantId,
        model: Text [1..=200],
        embedding: Vector [1..=16_384],
        preferences_text: Text [0..=100_000],
    } with {
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ApplicantEmbeddingChanges {
        model: Text [1..=200],
        embedding: Vector [1..=16_384],
        preferences_text: Text [0..=100_000],
    } with {
        updated_at: Some(at.now),
    }
}
