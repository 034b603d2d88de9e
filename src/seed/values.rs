//! Generators of values other than text: the usual value of a column, or an extreme of its type.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rand_chacha::rand_core::Rng as _;
use serde_json::Value;

use super::context::{Context, at, count};
use super::plan::{OPEN_FOR_MS, OPENED_MS};
use super::steps::{Seeded, ValueResult};
use crate::models::EmailAddress;
use transfer::values::{Decimal, Instant, InvalidValue, Json, Real, Sha256, TimeOfDay, Vector};

const DAY_MICROS: i64 = 86_400_000_000;
/// The first and last valid day, relative to the Unix epoch.
const DAYS: RangeInclusive<i64> = -719_162..=2_932_896;

/// Dimensions of a usual embedding.
const DIMENSIONS: usize = 384;

pub(super) const INTEGERS: [i32; 5] = [i32::MIN, i32::MAX, 0, -1, 1];
pub(super) const REALS: [f64; 12] = [
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    0.1,
    0.0,
    1.0 / 3.0,
    f64::EPSILON,
    9_007_199_254_740_993.0,
    -1e23,
    123_456_789.123_456_79,
];
/// Days from the Unix epoch: the first and the last, leap days, the Gregorian reform, the epochs of both backends.
pub(super) const DATES: [i64; 8] = [-719_162, 2_932_896, -718_001, 11_016, -141_427, 0, 10_957, -1];
/// Microseconds: the epochs of both backends and the microsecond before, a whole day, fractions of a second.
pub(super) const INSTANTS: [i64; 7] = [
    0,
    -1,
    946_684_800_000_000,
    946_684_799_999_999,
    1_709_164_800_000_001,
    1_709_251_199_999_999,
    1_700_000_000_500_000,
];
/// JSON that is easily changed in transit, including numbers with more digits than any machine type.
pub(super) const JSONS: [&str; 16] = [
    "{}",
    "[]",
    "null",
    r#"{"after":18446744073709551616,"before":-9223372036854775809,"googol":1e100,"long":123456789012345678901234567890123456789}"#,
    "[1e300,1e-300,-1e300,0.1,0.30000000000000004,0.1000000000000000055511151231257827]",
    r#"{"größe":"schön","ключ":"значение","鍵":"値","مفتاح":"قيمة","🔑":"😀","e\u0301":"\u00e9"}"#,
    r#"{"escapes":"\" \\ \/ \b \f \n \r \t \u0001 \u007f \u2028 \ud83d\ude00"}"#,
    r#"{"a":{"b":{"c":{"d":{"e":[[[[[[{"f":[null,true,false]}]]]]]]}}}}}"#,
    r#"{"":"","A":1,"a":2,"aa":3,"b":4}"#,
    "[0,-1,1.5,\"\",null,{},[],true]",
    "true",
    "\"\"",
    "\"text with a : colon, a { brace and a \\\" quote\"",
    "0",
    "-12345678901234567890.12345678901234567890",
    "[[],[[]],{\"x\":[]},{\"x\":{}}]",
];

impl Context<'_> {
    pub(super) fn int(&mut self, usual: RangeInclusive<i32>) -> i32 {
        match self.extreme() {
            Some(number) => at(&INTEGERS, number),
            None => {
                let drawn = self.between((*usual.start()).into()..=(*usual.end()).into());
                i32::try_from(drawn).unwrap_or_default()
            }
        }
    }

    /// A counter of ended access. Never an extreme: it must be possible to raise it.
    pub(super) fn version(&mut self) -> i32 {
        i32::try_from(self.low(5)).unwrap_or_default()
    }

    /// A decimal number; the range is in units of the last decimal place.
    pub(super) fn decimal<const P: u32, const S: u32>(
        &mut self,
        usual: RangeInclusive<i64>,
    ) -> ValueResult<Decimal<P, S>> {
        match self.extreme() {
            Some(number) => extreme_decimal(number),
            None => Decimal::from_units(self.between(usual)),
        }
    }

    /// Like [`decimal`](Self::decimal), with a given usual value.
    pub(super) fn amount<const P: u32, const S: u32>(&mut self, usual: i64) -> ValueResult<Decimal<P, S>> {
        self.decimal(usual..=usual)
    }

    /// Like [`decimal`](Self::decimal), above zero.
    pub(super) fn positive<const P: u32, const S: u32>(
        &mut self,
        usual: RangeInclusive<i64>,
    ) -> ValueResult<Decimal<P, S>> {
        let drawn = self.decimal::<P, S>(usual)?;
        Decimal::from_units(drawn.units().abs().max(1))
    }

    /// Like [`decimal`](Self::decimal), not below zero.
    pub(super) fn unsigned<const P: u32, const S: u32>(
        &mut self,
        usual: RangeInclusive<i64>,
    ) -> ValueResult<Decimal<P, S>> {
        let drawn = self.decimal::<P, S>(usual)?;
        Decimal::from_units(drawn.units().abs())
    }

    pub(super) fn real(&mut self, from: f64, to: f64) -> ValueResult<Real> {
        match self.extreme() {
            Some(number) => Real::new(at(&REALS, number)),
            None => {
                let part = f64::from(self.randomness.next_u32()) / f64::from(u32::MAX);
                Real::new(from + part * (to - from))
            }
        }
    }

    /// The creation time of a row, distributed over the range of creation times.
    ///
    /// Extremes occur only in a few rows after the first ones, so that small data sets look realistic.
    pub(super) fn created<R: Seeded>(&mut self) -> ValueResult<Instant> {
        if let Some(number) = self.index().checked_sub(10).filter(|number| *number < 9) {
            return extreme_instant(number);
        }
        let step = OPEN_FOR_MS / self.count::<R>().max(1);
        let since_opened = step * self.index() + self.below(step);
        self.instant_of_ms(OPENED_MS + since_opened)
    }

    /// Like [`created`](Self::created), from the UUID of the row.
    pub(super) fn created_with_uuid(&mut self) -> ValueResult<Instant> {
        self.instant_of_ms(self.table().uuid_ms(self.index()))
    }

    fn instant_of_ms(&mut self, ms: u64) -> ValueResult<Instant> {
        let micros = self.below(1_000) + ms * 1_000;
        Instant::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }

    /// An instant within this many days of another; after it if the number is positive.
    pub(super) fn within(&mut self, days: i64, from: Instant) -> ValueResult<Instant> {
        if let Some(number) = self.extreme() {
            return extreme_instant(number);
        }
        let distance = self.between(0..=days.abs() * DAY_MICROS) * days.signum();
        let micros = from.micros().saturating_add(distance);
        Instant::from_micros(micros.clamp(Instant::MIN.micros(), Instant::MAX.micros()))
    }

    /// The time of the last change, mostly after the creation time.
    pub(super) fn updated(&mut self, created: Instant) -> ValueResult<Instant> {
        self.within(120, created)
    }

    /// Like [`within`](Self::within), for dates.
    pub(super) fn day_within(&mut self, days: i64, from: Instant) -> ValueResult<NaiveDate> {
        let day = match self.extreme() {
            Some(number) => at(&DATES, number),
            None => from.micros() / DAY_MICROS + self.between(0..=days.abs()) * days.signum(),
        };
        i32::try_from(day.clamp(*DAYS.start(), *DAYS.end()))
            .ok()
            .and_then(NaiveDate::from_epoch_days)
            .ok_or_else(|| InvalidValue::new(format!("day {day} is out of range")))
    }

    pub(super) fn time_of_day(&mut self) -> ValueResult<TimeOfDay> {
        match self.extreme() {
            Some(number) => match number % 4 {
                0 => Ok(TimeOfDay::MIN),
                1 => Ok(TimeOfDay::MAX),
                2 => TimeOfDay::from_micros(1),
                _ => TimeOfDay::from_micros(DAY_MICROS / 2),
            },
            None => TimeOfDay::from_micros(self.between(0..=95) * (DAY_MICROS / 96)),
        }
    }

    pub(super) fn json(&mut self, usual: impl FnOnce(&mut Self) -> Value) -> ValueResult<Json> {
        match self.extreme() {
            Some(number) => Json::parse(at(&JSONS, number)),
            None => Json::new(usual(self)),
        }
    }

    pub(super) fn vector(&mut self) -> ValueResult<Vector> {
        let mut elements: Vec<f32> = (0..DIMENSIONS).map(|_| self.unit()).collect();
        match self.extreme().map(|number| number % 4) {
            Some(0) => elements.truncate(1),
            Some(1) => elements[..SPECIAL.len()].copy_from_slice(&SPECIAL),
            Some(2) => elements = SPECIAL.to_vec(),
            Some(_) | None => {}
        }
        Vector::new(elements)
    }

    /// A number from -1 to 1.
    fn unit(&mut self) -> f32 {
        // A random mantissa with the exponent of the range 1 to 2.
        f32::from_bits(0x4000_0000 | (self.randomness.next_u32() >> 9)) - 3.0
    }

    pub(super) fn digest(&mut self) -> Sha256 {
        let mut bytes = [0; 32];
        match self.extreme().map(|number| number % 3) {
            Some(0) => {}
            Some(1) => bytes.fill(0xff),
            Some(_) | None => self.randomness.fill_bytes(&mut bytes),
        }
        bytes.into()
    }

    /// One of the words of a column, the first ones more likely; in rows with extremes, one after the other.
    pub(super) fn word<T: Copy>(&mut self, words: &[T]) -> T {
        let index = self.extreme().unwrap_or_else(|| self.low(count(words)));
        at(words, index)
    }

    /// A unique e-mail address.
    pub(super) fn email(&mut self) -> ValueResult<EmailAddress> {
        let index = self.index();
        let address = match self.extreme().map(|number| number % 6) {
            Some(0) => format!("{}.{index}@{}.example", "a".repeat(50), "b".repeat(63)),
            Some(1) => format!("o'brien+%_{{}}{index}@example.com"),
            Some(2) => format!("用户.{index}@例え.jp"),
            Some(3) => format!("{index}@x"),
            Some(4) => format!("jo\u{308}rg.\u{1f600}.{index}@mu\u{308}ller.example"),
            Some(_) | None => self.usual_email(),
        };
        EmailAddress::new(&address)
    }
}

/// Bit patterns that arithmetic or conversions would change: NaN with a payload, negative zero, infinities,
/// subnormals.
pub(super) const SPECIAL: [f32; 8] = [
    f32::from_bits(0x7fc0_0001),
    f32::from_bits(0xffc0_0000),
    -0.0,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::from_bits(1),
    f32::MAX,
    f32::MIN_POSITIVE,
];

fn extreme_instant(number: u64) -> ValueResult<Instant> {
    match number % 9 {
        0 => Ok(Instant::MIN),
        1 => Ok(Instant::MAX),
        number => Instant::from_micros(at(&INSTANTS, number - 2)),
    }
}

fn extreme_decimal<const P: u32, const S: u32>(number: u64) -> ValueResult<Decimal<P, S>> {
    let one = 10_i64.pow(S);
    match number % 10 {
        0 => Ok(Decimal::MIN),
        1 => Ok(Decimal::MAX),
        2 => Ok(Decimal::ZERO),
        3 => Decimal::from_units(1),
        4 => Decimal::from_units(-1),
        5 => Decimal::from_units(one),
        // PostgreSQL computes in base 10000: numbers around its carry.
        6 => Decimal::from_units((one * 10_000).min(Decimal::<P, S>::MAX.units())),
        7 => Decimal::from_units((one * 10_000 - 1).min(Decimal::<P, S>::MAX.units())),
        8 => Decimal::from_units(-(one * 99 / 10)),
        _ => Decimal::from_units(one * 100 + 1),
    }
}
