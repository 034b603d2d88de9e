//! Keys of both sides: primary keys (P5), UNIQUE, foreign keys (P4), and the next generated keys.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::catalog::{SourceTable, ask};
use super::database::quoted;
use super::{Checked, Import, ensure, list, word, words};

impl Import {
    /// P5, and UNIQUE.
    pub(super) fn check_keys(&self, table: &SourceTable) -> Checked {
        let name = self.target_of(table);
        let column = |column: &String| self.column_of(&table.name, column).to_owned();
        let key: Vec<String> = table.key().iter().map(column).collect();
        let exists =
            self.constraints.iter().any(|one| one[0] == *name && one[1] == "p" && words(&one[2]) == key);
        let rules = ["key/null-in", "key/long", "key/json", "key/not-carried"];
        let is_named = self.is_found(table, &rules, None) || self.is_skipped(table, &["key"]);
        ensure(key.is_empty() || exists || is_named, || format!("the primary key {key:?} is not there"))?;
        for unique in &table.uniques {
            let columns: BTreeSet<String> = unique.iter().map(column).collect();
            let exists = self.uniques.iter().any(|index| {
                let has = |column: &String| {
                    // PostgreSQL quotes names only if needed.
                    word(&index[2]).contains(&quoted(column)) || word(&index[2]).contains(column.as_str())
                };
                index[0] == *name
                    && index[1].as_u64() == u64::try_from(columns.len()).ok()
                    && columns.iter().all(has)
            });
            let is_named =
                self.is_found(table, &["key/", "index/"], None) || self.is_skipped(table, &["key", "index"]);
            ensure(exists || is_named, || {
                format!("the unique columns {columns:?} are not unique in the target")
            })?;
        }
        Ok(())
    }

    /// P4.
    pub(super) fn check_foreign_keys(&self, table: &SourceTable, tables: &[SourceTable]) -> Checked {
        let name = self.target_of(table);
        let mut made: Vec<&Json> =
            self.constraints.iter().filter(|one| one[0] == *name && one[1] == "f").collect();
        let mut missing = Vec::new();
        for key in &table.foreign_keys {
            let parent = tables.iter().find(|parent| parent.name.eq_ignore_ascii_case(&key.parent));
            let place = parent.and_then(|parent| {
                let columns: Vec<&str> =
                    key.columns.iter().map(|column| self.column_of(&table.name, column)).collect();
                let parent_columns = key.parent_columns.clone().unwrap_or_else(|| parent.key());
                let parent_columns: Vec<&str> =
                    parent_columns.iter().map(|column| self.column_of(&parent.name, column)).collect();
                let action = |action: &str| match action {
                    "CASCADE" => "c",
                    "RESTRICT" => "r",
                    "SET NULL" => "n",
                    "SET DEFAULT" => "d",
                    _ => "a",
                };
                made.iter().position(|one| {
                    words(&one[2]) == columns
                        && one[3] == *self.target_of(parent)
                        && words(&one[4]) == parent_columns
                        && one[6] == action(&key.on_delete)
                        && one[7] == action(&key.on_update)
                })
            });
            match place {
                None => missing.push(key),
                Some(place) => {
                    let one = made.remove(place);
                    let is_named = self.is_found(table, &["foreign-key/collation", "orphan/"], None)
                        || self.is_skipped(table, &["foreign key"]);
                    ensure(one[5] == true || is_named, || {
                        format!("{one} is not valid, and nothing says so")
                    })?;
                }
            }
        }
        ensure(made.is_empty(), || format!("foreign keys that the source does not have: {made:?}"))?;
        let named = self.findings().filter(|finding| {
            word(&finding["table"]) == table.name && word(&finding["rule"]).starts_with("foreign-key/")
        });
        let left_out = list(&self.report["left_out"])
            .iter()
            .filter(|one| one["table_name"] == *name && one["kind"] == "foreign key");
        ensure(missing.len() <= named.count() + left_out.count(), || {
            format!("foreign keys are missing: {missing:?}")
        })
    }

    /// Identity columns continue after the highest key.
    pub(super) fn check_numbers(&mut self, table: &SourceTable) -> Checked {
        let key = table.key();
        let is_rowid = table.sql.contains("INTEGER PRIMARY KEY");
        let ([key], true, false) = (key.as_slice(), is_rowid, self.is_found(table, &["identity/"], None))
        else {
            return Ok(());
        };
        let column = self.column_of(&table.name, key).to_owned();
        let of = format!("{}.{}", self.schema, quoted(self.target_of(table))).replace('\'', "''");
        let sql = format!(
            "SELECT coalesce(nextval(pg_get_serial_sequence('{of}', '{}')), 0)::text AS words",
            column.replace('\'', "''")
        );
        let next = ask(&mut self.connection, &sql)?.first().and_then(Json::as_i64).unwrap_or_default();
        let highest = table.rows.iter().map(|(key, _)| *key).max().unwrap_or(0);
        ensure(next > highest.max(0), || {
            format!("in {}, the next key is {next}, and {highest} is there", self.schema)
        })
    }
}
