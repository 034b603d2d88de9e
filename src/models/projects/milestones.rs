//! Milestones of projects.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{MilestoneId, MilestoneStatus, ProjectId};
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
