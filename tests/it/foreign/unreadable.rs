//! Files that are no SQLite databases, or hold nothing that is imported: each is named, with what to do.

use diesel::connection::SimpleConnection as _;

use crate::app::App;
use crate::cluster::TestDatabase;

#[test]
fn files_of_other_formats_are_named_with_what_to_do() {
    let app = App::new();
    let database = {
        let connection = rusqlite::Connection::open(app.path("real.db")).expect("open");
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").expect("make");
        drop(connection);
        std::fs::read(app.path("real.db")).expect("read")
    };
    let long = |begin: &[u8]| [begin, &vec![b' '; 8192]].concat();
    let cases: &[(&str, Vec<u8>, &str, &str)] = &[
        ("short.sql", b"CREATE TABLE t (a);".to_vec(), "text with SQL statements", "sqlite3 new.db < FILE"),
        (
            "long.sql",
            long(b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"),
            "text with SQL",
            "sqlite3 new.db",
        ),
        ("packed.gz", long(b"\x1f\x8b\x08"), "compressed", "gunzip FILE"),
        ("pages.dump", long(b"PGDMP\x01\x0e"), "a dump of pg_dump", "pg_restore"),
        ("empty.db", Vec::new(), "is empty (0 bytes)", "existing SQLite database"),
        ("words.txt", b"some words".to_vec(), "shorter than the smallest page", "existing SQLite database"),
        ("noise.db", long(b"\x93\x12\xaf"), "not a database", ""),
        // Cut off in the middle of a page.
        ("cut.db", database[..5000].to_vec(), "is cut off: it has 5000 bytes", "copy it again"),
        ("page.db", database[..4096].to_vec(), "malformed", "restore a backup"),
    ];
    for (name, bytes, what, way_out) in cases {
        std::fs::write(app.path(name), bytes).expect("write");
        for command in ["assess", "import"] {
            let target = ["--postgres", "postgresql://nobody@127.0.0.1:1/none"];
            let mut arguments = vec!["db", command, *name];
            if command == "import" {
                arguments.extend(target);
            }
            let ended = app.run(&arguments);
            assert!(ended.code != 0, "{name}: {}", ended.stdout);
            let has = |words: &str| ended.stderr.contains(words);
            assert!(has(what) && has(way_out), "{command} {name}: {}", ended.stderr);
            assert!(!has("--sqlite"), "{command} takes no --sqlite: {}", ended.stderr);
        }
    }
}

#[test]
fn a_source_in_wal_mode_without_its_wal_is_named() {
    let app = App::new();
    let note = "has no -wal file beside it";
    let connection = rusqlite::Connection::open(app.path("live.db")).expect("open");
    let make =
        "PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INTEGER PRIMARY KEY);
        PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES (1)";
    connection.execute_batch(make).expect("make");
    let with_wal = app.expect(0, &["db", "assess", "live.db"]);
    assert!(
        !with_wal.stderr.contains(note) && with_wal.stdout.contains("1 row in 1 table"),
        "{}",
        with_wal.stdout
    );
    std::fs::copy(app.path("live.db"), app.path("copy.db")).expect("copy");
    let without = app.expect(0, &["db", "assess", "copy.db"]);
    assert!(
        without.stderr.contains(note) && without.stdout.contains("0 rows in 1 table"),
        "{}",
        without.stderr
    );
    let target = TestDatabase::create();
    // Reading the first copy has created an empty -wal.
    std::fs::copy(app.path("live.db"), app.path("other.db")).expect("copy");
    let imported = app.expect(0, &["db", "import", "other.db", "--postgres", target.url()]);
    assert!(imported.stderr.contains(note), "{}", imported.stderr);
}

#[test]
fn a_run_that_carried_nothing_says_so_first() {
    let app = App::new();
    let connection = rusqlite::Connection::open(app.path("source.db")).expect("open");
    connection
        .execute_batch(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); INSERT INTO a VALUES (1, 'x'), (2, 'y')",
        )
        .expect("make");
    let target = TestDatabase::create();
    let import = ["db", "import", "source.db", "--data-only", "--postgres", target.url()];
    let ended = app.expect(40, &import);
    let said = format!("{}{}", ended.stdout, ended.stderr);
    let outcome = "nothing was copied (exit code 40): 2 rows of 1 table not copied: a";
    assert!(ended.stderr.contains(outcome), "{said}");
    assert!(said.contains("2 rows in 1 table") && said.contains("no table was copied"), "{said}");
    for untrue in ["already there; nothing", "verified every value", "everything else", "in force", "Next: "]
    {
        assert!(!said.contains(untrue), "{untrue}: {said}");
    }

    // With a table that is copied, the other one is named beside what is verified.
    connection
        .execute_batch("CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (1)")
        .expect("make");
    target.connect().batch_execute("CREATE TABLE b (id integer PRIMARY KEY)").expect("make the table");
    let ended = app.expect(40, &import);
    let outcome = "incomplete (exit code 40): 2 rows of 1 table not copied: a; everything else is verified";
    assert!(ended.stderr.contains(outcome), "{}", ended.stderr);
}
