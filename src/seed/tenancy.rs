//! Rows of organizations, users, subscriptions and usage.

use chrono::{DateTime, Datelike as _};
use serde_json::{Value, json};

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use super::words::*;
use crate::models::tenancy::{
    Activity, ContactSubmission, Notification, Organization, OrganizationSetting, ReportRun, Subscription,
    UsageLog, User,
};
use crate::models::{
    ActivityId, BillingPeriod, ContactSubmissionId, NotificationId, NotificationPriority, NotificationStatus,
    OrganizationId, OrganizationSettingId, OrganizationStatus, Plan, ReportRunId, ReportStatus, ReviewMode,
    Role, SubscriptionId, SubscriptionStatus, UsageLogId, UserId,
};
use transfer::values::Instant;

impl Seeded for Organization {
    const SHARE: u64 = 40;

    fn nth_key(plan: &TableSeed, index: u64) -> OrganizationId {
        OrganizationId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let name = cx.text(200, Context::company)?;
        let status = cx.word(OrganizationStatus::ALL);
        Ok(Self {
            id: cx.own_key::<Self>(),
            created_at,
            name,
            status,
            plan: cx.word(Plan::ALL),
            billing_email: cx.maybe(80, Context::email)?,
            settings: cx.json(
                |cx| json!({"locale": cx.pick(&["en", "de", "cs", "zh", "ar"]), "seats": cx.low(200)}),
            )?,
            review_mode: cx.word(ReviewMode::ALL),
            confidence_threshold: cx.real(0.5, 1.0)?,
            auto_upload_enabled: cx.chance(30),
            updated_at: cx.updated(created_at)?,
            closing_at: cx.when(status == OrganizationStatus::Closed, |cx| cx.within(120, created_at))?,
            access_version: cx.version(),
        })
    }
}

impl Seeded for User {
    const SHARE: u64 = 200;

    fn nth_key(plan: &TableSeed, index: u64) -> UserId {
        UserId(plan.uuid(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created_with_uuid()?;
        let organization = cx.home(cx.index());
        Ok(Self {
            id: cx.own_key::<Self>(),
            created_at,
            organization_id: cx.chance(95).then(|| cx.key::<Organization>(organization)),
            email: cx.email()?,
            password_hash: cx.maybe(70, |cx| cx.outside_id("$argon2id$v=19$m=19456,t=2,p=1$"))?,
            auth_subject: cx.maybe(40, |cx| cx.outside_id("auth0|"))?,
            first_name: cx.first_name()?,
            last_name: cx.last_name()?,
            role: cx.word(Role::ALL),
            avatar_url: cx.maybe(30, |cx| cx.url("avatars"))?,
            phone: cx.maybe(50, Context::phone)?,
            bio: cx.maybe(20, Context::prose)?,
            email_verified: cx.chance(80),
            kyc_verified: cx.chance(20),
            stripe_customer_id: cx.maybe(30, |cx| cx.outside_id("cus_"))?,
            notification_preferences: cx.json(|cx| {
                json!({
                    "email": cx.chance(90), "push": cx.chance(50),
                    "project_updates": true, "payment_notifications": true,
                })
            })?,
            last_login_at: cx.maybe(80, |cx| cx.within(300, created_at))?,
            updated_at: cx.updated(created_at)?,
            deleted_at: cx.maybe(3, |cx| cx.within(500, created_at))?,
            access_version: cx.version(),
        })
    }
}

impl Seeded for OrganizationSetting {
    const SHARE: u64 = 60;

    fn nth_key(plan: &TableSeed, index: u64) -> OrganizationSettingId {
        OrganizationSettingId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let organization = cx.parent::<Organization>();
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            created_by_user_id: cx.colleague(organization),
            created_at,
            connector_type: cx.distinct(100, CONNECTORS, cx.earlier::<Organization>())?,
            config_encrypted: cx.prose()?,
            is_active: cx.chance(90),
            review_mode: cx.word(ReviewMode::ALL),
            confidence_threshold: cx.real(0.5, 1.0)?,
            auto_upload_enabled: cx.chance(30),
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for Subscription {
    // Less than that of organizations, each of which has one at most.
    const SHARE: u64 = 35;

    fn nth_key(plan: &TableSeed, index: u64) -> SubscriptionId {
        SubscriptionId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.index()),
            created_at,
            plan_type: cx.word(Plan::ALL),
            price_per_document: cx.decimal(100..=20_000)?,
            monthly_base_fee: cx.decimal(900..=99_900)?,
            monthly_document_limit: cx.maybe(70, |cx| Ok(cx.int(100..=50_000)))?,
            overage_price_per_document: cx.decimal(100..=30_000)?,
            stripe_customer_id: cx.maybe(80, |cx| cx.outside_id("cus_"))?,
            stripe_subscription_id: cx.maybe(80, |cx| cx.outside_id("sub_"))?,
            billing_cycle_start: cx.maybe(90, |cx| cx.day_within(30, created_at))?,
            current_period_start: cx.maybe(90, |cx| cx.day_within(400, created_at))?,
            current_period_end: cx.maybe(90, |cx| cx.day_within(430, created_at))?,
            trial_ends_at: cx.maybe(40, |cx| cx.within(30, created_at))?,
            status: cx.word(SubscriptionStatus::ALL),
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for UsageLog {
    // Half of all rows.
    const SHARE: u64 = 6_400;

    fn nth_key(plan: &TableSeed, index: u64) -> UsageLogId {
        UsageLogId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let user = cx.visitor();
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(user)),
            user_id: cx.chance(90).then(|| cx.key::<User>(user)),
            action_type: cx.label(100, USES)?,
            document_count: cx.int(1..=40),
            created_at,
            metadata: cx.maybe(30, |cx| {
                cx.json(|cx| json!({"pages": cx.low(80), "ms": cx.low(9_000), "source": cx.pick(CONNECTORS)}))
            })?,
            billed: cx.chance(80),
            billing_period: billing_period(cx, created_at)?,
            voided_at: cx.maybe(3, |cx| cx.within(30, created_at))?,
        })
    }
}

/// The month of the use.
fn billing_period(cx: &mut Context<'_>, created: Instant) -> ValueResult<BillingPeriod> {
    let day = DateTime::from_timestamp_micros(created.micros()).unwrap_or_default();
    let year = u16::try_from(day.year()).unwrap_or_default();
    let month = u8::try_from(day.month()).unwrap_or_default();
    match cx.extreme() {
        Some(number) if number.is_multiple_of(2) => BillingPeriod::new(0, 1),
        Some(_) => BillingPeriod::new(9999, 12),
        None => BillingPeriod::new(year, month),
    }
}

/// Metadata of an event.
fn details(cx: &mut Context<'_>) -> Value {
    json!({"ip": format!("192.0.2.{}", cx.below(256)), "entity": cx.pick(ENTITIES), "by": cx.person()})
}

impl Seeded for Notification {
    const SHARE: u64 = 800;

    fn nth_key(plan: &TableSeed, index: u64) -> NotificationId {
        NotificationId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let user = cx.visitor();
        let status = cx.word(NotificationStatus::ALL);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(user)),
            user_id: cx.key::<User>(user),
            kind: cx.label(100, EVENTS)?,
            title: cx.label(300, SUBJECTS)?,
            message: cx.prose()?,
            entity_type: cx.maybe(70, |cx| cx.label(100, ENTITIES))?,
            entity_id: cx.maybe(70, Context::entity_id)?,
            created_at,
            priority: cx.word(NotificationPriority::ALL),
            status,
            action_url: cx.maybe(40, |cx| cx.url("open"))?,
            metadata: cx.maybe(20, |cx| cx.json(details))?,
            read_at: cx.when(status != NotificationStatus::Unread, |cx| cx.within(20, created_at))?,
        })
    }
}

impl Seeded for Activity {
    const SHARE: u64 = 900;

    fn nth_key(plan: &TableSeed, index: u64) -> ActivityId {
        ActivityId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let user = cx.visitor();
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(user)),
            user_id: cx.chance(90).then(|| cx.key::<User>(user)),
            kind: cx.label(100, EVENTS)?,
            title: cx.label(300, SUBJECTS)?,
            entity_type: cx.maybe(80, |cx| cx.label(100, ENTITIES))?,
            entity_id: cx.maybe(80, Context::entity_id)?,
            created_at: cx.created::<Self>()?,
            description: cx.maybe(30, Context::prose)?,
            metadata: cx.maybe(40, |cx| cx.json(details))?,
        })
    }
}

impl Seeded for ContactSubmission {
    const SHARE: u64 = 50;

    fn nth_key(plan: &TableSeed, index: u64) -> ContactSubmissionId {
        ContactSubmissionId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        Ok(Self {
            id: cx.own_key::<Self>(),
            created_at: cx.created::<Self>()?,
            name: cx.text(200, Context::person)?,
            email: cx.email()?,
            company: cx.maybe(50, |cx| cx.text(200, Context::company))?,
            phone: cx.maybe(40, Context::phone)?,
            subject: cx.label(300, SUBJECTS)?,
            message: cx.prose()?,
        })
    }
}

impl Seeded for ReportRun {
    const SHARE: u64 = 80;

    fn nth_key(plan: &TableSeed, index: u64) -> ReportRunId {
        ReportRunId(plan.uuid(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created_with_uuid()?;
        let user = cx.any::<User>();
        let status = cx.word(ReportStatus::ALL);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(user)),
            user_id: cx.key::<User>(user),
            kind: cx.label(100, REPORTS)?,
            params: cx.json(|cx| json!({"year": 2021 + cx.below(5), "format": cx.pick(&["pdf", "csv"])}))?,
            created_at,
            status,
            url: cx.when(status == ReportStatus::Done, |cx| cx.url("reports"))?,
            error_message: cx.when(status == ReportStatus::Failed, Context::prose)?,
            updated_at: cx.updated(created_at)?,
        })
    }
}
