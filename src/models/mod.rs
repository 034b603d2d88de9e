//! What the tables hold, as types, and the queries an application needs of each; the same on both backends.

pub mod billing;
pub mod documents;
pub mod projects;
mod record;
pub mod tasks;
pub mod tenancy;

pub use record::Record;
pub(crate) use record::record;
