//! SQLite databases that are not ours: what they declare, what they hold, and what PostgreSQL makes of both.
//!
//! `schema` reads what a file declares; `profile` reads every value once, and `choose` chooses types by trying what
//! `values` can encode; [`conversion`] is the result: which table and column becomes what; `ddl` writes it as
//! PostgreSQL's statements, with `translate` for every expression. `table` lets the engine copy and compare it. What
//! is not carried as it stands is a `Finding` with a rule of `rules`. Nothing here knows the application's own models.

pub mod conversion;
pub mod finding;
pub mod rows;
pub mod rules;
pub mod schema;
pub mod table;
pub mod types;
pub mod values;
