//! Matches between applicants and projects.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{ApplicantId, MatchId, MatchStatus, OrganizationId, ProjectId};
use crate::schema::matches;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Real};

record! {
    /// A match between an applicant and a project.
    matches: Match, NewMatch, MatchChanges;
    key generated id: MatchId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        applicant_id: ApplicantId,
        project_id: ProjectId,
    }
    fixed {
        organization_id: OrganizationId,
        applicant_id: ApplicantId,
        project_id: ProjectId,
        created_at: Instant,
    }
    changing {
        similarity_score: Real,
        reasons: Json,
        status: MatchStatus,
        updated_at: Instant,
    }
}

impl Match {
    /// The match of an applicant and a project, if it exists.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_pair(
        connection: &mut AnyConnection,
        applicant: ApplicantId,
        project: ProjectId,
    ) -> QueryResult<Option<Self>> {
        let rows = matches::table
            .filter(matches::applicant_id.eq(applicant))
            .filter(matches::project_id.eq(project));
        rows.select(Self::as_select()).first(connection).optional()
    }
}
