//! The charge for a billing period.
//!
//! The base fee, plus the price of the documents up to the limit, plus the overage price of the others. Each product
//! is rounded once, half away from zero.

use super::Subscription;
use transfer::values::{InvalidValue, Money, UnitPrice};

/// The charge for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Charge {
    /// Documents within the limit; all of them without a limit.
    pub included: i64,
    /// Documents above the limit.
    pub overage: i64,
    /// The base fee.
    pub base_fee: Money,
    /// The price of the documents within the limit.
    pub documents_price: Money,
    /// The price of the documents above the limit.
    pub overage_price: Money,
    /// The sum.
    pub total: Money,
}

/// The charge of a subscription for a number of documents.
///
/// # Errors
/// When the count or the limit is negative, or an amount exceeds the range of `Money`.
pub fn charge(subscription: &Subscription, document_count: i64) -> Result<Charge, InvalidValue> {
    if document_count < 0 {
        return Err(InvalidValue::new(format!("document count {document_count} must not be negative")));
    }
    let limit = subscription.monthly_document_limit.map_or(i64::MAX, i64::from);
    if limit < 0 {
        return Err(InvalidValue::new(format!("document limit {limit} must not be negative")));
    }
    let included = document_count.min(limit);
    let overage = document_count - included;
    let base_fee = subscription.monthly_base_fee;
    let documents_price = price_of(included, subscription.price_per_document)?;
    let overage_price = price_of(overage, subscription.overage_price_per_document)?;
    let total = base_fee.checked_add(documents_price)?.checked_add(overage_price)?;
    Ok(Charge { included, overage, base_fee, documents_price, overage_price, total })
}

fn price_of(document_count: i64, price: UnitPrice) -> Result<Money, InvalidValue> {
    // Ten-thousandths: two digits finer than a cent.
    Money::from_finer::<2>(i128::from(document_count) * i128::from(price.units()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{OrganizationId, Plan, SubscriptionId, SubscriptionStatus};
    use proptest::prelude::*;
    use transfer::values::Instant;

    fn subscription(price: &str, base_fee: &str, limit: Option<i32>, overage_price: &str) -> Subscription {
        Subscription {
            id: SubscriptionId(1),
            organization_id: OrganizationId(1),
            created_at: Instant::MIN,
            plan_type: Plan::Business,
            price_per_document: price.parse().expect("price"),
            monthly_base_fee: base_fee.parse().expect("fee"),
            monthly_document_limit: limit,
            overage_price_per_document: overage_price.parse().expect("price"),
            stripe_customer_id: None,
            stripe_subscription_id: None,
            billing_cycle_start: None,
            current_period_start: None,
            current_period_end: None,
            trial_ends_at: None,
            status: SubscriptionStatus::Active,
            updated_at: Instant::MIN,
        }
    }

    fn money(text: &str) -> Money {
        text.parse().expect("money")
    }

    #[test]
    fn documents_beyond_the_limit_have_their_own_price() {
        let subscription = subscription("0.0125", "49.00", Some(100), "0.0333");
        let expected = Charge {
            included: 100,
            overage: 5,
            base_fee: money("49.00"),
            documents_price: money("1.25"),
            overage_price: money("0.17"),
            total: money("50.42"),
        };
        assert_eq!(charge(&subscription, 105), Ok(expected));
        let within = charge(&subscription, 100).expect("in range");
        assert_eq!((within.included, within.overage, within.overage_price), (100, 0, Money::ZERO));
    }

    #[test]
    fn a_product_is_rounded_once_and_half_away_from_zero() {
        // 0.0001 each: rounded separately, they would be free.
        let subscription = subscription("0.0001", "0", None, "9");
        for (document_count, price) in
            [(49, "0.00"), (50, "0.01"), (149, "0.01"), (150, "0.02"), (10_000, "1.00")]
        {
            let charge = charge(&subscription, document_count).expect("in range");
            assert_eq!((charge.documents_price, charge.overage), (money(price), 0), "{document_count}");
        }
    }

    #[test]
    fn nothing_used_costs_the_base_fee() {
        let charge = charge(&subscription("1", "10.00", Some(0), "2"), 0).expect("in range");
        assert_eq!((charge.total, charge.included, charge.overage), (money("10.00"), 0, 0));
    }

    #[test]
    fn invalid_counts_are_rejected() {
        assert!(charge(&subscription("1", "0", None, "1"), -1).is_err());
        assert!(charge(&subscription("1", "0", Some(-1), "1"), 1).is_err());
        assert!(charge(&subscription("1", "0", None, "1"), i64::MAX).is_err());
        assert!(charge(&subscription("0.01", "999999999999.99", None, "1"), 1).is_err());
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn every_document_is_charged_once_and_one_more_never_costs_less(
            price in 0_i64..100_000,
            overage_price in 0_i64..100_000,
            limit in proptest::option::of(0_i32..1000),
            document_count in 0_i64..2000,
        ) {
            let mut subscription = subscription("0", "5.00", limit, "0");
            subscription.price_per_document = UnitPrice::from_units(price).expect("in range");
            subscription.overage_price_per_document = UnitPrice::from_units(overage_price).expect("in range");
            let fewer = charge(&subscription, document_count).expect("in range");
            let more = charge(&subscription, document_count + 1).expect("in range");
            prop_assert_eq!(fewer.included + fewer.overage, document_count);
            prop_assert!(limit.is_none_or(|limit| fewer.included <= i64::from(limit)));
            prop_assert!(fewer.overage == 0 || limit.map(i64::from) == Some(fewer.included));
            prop_assert!(fewer.total <= more.total);
            let parts = [fewer.base_fee, fewer.documents_price, fewer.overage_price].map(Money::units);
            prop_assert_eq!(fewer.total.units(), parts.iter().sum::<i64>());
        }
    }
}
