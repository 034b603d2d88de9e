//! Databases: the only place that opens connections.

pub mod connection;
