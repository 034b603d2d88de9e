//! Deliberate errors, each as small as possible: every one is found, and nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;

use crate::app::Move;

/// One error: its row, the change on either side, and the expected differences.
struct Error {
    kind: &'static str,
    table: &'static str,
    column: Option<&'static str>,
    /// A query for the row's key, or the key.
    row: &'static str,
    /// A change of the source first, so that a value exists that can be changed slightly. `$KEY` is the key.
    source: Option<&'static str>,
    target: &'static str,
}

const fn value(table: &'static str, column: &'static str, row: &'static str, target: &'static str) -> Error {
    Error { kind: "value", table, column: Some(column), row, source: None, target }
}

const fn whole(kind: &'static str, table: &'static str, row: &'static str, target: &'static str) -> Error {
    Error { kind, table, column: None, row, source: None, target }
}

const ERRORS: &[Error] = &[
    // The last bit of a double: for numbers from 0.5 to 1, 2 to the power of -53.
    value(
        "document_metadata",
        "confidence_score",
        "SELECT max(id) FROM document_metadata WHERE confidence_score >= 0.5 AND confidence_score < 0.99",
        "UPDATE document_metadata SET confidence_score = confidence_score + 1.1102230246251565e-16 WHERE id = $KEY",
    ),
    Error {
        source: Some("UPDATE projects SET latitude = 0.0 WHERE id = $KEY"),
        ..value(
            "projects",
            "latitude",
            "SELECT max(id) FROM projects",
            "UPDATE projects SET latitude = '-0' WHERE id = $KEY",
        )
    },
    value(
        "activities",
        "created_at",
        "SELECT max(id) FROM activities WHERE created_at < '9000-01-01'",
        "UPDATE activities SET created_at = created_at + interval '1 microsecond' WHERE id = $KEY",
    ),
    value(
        "users",
        "phone",
        "SELECT id FROM users WHERE phone IS NULL ORDER BY id LIMIT 1",
        "UPDATE users SET phone = '' WHERE id = '$KEY'",
    ),
    value(
        "tasks",
        "title",
        "SELECT max(id) FROM tasks WHERE length(title) < 300",
        "UPDATE tasks SET title = title || ' ' WHERE id = $KEY",
    ),
    value(
        "organizations",
        "name",
        "SELECT max(id) FROM organizations WHERE upper(name) <> name AND length(name) < 100",
        "UPDATE organizations SET name = upper(name) WHERE id = $KEY",
    ),
    value(
        "document_metadata",
        "content_sha256",
        "SELECT min(id) FROM document_metadata WHERE content_sha256 IS NOT NULL",
        "UPDATE document_metadata SET content_sha256 = set_bit(content_sha256, 77, 1 - get_bit(content_sha256, 77))
         WHERE id = $KEY",
    ),
    value(
        "applicant_embeddings",
        "embedding",
        "SELECT min(id) FROM applicant_embeddings WHERE embedding[2] >= 0.5 AND embedding[2] < 0.99",
        "UPDATE applicant_embeddings SET embedding[2] = embedding[2] + 5.9604645e-08::real WHERE id = $KEY",
    ),
    Error {
        source: Some("UPDATE organizations SET settings = '{\"n\":1.10000000000000000000000000000000001}' WHERE id = $KEY"),
        ..value(
            "organizations",
            "settings",
            "SELECT min(id) FROM organizations",
            "UPDATE organizations SET settings = '{\"n\":1.10000000000000000000000000000000002}' WHERE id = $KEY",
        )
    },
    value(
        "products",
        "price",
        "SELECT max(id) FROM products WHERE price > 0 AND price < 1000000",
        "UPDATE products SET price = price - 0.01 WHERE id = $KEY",
    ),
    whole(
        "missing_in_target",
        "field_mappings",
        "SELECT max(id) FROM field_mappings",
        "DELETE FROM field_mappings WHERE id = $KEY",
    ),
    whole(
        "only_in_target",
        "contact_submissions",
        "SELECT max(id) + 1 FROM contact_submissions",
        "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES ($KEY, 'x', 'x@example.com', '', '', now())",
    ),
    whole(
        "doubled",
        "contact_submissions",
        "SELECT min(id) FROM contact_submissions",
        "ALTER TABLE contact_submissions DROP CONSTRAINT contact_submissions_pkey;
         INSERT INTO contact_submissions SELECT * FROM contact_submissions WHERE id = $KEY",
    ),
];

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    key: String,
}

fn key(this: &Move, query: &str) -> String {
    let query = format!("SELECT (SELECT x::text FROM ({query}) AS q (x)) AS key");
    diesel::sql_query(&query).get_result::<Key>(&mut this.postgres()).expect(&query).key
}

/// Table, kind, key and column of each difference.
type Named = BTreeSet<(String, String, String, String)>;

fn named(verification: &Value) -> Named {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tables = verification["tables"].as_array().expect("tables");
    let each = |table: &Value| {
        let differences = table["differences"].as_array().expect("differences").clone();
        let table = text(&table["table"]);
        differences
            .into_iter()
            .map(move |d| (table.clone(), text(&d["kind"]), text(&d["key"]), text(&d["column"])))
    };
    tables.iter().flat_map(each).collect()
}

fn make(this: &Move) -> Named {
    let mut expected = Named::new();
    for error in ERRORS {
        let key = key(this, error.row);
        if let Some(change) = error.source {
            this.on_source(&change.replace("$KEY", &key));
        }
        this.on_target(&error.target.replace("$KEY", &key));
        let column = error.column.unwrap_or_default().to_owned();
        assert!(expected.insert((error.table.to_owned(), error.kind.to_owned(), key, column)));
    }
    // Two rows exchange a value: the number of each value is unchanged.
    let one = key(this, "SELECT min(id) FROM notifications");
    let other = key(
        this,
        &format!(
            "SELECT max(id) FROM notifications WHERE message <> (SELECT message FROM notifications WHERE id = {one})"
        ),
    );
    this.on_target(&format!(
        "UPDATE notifications AS a SET message = b.message FROM notifications AS b
         WHERE (a.id, b.id) IN (({one}, {other}), ({other}, {one}))"
    ));
    for key in [one, other] {
        expected.insert(("notifications".into(), "value".into(), key, "message".into()));
    }
    expected
}

/// Every error is found, and nothing else; then repaired, except where a row would have to be deleted.
fn find_each(rows: u32) {
    let this = Move::done(rows);
    let equal = this.verify(0, &[]);
    let all = format!("{} tables verified, 0 different", backoffice::registry::tables().len());
    assert!(equal.stdout.contains(&all), "{}", equal.stdout);

    let expected = make(&this);
    assert_eq!(expected.len(), 15);
    let found = this.verify(30, &["--json"]);
    let report: Value = serde_json::from_str(&found.stdout).expect("JSON");
    assert_eq!(named(&report["verification"]), expected);
    for table in report["verification"]["tables"].as_array().expect("tables") {
        let count = expected.iter().filter(|(name, ..)| table["table"] == *name).count();
        assert_eq!(table["difference_count"], count, "{table}");
        let verdict = if count == 0 { "verified" } else { "different" };
        assert_eq!(table["verdict"], verdict, "{table}");
    }
    let repaired = this.verify(30, &["--repair", "--yes", "--json"]);
    let report: Value = serde_json::from_str(&repaired.stdout).expect("JSON");
    assert_eq!(named(&report["before_repair"]), expected);
    let left = expected.into_iter().filter(|(_, kind, ..)| kind == "only_in_target" || kind == "doubled");
    assert_eq!(named(&report["verification"]), left.collect());
}

#[test]
fn each_smallest_error_is_found_and_no_other() {
    find_each(5000);
}

/// `make faults` runs it.
#[test]
#[ignore = "a million rows: minutes"]
fn each_smallest_error_is_found_among_a_million_rows() {
    find_each(1_000_000);
}
