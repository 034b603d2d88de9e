//! Days: `date`; on SQLite `YYYY-MM-DD`. Both tables check that the year is 1 to 9999.

use chrono::{Datelike, NaiveDate};

use super::InvalidValue;
use super::binary::{BinaryField, EPOCH_DAYS, Unencodable};

impl BinaryField for NaiveDate {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        if !(1..=9999).contains(&self.year()) {
            return Err(InvalidValue::new(format!("date {self} is outside the years 1 to 9999")).into());
        }
        let days = self.to_epoch_days() - EPOCH_DAYS;
        out.extend_from_slice(&days.to_be_bytes());
        Ok(())
    }
}
