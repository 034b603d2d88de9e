//! The statements of a `down.sql`, and what each deletes.
//!
//! The forms are fixed (migrations/README.md, "down.sql"): the rows and values that a rollback deletes are counted and
//! shown before. A statement of another form is found by [`Migration::unclear_statement`].

use super::Migration;

/// What a statement deletes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deletion {
    /// Every row of a table.
    Table(&'static str),
    /// The rows of a table that satisfy a condition.
    Rows { table: &'static str, condition: &'static str },
    /// The values of a column.
    Column { table: &'static str, column: &'static str },
}

/// The suffix of the name of a table while it is rebuilt.
const REBUILT: &str = "_rebuilt";

/// The statements that fail while SQLite enforces foreign keys: DROP TABLE would delete the rows of other tables.
const GUARD: [&str; 3] = [
    "CREATE TEMP TABLE foreign_keys_off (enforced INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (enforced = 0))",
    "INSERT INTO foreign_keys_off (enforced) SELECT foreign_keys FROM pragma_foreign_keys",
    "DROP TABLE temp.foreign_keys_off",
];

impl Migration {
    /// What reverting it deletes.
    pub(super) fn deletions(&self) -> impl Iterator<Item = Deletion> {
        statements(self.down).filter(|statement| !GUARD.contains(statement)).filter_map(|statement| {
            let table = statement.strip_prefix("DROP TABLE ");
            match table {
                Some(table) => (!self.rebuilds(table)).then_some(Deletion::Table(table)),
                None => dropped_column(statement).or_else(|| deleted_rows(statement)),
            }
        })
    }

    /// Whether `down.sql` copies every row of the table to another one, which then takes its name.
    fn rebuilds(&self, table: &str) -> bool {
        let (drop, rename) =
            (format!("DROP TABLE {table}"), format!("ALTER TABLE {table}{REBUILT} RENAME TO {table}"));
        let all: Vec<&str> = statements(self.down).collect();
        let Some(dropped) = all.iter().position(|statement| *statement == drop) else {
            return false;
        };
        let (before, after) = all.split_at(dropped);
        before.iter().any(|statement| copied(statement).is_some_and(|(from, _)| from == table))
            && after.get(1).is_some_and(|next| *next == rename)
    }

    /// The tables that `down.sql` rebuilds, each with the columns whose values are copied.
    pub fn rebuilt(&self) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
        statements(self.down).filter_map(copied)
    }

    /// The columns that `down.sql` drops, each after its table.
    pub fn dropped_columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.deletions().filter_map(|deletion| match deletion {
            Deletion::Column { table, column } => Some((table, column)),
            Deletion::Table(_) | Deletion::Rows { .. } => None,
        })
    }

    /// The first statement of `down.sql` of a form whose deletions are unknown. An application holds its migrations to
    /// this by a test, since [`plan_revert`](super::plan_revert) looks for the known forms alone.
    pub fn unclear_statement(&self) -> Option<&'static str> {
        let unclear = |statement: &&'static str| {
            !is_understood(statement)
                || (statement.starts_with("ALTER TABLE ")
                    && renames(statement).is_some_and(|table| !self.rebuilds(table)))
        };
        statements(self.down).find(unclear)
    }
}

/// The table of the statement that contains `text`, which is part of a constraint.
pub(super) fn table_with(sql: &'static str, text: &str) -> Option<&'static str> {
    let statement = statements(sql).find(|statement| statement.contains(text))?;
    match *words(statement) {
        ["CREATE" | "ALTER", "TABLE", table, ..] => Some(table.strip_suffix(REBUILT).unwrap_or(table)),
        _ => None,
    }
}

/// The statements of a file, each without its semicolon, which ends a line. Comments are whole lines.
fn statements(sql: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            match rest.strip_prefix("--") {
                Some(comment) => rest = comment.split_once('\n').map_or("", |(_, after)| after),
                None if rest.is_empty() => return None,
                None => break,
            }
        }
        let end = rest.find(";\n").or_else(|| rest.find(";\r\n"));
        let (statement, after) = match end {
            Some(end) => rest.split_at(end),
            None => (rest.trim_end(), ""),
        };
        rest = after.strip_prefix(';').unwrap_or(after);
        Some(statement.strip_suffix(';').unwrap_or(statement))
    })
}

/// `ALTER TABLE table DROP COLUMN column`.
fn dropped_column(statement: &'static str) -> Option<Deletion> {
    match *words(statement) {
        ["ALTER", "TABLE", table, "DROP", "COLUMN", column] => Some(Deletion::Column { table, column }),
        _ => None,
    }
}

/// `DELETE FROM table WHERE condition`, except of the record of generated keys.
fn deleted_rows(statement: &'static str) -> Option<Deletion> {
    let (table, condition) = statement.strip_prefix("DELETE FROM ")?.split_once(" WHERE ")?;
    (table != "sqlite_sequence").then_some(Deletion::Rows { table, condition })
}

/// `INSERT INTO table_rebuilt (columns) SELECT columns FROM table`: the table and the columns.
fn copied(statement: &'static str) -> Option<(&'static str, Vec<&'static str>)> {
    let (into, select) = statement.strip_prefix("INSERT INTO ")?.split_once(") SELECT ")?;
    let (rebuilt, columns) = into.split_once(" (")?;
    let (selected, table) = select.rsplit_once(" FROM ")?;
    let is_copy = selected == columns && rebuilt.strip_suffix(REBUILT) == Some(table);
    is_copy.then(|| (table, columns.split(", ").collect()))
}

/// `ALTER TABLE table_rebuilt RENAME TO table`: the table.
fn renames(statement: &'static str) -> Option<&'static str> {
    match *words(statement) {
        ["ALTER", "TABLE", _, "RENAME", "TO", table] => Some(table),
        _ => None,
    }
}

fn words(statement: &'static str) -> Vec<&'static str> {
    statement.split_whitespace().collect()
}

/// Whether the deletions of a statement are known: it has one of the forms of migrations/README.md.
fn is_understood(statement: &'static str) -> bool {
    if GUARD.contains(&statement) || copied(statement).is_some() {
        return true;
    }
    if statement.contains(';') {
        return false;
    }
    match *words(statement) {
        ["DROP", "TABLE" | "INDEX", name] => !name.contains([',', '.']),
        ["CREATE", "INDEX", _, "ON", _, _, ..] | ["CREATE", "UNIQUE", "INDEX", _, "ON", _, _, ..] => true,
        // Text keeps its value, whatever the collation.
        ["ALTER", "TABLE", _, "ALTER", "COLUMN", _, "TYPE", "text", "COLLATE", "\"default\""] => true,
        ["ALTER", "TABLE", _, "DROP", "COLUMN" | "CONSTRAINT", name] => !name.contains(','),
        // A constraint is one expression or reference: another action would follow a comma outside of parentheses.
        ["ALTER", "TABLE", _, "ADD", "CONSTRAINT", _, "CHECK" | "FOREIGN", ..] => is_one_action(statement),
        ["ALTER", "TABLE", rebuilt, "RENAME", "TO", table] => rebuilt.strip_suffix(REBUILT) == Some(table),
        ["CREATE", "TABLE", rebuilt, "(", ..] => rebuilt.ends_with(REBUILT),
        ["DELETE", "FROM", "sqlite_sequence", "WHERE", "name", "=", name] => is_rebuilt(name),
        ["DELETE", "FROM", _, "WHERE", _, ..] => true,
        [
            "INSERT",
            "INTO",
            "sqlite_sequence",
            "(name,",
            "seq)",
            "SELECT",
            rebuilt,
            "seq",
            "FROM",
            "sqlite_sequence",
            "WHERE",
            "name",
            "=",
            _,
        ] => is_rebuilt(rebuilt.trim_end_matches(',')),
        _ => false,
    }
}

/// Whether a string literal is the name of a table that is being rebuilt.
fn is_rebuilt(literal: &str) -> bool {
    literal
        .strip_prefix('\'')
        .and_then(|name| name.strip_suffix('\''))
        .is_some_and(|name| name.ends_with(REBUILT))
}

/// Whether there is no comma outside of parentheses.
fn is_one_action(statement: &str) -> bool {
    let mut depth = 0_u32;
    for byte in statement.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_down(down: &'static str) -> Migration {
        Migration { version: "1", title: "t", up: "", down }
    }

    #[test]
    fn other_statements_are_not_understood() {
        for statement in [
            "DROP TABLE a",
            "DROP INDEX a",
            "CREATE INDEX a ON b (c, d DESC) WHERE e",
            "ALTER TABLE a ALTER COLUMN b TYPE text COLLATE \"default\"",
            "ALTER TABLE a DROP COLUMN b",
            "ALTER TABLE a DROP CONSTRAINT b",
            "ALTER TABLE a ADD CONSTRAINT b CHECK (c IN ('d', 'e'))",
            "ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c, d) REFERENCES e (f, g) ON DELETE CASCADE",
            "DELETE FROM a WHERE b = 'c'",
            "CREATE TABLE a_rebuilt (\n    b INTEGER\n) STRICT",
            "INSERT INTO a_rebuilt (b, c) SELECT b, c FROM a",
            "DELETE FROM sqlite_sequence WHERE name = 'a_rebuilt'",
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'a_rebuilt', seq FROM sqlite_sequence WHERE name = 'a'",
            "ALTER TABLE a_rebuilt RENAME TO a",
        ] {
            assert!(is_understood(statement), "{statement}");
        }
        for statement in [
            "DROP TABLE a, b",
            "DROP TABLE a; DROP TABLE b",
            "DROP VIEW a",
            "CREATE TABLE a (b integer)",
            "CREATE INDEX a ON b (c); DELETE FROM b",
            "DELETE FROM a",
            "DELETE FROM sqlite_sequence WHERE name = 'a'",
            "ALTER TABLE a ALTER COLUMN b TYPE integer",
            "ALTER TABLE a ALTER COLUMN b TYPE text USING NULL",
            "ALTER TABLE a ALTER COLUMN b TYPE text COLLATE \"default\" USING NULL",
            "ALTER TABLE a DROP COLUMN b, DROP COLUMN c",
            "ALTER TABLE a ADD CONSTRAINT b CHECK (c), DROP COLUMN d",
            "ALTER TABLE a RENAME TO b",
            "INSERT INTO a_rebuilt (b, c) SELECT b FROM a",
            "INSERT INTO a_rebuilt (b) SELECT b FROM a WHERE c",
            "UPDATE a SET b = 1",
        ] {
            assert!(!is_understood(statement), "{statement}");
        }
    }

    #[test]
    fn a_rebuilt_table_keeps_its_rows_and_a_dropped_one_does_not() {
        let rebuilt = with_down(
            "-- A comment;\n\nCREATE TABLE a_rebuilt (\n    b INTEGER\n) STRICT;\n\
             INSERT INTO a_rebuilt (b) SELECT b FROM a;\nDROP TABLE a;\nALTER TABLE a_rebuilt RENAME TO a;\n\
             DROP TABLE c;\n",
        );
        assert_eq!(rebuilt.deletions().collect::<Vec<_>>(), [Deletion::Table("c")]);
        assert_eq!(rebuilt.rebuilt().collect::<Vec<_>>(), [("a", vec!["b"])]);
        assert_eq!(rebuilt.unclear_statement(), None);
        for down in [
            "DROP TABLE a;\nINSERT INTO a_rebuilt (b) SELECT b FROM a;\nALTER TABLE a_rebuilt RENAME TO a;\n",
            "INSERT INTO a_rebuilt (b) SELECT b FROM a;\nDROP TABLE a;\n",
            "DROP TABLE a;\nALTER TABLE a_rebuilt RENAME TO a;\n",
        ] {
            assert_eq!(with_down(down).deletions().collect::<Vec<_>>(), [Deletion::Table("a")], "{down}");
        }
        let unclear = with_down("DROP TABLE a;\nALTER TABLE a_rebuilt RENAME TO a;\n").unclear_statement();
        assert_eq!(unclear, Some("ALTER TABLE a_rebuilt RENAME TO a"));
    }

    #[test]
    fn deleted_rows_and_dropped_columns_are_deletions() {
        let migration =
            with_down("DELETE FROM a WHERE b = 'c';\r\nALTER TABLE a DROP COLUMN d;\r\nDROP INDEX e;\r\n");
        let expected = [
            Deletion::Rows { table: "a", condition: "b = 'c'" },
            Deletion::Column { table: "a", column: "d" },
        ];
        assert_eq!(migration.deletions().collect::<Vec<_>>(), expected);
        assert_eq!(migration.dropped_columns().collect::<Vec<_>>(), [("a", "d")]);
        assert_eq!(migration.unclear_statement(), None);
    }

    #[test]
    fn the_table_of_a_constraint_is_found() {
        let up = "CREATE INDEX i ON a (b);\nCREATE TABLE a_rebuilt (\n    b CONSTRAINT a_b_check CHECK (b > 0)\n);\n\
                  ALTER TABLE c ADD CONSTRAINT c_check CHECK (d);\n";
        assert_eq!(table_with(up, "a_b_check"), Some("a"));
        assert_eq!(table_with(up, "c_check"), Some("c"));
        assert_eq!(table_with(up, "other"), None);
    }
}
