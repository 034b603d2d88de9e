//! Runs the program as a user does: in its own directory, without our environment variables.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::cluster::TestDatabase;

/// A directory to run the program in, removed on drop.
pub(crate) struct App {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// Exit code and output of a run of the program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl App {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("temporary folder"), environment: Vec::new() }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_app"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in backoffice::config::VARIABLES {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().expect("run the program");
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// Runs the program and expects this exit code.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}\n{}\n{}", ended.stdout, ended.stderr);
        ended
    }

    /// The default SQLite database.
    pub(crate) fn sqlite(&self) -> SqliteConnection {
        let path = self.path("backoffice.db");
        let mut connection =
            SqliteConnection::establish(path.to_str().expect("path is UTF-8")).expect("open SQLite");
        connection.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000").expect("set up");
        connection
    }
}

/// A seeded SQLite database, and an empty PostgreSQL database to copy it to.
pub(crate) struct Move {
    pub(crate) app: App,
    pub(crate) target: TestDatabase,
}

impl Move {
    pub(crate) fn seeded(rows: u32) -> Self {
        let app = App::new();
        app.expect(0, &["db", "setup"]);
        app.expect(0, &["db", "seed", "--rows", &rows.to_string()]);
        Self { app, target: TestDatabase::create() }
    }

    /// Seeded and copied.
    pub(crate) fn done(rows: u32) -> Self {
        let this = Self::seeded(rows);
        this.copy(0, &[]);
        this
    }

    /// Copies with these further arguments and expects this exit code.
    #[track_caller]
    pub(crate) fn copy(&self, code: i32, arguments: &[&str]) -> Ended {
        let all = [&["db", "copy-from-sqlite", "--postgres", self.target.url()], arguments].concat();
        self.app.expect(code, &all)
    }

    /// Compares with these further arguments and expects this exit code.
    #[track_caller]
    pub(crate) fn verify(&self, code: i32, arguments: &[&str]) -> Ended {
        let all = [&["db", "verify", "--postgres", self.target.url()], arguments].concat();
        self.app.expect(code, &all)
    }

    #[track_caller]
    pub(crate) fn on_target(&self, sql: &str) {
        self.target.connect().batch_execute(sql).expect("change the target");
    }

    #[track_caller]
    pub(crate) fn on_source(&self, sql: &str) {
        self.app.sqlite().batch_execute(sql).expect("change the source");
    }

    pub(crate) fn postgres(&self) -> PgConnection {
        self.target.connect()
    }
}

/// Both backends, each with an empty database at the newest version.
pub(crate) fn both_backends(test: impl Fn(&mut databases::connection::AnyConnection)) {
    use backoffice::migrations::MIGRATIONS;
    use databases::connection::AnyConnection;
    use databases::migrations::{ChangedPolicy, apply};

    let mut sqlite = AnyConnection::Sqlite(memory());
    let target = TestDatabase::create();
    let mut postgres = AnyConnection::Postgres(target.connect());
    for connection in [&mut sqlite, &mut postgres] {
        apply(connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("apply migrations");
        test(connection);
    }
}

/// An empty SQLite database in memory.
pub(crate) fn memory() -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").expect("open SQLite");
    connection.batch_execute("PRAGMA foreign_keys = ON").expect("set up");
    connection
}
