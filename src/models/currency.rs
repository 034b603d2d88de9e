//! Currencies: ISO 4217 codes whose amounts fit the two decimal places of [`Money`].

use std::sync::LazyLock;

use super::text_newtype::utf8_newtype;
use transfer::values::{InvalidValue, Money, Text};

utf8_newtype! {
    /// A currency, by its ISO 4217 code.
    Currency
}

/// The codes that [`Currency::new`] accepts, sorted.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let all = (0..1000).filter_map(iso_currency::Currency::from_numeric);
    let mut codes: Vec<_> =
        all.filter(|known| decimals_of(*known).is_ok()).map(|known| known.code()).collect();
    codes.sort_unstable();
    codes
});

/// Hundredths in one: an amount of a currency without a minor unit is a multiple of it.
const ONE: i64 = 100;

impl Currency {
    /// The currency with this code.
    ///
    /// # Errors
    /// When ISO 4217 has no such code, or amounts of this currency do not fit two decimal places.
    pub fn new(code: &str) -> Result<Self, InvalidValue> {
        let known = iso_currency::Currency::from_code(code)
            .ok_or_else(|| InvalidValue::new("not a currency code of ISO 4217, such as \"EUR\""))?;
        decimals_of(known)?;
        Ok(Self(Text::new(code)?))
    }

    /// The codes that are accepted, sorted.
    pub fn codes() -> &'static [&'static str] {
        &CODES
    }

    /// Whether the currency has no minor unit, such as the yen. A code that was stored before codes were checked counts
    /// as one with two decimal places.
    pub fn is_whole(&self) -> bool {
        iso_currency::Currency::from_code(self.as_str()).and_then(iso_currency::Currency::exponent) == Some(0)
    }

    /// Checks that an amount has no more decimal places than the currency.
    ///
    /// # Errors
    /// When the currency has no minor unit and the amount is not whole.
    pub fn check(&self, amount: Money) -> Result<(), InvalidValue> {
        match self.is_whole() && amount.units() % ONE != 0 {
            true => Err(InvalidValue::new(format!("an amount in {} must be whole", self.as_str()))),
            false => Ok(()),
        }
    }

    /// An amount of this currency from a number with `FINER` more digits than the hundredth, such as a product: rounded
    /// once, half away from zero, to the smallest unit of the currency.
    ///
    /// # Errors
    /// When the result has too many digits.
    pub fn amount<const FINER: u32>(&self, parts: i128) -> Result<Money, InvalidValue> {
        if !self.is_whole() {
            return Money::from_finer::<FINER>(parts);
        }
        let unit = 10_i128.pow(FINER) * i128::from(ONE);
        let (whole, rest) = (parts / unit, parts % unit);
        let away = if rest.abs() >= unit - rest.abs() { parts.signum() } else { 0 };
        Money::from_finer::<0>((whole + away) * i128::from(ONE))
    }
}

/// The decimal places of the minor unit: 0, 1 or 2.
fn decimals_of(currency: iso_currency::Currency) -> Result<u16, InvalidValue> {
    let code = currency.code();
    if let Some(next) = currency.is_superseded() {
        return Err(InvalidValue::new(format!("currency {code} is superseded by {}", next.code())));
    }
    match currency.exponent() {
        Some(decimals @ 0..=2) => Ok(decimals),
        Some(decimals) => Err(InvalidValue::new(format!(
            "amounts in {code} have {decimals} decimal places, and amounts here have at most 2"
        ))),
        None => Err(InvalidValue::new(format!("{code} is not the code of a currency with amounts"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::new(code).expect("a currency")
    }

    fn money(text: &str) -> Money {
        text.parse().expect("money")
    }

    #[test]
    fn only_codes_of_iso_4217_with_at_most_two_decimal_places_are_accepted() {
        for code in ["USD", "EUR", "CZK", "GBP", "JPY", "CHF", "ISK"] {
            assert!(Currency::codes().contains(&code), "{code}");
            assert_eq!(currency(code).as_str(), code);
        }
        for (code, why) in [
            ("usd", "ISO 4217"),
            ("AAA", "ISO 4217"),
            ("US", "ISO 4217"),
            ("€€€", "ISO 4217"),
            ("KWD", "3 decimal places"),
            ("CLF", "4 decimal places"),
            ("XAU", "not the code of a currency with amounts"),
            ("HRK", "superseded by EUR"),
        ] {
            let error = Currency::new(code).expect_err(code).to_string();
            assert!(error.contains(why), "{code}: {error}");
        }
        assert!(Currency::codes().len() > 140, "{:?}", Currency::codes());
        assert!(Currency::codes().is_sorted());
        assert!(Currency::codes().iter().all(|code| Currency::new(code).is_ok()));
    }

    #[test]
    fn amounts_without_a_minor_unit_are_whole() {
        assert!(currency("JPY").check(money("100")).is_ok());
        assert!(currency("JPY").check(money("-0.01")).is_err());
        assert!(currency("EUR").check(money("0.01")).is_ok());
    }

    #[test]
    fn amounts_are_rounded_to_the_smallest_unit_of_the_currency() {
        for (parts, euro, yen) in [
            (49_999, "50.00", "50.00"),
            (49_499, "49.50", "49.00"),
            (49_500, "49.50", "50.00"),
            (-49_500, "-49.50", "-50.00"),
            (5, "0.01", "0.00"),
        ] {
            assert_eq!(currency("EUR").amount::<1>(parts), Ok(money(euro)), "{parts}");
            assert_eq!(currency("JPY").amount::<1>(parts), Ok(money(yen)), "{parts}");
        }
        assert!(currency("JPY").amount::<0>(i128::from(Money::MAX.units())).is_err(), "rounded up");
    }
}
