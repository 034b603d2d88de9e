//! Projects.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{Currency, OrganizationId, ProjectId, ProjectStatus, UserId};
use transfer::values::{Instant, Json, Money, Real, Text};

record! {
    /// A project that is planned, built and funded.
    projects: Project, NewProject, ProjectChanges;
    key generated id: ProjectId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        status: ProjectStatus,
        client_user_id: UserId,
        freelancer_user_id: UserId,
    }
    fixed {
        organization_id: OrganizationId,
        created_at: Instant,
    }
    changing {
        client_user_id: Option<UserId>,
        freelancer_user_id: Option<UserId>,
        name: Text,
        description: Option<Text>,
        category: Option<Text>,
        status: ProjectStatus,
        budget: Money,
        currency: Currency,
        deadline: Option<NaiveDate>,
        location: Option<Text>,
        address: Option<Text>,
        latitude: Option<Real>,
        longitude: Option<Real>,
        total_units: Option<i32>,
        affordable_units: Option<i32>,
        ami_levels: Option<Json>,
        completion_date: Option<NaiveDate>,
        updated_at: Instant,
    }
}
