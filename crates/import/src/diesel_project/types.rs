//! The Diesel type for each type, and the backends on which it is equal.

use crate::types::{DateForm, InstantForm, TargetType};

/// A type in Diesel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DieselType {
    /// In `schema.rs`, of `diesel::sql_types`.
    pub(super) sql: &'static str,
    /// In a model.
    pub(super) rust: &'static str,
    /// The crates and features it requires.
    pub(super) library: Option<Library>,
    /// Whether the Rust type can be part of `Identifiable`, which requires `Eq` and `Hash`.
    pub(super) can_identify: bool,
    /// Why Diesel cannot read it on SQLite too, or not without a change.
    pub(super) postgres_only: Option<&'static str>,
}

/// The crate of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Library {
    BigDecimal,
    Chrono,
    SerdeJson,
    Uuid,
}

/// The Diesel type for a type.
pub(super) fn diesel_type(target: TargetType) -> DieselType {
    let shared = |sql, rust| DieselType { sql, rust, library: None, can_identify: true, postgres_only: None };
    let date = DieselType { library: Some(Library::Chrono), ..shared("Date", "chrono::NaiveDate") };
    let timestamp =
        DieselType { library: Some(Library::Chrono), ..shared("Timestamp", "chrono::NaiveDateTime") };
    match target {
        TargetType::SmallInt => shared("SmallInt", "i16"),
        TargetType::Integer => shared("Integer", "i32"),
        TargetType::BigInt => shared("BigInt", "i64"),
        TargetType::Real => DieselType { can_identify: false, ..shared("Float", "f32") },
        TargetType::Double => DieselType { can_identify: false, ..shared("Double", "f64") },
        TargetType::Numeric { .. } | TargetType::AnyNumeric => DieselType {
            library: Some(Library::BigDecimal),
            postgres_only: Some("Diesel reads Numeric on SQLite as floating point, which loses digits"),
            ..shared("Numeric", "bigdecimal::BigDecimal")
        },
        TargetType::Boolean => shared("Bool", "bool"),
        TargetType::Text | TargetType::Varchar(_) => shared("Text", "String"),
        TargetType::Char(_) => DieselType {
            postgres_only: Some("PostgreSQL pads character(n) with spaces, SQLite does not"),
            ..shared("Text", "String")
        },
        TargetType::Citext => DieselType {
            postgres_only: Some("Diesel supports Citext on PostgreSQL only"),
            ..shared("Citext", "String")
        },
        TargetType::Bytea => shared("Binary", "Vec<u8>"),
        TargetType::Uuid(_) => DieselType {
            library: Some(Library::Uuid),
            postgres_only: Some("Diesel supports Uuid on PostgreSQL only"),
            ..shared("Uuid", "uuid::Uuid")
        },
        TargetType::Date(DateForm::Iso) => date,
        TargetType::Date(DateForm::Midnight | DateForm::Milliseconds) => {
            DieselType { postgres_only: Some("Diesel reads dates on SQLite as YYYY-MM-DD only"), ..date }
        }
        TargetType::Time => {
            DieselType { library: Some(Library::Chrono), ..shared("Time", "chrono::NaiveTime") }
        }
        TargetType::Timestamp(InstantForm::Iso | InstantForm::IsoUtc) => timestamp,
        TargetType::Timestamp(
            InstantForm::Seconds
            | InstantForm::Milliseconds
            | InstantForm::Microseconds
            | InstantForm::JulianDay,
        ) => DieselType {
            postgres_only: Some(
                "the SQLite file stores it as a number, which Diesel reads as another instant",
            ),
            ..timestamp
        },
        TargetType::TimestampTz(_) => DieselType {
            library: Some(Library::Chrono),
            postgres_only: Some("Diesel supports Timestamptz on PostgreSQL only"),
            ..shared("Timestamptz", "chrono::DateTime<chrono::Utc>")
        },
        TargetType::Json => DieselType {
            library: Some(Library::SerdeJson),
            can_identify: false,
            ..shared("Json", "serde_json::Value")
        },
        TargetType::Jsonb => DieselType {
            library: Some(Library::SerdeJson),
            can_identify: false,
            postgres_only: Some("Diesel's Jsonb on SQLite is SQLite's binary form, not JSON text"),
            ..shared("Jsonb", "serde_json::Value")
        },
        TargetType::Inet | TargetType::Cidr => DieselType {
            can_identify: false,
            postgres_only: Some("SQLite has no network addresses"),
            ..shared(if target == TargetType::Inet { "Inet" } else { "Cidr" }, "ipnetwork::IpNetwork")
        },
        TargetType::Interval(_) => DieselType {
            can_identify: false,
            postgres_only: Some("Diesel supports Interval on PostgreSQL only"),
            ..shared("Interval", "diesel::data_types::PgInterval")
        },
        TargetType::DoubleArray => DieselType {
            can_identify: false,
            postgres_only: Some("SQLite has no arrays"),
            ..shared("Array<Nullable<Double>>", "Vec<Option<f64>>")
        },
    }
}
