//! A back-office application on SQLite or PostgreSQL, and the move of a database from SQLite to PostgreSQL.

pub mod cli;
pub mod config;
pub mod migrations;
pub mod models;
pub mod registry;
pub mod schema;
pub mod seed;
pub mod server;
