//! The records of runs in the target: the runs, the checkpoint of each part, dropped definitions, rejects, and skipped
//! objects.
//!
//! The tables are in the schema of the application's tables, because several of these may be in one database; their names
//! begin with two underscores, by which catalogs skip them.

mod definitions;
mod parts;
mod rejects;
mod runs;
mod schema;
mod skipped_object;

pub(crate) use definitions::{Definition, DefinitionKind, TakeDown};
pub(crate) use parts::Part;
pub use parts::remember_repair;
pub use rejects::{Reject, RejectFilter, rejected_keys};
pub use runs::{RunRecord, RunState, StageRecord};
pub(crate) use schema::{is_prepared, prepare};
pub use skipped_object::SkippedObject;
