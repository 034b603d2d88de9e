//! `/api/subscriptions`: the subscription of the organization.

use chrono::NaiveDate;

use crate::models::tenancy::{NewSubscription, Subscription, SubscriptionChanges};
use crate::models::{Plan, SubscriptionStatus};
use crate::server::resource::{Collection, resource};
use transfer::values::{Instant, Money, Text, UnitPrice};

resource! {
    /// The price and period of the organization's subscription; at most one.
    Subscription, "subscription" at "subscriptions", Subscriptions;
    collections [Collection::Organization];
    new |at| NewSubscription {
        plan_type: Plan,
        price_per_document: UnitPrice [0..=UnitPrice::MAX.units()],
        monthly_base_fee: Money [0..=Money::MAX.units()],
        monthly_document_limit: Option<i32> [0..=i64::from(i32::MAX)],
        overage_price_per_document: UnitPrice [0..=UnitPrice::MAX.units()],
        stripe_customer_id: Option<Text> [1..=255],
        stripe_subscription_id: Option<Text> [1..=255],
        billing_cycle_start: Option<NaiveDate>,
        current_period_start: Option<NaiveDate>,
        current_period_end: Option<NaiveDate>,
        trial_ends_at: Option<Instant>,
        status: SubscriptionStatus = SubscriptionStatus::Trialing,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        updated_at: at.now,
    }
    changes |at| SubscriptionChanges {
        plan_type: Plan,
        price_per_document: UnitPrice [0..=UnitPrice::MAX.units()],
        monthly_base_fee: Money [0..=Money::MAX.units()],
        monthly_document_limit: Option<i32> [0..=i64::from(i32::MAX)],
        overage_price_per_document: UnitPrice [0..=UnitPrice::MAX.units()],
        stripe_customer_id: Option<Text> [1..=255],
        stripe_subscription_id: Option<Text> [1..=255],
        billing_cycle_start: Option<NaiveDate>,
        current_period_start: Option<NaiveDate>,
        current_period_end: Option<NaiveDate>,
        trial_ends_at: Option<Instant>,
        status: SubscriptionStatus,
    } with {
        updated_at: Some(at.now),
    }
}
