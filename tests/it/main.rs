//! Everything that is tested from outside, on real databases. The contents:

/// Runs the program as a user does, in a folder of its own.
mod app;
/// The private PostgreSQL server and a database per test.
mod cluster;
/// Configuration: precedence, and that a password is found nowhere in any output.
mod config;
/// Connections over TLS, and each failure to connect.
mod connect;
/// Copying: whole databases equal, every refusal, running again, sequences, clearing, a source that does not change.
mod copy;
/// README, help, exit codes, `.env.example`: what they say is so.
mod docs;
/// Which part of the program may import which.
mod imports;
/// Migrations: there and back, equal on both backends, many starters at once, one killed.
mod migrations;
/// Models: the same assertions on both backends.
mod models;
/// The pool: its limits act.
mod pool;
/// Properties of a move, over many databases (P3 to P5), and of the models on both backends (P10).
mod properties;
/// The registry: complete, and parents before children.
mod registry;
/// What must not be lost or told wrongly when something is in the way.
mod safety;
/// The HTTP interface: the same answers on both backends.
mod server;
/// The source: one snapshot beside others who write, every file that is refused or read as a copy, the backup.
mod source;
/// Values: what is written on one backend is read on the other, for every type.
mod values;
/// Verification finds what is not equal, and nothing else.
mod verify;
