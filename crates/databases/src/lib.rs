#![doc = include_str!("../README.md")]

pub mod catalog;
pub mod connection;
pub mod error;
pub mod failure;
pub mod health;
pub mod migrations;
pub mod name;
pub mod observe;
pub mod open;
pub mod pages;
pub mod pool;
pub mod replication;
pub mod retry;
pub mod terminal;
pub mod transaction;
pub mod url;
