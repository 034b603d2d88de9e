//! A PostgreSQL server for the tests, and a database of its own for each test that wants one.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, RunQueryDsl, select, sql_query};

/// The URL of a server where databases may be created: that of `TEST_POSTGRES_URL`, or else that of a server
/// started for this process.
#[expect(
    clippy::disallowed_methods,
    reason = "this variable is for the tests only, the application never sees it"
)]
pub(crate) fn admin_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => url,
        _ => start(),
    })
}

/// Starts a server that lives as long as this process.
fn start() -> String {
    // Never dropped, and stopped when this process ends.
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start("0")).url.clone()
}

/// A server of its own, for tests that do to it what others would not survive. Stopped with this value, or with this
/// process.
pub(crate) struct Server {
    script: Child,
    url: String,
}

impl Server {
    /// A server that keeps what it has confirmed, also when it is killed.
    pub(crate) fn durable() -> Self {
        Self::start("1")
    }

    fn start(durable: &str) -> Self {
        // The script stops the server when its standard input ends, and that happens by itself when this process
        // ends, in whatever way.
        let mut script = script()
            .env("PG_DURABLE", durable)
            .args(["run", "--", "sh", "-c", r#"echo "$TEST_POSTGRES_URL"; cat >/dev/null"#])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/postgres can be run");
        let mut line = String::new();
        BufReader::new(script.stdout.take().expect("its output is piped"))
            .read_line(&mut line)
            .expect("the output of scripts/postgres can be read");
        let url = line.trim_end().to_owned();
        assert!(!url.is_empty(), "scripts/postgres started no server: its messages are above");
        Self { script, url }
    }

    /// The URL of its database `postgres`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> PathBuf {
        let query = select(sql::<Text>("current_setting('data_directory')"));
        PathBuf::from(query.get_result::<String>(&mut connect(&self.url)).expect("the server answers"))
    }

    /// Kills the server as a crash would, and starts it again with the data that are there.
    pub(crate) fn crash(&self) {
        let data = self.data();
        let folder = data.parent().expect("the data are in the folder of the script");
        let status = script().arg("crash").arg(folder).status().expect("scripts/postgres can be run");
        assert!(status.success(), "scripts/postgres crash: its messages are above");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Waiting closes its standard input first.
        let ended = self.script.wait();
        if !std::thread::panicking() {
            assert!(ended.expect("wait for scripts/postgres").success(), "scripts/postgres: see above");
        }
    }
}

fn script() -> Command {
    Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres"))
}

/// An empty database, dropped with this value.
pub(crate) struct TestDatabase {
    url: String,
    name: String,
}

impl TestDatabase {
    /// Creates a database that no other test uses.
    pub(crate) fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);

        let mut admin = connect(admin_url());
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("t_{}_{number}", std::process::id());
            // On a server that outlives the tests, a process that was killed left its databases there.
            if exists(&mut admin, &name) {
                continue;
            }
            sql_query(format!("CREATE DATABASE {name} TEMPLATE template0"))
                .execute(&mut admin)
                .expect("a database can be created");
            return Self { url: with_database(admin_url(), &name), name };
        }
    }

    /// The URL of the database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A new connection to the database.
    pub(crate) fn connect(&self) -> PgConnection {
        connect(&self.url)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = drop_database(&self.name);
        // A second panic would end the process before the first is reported.
        if !std::thread::panicking() {
            dropped.expect("the database of the test can be dropped");
        }
    }
}

fn drop_database(name: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut admin = PgConnection::establish(admin_url())?;
    let can_force: bool =
        select(sql::<Bool>("current_setting('server_version_num')::int >= 130000")).get_result(&mut admin)?;
    let force = if can_force { " WITH (FORCE)" } else { "" };
    sql_query(format!("DROP DATABASE IF EXISTS {name}{force}")).execute(&mut admin)?;
    Ok(())
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the test server accepts connections")
}

fn exists(admin: &mut PgConnection, name: &str) -> bool {
    select(sql::<Bool>(&format!("EXISTS (SELECT FROM pg_database WHERE datname = '{name}')")))
        .get_result(admin)
        .expect("the databases can be listed")
}

/// The same URL with another database: user, password, address and parameters stay.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = address.split_once("://").expect("the URL of the test server has a scheme");
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{name}{parameters}")
}
