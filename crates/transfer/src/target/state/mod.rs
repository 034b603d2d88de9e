//! The records of runs in the target: the runs, the checkpoint of each part, dropped definitions, rejects, and skipped
//! objects.

mod definitions;
mod parts;
mod place;
mod rejects;
mod runs;
mod schema;
mod skipped_object;

pub use definitions::take_down_foreign_keys;
pub(crate) use definitions::{Definition, DefinitionKind, TakeDown};
pub(crate) use parts::Part;
pub use parts::remember_repair;
pub(in crate::target) use place::Place;
pub use rejects::{Reject, RejectFilter, rejected_keys};
pub use runs::{RunRecord, RunState, StageRecord};
pub use skipped_object::SkippedObject;
