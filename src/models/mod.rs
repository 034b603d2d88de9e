//! What the tables hold, as types, and the queries an application needs of each; the same on both backends.

pub mod billing;
pub mod documents;
mod list;
pub mod projects;
mod record;
pub mod scope;
pub mod tasks;
pub mod tenancy;

pub use list::{ListRequest, Listed, Position};
pub use record::Record;
pub(crate) use record::record;
