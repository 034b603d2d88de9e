//! Databases of other applications: reading their schema and values, and converting both to PostgreSQL.
//!
//! `schema` reads the schema of a file; `profile` reads every value once, and `choose` chooses types by testing what
//! `values` can encode, with the settings of `decisions`; [`conversion`] is the result: the target of each table and
//! column; `ddl` writes it as PostgreSQL statements, with `translate` for every expression. `survey` runs all of
//! this, `assess` builds the assessment from it, `table` lets the engine copy and verify the tables, and `import`
//! plans the run. Each object that is not converted as declared is a `Finding` with a rule of `rules`. Nothing here
//! depends on the application's own models.

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
pub mod planner;
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
