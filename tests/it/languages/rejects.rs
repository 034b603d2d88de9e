use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;

use super::stage::{Stage, connect};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What a row alone can cause.
const OF_ROWS: [&str; 12] = [
    "unique",
    "foreign key",
    "check",
    "not null",
    "exclusion",
    "overflow",
    "too long",
    "no date",
    "division",
    "index",
    "raise",
    "own code",
];

pub(super) fn rows_are_rejected_for_what_they_are(stage: &Stage) {
    let mut rows: Vec<&str> = OF_ROWS.iter().flat_map(|subject| ["good", subject]).collect();
    rows.extend(["good"; 20]);
    stage.rows(&rows);
    let ended = stage.copy(&["--on-error", "skip", "--json"]);
    assert_eq!(ended.code, 40, "{}", ended.stderr);
    let listed = stage.app.run(&["db", "rejects", "list", "--json", "--postgres", &stage.url]);
    let rejects: Vec<Value> = serde_json::from_str(&listed.stdout).expect("JSON");
    let rejected: Vec<String> = rejects
        .iter()
        .map(|reject| {
            let row: Value = serde_json::from_str(reject["value"].as_str().expect("row")).expect("JSON");
            row["subject"].as_str().expect("a subject").to_owned()
        })
        .collect();
    let mut sorted = (rejected, OF_ROWS.map(str::to_owned));
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1, "{}", ended.stderr);
    let query = diesel::sql_query("SELECT count(*) AS count FROM contact_submissions");
    let count = query.get_result::<Count>(&mut stage.admin()).expect("count").count;
    assert_eq!(usize::try_from(count).expect("not negative"), rows.len() - OF_ROWS.len());

    // Without rejects, the first one ends the run.
    stage.rows(&["good", "overflow"]);
    let ended = stage.copy(&[]);
    assert_eq!(ended.code, 21, "{}", ended.stderr);
    assert!(ended.stderr.contains("write batch 1 of `contact_submissions`"), "{}", ended.stderr);
}

/// COPY reads a value of a domain by its checks, and here a check fails in another way than by being false.
pub(super) fn a_value_that_copy_cannot_read_is_rejected(stage: &Stage) {
    let source = rusqlite::Connection::open(stage.app.path("legacy.db")).expect("open");
    source
        .execute_batch(
            "CREATE TABLE loud (id INTEGER PRIMARY KEY, words TEXT);
             INSERT INTO loud VALUES (1, 'a'), (2, 'shout'), (3, 'b')",
        )
        .expect("make the source");
    let mut role = connect(&stage.url);
    role.batch_execute(
        "CREATE SCHEMA imported;
         CREATE FUNCTION aside.is_quiet(words text) RETURNS boolean LANGUAGE plpgsql AS $$
         BEGIN IF words = 'shout' THEN RAISE EXCEPTION 'deadlock detected'; END IF; RETURN true; END $$;
         CREATE DOMAIN aside.quiet AS text CHECK (aside.is_quiet(VALUE));
         CREATE TABLE imported.loud (id integer PRIMARY KEY, words aside.quiet)",
    )
    .expect("make the table");
    let import =
        ["db", "import", "legacy.db", "--data-only", "--schema", "imported", "--postgres", &stage.url];
    stage.app.expect(40, &import);
    let query = diesel::sql_query("SELECT sum(id) AS count FROM imported.loud");
    assert_eq!(query.get_result::<Count>(&mut role).expect("add up").count, 4);
}
