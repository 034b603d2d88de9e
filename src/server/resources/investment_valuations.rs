//! `/api/investments/{id}/investment-valuations`: dated valuations of an investment.

use chrono::NaiveDate;

use crate::models::InvestmentId;
use crate::models::Record as _;
use crate::models::projects::{
    Investment, InvestmentChanges, InvestmentValuation, InvestmentValuationChanges, NewInvestmentValuation,
};
use crate::server::audit::record_change;
use crate::server::caller::At;
use crate::server::problem::HandlerError;
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
        fn after_write(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            Investment::lock(connection, self.investment_id)?;
            let latest = InvestmentValuation::latest(connection, self.investment_id)?;
            let changes = InvestmentChanges {
                current_value: Some(latest.map(|valuation| valuation.value)),
                updated_at: Some(at.now),
                ..InvestmentChanges::default()
            };
            match Investment::update(connection, self.investment_id, &changes)? {
                Some(investment) => record_change(connection, at, &investment, "changed", &["current_value"]),
                None => Ok(()),
            }
        }
    }
}
