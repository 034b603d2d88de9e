//! Everything that is tested from outside, on real databases. The contents:

/// Runs the program as a user does, in a folder of its own.
mod app;
/// The private PostgreSQL server and a database per test.
#[allow(dead_code, reason = "shared with the other tests")]
mod cluster;
/// Configuration: precedence, and that a password is found nowhere in any output.
mod config;
/// Connections over TLS, and each failure to connect.
mod connect;
/// Copying: whole databases equal, every refusal, running again, sequences, clearing, a source that does not change.
mod copy;
/// A disk that is soon full.
mod disk;
/// README, help, exit codes, `.env.example`: what they say is so.
mod docs;
/// What a copy could leave other than it should be, to compare two databases.
mod end_state;
/// A fault at any message between program and server: the same command run again finishes.
mod faults;
/// SQLite databases of other applications: a case for each problem, the legacy schemas, real databases.
mod foreign;
/// Properties of importing any SQLite database, over many random ones (P2 to P5).
mod foreign_properties;
/// Inputs at random, from the seeds of the fuzzers: no panic, no hang, and what must hold for each.
mod fuzz;
/// Which part of the program may import which.
mod imports;
/// One connection through the proxy.
mod link;
/// Migrations: there and back, equal on both backends, many starters at once, one killed.
mod migrations;
/// Models: the same assertions on both backends.
mod models;
/// Servers killed, sessions ended, locks, full disks, Ctrl-C, bad networks: what a copy says, and that it goes on.
mod outages;
/// A server for one test, which may kill it.
mod own_server;
/// Copying through PgBouncer in transaction mode.
mod pgbouncer;
/// The pool: its limits act.
mod pool;
/// PgBouncer in transaction mode.
mod pooler;
/// Properties of a move, over many databases (P3 to P5), and of the models on both backends (P10).
mod properties;
/// A proxy that lets things go wrong.
mod proxy;
/// The registry: complete, and parents before children.
mod registry;
/// Rows that cannot go in: set aside, named, counted, tried again.
mod rejects;
/// A run of the program that goes on while the test does.
mod running;
/// What must not be lost or told wrongly when something is in the way.
mod safety;
/// A source, and runs of its copy that are disturbed.
mod scene;
/// The HTTP interface: the same answers on both backends.
mod server;
/// The source: one snapshot beside others who write, every file that is refused or read as a copy, the backup.
mod source;
/// Runs that did not reach their end: what continues them, and what does not.
mod unfinished;
/// Values: what is written on one backend is read on the other, for every type.
mod values;
/// Verification finds what is not equal, and nothing else.
mod verify;
/// PostgreSQL's protocol, as far as the proxy has to understand it.
mod wire;
