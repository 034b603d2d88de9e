//! Investments in projects.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{Currency, InvestmentId, OrganizationId, ProjectId, RiskLevel, UserId};
use transfer::values::{Instant, Money, Real, Text};

record! {
    /// An investment of a user in a project.
    investments: Investment, NewInvestment, InvestmentChanges;
    key generated id: InvestmentId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        user_id: UserId,
        project_id: ProjectId,
    }
    fixed {
        organization_id: OrganizationId,
        user_id: UserId,
        invested_on: NaiveDate,
        created_at: Instant,
    }
    changing {
        project_id: Option<ProjectId>,
        amount: Money,
        current_value: Option<Money>,
        expected_completion_on: Option<NaiveDate>,
        completed_on: Option<NaiveDate>,
        status: Text,
        ami_compliance: Option<Real>,
        units_funded: Option<i32>,
        risk_level: RiskLevel,
        notes: Option<Text>,
        updated_at: Instant,
        currency: Currency,
    }
}
