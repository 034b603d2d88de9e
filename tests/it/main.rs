//! Integration tests on real databases. Contents:

/// Runs the program as a user does, in its own directory.
mod app;
/// The private PostgreSQL server and a database per test.
#[allow(dead_code, reason = "shared with the other tests")]
mod cluster;
/// Configuration: precedence, and that no output contains a password.
mod config;
/// Connections over TLS, and each connection failure.
mod connect;
/// Copying: equal databases, blockers, repeated runs, sequences, `--clear`, an unchanged source.
mod copy;
/// A file system that fills up quickly.
mod disk;
/// README, help, exit codes and `.env.example` match the program.
mod docs;
/// The complete state of a database, to compare two databases.
mod end_state;
/// A fault at any protocol message: the same command run again finishes.
mod faults;
/// SQLite databases of other applications: a case for each problem, the legacy schemas, real databases.
mod foreign;
/// Properties of the import of any SQLite database, over many random ones.
mod foreign_properties;
/// Random inputs, from the seeds of the fuzzers: no panic, no hang, and the properties of each target.
mod fuzz;
/// Which module may import which.
mod imports;
/// Servers in German and Japanese: rejects, outages and refused connections as in English.
mod languages;
/// Limits of columns: the same on both backends, and those that the types of the application compute.
mod limits;
/// One connection through the proxy.
mod link;
/// Migrations of tables with rows: rebuilt tables, new constraints, dropped columns.
mod migrated_rows;
/// Migrations: apply and revert, equal on both backends, concurrent processes, a killed process.
mod migrations;
/// Models: the same assertions on both backends.
mod models;
/// Killed servers, terminated sessions, locks, full disks, Ctrl-C, unreliable networks: messages, and continuation.
mod outages;
/// Output files: none replaces what the command reads, and each appears as a whole.
mod outputs;
/// A server for one test, which can kill it.
mod own_server;
/// Copying through PgBouncer in transaction mode.
mod pgbouncer;
/// The limits of the connection pool.
mod pool;
/// PgBouncer in transaction mode.
mod pooler;
/// `--progress`: what each form writes, and that docs/progress.md documents every event and field.
mod progress;
/// Properties of a copy, over many databases, and of the models on both backends.
mod properties;
/// A proxy that injects faults.
mod proxy;
/// `app sql adapt` on known tables: documents, files, the check on both sides.
mod queries;
/// Random statements over random tables, on both databases.
mod random_queries;
/// Where the records of runs are kept, and that they can be deleted.
mod records;
/// The registry: complete, and parents before children.
mod registry;
/// Rejected rows: reported, counted, retried.
mod rejects;
/// A run of the program in the background of a test.
mod running;
/// No data is lost and no wrong result reported when a run is blocked.
mod safety;
/// A source, and runs of its copy with injected faults.
mod scene;
/// `app serve`: start and end.
mod server;
/// Tests that need what the machine may lack.
mod skipped;
/// The source: one snapshot beside concurrent writers, files that are refused or read from a copy, the backup.
mod source;
/// `app db sync`: each state of the target is one of the source, also after kills, outages and changes of the schema.
mod sync;
/// Terminal output: hostile names are escaped by every command, and colors follow the settings.
mod terminal;
/// Unfinished runs: when they are continued, and when not.
mod unfinished;
/// Values: written on one backend and read on the other, for every type.
mod values;
/// Verification finds every difference, and nothing else.
mod verify;
/// The messages of PostgreSQL's protocol that the proxy parses.
mod wire;
