//! Rejected rows: reported, counted, and retried.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;

use crate::app::Move;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(this: &Move, query: &str) -> i64 {
    let query = format!("SELECT count(*) AS number FROM {query}");
    diesel::sql_query(query).get_result::<Number>(&mut this.postgres()).expect("count").number
}

/// A source with rows written while all checks were disabled: one that cannot be read as its type, one that violates
/// PostgreSQL's checks or cannot be encoded, one without its parent.
fn dirty() -> Move {
    let this = Move::seeded(600);
    this.on_source(
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
         UPDATE tasks SET completed = 2 WHERE id = (SELECT min(id) FROM tasks);
         UPDATE tasks SET user_id = '00000000-0000-4000-8000-000000000000' WHERE id = (SELECT max(id) FROM tasks);
         UPDATE contact_submissions SET message = 'a' || char(0) || 'b'
         WHERE id = (SELECT min(id) FROM contact_submissions);
         UPDATE customers SET email = 'NOT LOWER' WHERE id = (SELECT max(id) FROM customers)",
    );
    this
}

/// For each table, copied + already there + rejected = rows of the source.
fn assert_sums(report: &Value) {
    for table in report["tables"].as_array().expect("tables") {
        let of = |name: &str| table[name].as_i64().expect(name);
        assert_eq!(of("copied") + of("already_there") + of("rejected"), of("total"), "{table}");
        assert_eq!(table["status"], "completed", "{table}");
    }
}

#[test]
fn rows_that_cannot_be_inserted_are_rejected_and_the_others_are_copied() {
    let this = dirty();
    let refused = this.copy(10, &[]);
    assert!(refused.stderr.contains("--on-error skip"), "{}", refused.stderr);

    let skip = ["--on-error", "skip", "--json", "--rejects-file", "rejects.jsonl"];
    let ended = this.copy(40, &skip);
    let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_sums(&report);
    assert_eq!(report["exit_code"], 40);
    let url = this.target.url();
    let list = |code| {
        let ended = this.app.expect(code, &["db", "rejects", "list", "--json", "--postgres", url]);
        let rejects: Vec<Value> = serde_json::from_str(&ended.stdout).expect("JSON");
        rejects
    };
    let rejects = list(0);
    let find = |table: &str, part: &str| {
        let found = rejects.iter().find(|reject| {
            reject["table_name"] == table && reject["reason"].as_str().expect("reason").contains(part)
        });
        found.unwrap_or_else(|| panic!("{table}: {part} is not in {rejects:#?}"))
    };
    // A typed read would return true for this value.
    let task = find("tasks", "violates the checks");
    let row: Value = serde_json::from_str(task["value"].as_str().expect("row")).expect("the row as JSON");
    assert_eq!(row["completed"], "2");
    let orphan = find("tasks", "refers to a row that is not there");
    let row: Value = serde_json::from_str(orphan["value"].as_str().expect("row")).expect("the row as JSON");
    assert_eq!(row["user_id"], "00000000-0000-4000-8000-000000000000");
    let nul = find("contact_submissions", "");
    assert_eq!(nul["column_name"], "message");
    assert_eq!(nul["storage_class"], "text");
    assert_eq!(nul["value"], "X'610062'");
    find("customers", "");
    // The file contains the same rows, and only its owner can read it.
    let path = this.app.path("rejects.jsonl");
    let text = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(text.lines().count(), rejects.len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
    }
    // All keys and indexes are recreated and valid.
    assert_eq!(number(&this, "__backoffice_public.definitions"), 0);
    assert_eq!(number(&this, "pg_constraint WHERE NOT convalidated"), 0);

    // Verification takes rejected rows into account: everything else is equal.
    let compared = this.app.expect(40, &["db", "verify", "--json", "--postgres", url]);
    let compared: Value = serde_json::from_str(&compared.stdout).expect("JSON");
    let verified = compared["verification"]["tables"].as_array().expect("tables").iter();
    assert!(verified.clone().all(|table| table["verdict"] == "verified"), "{compared:#}");

    // Again: the same rows are rejected again, and nothing else changes.
    let again: Value = serde_json::from_str(&this.copy(40, &skip).stdout).expect("JSON");
    assert_sums(&again);
    assert_eq!(list(0).len(), rejects.len());

    // Corrected in the source, they are inserted.
    this.app.expect(40, &["db", "rejects", "retry", "--postgres", url]);
    this.on_source(
        "UPDATE tasks SET completed = 1 WHERE completed = 2;
         UPDATE tasks SET user_id = (SELECT min(id) FROM users)
         WHERE user_id = '00000000-0000-4000-8000-000000000000';
         UPDATE contact_submissions SET message = 'ab' WHERE instr(CAST(message AS BLOB), x'00') > 0;
         UPDATE customers SET email = 'lower@example.com' WHERE email = 'NOT LOWER'",
    );
    let retried = this.app.expect(0, &["db", "rejects", "retry", "--postgres", url]);
    assert!(retried.stdout.contains(&format!("copied {}, 0 remain", rejects.len())), "{}", retried.stdout);
    assert_eq!(list(0).len(), 0);
    this.copy(0, &[]);
}

#[test]
fn max_rejects_stops_the_run_and_a_higher_limit_finishes_it() {
    let this = dirty();
    let ended = this.copy(20, &["--on-error", "skip", "--max-rejects", "1"]);
    assert!(ended.stderr.contains("more than 1 rows are rejected"), "{}", ended.stderr);
    let ended = this.copy(40, &["--on-error", "skip", "--max-rejects", "100"]);
    let last: Vec<&str> = ended.stderr.lines().rev().take(2).collect();
    assert!(last[1].starts_with("incomplete (exit code 40): ") && last[1].contains(" rejected"), "{last:?}");
    assert!(last[0].starts_with("hint: see `app db rejects list`"), "{last:?}");
}

#[test]
fn rows_that_a_nonempty_target_rejects_are_found_one_by_one() {
    let this = Move::seeded(300);
    this.copy(0, &["--tables", "organizations,users"]);
    this.on_target(
        "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES (777777, 'own', 'own@example.com', '', '', now());
         ALTER TABLE contact_submissions ADD CONSTRAINT short CHECK (length(name) < 100)",
    );
    this.on_source(
        "UPDATE contact_submissions SET name = replace(hex(zeroblob(60)), '0', 'n')
         WHERE id IN (SELECT id FROM contact_submissions ORDER BY id LIMIT 2)",
    );
    // A check that only the target has is a difference of the schema; without it the row would have been inserted.
    let refused = this.copy(10, &["--append", "--on-error", "skip", "--tables", "contact_submissions"]);
    assert!(refused.stderr.contains("are not those of this program"), "{}", refused.stderr);
    this.on_target(
        "ALTER TABLE contact_submissions DROP CONSTRAINT short;
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF length(NEW.name) >= 100 THEN RAISE EXCEPTION 'too long'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON contact_submissions FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let ended =
        this.copy(40, &["--append", "--on-error", "skip", "--json", "--tables", "contact_submissions"]);
    assert!(ended.stderr.contains("triggers of the target will act on each row"), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_sums(&report);
    assert_eq!(report["tables"][0]["rejected"], 2);
    assert_eq!(number(&this, "contact_submissions WHERE id = 777777"), 1);
}

#[test]
fn corrected_and_copied_rows_are_no_longer_rejects() {
    let this = dirty();
    this.copy(40, &["--on-error", "skip"]);
    this.on_source(
        "UPDATE tasks SET completed = 1 WHERE completed = 2;
         UPDATE tasks SET user_id = (SELECT min(id) FROM users)
         WHERE user_id = '00000000-0000-4000-8000-000000000000';
         UPDATE contact_submissions SET message = 'ab' WHERE instr(CAST(message AS BLOB), x'00') > 0;
         UPDATE customers SET email = 'lower@example.com' WHERE email = 'NOT LOWER'",
    );
    this.copy(0, &[]);
    assert_eq!(number(&this, "__backoffice_public.rejects"), 0);
    this.app.expect(0, &["db", "rejects", "retry", "--postgres", this.target.url()]);
}
