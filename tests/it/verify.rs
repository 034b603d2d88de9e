//! Verification, tested with deliberate errors.

mod command;
mod errors;

use serde_json::Value;

use crate::app::Move;

/// The result of `--verify-only` for a table after `change` was executed in the target.
fn after(this: &Move, change: &str) -> Value {
    this.on_target(change);
    let ended = this.copy(30, &["--verify-only", "--json"]);
    let report: Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    assert_eq!(report["exit_code"], 30);
    report["verification"].clone()
}

#[test]
fn equal_sides_are_verified() {
    let this = Move::done(3000);
    let ended = this.copy(0, &["--verify-only"]);
    assert!(ended.stdout.contains("verified every value of 3,000 rows"), "{}", ended.stdout);
}

#[test]
fn sequences_behind_missing_indexes_and_orphans_are_found() {
    let this = Move::done(1000);
    let verification = after(&this, "SELECT setval(pg_get_serial_sequence('tasks', 'id'), 1)");
    assert_eq!(verification["sequences_behind"][0]["table"], "tasks");
    // Copying again repairs it.
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
fn a_table_with_an_unreadable_value_could_not_be_verified() {
    let this = Move::done(500);
    // Without the check, NaN can be inserted; it is not a valid amount of money.
    this.on_target(
        "ALTER TABLE products DROP CONSTRAINT products_cost_check;
         UPDATE products SET cost = 'NaN' WHERE id = (SELECT min(id) FROM products);
         ALTER TABLE products ADD CONSTRAINT products_cost_check CHECK (cost <> 'NaN') NOT VALID",
    );
    let ended = this.copy(30, &["--verify-only"]);
    assert!(ended.stdout.contains("products: could not be verified"), "{}", ended.stdout);
    assert!(ended.stdout.contains("not a finite number"), "{}", ended.stdout);
}
