//! The rows of all tables as types, with their queries; the same on both backends.

pub mod billing;
mod currency;
pub mod documents;
mod email;
mod enums;
mod field;
mod ids;
mod list;
pub mod of_organization;
pub mod ownership;
mod period;
pub mod projects;
mod record;
pub mod tasks;
pub mod tenancy;
mod text_newtype;
mod web_url;

pub use currency::Currency;
pub use email::EmailAddress;
pub use enums::*;
pub use field::{Field, Limit, limited};
pub use ids::*;
pub use list::{ListRequest, Listed, Position};
pub use period::BillingPeriod;
pub use record::Record;
pub(crate) use record::record;
pub use web_url::WebUrl;

pub(crate) use crate::schema::for_each_table;
