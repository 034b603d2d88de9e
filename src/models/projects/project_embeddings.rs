//! What a project offers, as a vector.

use crate::models::record;
use crate::values::{Instant, ProjectEmbeddingId, ProjectId, Text, Vector};

record! {
    /// What a project offers, as a vector.
    project_embeddings: ProjectEmbedding, NewProjectEmbedding, ProjectEmbeddingChanges;
    key generated id: ProjectEmbeddingId;
    owner project_id: ProjectId;
    fixed {
        project_id: ProjectId,
        created_at: Instant,
    }
    changing {
        model: Text,
        embedding: Vector,
        description_text: Text,
        updated_at: Instant,
    }
}
