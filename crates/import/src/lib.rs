//! SQLite databases that are not ours: what they declare, what they hold, and what PostgreSQL makes of both.
//!
//! `schema` reads what a file declares; `profile` reads every value once, and `choose` chooses types by trying what
//! `values` can encode, with the user's `decisions`; [`conversion`] is the result: which table and column becomes
//! what; `ddl` writes it as PostgreSQL's statements, with `translate` for every expression. `survey` does all of this,
//! `assess` tells it, `table` lets the engine copy and compare it, and `import` asks the engine to. What is not carried
//! as it stands is a `Finding` with a rule of `rules`. Nothing here knows the application's own models.

pub mod adapt;
pub mod assess;
pub mod choose;
mod computed;
pub mod conversion;
mod damage;
mod data_only;
pub mod ddl;
pub mod decisions;
pub mod diesel_project;
pub mod existing;
pub mod finding;
pub mod import;
pub mod names;
pub mod orphans;
pub mod profile;
pub mod report;
pub mod rows;
pub mod rules;
pub mod schema;
pub mod survey;
pub mod table;
pub mod translate;
pub mod types;
pub mod values;
