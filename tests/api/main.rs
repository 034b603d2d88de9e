//! The application over HTTP, tested from outside, on both backends. The contents:

/// Who may do what: every route, every standing, one's own organization and another's.
mod access;
/// Runs the program as a user does, in a folder of its own.
#[path = "../it/app.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod app;
/// A client over sockets.
mod client;
/// The private PostgreSQL server and a database per test.
#[path = "../it/cluster.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod cluster;
/// Conversations: the same answers on both backends, step by step.
mod conversation;
/// The description of the API: kept in `docs/`, and in step with the tables.
mod description;
/// Servers that are away for a while, and servers that follow another.
mod halted;
/// The lists the API offers.
mod lists;
/// Many clients at once.
mod load;
/// The order of lists, whatever the database's own order of text is.
mod order;
/// PostgreSQL comes late, goes away and comes back.
mod outages;
/// A server for one test, which may kill it.
#[path = "../it/own_server.rs"]
mod own_server;
/// What a page of each list costs: the plans of both backends.
mod plans;
/// Through PgBouncer.
mod pooled;
/// PgBouncer in transaction mode.
#[path = "../it/pooler.rs"]
mod pooler;
/// Random sequences of requests: the same answers on both backends, byte for byte (P10).
mod random;
/// A replica beside the primary.
mod replica;
/// The program as a server, asked over sockets.
#[allow(dead_code, reason = "for all tests over sockets")]
mod service;
/// What was answered is there after a restart, and after a kill.
mod serving;
/// Settings, each with what it does.
mod settings;
/// Signing in, from registering to the last owner.
mod sign_in;
/// The application on one backend, asked without a socket.
mod site;
/// Tests that need what a machine may lack.
#[path = "../it/skipped.rs"]
mod skipped;
