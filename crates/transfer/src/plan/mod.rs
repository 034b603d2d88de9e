//! Planning a run: one planner for the tables of an application and for those of other databases.
//!
//! [`preflight`] and [`assemble`] say as data what is to be copied: the tables, where their schema comes from, what is
//! done about rows and definitions that are refused, and the run settings that a continued run must agree on. `planner`
//! holds the order of all checks, and `table` the one decision how the rows of a table are copied. A plan says what will
//! be done, and its findings what blocks it; nothing is written.

mod application;
pub(crate) mod clear;
mod created;
mod damage;
mod earlier;
mod import;
mod keys;
mod migrated;
mod options;
mod parents;
mod planner;
mod request;
mod run_plan;
mod schema_plan;
mod sizes;
mod source_checks;
mod table;
mod table_plan;
mod target_checks;
mod unfinished;
mod version;
mod violations;

pub use application::preflight;
pub use created::MAKES_TABLES;
pub use import::{Given, Request, assemble};
pub use options::{Existing, OnError, Options};
pub use run_plan::{OnRefused, Plan};
pub use schema_plan::{Make, SchemaPlan};
pub use sizes::estimate_sizes;
pub(crate) use table_plan::Mode;
pub use table_plan::TablePlan;
pub use target_checks::check_target;
pub(crate) use unfinished::refuse_followed;
pub use unfinished::refuse_unfinished;
