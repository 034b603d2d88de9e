//! Keys: a type for each table, so that keys of different tables cannot be confused.

use std::io::Write as _;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde_json::Value;
use utoipa::openapi::schema::{Schema, SchemaFormat, Type};

use super::Field;
use super::field::{formatted, integer_of, of_type, text_of};
use transfer::values::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

macro_rules! integer_keys {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = BigInt)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl transfer::model::TableKey for $name {
            fn into_key(self) -> transfer::table::Key {
                transfer::table::Key::Integer(self.0)
            }

            fn from_key(key: transfer::table::Key) -> Option<Self> {
                match key {
                    transfer::table::Key::Integer(key) => Some(Self(key)),
                    transfer::table::Key::Uuid(_) => None,
                }
            }
        }

        impl From<i64> for $name {
            fn from(key: i64) -> Self {
                Self(key)
            }
        }

        impl<DB: diesel::backend::Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB: diesel::backend::Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(value).map(Self)
            }
        }

        impl Field for $name {
            fn from_json(value: Value) -> Result<Self, InvalidValue> {
                integer_of(&value).map(Self)
            }

            fn from_parameter(text: &str) -> Result<Self, InvalidValue> {
                let number = text.parse().map_err(|_not_a_number| InvalidValue::new("not a 64-bit integer"));
                number.map(Self)
            }

            fn schema() -> Schema {
                let format = SchemaFormat::Custom("int64".to_owned());
                of_type(Type::Integer).format(Some(format)).minimum(Some(i64::MIN)).maximum(Some(i64::MAX)).into()
            }

            fn refers_to(&self) -> Option<AnyKey> {
                Some(AnyKey::from(*self))
            }
        }

        impl BinaryField for $name {
            fn show(&self) -> String {
                self.0.to_string()
            }

            fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
                out.extend_from_slice(&self.0.to_be_bytes());
                Ok(())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

macro_rules! uuid_keys {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = sql_types::Uuid)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl transfer::model::TableKey for $name {
            fn into_key(self) -> transfer::table::Key {
                transfer::table::Key::Uuid(self.0)
            }

            fn from_key(key: transfer::table::Key) -> Option<Self> {
                match key {
                    transfer::table::Key::Uuid(key) => Some(Self(key)),
                    transfer::table::Key::Integer(_) => None,
                }
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(key: uuid::Uuid) -> Self {
                Self(key)
            }
        }

        impl ToSql<sql_types::Uuid, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.hyphenated().to_string());
                Ok(IsNull::No)
            }
        }

        impl ToSql<sql_types::Uuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl FromSql<sql_types::Uuid, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                read_sqlite_uuid(value.read_text()).map(Self)
            }
        }

        impl FromSql<sql_types::Uuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(uuid::Uuid::from_slice(value.as_bytes())?))
            }
        }

        on_both_backends!(sql_types::Uuid, sql_types::Uuid => $name);

        impl Field for $name {
            fn from_json(value: Value) -> Result<Self, InvalidValue> {
                let text = text_of(value)?;
                let uuid = uuid::Uuid::try_parse(&text).ok().filter(|_| text.len() == 36);
                uuid.map(Self).ok_or_else(|| InvalidValue::new("not a UUID in the form 8-4-4-4-12"))
            }

            fn schema() -> Schema {
                formatted("uuid").into()
            }

            fn refers_to(&self) -> Option<AnyKey> {
                Some(AnyKey::from(*self))
            }
        }

        impl BinaryField for $name {
            fn show(&self) -> String {
                self.0.to_string()
            }

            fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
                out.extend_from_slice(self.0.as_bytes());
                Ok(())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

macro_rules! any_key {
    ($($variant:ident($name:ident),)+) => {
        /// The key of any table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "a variant for each key type")]
        pub enum AnyKey {
            $($variant($name),)+
        }

        $(impl From<$name> for AnyKey {
            fn from(key: $name) -> Self {
                Self::$variant(key)
            }
        })+
    };
}

/// Only the canonical form: any other would be read back changed.
fn read_sqlite_uuid(text: &str) -> deserialize::Result<uuid::Uuid> {
    let uuid = uuid::Uuid::try_parse(text)?;
    if text.len() != 36 || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(InvalidValue::new("uuid is not in lower case with hyphens").into());
    }
    Ok(uuid)
}

integer_keys! {
    /// Key of `organizations`.
    OrganizationId,
    /// Key of `organization_settings`.
    OrganizationSettingId,
    /// Key of `subscriptions`.
    SubscriptionId,
    /// Key of `usage_logs`.
    UsageLogId,
    /// Key of `notifications`.
    NotificationId,
    /// Key of `activities`.
    ActivityId,
    /// Key of `contact_submissions`.
    ContactSubmissionId,
    /// Key of `idempotency_keys`.
    IdempotencyKeyId,
    /// Key of `attempt_counters`.
    AttemptCounterId,
    /// Key of `document_metadata`.
    DocumentId,
    /// Key of `field_corrections`.
    FieldCorrectionId,
    /// Key of `connector_configs`.
    ConnectorConfigId,
    /// Key of `field_mappings`.
    FieldMappingId,
    /// Key of `recurring_patterns`.
    RecurringPatternId,
    /// Key of `tasks`.
    TaskId,
    /// Key of `customers`.
    CustomerId,
    /// Key of `products`.
    ProductId,
    /// Key of `bills`.
    BillId,
    /// Key of `bill_items`.
    BillItemId,
    /// Key of `projects`.
    ProjectId,
    /// Key of `milestones`.
    MilestoneId,
    /// Key of `payments`.
    PaymentId,
    /// Key of `applicants`.
    ApplicantId,
    /// Key of `matches`.
    MatchId,
    /// Key of `investments`.
    InvestmentId,
    /// Key of `investment_valuations`.
    InvestmentValuationId,
    /// Key of `applicant_embeddings`.
    ApplicantEmbeddingId,
    /// Key of `project_embeddings`.
    ProjectEmbeddingId,
}

uuid_keys! {
    /// Key of `users`.
    UserId,
    /// Key of `report_runs`.
    ReportRunId,
    /// Key of `sessions`.
    SessionId,
    /// Key of `batches`.
    BatchId,
}

any_key! {
    Organization(OrganizationId),
    OrganizationSetting(OrganizationSettingId),
    Subscription(SubscriptionId),
    UsageLog(UsageLogId),
    Session(SessionId),
    IdempotencyKey(IdempotencyKeyId),
    AttemptCounter(AttemptCounterId),
    Notification(NotificationId),
    Activity(ActivityId),
    ContactSubmission(ContactSubmissionId),
    Document(DocumentId),
    FieldCorrection(FieldCorrectionId),
    ConnectorConfig(ConnectorConfigId),
    FieldMapping(FieldMappingId),
    RecurringPattern(RecurringPatternId),
    Task(TaskId),
    Customer(CustomerId),
    Product(ProductId),
    Bill(BillId),
    BillItem(BillItemId),
    Project(ProjectId),
    Milestone(MilestoneId),
    Payment(PaymentId),
    Applicant(ApplicantId),
    Match(MatchId),
    Investment(InvestmentId),
    InvestmentValuation(InvestmentValuationId),
    ApplicantEmbedding(ApplicantEmbeddingId),
    ProjectEmbedding(ProjectEmbeddingId),
    User(UserId),
    ReportRun(ReportRunId),
    Batch(BatchId),
}
