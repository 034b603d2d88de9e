//! Verification, tested by errors made on purpose.

use serde_json::Value;

use crate::app::Move;

/// What `--verify-only` says of a table after `change` was made in the target.
fn after(this: &Move, change: &str) -> Value {
    this.on_target(change);
    let ended = this.copy(30, &["--verify-only", "--json"]);
    let report: Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    assert_eq!(report["exit_code"], 30);
    report["verification"].clone()
}

fn table<'a>(verification: &'a Value, name: &str) -> &'a Value {
    let tables = verification["tables"].as_array().expect("tables");
    tables.iter().find(|table| table["table"] == name).expect(name)
}

#[test]
fn equal_sides_are_verified() {
    let this = Move::done(3000);
    let ended = this.copy(0, &["--verify-only"]);
    assert!(ended.stdout.contains("verified every value of 3,000 rows"), "{}", ended.stdout);
}

#[test]
fn each_smallest_change_is_found_and_named() {
    let this = Move::done(3000);
    for (name, column, change) in [
        (
            "users",
            "bio",
            "UPDATE users SET bio = coalesce(bio, '') || ' ' WHERE id = (SELECT min(id::text)::uuid FROM users)",
        ),
        (
            "tasks",
            "title",
            "UPDATE tasks SET title = title || 'x' WHERE id = (SELECT max(id) FROM tasks WHERE length(title) < 300)",
        ),
        (
            "products",
            "price",
            "UPDATE products SET price = price - 0.01 WHERE id = (SELECT max(id) FROM products WHERE price > 0)",
        ),
        (
            "activities",
            "created_at",
            "UPDATE activities SET created_at = created_at - interval '1 microsecond' WHERE id = (SELECT max(id) FROM activities)",
        ),
        (
            "usage_logs",
            "document_count",
            "UPDATE usage_logs SET document_count = document_count - 1 WHERE id = (SELECT max(id) FROM usage_logs)",
        ),
        (
            "organizations",
            "confidence_threshold",
            "UPDATE organizations SET confidence_threshold = 0.30000000000000004 WHERE id = (SELECT max(id) FROM organizations)",
        ),
        (
            "organizations",
            "settings",
            "UPDATE organizations SET settings = settings || '{\"verify\": 1}' WHERE id = (SELECT max(id) FROM organizations WHERE jsonb_typeof(settings) = 'object')",
        ),
        (
            "applicant_embeddings",
            "embedding",
            "UPDATE applicant_embeddings SET embedding[1] = 0.1234 WHERE id = (SELECT max(id) FROM applicant_embeddings)",
        ),
    ] {
        let verification = after(&this, change);
        let found = table(&verification, name);
        assert_eq!(found["verdict"], "different", "{change}");
        let differences = found["differences"].as_array().expect("differences");
        assert!(
            differences.iter().any(|d| d["kind"] == "value" && d["column"] == column),
            "{change}: {differences:?}"
        );
    }
}

#[test]
fn rows_missing_extra_and_swapped_are_found() {
    let this = Move::done(1000);
    let verification =
        after(&this, "DELETE FROM field_mappings WHERE id = (SELECT max(id) FROM field_mappings)");
    let found = table(&verification, "field_mappings");
    assert_eq!(found["differences"][0]["kind"], "missing_in_target");

    let verification = after(
        &this,
        "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES (5, 'x', 'x@example.com', '', '', now()) ON CONFLICT (id) DO UPDATE SET name = 'swapped';
         INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES (9000000, 'x', 'x@example.com', '', '', now())",
    );
    let found = table(&verification, "contact_submissions");
    let kinds: Vec<_> =
        found["differences"].as_array().expect("differences").iter().map(|d| d["kind"].clone()).collect();
    assert!(kinds.contains(&Value::from("only_in_target")), "{kinds:?}");
    assert_eq!(table(&verification, "tasks")["verdict"], "verified");
}

#[test]
fn a_sequence_that_is_behind_an_index_that_is_gone_and_orphans_are_found() {
    let this = Move::done(1000);
    let verification = after(&this, "SELECT setval(pg_get_serial_sequence('tasks', 'id'), 1)");
    assert_eq!(verification["sequences_behind"][0]["table"], "tasks");
    // Copying again mends it.
    this.copy(0, &[]);

    this.on_target("SET session_replication_role = replica; UPDATE bill_items SET bill_id = 999999 WHERE id = (SELECT min(id) FROM bill_items)");
    let ended = this.copy(30, &["--verify-only", "--json"]);
    let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(report["verification"]["orphans"][0]["table"], "bill_items");
    assert_eq!(report["verification"]["orphans"][0]["row_count"], 1);

    this.on_target("DROP INDEX idx_tasks_user_id");
    let ended = this.copy(30, &["--verify-only"]);
    assert!(ended.stdout.contains("idx_tasks_user_id"), "{}", ended.stdout);
}

#[test]
fn a_value_that_cannot_be_read_is_no_verification() {
    let this = Move::done(500);
    // Our own checks keep NaN out; without the check it gets in, and is no amount of money.
    this.on_target(
        "ALTER TABLE products DROP CONSTRAINT products_cost_check;
         UPDATE products SET cost = 'NaN' WHERE id = (SELECT min(id) FROM products);
         ALTER TABLE products ADD CONSTRAINT products_cost_check CHECK (cost <> 'NaN') NOT VALID",
    );
    let ended = this.copy(30, &["--verify-only"]);
    assert!(ended.stdout.contains("products: could not be verified"), "{}", ended.stdout);
    assert!(ended.stdout.contains("not a finite number"), "{}", ended.stdout);
}
