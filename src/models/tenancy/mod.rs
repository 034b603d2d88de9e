//! Organizations, the people in them, what they pay and use.

mod activities;
mod contact_submissions;
mod notifications;
mod organization_settings;
mod organizations;
mod report_runs;
mod subscriptions;
mod usage_logs;
mod users;

pub use activities::{Activity, ActivityChanges, NewActivity};
pub use contact_submissions::{ContactSubmission, ContactSubmissionChanges, NewContactSubmission};
pub use notifications::{NewNotification, Notification, NotificationChanges};
pub use organization_settings::{NewOrganizationSetting, OrganizationSetting, OrganizationSettingChanges};
pub use organizations::{NewOrganization, Organization, OrganizationChanges};
pub use report_runs::{NewReportRun, ReportRun, ReportRunChanges};
pub use subscriptions::{NewSubscription, Subscription, SubscriptionChanges};
pub use usage_logs::{NewUsageLog, UsageLog, UsageLogChanges};
pub use users::{NewUser, User, UserChanges};
