//! Surveys a source before anything is written: its schema, its values, their conversion, and what cannot be
//! converted.
//!
//! `task` divides reading among the connections, `work` runs the tasks, `profile` reads the rows of one, `collect`
//! merges the results, and `run` converts the schema with them.

mod collect;
mod collisions;
mod error;
mod profile;
mod run;
mod task;
mod work;

pub use error::SurveyError;
pub use profile::profile_table;
pub use run::{Survey, survey};
pub use work::Progress;
