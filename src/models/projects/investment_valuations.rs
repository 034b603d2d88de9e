//! Valuations of investments.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::models::record;
use crate::models::{InvestmentId, InvestmentValuationId};
use crate::schema::investment_valuations;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Money, Text};

record! {
    /// The value of an investment on a date.
    investment_valuations: InvestmentValuation, NewInvestmentValuation, InvestmentValuationChanges;
    key generated id: InvestmentValuationId;
    owner investment_id;
    filter {
        investment_id: InvestmentId,
    }
    fixed {
        investment_id: InvestmentId,
        valued_on: NaiveDate,
        created_at: Instant,
    }
    changing {
        value: Money,
        method: Option<Text>,
        notes: Option<Text>,
    }
}

impl InvestmentValuation {
    /// The latest valuation by date; of several on that date, the last one inserted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn latest(connection: &mut AnyConnection, investment: InvestmentId) -> QueryResult<Option<Self>> {
        investment_valuations::table
            .filter(investment_valuations::investment_id.eq(investment))
            .order((investment_valuations::valued_on.desc(), investment_valuations::id.desc()))
            .select(Self::as_select())
            .first(connection)
            .optional()
    }
}
