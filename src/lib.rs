//! A back office that starts on SQLite and moves to PostgreSQL without leaving anything behind.

pub mod db;
pub mod error;
pub mod models;
pub mod schema;
pub mod values;
