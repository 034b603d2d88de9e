//! Milestones of projects.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::models::record;
use crate::models::{MilestoneId, MilestoneStatus, ProjectId};
use crate::schema::milestones;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Money, Text};

record! {
    /// A separately paid part of a project.
    milestones: Milestone, NewMilestone, MilestoneChanges;
    key generated id: MilestoneId;
    owner project_id;
    filter {
        project_id: ProjectId,
    }
    sort {
        position: i32,
    }
    fixed {
        project_id: ProjectId,
        created_at: Instant,
    }
    changing {
        position: i32,
        title: Text,
        description: Option<Text>,
        amount: Money,
        deadline: Option<NaiveDate>,
        acceptance_criteria: Option<Text>,
        status: MilestoneStatus,
        submitted_at: Option<Instant>,
        approved_at: Option<Instant>,
        updated_at: Instant,
    }
}

impl Milestone {
    /// The milestones of a project.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_project(connection: &mut AnyConnection, project: ProjectId) -> QueryResult<Vec<Self>> {
        let milestones = milestones::table.filter(milestones::project_id.eq(project)).order(milestones::id);
        milestones.select(Self::as_select()).load(connection)
    }
}
