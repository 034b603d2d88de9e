//! `/api/projects/{id}/project-embeddings`: the embedding of a project's offer; at most one.

use crate::models::ProjectId;
use crate::models::projects::{NewProjectEmbedding, ProjectEmbedding, ProjectEmbeddingChanges};
use crate::server::resource::{Parent, resource};
use transfer::values::{Text, Vector};

resource! {
    /// The offer of a project as an embedding vector. Only vectors of the same model are compared.
    ProjectEmbedding, "project embedding" at "project-embeddings", ProjectEmbeddings;
    collections [Parent::of::<ProjectId>("projects", "project", "project_id")];
    new |at| NewProjectEmbedding {
        project_id: ProjectId,
        model: Text [1..=200],
        embedding: Vector [1..=16_384],
        description_text: Text [0..=100_000],
    } with {
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ProjectEmbeddingChanges {
        model: Text [1..=200],
        embedding: Vector [1..=16_384],
        description_text: Text [0..=100_000],
    } with {
        updated_at: Some(at.now),
    }
}
