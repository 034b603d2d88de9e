//! `/api/projects`: housing projects, and matching with applicants.

use chrono::NaiveDate;
use diesel::QueryResult;
use serde_json::json;
use utoipa::openapi::Ref;

use super::ledger::check_amount;
use crate::models::Record as _;
use crate::models::projects::{
    ApplicantEmbedding, Match, MatchChanges, Milestone, NewMatch, NewProject, Offer, Payment, Project,
    ProjectChanges, ProjectEmbedding, Ranked,
};
use crate::models::{Currency, Limit, MatchStatus, ProjectStatus, Role, UserId};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::{GivenFields, Shape, to_json};
use crate::server::openapi::{array, count, object};
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Json, Money, Real, Text};

const UNITS: Limit = 0..=2_147_483_647;

resource! {
    /// A project that is planned, built and funded for a client, optionally by a freelancer.
    Project, "project" at "projects", Projects;
    collections [Collection::Organization];
    actions [MATCH];
    new |at| NewProject {
        client_user_id: Option<UserId>,
        freelancer_user_id: Option<UserId>,
        name: Text [1..=200],
        description: Option<Text> [0..=20_000],
        category: Option<Text> [1..=100],
        status: ProjectStatus = ProjectStatus::Draft,
        budget: Money [0..=Money::MAX.units()] = Money::ZERO,
        currency: Currency = Currency::new("USD").ok()?,
        deadline: Option<NaiveDate>,
        location: Option<Text> [0..=2000],
        address: Option<Text> [0..=2000],
        latitude: Option<Real>,
        longitude: Option<Real>,
        total_units: Option<i32> [UNITS],
        affordable_units: Option<i32> [UNITS],
        ami_levels: Option<Json>,
        completion_date: Option<NaiveDate>,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| ProjectChanges {
        client_user_id: Option<UserId>,
        freelancer_user_id: Option<UserId>,
        name: Text [1..=200],
        description: Option<Text> [0..=20_000],
        category: Option<Text> [1..=100],
        status: ProjectStatus,
        budget: Money [0..=Money::MAX.units()],
        currency: Currency,
        deadline: Option<NaiveDate>,
        location: Option<Text> [0..=2000],
        address: Option<Text> [0..=2000],
        latitude: Option<Real>,
        longitude: Option<Real>,
        total_units: Option<i32> [UNITS],
        affordable_units: Option<i32> [UNITS],
        ami_levels: Option<Json>,
        completion_date: Option<NaiveDate>,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn own_column(role: Role) -> Option<&'static str> {
            match role {
                Role::Client => Some("client_user_id"),
                Role::Freelancer => Some("freelancer_user_id"),
                Role::Owner | Role::Admin | Role::Member => None,
            }
        }

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(self.client_user_id.into_iter().chain(self.freelancer_user_id).collect())
        }

        const AUDITED: &'static [&'static str] =
            &["status", "budget", "currency", "client_user_id", "freelancer_user_id"];

        fn before_create(
            new: &mut NewProject,
            _given: &GivenFields,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_amount("budget", new.budget, &new.currency)
        }

        fn before_update(
            &self,
            changes: &mut ProjectChanges,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let currency = changes.currency.as_ref().unwrap_or(&self.currency);
            check_amount("budget", changes.budget.unwrap_or(self.budget), currency)?;
            match *currency == self.currency {
                true => Ok(()),
                false => check_currency_change(connection, self, currency),
            }
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if self.status != ProjectStatus::Draft && self.status != ProjectStatus::Canceled {
                return Err(HandlerError::wrong_state("the project must be cancelled before it is deleted"));
            }
            Project::delete(connection, self.id)?;
            Ok(())
        }
    }
}

/// Payments of milestones are in the currency of the project, and amounts of milestones fit it.
fn check_currency_change(
    connection: &mut AnyConnection,
    project: &Project,
    currency: &Currency,
) -> Result<(), HandlerError> {
    if Payment::exist_of_project(connection, project.id)? {
        return Err(HandlerError::wrong_state(
            "the currency is fixed: a milestone of the project has payments",
        ));
    }
    for milestone in Milestone::of_project(connection, project.id)? {
        currency.check(milestone.amount).map_err(|error| {
            HandlerError::wrong_state(format!("milestone {}: {error}", milestone.position))
        })?;
    }
    Ok(())
}

const MATCH: ResourceAction<Project> = ResourceAction {
    name: "match",
    done: "matched",
    about: "Propose the best matching applicants, by embedding and distance; accepted and declined matches are kept",
    shapes: || vec![Shape::of::<i32>("limit", Some(1..=100), Some(json!(10)))],
    answer: Some(|| {
        object([
            ("matches", array(Ref::from_schema_name("Match"))),
            ("incomparable_count", count()),
            ("above_limit_count", count()),
        ])
    }),
    run: |connection, at, project, mut fields| {
        let limit = fields.optional("limit", Some(1..=100), || Some(10));
        fields.finish()?;
        let limit = limit.and_then(|limit: i32| usize::try_from(limit).ok()).unwrap_or(10);
        let embedding = ProjectEmbedding::of_project(connection, project.id)?;
        let embedding = embedding.ok_or_else(|| HandlerError::wrong_state("the project has no embedding"))?;
        let offer = Offer::new(&project, embedding)?;
        let ranking = ApplicantEmbedding::rank(connection, project.organization_id, &offer, limit)?;
        let matches: Vec<Match> = ranking
            .best
            .iter()
            .map(|ranked| propose(connection, &project, ranked, at))
            .collect::<Result<_, _>>()?;
        let result = json!({
            "matches": to_json(&matches),
            "incomparable_count": ranking.incomparable_count,
            "above_limit_count": ranking.above_limit_count,
        });
        Ok(Done::Other(project, result))
    },
};

fn propose(
    connection: &mut AnyConnection,
    project: &Project,
    ranked: &Ranked,
    at: &At,
) -> Result<Match, HandlerError> {
    let similarity_score = Real::new(ranked.score.score)?;
    let reasons = Json::new(to_json(&ranked.score.reasons))?;
    match Match::of_pair(connection, ranked.applicant_id, project.id)? {
        None => {
            let new = NewMatch {
                organization_id: project.organization_id,
                applicant_id: ranked.applicant_id,
                project_id: project.id,
                created_at: at.now,
                similarity_score,
                reasons,
                status: MatchStatus::Proposed,
                updated_at: at.now,
            };
            let made = Match::insert(connection, &new)?;
            record_change(connection, at, RowChange::Created(&made), "created", &[])?;
            Ok(made)
        }
        Some(known) if known.status != MatchStatus::Proposed => Ok(known),
        Some(known) => {
            let changes = MatchChanges {
                similarity_score: Some(similarity_score),
                reasons: Some(reasons),
                updated_at: Some(at.now),
                ..MatchChanges::default()
            };
            let made = Match::update(connection, known.id, &changes)?;
            let made = made.ok_or_else(|| Problem::not_found("match"))?;
            record_change(
                connection,
                at,
                RowChange::Changed(&known, &made),
                "changed",
                &["similarity_score", "reasons"],
            )?;
            Ok(made)
        }
    }
}
