//! `/api/matches`: matches between applicants and projects, with score and status.

use serde_json::json;

use crate::models::projects::{Match, MatchChanges, NewMatch};
use crate::models::{ApplicantId, MatchStatus, ProjectId};
use crate::server::resource::{Collection, Parent, resource};
use transfer::values::{Json, Real};

resource! {
    /// A match between an applicant and a project. Created by the action `match` of a project.
    Match, "match" at "matches", Matches;
    collections [
        Collection::Organization,
        Parent::of::<ProjectId>("projects", "project", "project_id"),
        Parent::of::<ApplicantId>("applicants", "applicant", "applicant_id"),
    ];
    new |at| NewMatch {
        applicant_id: ApplicantId,
        project_id: ProjectId,
        similarity_score: Real,
        reasons: Json = Json::new(json!([])).ok()?,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        status: MatchStatus::Proposed,
        updated_at: at.now,
    }
    changes |at| MatchChanges {
        status: MatchStatus,
    } with {
        updated_at: Some(at.now),
    }
}
