//! The application over HTTP, tested as a black box on both backends. Contents:

/// Authorization: every route, every principal, the own and another organization.
mod access;
/// Runs the program in a directory of its own.
#[path = "../it/app.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod app;
/// Bounds by bytes: JSON, pages, summaries.
mod bounds;
/// An HTTP client over TCP.
mod client;
/// The private PostgreSQL server and a database per test.
#[path = "../it/cluster.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod cluster;
/// Scenarios with the same responses on both backends.
mod conversation;
/// The OpenAPI description: equal to the file in `docs/`, and consistent with the tables.
mod description;
/// Stopped servers and standbys.
mod halted;
/// Random movements of money against a model.
mod ledger;
/// The lists of the API.
mod lists;
/// Concurrent clients.
mod load;
/// The memory that four requests at once take, and that is given back.
mod memory;
/// The order of lists, independent of the collation of the database.
mod order;
/// PostgreSQL starts late, stops and restarts.
mod outages;
/// A server for one test, which may stop it.
#[path = "../it/own_server.rs"]
mod own_server;
/// The cost of a page of each list, from the query plans of both backends.
mod plans;
/// Through PgBouncer.
mod pooled;
/// PgBouncer in transaction mode.
#[path = "../it/pooler.rs"]
mod pooler;
/// Memory and descriptors of a process.
mod process;
/// Random sequences of requests: the same responses on both backends, byte for byte (P10).
mod random;
/// The SQLite file is deleted or replaced while the application runs.
mod replaced;
/// A replica of the primary.
mod replica;
/// The program as a server over TCP.
#[allow(dead_code, reason = "for all tests over sockets")]
mod service;
/// Acknowledged changes survive a restart and a kill.
mod serving;
/// Settings and their effects.
mod settings;
/// Authentication, from registration to the last owner.
mod sign_in;
/// The application on one backend, without a socket.
mod site;
/// Tests that need what a machine may lack.
#[path = "../it/skipped.rs"]
mod skipped;
/// Hostile and kind clients at once: nobody is refused, and memory and descriptors do not grow.
mod soak;
/// The disk is full or read-only.
mod unwritable;
