//! Totals of a bill.
//!
//! Computed in integers, rounded half away from zero to the smallest unit of the currency: once for the price of an item,
//! and once for its tax. Tax is computed before the discount. Sums are exact, so the order of items does not matter.
//! Quantities and prices may be negative (a returned item).

use crate::models::Currency;
use transfer::values::{InvalidValue, Money, Quantity, Rate};

/// The amounts of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Sum of all items, without tax.
    pub subtotal: Money,
    /// Sum of the tax of all items.
    pub tax_amount: Money,
    /// The discount, limited to subtotal plus tax.
    pub discount_amount: Money,
    /// Amount due: subtotal + tax - discount.
    pub total_amount: Money,
}

/// The price of an item without tax.
///
/// # Errors
/// When it exceeds the range of `Money`.
pub fn line_total(quantity: Quantity, unit_price: Money, currency: &Currency) -> Result<Money, InvalidValue> {
    // Thousandths times cents: three digits finer than a cent.
    currency.amount::<3>(i128::from(quantity.units()) * i128::from(unit_price.units()))
}

/// The tax of an item.
///
/// # Errors
/// When it exceeds the range of `Money`.
pub fn tax_of(line_total: Money, rate: Rate, currency: &Currency) -> Result<Money, InvalidValue> {
    // Cents times hundredths of a percent: four digits finer than a cent.
    currency.amount::<4>(i128::from(line_total.units()) * i128::from(rate.units()))
}

/// The totals of items given as quantity, unit price and tax rate.
///
/// # Errors
/// When an amount exceeds the range of `Money`, or the discount is negative.
pub fn totals(
    items: &[(Quantity, Money, Rate)],
    discount: Money,
    currency: &Currency,
) -> Result<Totals, InvalidValue> {
    if discount < Money::ZERO {
        return Err(InvalidValue::new("discount must not be negative"));
    }
    let (mut subtotal, mut tax) = (0_i128, 0_i128);
    for (quantity, unit_price, rate) in items {
        let line = line_total(*quantity, *unit_price, currency)?;
        subtotal += i128::from(line.units());
        tax += i128::from(tax_of(line, *rate, currency)?.units());
    }
    let before_discount = subtotal + tax;
    let discount = i128::from(discount.units()).min(before_discount.max(0));
    Ok(Totals {
        subtotal: Money::from_finer::<0>(subtotal)?,
        tax_amount: Money::from_finer::<0>(tax)?,
        discount_amount: Money::from_finer::<0>(discount)?,
        total_amount: Money::from_finer::<0>(before_discount - discount)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd() -> Currency {
        Currency::new("USD").expect("a currency")
    }

    fn money(text: &str) -> Money {
        text.parse().expect("money")
    }

    fn item(quantity: &str, unit_price: &str, rate: &str) -> (Quantity, Money, Rate) {
        (quantity.parse().expect("quantity"), money(unit_price), rate.parse().expect("rate"))
    }

    #[test]
    fn half_a_cent_is_rounded_away_from_zero() {
        for (quantity, price, total) in [
            ("0.500", "0.01", "0.01"),
            ("0.499", "0.01", "0.00"),
            ("-0.500", "0.01", "-0.01"),
            ("2.500", "-0.01", "-0.03"),
            ("3", "19.99", "59.97"),
        ] {
            let quantity = quantity.parse().expect("quantity");
            assert_eq!(line_total(quantity, money(price), &usd()), Ok(money(total)), "{quantity} x {price}");
        }
        for (line, rate, tax) in [
            ("10.00", "19.00", "1.90"),
            ("0.50", "1.00", "0.01"),
            ("-0.50", "1.00", "-0.01"),
            ("0.49", "1.00", "0.00"),
        ] {
            assert_eq!(
                tax_of(money(line), rate.parse().expect("rate"), &usd()),
                Ok(money(tax)),
                "{rate} % of {line}"
            );
        }
    }

    #[test]
    fn tax_is_rounded_per_line_and_then_summed() {
        let items = [item("1", "0.03", "19.00"), item("1", "0.03", "19.00")];
        let expected = Totals {
            subtotal: money("0.06"),
            tax_amount: money("0.02"),
            discount_amount: Money::ZERO,
            total_amount: money("0.08"),
        };
        assert_eq!(totals(&items, Money::ZERO, &usd()), Ok(expected));
    }

    #[test]
    fn the_discount_is_limited_to_the_total() {
        let items = [item("1", "10.00", "10.00")];
        for (discount, taken, left) in [
            ("0", "0.00", "11.00"),
            ("4.50", "4.50", "6.50"),
            ("11", "11.00", "0.00"),
            ("11.01", "11.00", "0.00"),
        ] {
            let totals = totals(&items, money(discount), &usd()).expect("in range");
            assert_eq!(
                (totals.discount_amount, totals.total_amount),
                (money(taken), money(left)),
                "{discount}"
            );
        }
        assert!(totals(&items, money("-0.01"), &usd()).is_err());
    }

    #[test]
    fn a_negative_bill_has_no_discount() {
        let totals = totals(&[item("-1", "10.00", "0")], money("5"), &usd()).expect("in range");
        assert_eq!((totals.discount_amount, totals.total_amount), (Money::ZERO, money("-10.00")));
    }

    #[test]
    fn amounts_of_a_currency_without_a_minor_unit_are_whole() {
        let yen = Currency::new("JPY").expect("a currency");
        let items = [item("1.500", "333", "10.00"), item("1", "5", "10.00")];
        let expected = Totals {
            subtotal: money("505"),
            tax_amount: money("51"),
            discount_amount: Money::ZERO,
            total_amount: money("556"),
        };
        assert_eq!(totals(&items, Money::ZERO, &yen), Ok(expected), "499.5 + 5, and 50 + 0.5 tax");
    }

    #[test]
    fn amounts_out_of_range_are_rejected() {
        assert!(line_total(Quantity::MAX, Money::MAX, &usd()).is_err());
        assert!(tax_of(Money::MAX, Rate::MAX, &usd()).is_err());
        let largest = (Quantity::from_units(1000).expect("one"), Money::MAX, Rate::ZERO);
        assert!(totals(&[largest; 2], Money::ZERO, &usd()).is_err());
        // Intermediate sums may exceed the range if the result fits.
        let back = (Quantity::from_units(-1000).expect("one"), Money::MAX, Rate::ZERO);
        assert_eq!(
            totals(&[largest, largest, back], Money::ZERO, &usd()).map(|all| all.total_amount),
            Ok(Money::MAX)
        );
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn totals_do_not_depend_on_the_order_of_items(
            items in proptest::collection::vec((-99_999_i64..99_999, -99_999_i64..99_999, 0_i64..=2500), 0..20),
            discount in 0_i64..99_999_999,
        ) {
            let mut items: Vec<_> = items
                .into_iter()
                .map(|(quantity, price, rate)| (
                    Quantity::from_units(quantity).expect("in range"),
                    Money::from_units(price).expect("in range"),
                    Rate::from_units(rate).expect("in range"),
                ))
                .collect();
            let discount = Money::from_units(discount).expect("in range");
            let sums = totals(&items, discount, &usd()).expect("in range");
            let gross = sums.subtotal.checked_add(sums.tax_amount).expect("in range");
            prop_assert_eq!(gross.checked_sub(sums.discount_amount), Ok(sums.total_amount));
            prop_assert!(sums.discount_amount <= discount && sums.discount_amount >= Money::ZERO);
            prop_assert!(sums.discount_amount == discount || sums.total_amount <= Money::ZERO);
            prop_assert!(gross < Money::ZERO || sums.total_amount >= Money::ZERO);
            items.reverse();
            prop_assert_eq!(totals(&items, discount, &usd()), Ok(sums));
        }
    }
}
