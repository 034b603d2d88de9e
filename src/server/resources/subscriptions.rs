//! `/api/subscriptions`: the subscription of the organization. Staff create and change it: an organization does not set
//! its own price.

use chrono::NaiveDate;

use crate::models::tenancy::{NewSubscription, Subscription, SubscriptionChanges};
use crate::models::{OrganizationId, Plan, SubscriptionStatus};
use crate::server::resource::{Collection, Parent, resource};
use transfer::values::{Instant, Money, Text, UnitPrice};

resource! {
    /// The price and period of an organization's subscription; at most one. Set by staff.
    Subscription, "subscription" at "subscriptions", Subscriptions;
    collections [
        Collection::Organization,
        Parent::of::<OrganizationId>("organizations", "organization", "organization_id"),
    ];
    new |at| NewSubscription {
        organization_id: OrganizationId,
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
    particular {
        const AUDITED: &'static [&'static str] = &[
            "plan_type", "price_per_document", "monthly_base_fee", "monthly_document_limit",
            "overage_price_per_document", "billing_cycle_start", "current_period_start", "current_period_end",
            "trial_ends_at", "status",
        ];
    }
}
