//! What an applicant prefers, as a vector.

use crate::models::record;
use crate::values::{ApplicantEmbeddingId, ApplicantId, Instant, Text, Vector};

record! {
    /// What an applicant prefers, as a vector.
    applicant_embeddings: ApplicantEmbedding, NewApplicantEmbedding, ApplicantEmbeddingChanges;
    key generated id: ApplicantEmbeddingId;
    owner applicant_id: ApplicantId;
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
