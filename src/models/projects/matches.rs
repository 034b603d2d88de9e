//! How well an applicant and a project suit each other.

use crate::models::record;
use crate::values::{ApplicantId, Instant, Json, MatchId, MatchStatus, OrganizationId, ProjectId, Real};

record! {
    /// How well an applicant and a project suit each other.
    matches: Match, NewMatch, MatchChanges;
    key generated id: MatchId;
    owner organization_id: OrganizationId;
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
