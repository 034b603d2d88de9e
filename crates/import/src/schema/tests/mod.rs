//! Schemas that SQLite created from SQL text, read back.

mod hostile;
mod keys;
mod random;
mod statements;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::{Schema, SqliteTable, read};
use crate::finding::ImportFinding;

fn database(sql: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(sql).unwrap();
    connection
}

fn read_sql(sql: &str) -> (Schema, Vec<ImportFinding>) {
    read(&mut database(sql)).unwrap()
}

/// The schema of a database without findings.
fn schema(sql: &str) -> Schema {
    let (schema, findings) = read_sql(sql);
    assert_eq!(rule_ids(&findings), [""; 0], "{findings:#?}");
    schema
}

/// The last table of such a database.
fn table(sql: &str) -> SqliteTable {
    schema(sql).tables.pop().unwrap()
}

fn rule_ids(findings: &[ImportFinding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

fn columns(key: &[super::KeyColumn]) -> Vec<(&str, &str, bool)> {
    key.iter().map(|column| (column.name.as_str(), column.collation.as_str(), column.is_descending)).collect()
}
