//! Hostile names and files, and roles without rights.

use std::os::unix::fs::PermissionsExt as _;

use super::Pair;
use crate::skipped::skipped;

const NAMES: &str = "
CREATE TABLE \"a \"\"quoted\"\" 'name'\"(\"the 'key'\" INTEGER PRIMARY KEY, \"select\" TEXT, \"two
lines\" TEXT UNIQUE);
CREATE TABLE \"größe 表\"(\"naïve\" TEXT NOT NULL COLLATE NOCASE, \"k2\" INTEGER NOT NULL, \"from\" TEXT, PRIMARY KEY(\"naïve\", \"k2\")) WITHOUT ROWID;
CREATE TABLE \"table\"(\"order\" TEXT, \"%s\" TEXT, \"a;b--\" INTEGER);
CREATE UNIQUE INDEX \"an \"\"index\"\"\" ON \"a \"\"quoted\"\" 'name'\"(\"select\");
INSERT INTO \"a \"\"quoted\"\" 'name'\" VALUES (1, 'é', 'a'), (2, '表', 'b');
INSERT INTO \"größe 表\" VALUES ('x', 1, 'ü'), ('y', 2, NULL);
INSERT INTO \"table\" VALUES ('a', 'b', 1), ('a', 'b', 1);";

const CHANGES: &str = "
UPDATE OR REPLACE \"a \"\"quoted\"\" 'name'\" SET \"select\" = 'é' WHERE \"the 'key'\" = 2;
INSERT INTO \"a \"\"quoted\"\" 'name'\" VALUES (3, '😀', 'z');
UPDATE \"größe 表\" SET \"naïve\" = 'X', \"from\" = '''\"'; DELETE FROM \"größe 表\" WHERE k2 = 2;
DELETE FROM \"table\" WHERE rowid = 1; INSERT INTO \"table\" VALUES ('\\', NULL, 2);";

#[test]
fn hostile_names_are_followed_in_any_encoding() {
    for encoding in ["UTF-8", "UTF-16le", "UTF-16be"] {
        let pair = Pair::of("wal", &format!("PRAGMA encoding = '{encoding}'; {NAMES}"));
        let mut run = pair.follow(&[]);
        pair.on_source(CHANGES);
        pair.settle(&mut run);
        pair.assert_equal();
        pair.on_source("ALTER TABLE \"a \"\"quoted\"\" 'name'\" ADD COLUMN x");
        let ended = run.end();
        assert_eq!(ended.code, 10, "{}", ended.stderr);
        let lines: Vec<&str> = ended.stderr.lines().filter(|line| line.starts_with("error:")).collect();
        assert!(lines.iter().any(|line| line.contains("a \"quoted\" 'name'")), "{}", ended.stderr);
        pair.sync(0, &["--detach"]);
        let left: i64 = pair
            .sqlite()
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%backoffice%'", [], |row| {
                row.get(0)
            })
            .expect("a query");
        assert_eq!(left, 0, "{encoding}");
    }
}

#[test]
fn reserved_names_in_the_source_are_blockers() {
    let pair =
        Pair::of("wal", "CREATE TABLE __backoffice_changes(a); CREATE TABLE item(id INTEGER PRIMARY KEY)");
    let refused = pair.sync(10, &[]);
    assert!(refused.stderr.contains("change log"), "{}", refused.stderr);
    let tables = "SELECT count(*) AS number FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(pair.number(tables), 0);
}

#[test]
fn a_source_that_cannot_be_written_is_refused_and_nothing_is_copied() {
    let pair = Pair::of("delete", "CREATE TABLE item(id INTEGER PRIMARY KEY)");
    let folder = pair.app.folder();
    let set = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set permissions");
    };
    set(&pair.path(), 0o444);
    set(folder, 0o555);
    let may_do_anything = std::fs::write(folder.join("probe"), "").is_ok();
    let ended = pair.app.run(&Pair::arguments(pair.target.url(), &["--once"]));
    set(folder, 0o755);
    if may_do_anything {
        skipped("this user may write everywhere");
        return;
    }
    assert_eq!(ended.code, 20, "{}", ended.stderr);
    assert!(ended.stderr.contains("source"), "{}", ended.stderr);
}

#[test]
fn a_role_without_rights_is_told_what_is_missing() {
    let pair = Pair::of(
        "wal",
        "CREATE TABLE item(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO item VALUES (1, 'a')",
    );
    let role = format!("poor_{}", std::process::id());
    pair.on_target(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
         GRANT USAGE ON SCHEMA public TO {role}"
    ));
    let place = pair.target.url().split_once('@').expect("a user in the URL").1;
    let url = format!("postgresql://{role}:x@{place}");
    let sync = |code, further: &[&str]| {
        let ended = pair.app.expect(code, &Pair::arguments(&url, further));
        assert!(ended.stderr.contains("hint: ") && ended.stderr.contains("grant"), "{}", ended.stderr);
        ended
    };
    let refused = sync(10, &["--once"]);
    assert!(refused.stderr.contains("public"), "{}", refused.stderr);
    // Nothing is attached to the source for a target that cannot be written.
    assert_eq!(pair.log_count(), None);
    // A sync that the owner began, and that this role goes on with.
    pair.sync(0, &["--once"]);
    pair.on_source("UPDATE item SET v = 'b'");
    sync(21, &["--once"]);
    pair.on_target(&format!(
        "GRANT USAGE ON SCHEMA __backoffice_public TO {role};
         GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA __backoffice_public TO {role}"
    ));
    let refused = sync(21, &["--once"]);
    assert!(refused.stderr.contains("item"), "{}", refused.stderr);
    pair.sync(0, &["--once"]);
    pair.on_target(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
