//! `/api/projects/{id}/project-embeddings`: what a project offers, as a vector; one at most.

use crate::models::ProjectId;
use crate::models::projects::{NewProjectEmbedding, ProjectEmbedding, ProjectEmbeddingChanges};
use crate::server::resource::{Parent, resource};
use transfer::values::{Text, Vector};

resource! {
    /// What a project offers, as a vector. Only vectors of one model are compared.
    ProjectEmbedding, "project embedding" at "project-embeddings", ProjectEmbeddings;
    collections [Parent::of::<ProjectId>("projects", "project", "project_id")];
    new |at| NewProjectEmbedding {
        project_id: ProjectId,
        model: Text [1..=200],
        embedding: Vector,
        description_text: Text,
    } with {
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ProjectEmbeddingChanges {
        model: Text [1..=200],
        embedding: Vector,
        description_text: Text,
    } with {
        updated_at: Some(at.now),
    }
}
