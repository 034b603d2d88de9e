//! `/api/investments/{id}/investment-valuations`: dated valuations of an investment.

use chrono::NaiveDate;

use super::ledger::check_amount;
use crate::models::InvestmentId;
use crate::models::Record as _;
use crate::models::projects::{
    Investment, InvestmentChanges, InvestmentValuation, InvestmentValuationChanges, NewInvestmentValuation,
};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::GivenFields;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Parent, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

resource! {
    /// The value of an investment on a date. The latest valuation sets the current value of the investment.
    InvestmentValuation, "investment valuation" at "investment-valuations", InvestmentValuations;
    collections [Parent::of::<InvestmentId>("investments", "investment", "investment_id")];
    new |at| NewInvestmentValuation {
        investment_id: InvestmentId,
        valued_on: NaiveDate,
        value: Money [0..=Money::MAX.units()],
        method: Option<Text> [1..=100],
        notes: Option<Text> [0..=20_000],
    } with {
        created_at: at.now,
    }
    changes |_at| InvestmentValuationChanges {
        value: Money [0..=Money::MAX.units()],
        method: Option<Text> [1..=100],
        notes: Option<Text> [0..=20_000],
    } with {}
    particular {
        const AUDITED: &'static [&'static str] = &["valued_on", "value"];

        fn before_create(
            new: &mut NewInvestmentValuation,
            _given: &GivenFields,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_value(connection, new.investment_id, new.value)
        }

        fn before_update(
            &self,
            changes: &mut InvestmentValuationChanges,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_value(connection, self.investment_id, changes.value.unwrap_or(self.value))
        }

        fn after_write(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            let before = Investment::lock(connection, self.investment_id)?;
            let latest = InvestmentValuation::latest(connection, self.investment_id)?;
            let changes = InvestmentChanges {
                current_value: Some(latest.map(|valuation| valuation.value)),
                updated_at: Some(at.now),
                ..InvestmentChanges::default()
            };
            match (before, Investment::update(connection, self.investment_id, &changes)?) {
                (Some(before), Some(after)) => {
                    record_change(connection, at, RowChange::Changed(&before, &after), "changed", &["current_value"])
                }
                _ => Ok(()),
            }
        }
    }
}

/// A value is in the currency of its investment.
fn check_value(
    connection: &mut AnyConnection,
    investment: InvestmentId,
    value: Money,
) -> Result<(), HandlerError> {
    // Locked before the insert refers to it: concurrent valuations are serialized.
    let investment =
        Investment::lock(connection, investment)?.ok_or_else(|| Problem::not_found("investment"))?;
    check_amount("value", value, &investment.currency)
}
