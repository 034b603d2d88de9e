//! The example runs: a SQLite file of an application is moved and verified.

use std::process::Command;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use databases::migrations::{ChangedPolicy, Migration, Migrations, apply, ensure_identity};
use databases::open::{Purpose, open_postgres};
use databases::url::{DatabaseUrl, PostgresUrl};

/// What the migration of the example executes.
const UP: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL CHECK (instr(body, char(0)) = 0)) STRICT;";

/// The test server, which `scripts/postgres run` starts.
fn server() -> String {
    let url = std::env::var_os("TEST_POSTGRES_URL").expect("run by `scripts/postgres run -- cargo test`");
    url.into_string().expect("a URL")
}

fn on_server(url: &PostgresUrl, sql: &str) {
    open_postgres(url, Purpose::Move).expect("connect").batch_execute(sql).expect(sql);
}

fn postgres(url: &str) -> PostgresUrl {
    match DatabaseUrl::parse(url).expect("a URL") {
        DatabaseUrl::Postgres(url) => url,
        DatabaseUrl::Sqlite(_) => panic!("TEST_POSTGRES_URL names no PostgreSQL"),
    }
}

/// `url` with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
    let (server, _) = address.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}{query}")
}

#[test]
fn the_notes_of_a_file_are_moved_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("source.db");
    let mut source = SqliteConnection::establish(file.to_str().expect("UTF-8")).expect("create");
    const NOTES: Migration = Migration { version: "1", title: "notes", up: UP, down: "DROP TABLE notes;" };
    let migrations = Migrations { sqlite: &[NOTES], postgres: &[NOTES] };
    apply(&mut source, &migrations, None, ChangedPolicy::Refuse, &mut |_| {}).expect("apply");
    ensure_identity(&mut source).expect("identity");
    source.batch_execute("INSERT INTO notes VALUES (1, 'a'), (2, 'b')").expect("insert");
    drop(source);
    let (url, name) = (server(), format!("example_move_{}", std::process::id()));
    on_server(&postgres(&url), &format!("CREATE DATABASE {name}"));
    let examples = std::env::current_exe().expect("this test").with_file_name("../examples/move_a_file");
    let target = with_database(&url, &name);
    let ended =
        Command::new(&examples).arg(&file).arg(&target).output().expect("cargo builds examples with tests");
    on_server(&postgres(&url), &format!("DROP DATABASE {name} WITH (FORCE)"));
    let (stdout, stderr) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains("2 rows copied: Some(Verified)"), "{stdout}{stderr}");
}
