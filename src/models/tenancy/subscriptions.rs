//! Subscriptions of organizations.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{OrganizationId, Plan, SubscriptionId, SubscriptionStatus};
use transfer::values::{Instant, Money, Text, UnitPrice};

record! {
    /// The price and period of an organization's subscription.
    subscriptions: Subscription, NewSubscription, SubscriptionChanges;
    key generated id: SubscriptionId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
    }
    fixed {
        organization_id: OrganizationId,
        created_at: Instant,
    }
    changing {
        plan_type: Plan,
        price_per_document: UnitPrice,
        monthly_base_fee: Money,
        monthly_document_limit: Option<i32>,
        overage_price_per_document: UnitPrice,
        stripe_customer_id: Option<Text>,
        stripe_subscription_id: Option<Text>,
        billing_cycle_start: Option<NaiveDate>,
        current_period_start: Option<NaiveDate>,
        current_period_end: Option<NaiveDate>,
        trial_ends_at: Option<Instant>,
        status: SubscriptionStatus,
        updated_at: Instant,
    }
}
