//! Enumerated columns.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use utoipa::openapi::schema::Type;

use super::Field;
use super::field::{of_type, text_of};
use transfer::values::{BinaryField, InvalidValue, Unencodable};

macro_rules! word_enums {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = Text)]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`")]
                #[serde(rename = $word)]
                $variant,
            )+
        }

        impl $name {
            /// All values, in the order of the table's check.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl<DB: diesel::backend::Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: diesel::backend::Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                match String::from_sql(value)?.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err(InvalidValue::new(format!("`{other}` is not one of {}", concat!($("`", $word, "` "),+))).into()),
                }
            }
        }

        impl Field for $name {
            fn from_json(value: serde_json::Value) -> Result<Self, InvalidValue> {
                match text_of(value)?.as_str() {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(InvalidValue::new(concat!("not one of ", $("`", $word, "` "),+).trim_end())),
                }
            }

            fn schema() -> utoipa::openapi::schema::Schema {
                of_type(Type::String).enum_values(Some([$($word),+])).into()
            }
        }

        impl BinaryField for $name {
            fn show(&self) -> String {
                format!("{:?}", self.as_str())
            }

            fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
                out.extend_from_slice(self.as_str().as_bytes());
                Ok(())
            }
        }
    )+};
}

word_enums! {
    /// Status of an organization.
    OrganizationStatus { Active = "active", Suspended = "suspended", Closed = "closed" }
    /// Plan of an organization.
    Plan { Trial = "trial", Starter = "starter", Business = "business", Enterprise = "enterprise" }
    /// Which documents require review by a user.
    ReviewMode { ReviewAll = "review_all", LowConfidence = "low_confidence", Automatic = "automatic" }
    /// Role of a user in an organization.
    Role { Owner = "owner", Admin = "admin", Member = "member", Client = "client", Freelancer = "freelancer" }
    /// Status of a subscription.
    SubscriptionStatus { Trialing = "trialing", Active = "active", PastDue = "past_due", Canceled = "canceled" }
    /// Priority of a notification.
    NotificationPriority { Low = "low", Normal = "normal", High = "high" }
    /// Status of a notification.
    NotificationStatus { Unread = "unread", Read = "read", Archived = "archived" }
    /// Status of a report run.
    ReportStatus { Queued = "queued", Running = "running", Done = "done", Failed = "failed" }
    /// Status of a batch of documents.
    BatchStatus { Pending = "pending", Processing = "processing", Completed = "completed", Failed = "failed" }
    /// Status of a document.
    DocumentStatus { PendingReview = "pending_review", Approved = "approved", Rejected = "rejected", Uploaded = "uploaded", Failed = "failed" }
    /// How often a recurring pattern creates a task.
    Frequency { Daily = "daily", Weekly = "weekly", Monthly = "monthly" }
    /// Priority of a task.
    TaskPriority { Low = "low", Medium = "medium", High = "high" }
    /// Status of a bill.
    BillStatus { Draft = "draft", Open = "open", Paid = "paid", Void = "void" }
    /// Kind of a payment.
    PaymentKind { Deposit = "deposit", Release = "release", Refund = "refund", Payment = "payment", Fee = "fee" }
    /// Status of a payment.
    PaymentStatus { Pending = "pending", Completed = "completed", Failed = "failed", Void = "void" }
    /// Status of a project.
    ProjectStatus { Draft = "draft", Open = "open", Active = "active", Completed = "completed", Canceled = "canceled" }
    /// Status of a milestone.
    MilestoneStatus { Pending = "pending", InProgress = "in_progress", Submitted = "submitted", Approved = "approved", Paid = "paid", Disputed = "disputed" }
    /// Status of a match.
    MatchStatus { Proposed = "proposed", Accepted = "accepted", Declined = "declined" }
    /// Risk level of an investment.
    RiskLevel { Low = "low", Medium = "medium", High = "high" }
}
