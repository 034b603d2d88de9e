//! What an investment was worth on a day.

use chrono::NaiveDate;

use crate::models::record;
use crate::values::{Instant, InvestmentId, InvestmentValuationId, Money, Text};

record! {
    /// What an investment was worth on a day.
    investment_valuations: InvestmentValuation, NewInvestmentValuation, InvestmentValuationChanges;
    key generated id: InvestmentValuationId;
    owner investment_id: InvestmentId;
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
