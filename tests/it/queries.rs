//! `app sql adapt` with `--source`, `--file` and `--check`, and the examples of docs/queries.md.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::Value as Json;

use crate::app::App;
use crate::cluster::TestDatabase;

/// The document, with the statements that create its database.
fn document() -> (String, String) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/queries.md");
    let text = std::fs::read_to_string(path).expect("docs/queries.md");
    let (_, rest) = text.split_once("```sql\n").expect("the tables");
    let (tables, _) = rest.split_once("```").expect("their end");
    (text.clone(), tables.to_owned())
}

/// An application directory with `shop.db` of the document.
fn shop() -> App {
    let app = App::new();
    let path = app.path("shop.db");
    let mut connection =
        SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("create the source");
    connection.batch_execute(&document().1).expect("create the tables");
    app
}

#[test]
fn the_examples_of_the_document_have_their_output() {
    let (text, _) = document();
    let app = shop();
    let mut lines = text.lines();
    let mut seen = 0;
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ app sql adapt --source shop.db \"") else { continue };
        let sql = command.strip_suffix('"').expect("a quoted statement");
        let ended = app.expect(0, &["sql", "adapt", "--source", "shop.db", sql]);
        assert_eq!(ended.stdout.trim_end(), lines.next().unwrap_or_default(), "{sql}\n{}", ended.stderr);
        seen += 1;
    }
    assert!(seen >= 5, "the document has no examples");
}

#[test]
fn a_file_is_checked_on_both_sides() {
    let app = shop();
    let target = TestDatabase::create();
    app.expect(0, &["db", "import", "shop.db", "--postgres", target.url()]);
    let check = |code: i32, sql: &str| {
        std::fs::write(app.path("queries.sql"), sql).expect("write the file");
        let arguments =
            ["--source", "shop.db", "--postgres", target.url(), "--file", "queries.sql", "--check", "--json"];
        let ended = app.expect(code, &[&["sql", "adapt"], &arguments[..]].concat());
        let all: Json = serde_json::from_str(&ended.stdout).expect("JSON");
        let results = all.as_array().expect("a list").iter();
        results.map(|one| one["check"]["result"].as_str().unwrap_or("refused").to_owned()).collect::<Vec<_>>()
    };
    let same = "SELECT id, active, created_at, meta FROM users ORDER BY id; SELECT sum(active) FROM users;\n\
                SELECT id FROM users WHERE created_at LIKE '2024-02%'; REPLACE INTO kv (k, v) VALUES ('a', 'new');\n\
                UPDATE users SET active = NOT active; DELETE FROM kv; INSERT INTO users (name) VALUES (NULL)";
    assert_eq!(check(0, same), ["same"; 7]);
    // Nothing of it was kept.
    assert_eq!(check(0, "SELECT * FROM kv; SELECT * FROM users"), ["same"; 2]);
    assert_eq!(check(2, "SELECT quote(name) FROM users; SELECT 1"), ["refused", "same"]);
    assert_eq!(check(40, "SELECT name FROM users WHERE id = ?; SELECT 1"), ["not_checked", "same"]);
    target.connect().batch_execute("UPDATE kv SET n = 2").expect("change the target");
    assert_eq!(
        check(30, "SELECT n FROM kv; SELECT k FROM kv; DELETE FROM kv WHERE n = 1"),
        ["different", "same", "different"]
    );
}

/// What SQLite decides by collations and keys. Each was wrong or refused once.
const COLLATED: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT COLLATE NOCASE, t TEXT, big BIGINT, r REAL, \
     price DECIMAL(8,2), at DATETIME DEFAULT CURRENT_TIMESTAMP, ip TEXT, meta JSON);
     INSERT INTO a VALUES (1, 'Ada', 'ada', 9223372036854775807, 1e20, 1.5, '2024-01-15 10:00:00', '10.0.0.1', '{\"l\":1}'),
     (2, 'bob', 'Bob', -9223372036854775808, 0.30000000000000004, 2, NULL, NULL, '{\"l\":\"1\"}'),
     (3, 'BOB', 'x', NULL, NULL, NULL, NULL, NULL, '{\"l\":1}');
     CREATE TABLE kv (k TEXT PRIMARY KEY, v TEXT, n INTEGER); INSERT INTO kv VALUES ('a', 'x', 1), ('b', NULL, 1)";

const SAME: &[&str] = &[
    "SELECT id FROM a WHERE t IN (SELECT n FROM a)",
    "SELECT id FROM a WHERE n IN (SELECT t FROM a)",
    "SELECT id FROM a WHERE 'ADA' IN (SELECT n FROM a)",
    "SELECT id FROM a WHERE lower(t) IN (SELECT n FROM a)",
    "SELECT id FROM a WHERE 'ADA' IN ((SELECT n FROM a))",
    "SELECT id FROM a WHERE 'ADA' IN (SELECT t FROM a UNION ALL SELECT n FROM a)",
    "SELECT id FROM a WHERE 'ADA' IN (SELECT n FROM a UNION ALL SELECT 'x')",
    "SELECT id FROM a WHERE ('BOB', 2) IN (SELECT n, id FROM a)",
    "SELECT 'A' IN ('a' COLLATE NOCASE), 'A' IN ('a' COLLATE NOCASE, 'b')",
    "SELECT t FROM a UNION SELECT n FROM a",
    "SELECT count(*), max(id) FROM a GROUP BY n ORDER BY n",
    "SELECT count(DISTINCT n) FROM a",
    "SELECT DISTINCT meta ->> 'l' FROM a",
    "SELECT * FROM (SELECT id, t FROM a) FULL JOIN (SELECT n AS id, k FROM kv) USING (id)",
    "SELECT id FROM (SELECT id FROM a) RIGHT JOIN (SELECT n AS id, k FROM kv) USING (id)",
    "SELECT a.id, k FROM a FULL JOIN kv ON a.id = kv.n AND kv.v IS NULL",
    "SELECT CAST(r AS INTEGER), r || '' FROM a",
    "SELECT id FROM a ORDER BY id LIMIT -1 OFFSET -1",
    "INSERT INTO a (n) VALUES ('new')",
    "INSERT INTO a (n, at) VALUES ('new', CURRENT_TIMESTAMP)",
    "INSERT OR IGNORE INTO a (id, n) SELECT NULL, k FROM kv",
    "UPDATE kv SET v = a.t FROM a WHERE a.id = kv.n",
    "UPDATE a SET r = r * 3",
];

#[test]
fn collations_keys_and_limits_of_numbers_are_those_of_sqlite() {
    let app = App::new();
    let path = app.path("shop.db");
    let mut connection =
        SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("create the source");
    connection.batch_execute(COLLATED).expect("create the tables");
    let target = TestDatabase::create();
    app.expect(0, &["db", "import", "shop.db", "--postgres", target.url()]);
    std::fs::write(app.path("queries.sql"), SAME.join(";\n")).expect("write the file");
    let arguments = ["--source", "shop.db", "--postgres", target.url(), "--file", "queries.sql", "--check"];
    app.expect(0, &[&["sql", "adapt"], &arguments[..]].concat());
    // A difference in the 16th digit is one.
    let update = "UPDATE a SET r = 0.3 WHERE id = 2";
    target.connect().batch_execute(update).expect("change the target");
    let mut arguments = arguments;
    arguments[5] = "other.sql";
    std::fs::write(app.path("other.sql"), "SELECT r FROM a").expect("write the file");
    app.expect(30, &[&["sql", "adapt"], &arguments[..]].concat());
}

#[test]
fn the_tables_of_the_target_are_used_as_they_are() {
    let app = shop();
    let target = TestDatabase::create();
    target
        .connect()
        .batch_execute(
            "CREATE TABLE users (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text NOT NULL, active int, \
             created_at timestamp, meta text, score real); CREATE TABLE kv (k text PRIMARY KEY, v text, n int DEFAULT 0)",
        )
        .expect("create the tables");
    let arguments = ["sql", "adapt", "--source", "shop.db", "--postgres", target.url()];
    let ended = app.expect(0, &[&arguments[..], &["SELECT id FROM users WHERE active = 1"]].concat());
    assert!(ended.stdout.contains(r#""users"."active" = 1"#), "{}", ended.stdout);
}

#[test]
fn assumptions_and_settings_without_effect_are_named() {
    let app = shop();
    let ended = app.expect(0, &["sql", "adapt", "SELECT id FROM users WHERE active = 1"]);
    assert!(ended.stderr.contains("the type of `active`, `id` is not known"), "{}", ended.stderr);
    let ended = app.expect(2, &["sql", "adapt", "--schema", "other", "SELECT 1"]);
    assert!(ended.stderr.contains("--source"), "{}", ended.stderr);
}
