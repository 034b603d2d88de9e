//! Tests.

mod application;
mod attaching;
mod checking;
mod fixed;
mod generated;
mod histories;
mod mirror;
mod random;
mod schemas;
mod traps;

use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::{Capture, CapturePlan, OwnerRow, attach};

/// A SQLite file in a directory of its own.
struct File {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

impl File {
    fn new(schema: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("source.db");
        let file = Self { _directory: directory, path };
        file.writer().execute_batch(schema).expect("create the schema");
        file
    }

    /// A connection as that of another program.
    fn writer(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(&self.path).expect("open the file");
        connection.execute_batch("PRAGMA synchronous = OFF").expect("set");
        connection
    }

    fn diesel(&self) -> SqliteConnection {
        let path = self.path.to_str().expect("UTF-8");
        let mut connection = SqliteConnection::establish(path).expect("open the file");
        connection.batch_execute("PRAGMA synchronous = OFF").expect("set");
        connection
    }

    /// Captures all tables.
    fn attach(&self) -> Capture {
        let mut connection = self.diesel();
        let plan = CapturePlan::of(&mut connection, &|_| true).expect("a plan");
        assert_eq!(plan.blockers, []);
        attach(&mut connection, &plan, &owner()).expect("attach")
    }
}

fn owner() -> OwnerRow {
    OwnerRow {
        state: "owner".to_owned(),
        epoch: 0,
        other_id: None,
        cutover_id: None,
        at: "2026-01-01T00:00:00Z".to_owned(),
        position: None,
    }
}
