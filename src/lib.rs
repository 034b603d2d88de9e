//! A back office that starts on SQLite and moves to PostgreSQL without leaving anything behind.

pub mod cli;
pub mod config;
pub mod migrations;
pub mod models;
pub mod registry;
pub mod schema;
pub mod seed;
pub mod server;
