//! `/api/investments`: investments in projects.

use chrono::NaiveDate;
use diesel::QueryResult;

use crate::models::projects::{Investment, InvestmentChanges, NewInvestment};
use crate::models::{ProjectId, RiskLevel, UserId};
use crate::server::resource::{Collection, Parent, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Real, Text};

resource! {
    /// An investment of a user in a project. Its current value is set by its valuations.
    Investment, "investment" at "investments", Investments;
    collections [Collection::Organization, Parent::of::<ProjectId>("projects", "project", "project_id")];
    new |at| NewInvestment {
        user_id: UserId,
        project_id: Option<ProjectId>,
        amount: Money [1..=Money::MAX.units()],
        invested_on: NaiveDate,
        expected_completion_on: Option<NaiveDate>,
        completed_on: Option<NaiveDate>,
        status: Text [1..=50] = Text::new("active").ok()?,
        ami_compliance: Option<Real>,
        units_funded: Option<i32> [0..=2_147_483_647],
        risk_level: RiskLevel = RiskLevel::Medium,
        notes: Option<Text> [0..=20_000],
    } with {
        organization_id: at.organization()?,
        current_value: None,
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| InvestmentChanges {
        project_id: Option<ProjectId>,
        amount: Money [1..=Money::MAX.units()],
        expected_completion_on: Option<NaiveDate>,
        completed_on: Option<NaiveDate>,
        status: Text [1..=50],
        ami_compliance: Option<Real>,
        units_funded: Option<i32> [0..=2_147_483_647],
        risk_level: RiskLevel,
        notes: Option<Text> [0..=20_000],
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.user_id])
        }
    }
}
