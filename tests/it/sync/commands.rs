//! `--dry-run`, `--detach`, `--once`, `--status` and `--verify-every`.

use super::bank;
use super::writers::Writer;
use super::{Pair, workload};

const PARENTS: &str = "
CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id) ON DELETE CASCADE);
CREATE TRIGGER t AFTER INSERT ON child BEGIN UPDATE parent SET name = name || '.' WHERE id = NEW.parent; END;
INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 1);";

/// The schema of the source, byte for byte.
fn schema(pair: &Pair) -> Vec<(String, String, i64, Option<String>)> {
    let source = pair.sqlite();
    let mut statement = source
        .prepare("SELECT type, name, rootpage > 0, sql FROM sqlite_schema ORDER BY rowid")
        .expect("a query");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

#[test]
fn a_dry_run_changes_no_byte_and_prints_what_is_added() {
    for mode in ["wal", "delete"] {
        let pair = Pair::of(mode, PARENTS);
        let before = std::fs::read(pair.path()).expect("read");
        let planned = pair.sync(0, &["--dry-run"]);
        assert_eq!(std::fs::read(pair.path()).expect("read"), before, "{mode}");
        assert!(
            planned.stdout.contains("CREATE TABLE") && planned.stdout.contains("CREATE TRIGGER"),
            "{}",
            planned.stdout
        );
        assert!(planned.stderr.contains("app db sync --detach"), "{}", planned.stderr);
        assert_eq!(pair.number("SELECT count(*) AS number FROM pg_tables WHERE schemaname <> 'pg_catalog' AND schemaname <> 'information_schema'"), 0);
        // The statements are those that a sync executes.
        pair.sync(0, &["--once"]);
        let added: Vec<String> = schema(&pair).into_iter().filter_map(|(.., sql)| sql).collect();
        let added = added.iter().filter(|sql| sql.contains("__backoffice_"));
        let flat = |text: &str| text.split_whitespace().collect::<String>().replace("main.", "");
        let printed = flat(&planned.stdout);
        let mut count = 0;
        for statement in added {
            count += 1;
            assert!(printed.contains(&flat(statement)), "not printed: {statement}\n{}", planned.stdout);
        }
        assert!(count > 5);
    }
}

#[test]
fn a_detach_leaves_the_schema_as_it_was_and_recreates_foreign_keys() {
    let pair = Pair::of(
        "wal",
        &format!("{PARENTS} {}", workload::SCHEMA.replace(" parent", " other").replace(" child", " others")),
    );
    let before = schema(&pair);
    pair.sync(0, &["--once"]);
    assert_ne!(schema(&pair), before);
    let keys = "SELECT count(*) AS number FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace";
    assert_eq!(pair.number(keys), 0);
    pair.on_source("INSERT INTO child VALUES (2, 1)");
    pair.sync(0, &["--once"]);
    let detached = pair.sync(0, &["--detach", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&detached.stdout).expect("JSON");
    assert_eq!(report["restored"], 3, "{report}");
    assert_eq!(schema(&pair), before);
    assert_eq!(pair.number(keys), 3);
    assert_eq!(pair.status(0)["is_attached"], false);
    // Again: nothing is left to do.
    pair.sync(0, &["--detach"]);
    // And from the beginning, with what was written meanwhile.
    pair.on_source("INSERT INTO child VALUES (3, 1)");
    pair.sync(0, &["--once", "--yes"]);
    pair.assert_equal();
}

#[test]
fn the_status_has_position_lag_and_what_was_verified() {
    let pair = Pair::of("wal", PARENTS);
    let nothing = pair.status(0);
    assert_eq!((&nothing["is_attached"], nothing["position"].is_null()), (&false.into(), true), "{nothing}");
    let once = pair.sync(0, &["--once", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&once.stdout).expect("JSON");
    assert_eq!(report["exit_code"], 0, "{report}");
    assert_eq!(report["verdict"], "verified", "{report}");
    let status = pair.status(0);
    assert_eq!((&status["is_attached"], &status["lag_changes"]), (&true.into(), &0.into()), "{status}");
    assert_eq!((&status["state"], &status["epoch"]), (&"A".into(), &0.into()), "{status}");

    pair.on_source(
        "INSERT INTO child VALUES (2, 1); INSERT INTO child VALUES (3, 1); DELETE FROM child WHERE id = 1",
    );
    let behind = pair.status(0);
    assert_eq!(behind["lag_changes"], 5, "{behind}");
    assert_eq!(behind["position"], status["position"]);
    let text = pair.sync(0, &["--status"]);
    assert!(text.stdout.contains("changes to apply"), "{}", text.stdout);
    pair.sync(0, &["--once"]);
    let status = pair.status(0);
    assert_eq!((&status["lag_changes"], &status["applied_changes"]), (&0.into(), &5.into()), "{status}");
    assert_eq!(status["verified"]["position"], status["position"]["seq"], "{status}");
    assert_eq!(status["verified"]["doubt"], serde_json::json!([]), "{status}");
    assert!(
        status["broken"].as_array().is_some_and(Vec::is_empty) && status["reject_count"] == 0,
        "{status}"
    );
}

#[test]
fn comparisons_beside_writers_find_both_sides_equal() {
    for mode in ["wal", "delete"] {
        let pair = Pair::of(mode, bank::SCHEMA);
        let mut writers = bank::writers(&pair, 700);
        let mut run = pair.follow(&["--verify-every", "1s"]);
        run.wait_for("compared at position");
        assert!(
            !writers.iter_mut().all(Writer::has_ended),
            "{mode}: the writers ended before the comparison"
        );
        writers.into_iter().for_each(Writer::end);
        let (ended, _) = run.interrupt();
        assert_eq!(ended.code, 50, "{}", ended.stderr);
        let compared: Vec<&str> =
            ended.stderr.lines().filter(|line| line.contains("compared at position")).collect();
        assert!(compared.iter().all(|line| line.ends_with(": verified")), "{mode}: {compared:?}");
        pair.sync(0, &["--once"]);
    }
}
