//! `/api/investments`: investments in projects.

use chrono::NaiveDate;
use diesel::QueryResult;

use super::ledger::check_amount;
use crate::models::projects::{Investment, InvestmentChanges, NewInvestment};
use crate::models::{Currency, ProjectId, RiskLevel, UserId};
use crate::server::caller::At;
use crate::server::fields::GivenFields;
use crate::server::problem::HandlerError;
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
        currency: Currency = Currency::new("USD").ok()?,
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
        const AUDITED: &'static [&'static str] = &["user_id", "project_id", "amount", "currency", "current_value"];

        fn before_create(
            new: &mut NewInvestment,
            _given: &GivenFields,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_amount("amount", new.amount, &new.currency)
        }

        fn before_update(
            &self,
            changes: &mut InvestmentChanges,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_amount("amount", changes.amount.unwrap_or(self.amount), &self.currency)
        }

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.user_id])
        }
    }
}
