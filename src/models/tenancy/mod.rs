//! Organizations, users, sessions, subscriptions and usage.

mod access;
mod activities;
mod attempt_counters;
mod contact_submissions;
mod idempotency_keys;
mod notifications;
mod organization_settings;
mod organizations;
mod report_runs;
mod sessions;
mod subscriptions;
mod usage;
mod usage_logs;
mod users;

pub use access::{
    SessionAccess, end_access_of_organization, end_access_of_user, end_other_sessions, end_session,
    end_sessions_of_organization, end_sessions_of_user, take_end,
};
pub use activities::{Activity, ActivityChanges, NewActivity};
pub use attempt_counters::{AttemptCounter, AttemptCounterChanges, NewAttemptCounter};
pub use contact_submissions::{ContactSubmission, ContactSubmissionChanges, NewContactSubmission};
pub use idempotency_keys::{IdempotencyKey, IdempotencyKeyChanges, NewIdempotencyKey};
pub use notifications::{NewNotification, Notification, NotificationChanges};
pub use organization_settings::{NewOrganizationSetting, OrganizationSetting, OrganizationSettingChanges};
pub use organizations::{NewOrganization, Organization, OrganizationChanges};
pub use report_runs::{NewReportRun, ReportRun, ReportRunChanges};
pub use sessions::{NewSession, Session, SessionChanges};
pub use subscriptions::{NewSubscription, Subscription, SubscriptionChanges};
pub use usage::{Charge, charge};
pub use usage_logs::{NewUsageLog, UsageLog, UsageLogChanges, UsageOfAction};
pub use users::{NewUser, User, UserChanges};
