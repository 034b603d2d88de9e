//! What a SQLite file declares, read completely: PRAGMAs for what they tell, the parsed statements for what they hide.

mod model;

pub use model::*;
