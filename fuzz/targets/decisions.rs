//! Parses a text as a configuration file, and applies it to a schema.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::conversion;
use import::decisions::Decisions;
use import::schema;

const SCHEMA: &str = "
CREATE TABLE a (id INTEGER PRIMARY KEY, b INT, c TEXT UNIQUE COLLATE NOCASE, d DATETIME DEFAULT CURRENT_TIMESTAMP,
  e AS (b + 1), f DECIMAL(10, 2), g BLOB);
CREATE TABLE \"x.y \"\"z\"\"\" (a REFERENCES a (id), \"b c\", PRIMARY KEY (a, \"b c\")) WITHOUT ROWID;
CREATE INDEX i ON a (b, lower(c)) WHERE d IS NOT NULL;
CREATE VIEW v AS SELECT b, count(*) FROM a GROUP BY b;
";

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(decisions) = Decisions::parse(text) else { return };
    let mut connection = SqliteConnection::establish(":memory:").expect("open");
    connection.batch_execute(SCHEMA).expect("make the schema");
    let (schema, _) = schema::read(&mut connection).expect("read the schema");
    if decisions.check(&schema).is_ok() {
        conversion::convert(&schema, &decisions);
    }
}
