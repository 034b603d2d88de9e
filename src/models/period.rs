//! Billing periods: `YYYY-MM`.

use super::text_newtype::utf8_newtype;
use transfer::values::{InvalidValue, Text};

utf8_newtype! {
    /// A billing month: `YYYY-MM`.
    BillingPeriod
}

impl BillingPeriod {
    /// The period of `month` (1 to 12) in `year` (0 to 9999).
    ///
    /// # Errors
    /// When either is out of its range.
    pub fn new(year: u16, month: u8) -> Result<Self, InvalidValue> {
        if year > 9999 || !(1..=12).contains(&month) {
            return Err(InvalidValue::new(format!("month {month} of year {year} is out of range")));
        }
        Ok(Self(Text::new(format!("{year:04}-{month:02}"))?))
    }
}
