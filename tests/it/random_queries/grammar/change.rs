//! INSERT, UPDATE and DELETE.

use super::super::database::{Kind, Table};
use super::Grammar;

impl Grammar<'_> {
    /// The columns of INSERT with their values; all that are NOT NULL, and some of the others.
    pub(super) fn assigned(&mut self, table: &Table) -> (Vec<String>, Vec<String>) {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for column in &table.columns {
            if column.not_null || self.random.chance(60) {
                names.push(column.name.clone());
                let is_null = self.random.chance(if column.not_null { 3 } else { 15 });
                values.push(if is_null { "NULL".to_owned() } else { column.kind.literal(self.random) });
            }
        }
        (names, values)
    }

    pub(super) fn insert(&mut self) -> String {
        let table = self.table();
        self.scope = Vec::new();
        let (mut names, mut values) = self.assigned(&table);
        let id = match self.random.below(4) {
            0 => "NULL".to_owned(),
            1 => (1 + self.random.below(8)).to_string(),
            _ => (100 + self.random.below(8)).to_string(),
        };
        names.insert(0, "id".to_owned());
        values.insert(0, id);
        if let Some(unique) = &table.unique {
            names.push(unique.clone());
            values.push(format!("'u{}'", 1 + self.random.below(30)));
        }
        let (name, list, row) = (&table.name, names.join(", "), values.join(", "));
        match self.random.below(8) {
            6 => {
                self.has("insert of rows");
                self.insert_rows(&table)
            }
            7 => {
                self.has("insert of a query");
                self.insert_query(&table)
            }
            0 => {
                self.has("INSERT OR REPLACE");
                format!("INSERT OR REPLACE INTO {name} ({list}) VALUES ({row})")
            }
            1 => {
                self.has("INSERT OR IGNORE");
                format!("INSERT OR IGNORE INTO {name} ({list}) VALUES ({row})")
            }
            2 | 3 => {
                self.has("upsert");
                self.scope = vec![(name.clone(), table.clone())];
                let set = self.set(&table, true);
                let filter = self.filter();
                format!(
                    "INSERT INTO {name} ({list}) VALUES ({row}) ON CONFLICT (id) DO UPDATE SET {set}{filter}"
                )
            }
            4 => {
                self.has("WITH before a change");
                format!(
                    "WITH n AS (SELECT max(id) AS i FROM {name}) INSERT INTO {name} ({list}) SELECT i + 1, {} FROM n",
                    values[1..].join(", ")
                )
            }
            _ => {
                self.has("insert");
                format!("INSERT INTO {name} ({list}) VALUES ({row})")
            }
        }
    }

    /// Two rows, some with a key of another row.
    fn insert_rows(&mut self, table: &Table) -> String {
        let mut rows = Vec::new();
        let required: Vec<_> = table.columns.iter().filter(|column| column.not_null).cloned().collect();
        for number in 0..2 + self.random.below(2) {
            let mut row = vec![(number * 3 + 1 + self.random.below(4)).to_string()];
            row.extend(required.iter().map(|column| column.kind.literal(self.random)));
            rows.push(format!("({})", row.join(", ")));
        }
        let mut names = vec!["id".to_owned()];
        names.extend(required.into_iter().map(|column| column.name));
        let (name, list, rows) = (&table.name, names.join(", "), rows.join(", "));
        match self.random.below(3) {
            0 => format!("INSERT OR REPLACE INTO {name} ({list}) VALUES {rows}"),
            1 => format!("INSERT OR IGNORE INTO {name} ({list}) VALUES {rows}"),
            _ => {
                format!(
                    "INSERT INTO {name} ({list}) VALUES {rows} ON CONFLICT (id) DO UPDATE SET ref = excluded.id"
                )
            }
        }
    }

    /// The rows of the same table again, with another key.
    fn insert_query(&mut self, table: &Table) -> String {
        let required = table.columns.iter().filter(|column| column.not_null);
        let columns: String = required.map(|column| format!(", {}", column.name)).collect();
        let name = &table.name;
        let key = self.random.pick(&["id", "NULL", "id + 3"]);
        match self.random.below(3) {
            0 => format!(
                "INSERT OR REPLACE INTO {name} (id{columns}) SELECT id{columns} FROM {name} WHERE id > 2"
            ),
            1 => format!("INSERT OR IGNORE INTO {name} (id{columns}) SELECT {key}{columns} FROM {name}"),
            _ => format!(
                "INSERT INTO {name} (id{columns}) SELECT id{columns} FROM {name} WHERE 1 ON CONFLICT (id) DO UPDATE SET ref = excluded.id"
            ),
        }
    }

    pub(super) fn set(&mut self, table: &Table, is_upsert: bool) -> String {
        let column = self.random.one(&table.columns).clone();
        let value = match self.random.below(6) {
            0 if is_upsert => format!("excluded.{}", column.name),
            1 if column.kind == Kind::Integer => format!("{} + 1", column.name),
            2 if column.kind == Kind::Boolean => format!("NOT {}", column.name),
            3 if column.kind == Kind::Stamp => self.moment(),
            4 if matches!(column.kind, Kind::Text | Kind::NoCase) => self.text(1),
            _ => column.kind.literal(self.random),
        };
        format!("{} = {value}", column.name)
    }

    pub(super) fn update(&mut self) -> String {
        self.has("update");
        let table = self.table();
        self.scope = vec![(table.name.clone(), table.clone())];
        let set = self.set(&table, false);
        let filter = self.filter();
        if self.random.chance(20) {
            self.has("UPDATE FROM");
            let other = self.table();
            let condition =
                self.random.pick(&["b.id = {}.ref", "{}.ref = b.id AND b.ref > 1", "b.ref = {}.id"]);
            return format!(
                "UPDATE {0} SET ref = b.id FROM {1} AS b WHERE {2}",
                table.name,
                other.name,
                condition.replace("{}", &table.name)
            );
        }
        if self.random.chance(20) {
            self.has("WITH before a change");
            return format!(
                "WITH n AS (SELECT 1 AS i UNION SELECT 2) UPDATE {} SET {set} WHERE id IN (SELECT i FROM n)",
                table.name
            );
        }
        format!("UPDATE {} SET {set}{filter}", table.name)
    }

    pub(super) fn delete(&mut self) -> String {
        self.has("delete");
        let table = self.table();
        self.scope = vec![(table.name.clone(), table.clone())];
        let filter = self.filter();
        format!("DELETE FROM {}{filter}", table.name)
    }
}
