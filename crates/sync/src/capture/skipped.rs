//! The triggers of a table that is not followed.

use super::sql::{CHANGES, trigger};

/// The statements: an entry of table 0 shows that somebody committed, so that such a commit is not mistaken for one
/// that was not captured.
pub(super) fn triggers(table: &str, number: i64) -> Vec<String> {
    let body = format!("INSERT INTO {CHANGES} (t, what) VALUES (0, 0);");
    ["AFTER INSERT", "AFTER DELETE", "AFTER UPDATE"]
        .into_iter()
        .map(|event| trigger(number, event, "", table, "", &body))
        .collect()
}
