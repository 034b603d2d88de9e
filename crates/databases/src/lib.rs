#![doc = include_str!("../README.md")]

pub mod catalog;
pub mod connection;
pub mod error;
pub mod failed_statement;
pub mod failure;
pub mod file_identity;
pub mod file_watch;
pub mod health;
pub mod hint;
pub mod migrations;
pub mod name;
pub mod observe;
pub mod open;
pub mod pages;
pub mod pool;
mod refusal;
pub mod replication;
pub mod retry;
pub mod sqlstate;
mod startup;
pub mod terminal;
pub mod transaction;
pub mod url;
