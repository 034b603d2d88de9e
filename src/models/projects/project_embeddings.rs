//! Embeddings of projects.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{ProjectEmbeddingId, ProjectId};
use crate::schema::project_embeddings;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Text, Vector};

record! {
    /// The offer of a project as an embedding vector.
    project_embeddings: ProjectEmbedding, NewProjectEmbedding, ProjectEmbeddingChanges;
    key generated id: ProjectEmbeddingId;
    owner project_id;
    filter {
        project_id: ProjectId,
    }
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

impl ProjectEmbedding {
    /// The embedding of a project.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_project(connection: &mut AnyConnection, project: ProjectId) -> QueryResult<Option<Self>> {
        let rows = project_embeddings::table.filter(project_embeddings::project_id.eq(project));
        rows.select(Self::as_select()).first(connection).optional()
    }
}
