//! A PostgreSQL server for the tests, and a database per test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{Connection, PgConnection, RunQueryDsl, select, sql_query};

/// The URL of a server on which databases may be created: `TEST_POSTGRES_URL`, or that of a server started for this
/// process.
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

/// Starts a server that runs as long as this process.
fn start() -> String {
    // Never dropped; stopped when this process ends.
    static SCRIPT: OnceLock<Child> = OnceLock::new();

    let (script, url) = start_script("0", "");
    SCRIPT.set(script).expect("only one server is started");
    url
}

/// Starts a server with this `PG_DURABLE` and `PG_LANGUAGE`. The script stops it when its standard input is closed, which happens
/// whenever this process ends.
pub(crate) fn start_script(durable: &str, language: &str) -> (Child, String) {
    let mut script = Command::new(SCRIPT)
        .env("PG_DURABLE", durable)
        .env("PG_LANGUAGE", language)
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
    (script, url)
}

/// Starts and stops PostgreSQL.
pub(crate) const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");

/// An empty database, dropped with this value.
pub(crate) struct TestDatabase {
    url: String,
    name: String,
}

impl TestDatabase {
    /// Creates a database that no other test uses.
    pub(crate) fn create() -> Self {
        Self::create_with("")
    }

    /// Creates one with a linguistic collation (`a` before `B`) if the server supports it (15 and later, built with
    /// ICU); else one with the server's collation.
    pub(crate) fn create_for_people() -> Self {
        let knows = "current_setting('server_version_num')::int >= 150000 \
                     AND EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')";
        let knows: bool =
            select(sql::<Bool>(knows)).get_result(&mut connect(admin_url())).expect("collations are listed");
        Self::create_with(if knows { "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" } else { "" })
    }

    fn create_with(options: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);

        let mut admin = connect(admin_url());
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("t_{}_{number}", std::process::id());
            // On a server that is kept between runs, a killed process left its databases behind.
            if exists(&mut admin, &name) {
                continue;
            }
            sql_query(format!("CREATE DATABASE {name} TEMPLATE template0 {options}"))
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

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = address.split_once("://").expect("the URL of the test server has a scheme");
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{name}{parameters}")
}
