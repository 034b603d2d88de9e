//! Queries.

use super::super::database::Kind;
use super::Grammar;

impl Grammar<'_> {
    /// FROM, whose tables are in the scope then.
    pub(super) fn from(&mut self) -> String {
        let first = self.table();
        self.scope = vec![("a".to_owned(), first.clone())];
        if self.random.chance(65) {
            return format!("{} AS a", first.name);
        }
        let second = self.table();
        self.scope.push(("b".to_owned(), second.clone()));
        let join = match self.random.below(6) {
            0 | 1 => "LEFT JOIN",
            2 => {
                self.has("FULL JOIN");
                "FULL JOIN"
            }
            _ => "JOIN",
        };
        let on = match self.random.chance(80) {
            true => "a.ref = b.id".to_owned(),
            false => format!("a.id = b.ref AND {}", self.condition(0)),
        };
        format!("{} AS a {join} {} AS b ON {on}", first.name, second.name)
    }

    pub(super) fn filter(&mut self) -> String {
        if self.random.chance(70) { format!(" WHERE {}", self.condition(2)) } else { String::new() }
    }

    pub(super) fn direction(&mut self) -> &'static str {
        self.random.pick(&["", " DESC", " ASC NULLS LAST"])
    }

    pub(super) fn select(&mut self) -> String {
        match self.random.below(14) {
            0 => return self.joined_using(),
            1 => return self.grouped_under_nocase(),
            _ => {}
        }
        let from = self.from();
        match self.random.below(8) {
            0 | 1 => self.grouped(&from),
            2 => {
                self.has("DISTINCT");
                let kind = self.kind();
                let value = self.value(&[kind]);
                let other = if self.random.chance(50) { self.number(0) } else { self.text(1) };
                let filter = self.filter();
                format!("SELECT DISTINCT {value} AS x, {other} AS y FROM {from}{filter} ORDER BY x, y")
            }
            3 => {
                self.has("window");
                let keys = self.keys();
                let value = self.number(0);
                format!(
                    "SELECT {keys}, row_number() OVER (PARTITION BY {} ORDER BY {keys}), sum({value}) OVER (ORDER BY {keys}) FROM {from}",
                    self.value(&[Kind::Boolean, Kind::Text, Kind::Integer])
                )
            }
            4 => {
                self.has("WITH");
                let filter = self.filter();
                let keys = self.keys();
                let (one, other) = (self.any(1), self.any(1));
                // The key of one table determines a row.
                let order = if self.scope.len() == 1 { " ORDER BY k" } else { "" };
                let first = keys.split(',').next().unwrap_or("a.id").to_owned();
                format!(
                    "WITH q AS (SELECT {first} AS k, {one} AS x, {other} AS y FROM {from}{filter}) SELECT k, x, y FROM q WHERE x IS NOT NULL{order}"
                )
            }
            _ => {
                let count = 1 + self.random.below(3);
                let results: Vec<String> = (0..count).map(|_| self.any(2)).collect();
                let filter = self.filter();
                let keys = self.keys();
                let order = match self.random.below(4) {
                    0 => String::new(),
                    1 => {
                        self.has("order of an expression");
                        let expression = self.any(1);
                        format!(" ORDER BY {expression}{}, {keys}", self.direction())
                    }
                    2 => {
                        self.has("order of a column");
                        let kind = self.kind();
                        let collation = self.random.pick(&["", "", " COLLATE NOCASE"]);
                        let value = self.value(&[kind]);
                        let value =
                            if value.starts_with(['0', '1', '2', '-', '7']) { "1".to_owned() } else { value };
                        format!(" ORDER BY {value}{collation}{}, {keys}", self.direction())
                    }
                    _ => {
                        self.has("LIMIT");
                        let limits = [
                            "",
                            "",
                            " LIMIT 5 OFFSET 1",
                            " LIMIT -1 OFFSET 2",
                            " LIMIT 3 OFFSET -1",
                            " LIMIT 1 + 2",
                        ];
                        let limit = self.random.pick(&limits);
                        format!(" ORDER BY {keys}{limit}")
                    }
                };
                format!("SELECT {} FROM {from}{filter}{order}", results.join(", "))
            }
        }
    }

    fn joined_using(&mut self) -> String {
        self.has("JOIN USING");
        let (one, other) = (self.table(), self.table());
        let join = self.random.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
        let order =
            self.random.pick(&["", " WHERE ref > 2", " WHERE a.id IS NULL", " WHERE ref IS NOT NULL"]);
        format!(
            "SELECT *, ref, a.ref, b.ref FROM (SELECT id, ref FROM {}) AS a {join} (SELECT id AS k, ref FROM {}) AS b USING (ref){order}",
            one.name, other.name
        )
    }

    fn grouped_under_nocase(&mut self) -> String {
        let table = self.table();
        let kinds = [Kind::Text, Kind::NoCase];
        let Some(column) = self.column_of(&table, &kinds) else { return "SELECT 1".to_owned() };
        self.has("GROUP BY NOCASE");
        let (aggregate, table) = (self.random.pick(&["count(*)", "max(id)", "sum(ref)"]), table.name);
        match self.random.below(3) {
            0 => format!("SELECT {aggregate} FROM {table} GROUP BY {column} ORDER BY {column}"),
            1 => format!("SELECT lower({column}), {aggregate} FROM {table} GROUP BY {column} COLLATE NOCASE"),
            _ => format!("SELECT count(DISTINCT {column}) FROM {table}"),
        }
    }

    /// The keys of all tables of the scope, which determine a row.
    pub(super) fn keys(&self) -> String {
        self.scope.iter().map(|(alias, _)| format!("{alias}.id")).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn grouped(&mut self, from: &str) -> String {
        self.has("GROUP BY");
        let term = match self.random.below(4) {
            0 => self.text(1),
            1 => self.json(),
            2 => self.moment(),
            _ => {
                let kind = self.kind();
                self.value(&[kind])
            }
        };
        let aggregate = match self.random.below(9) {
            0 => {
                self.has("sum");
                format!("sum({})", self.number(1))
            }
            1 => {
                self.has("sum of booleans");
                format!("sum({})", self.value(&[Kind::Boolean]))
            }
            2 => {
                self.has("avg");
                format!("avg({})", self.number(0))
            }
            3 => {
                self.has("min and max");
                let kind = self.kind();
                format!("min({}), max({})", self.value(&[kind]), self.value(&[kind]))
            }
            4 => {
                self.has("group_concat");
                let value = self.text(0);
                format!("group_concat({value}, '|' ORDER BY {value}, a.id)")
            }
            5 => {
                self.has("filter");
                format!("count(*) FILTER (WHERE {})", self.condition(0))
            }
            6 => format!("count(DISTINCT {})", self.value(&[Kind::Integer, Kind::Text, Kind::Stamp])),
            7 => {
                self.has("sum");
                format!("total({}), sum(CASE WHEN {} THEN 1 ELSE 0 END)", self.number(0), self.condition(0))
            }
            _ => "count(*)".to_owned(),
        };
        let filter = self.filter();
        let having = if self.random.chance(30) { " HAVING count(*) > 1" } else { "" };
        format!("SELECT {term} AS g, {aggregate} FROM {from}{filter} GROUP BY g{having} ORDER BY g")
    }

    pub(super) fn compound(&mut self) -> String {
        self.has("compound");
        let kind = self.kind();
        let operator = self.random.pick(&["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
        let arm = |grammar: &mut Self| {
            let from = grammar.from();
            let value = grammar.value(&[kind]);
            let filter = grammar.filter();
            format!("SELECT {value} AS x FROM {from}{filter}")
        };
        let (left, right) = (arm(self), arm(self));
        // Texts that differ only in case have any order under NOCASE.
        let is_ordered = kind != Kind::NoCase && self.random.chance(60);
        let order = if is_ordered { " ORDER BY x" } else { "" };
        format!("{left} {operator} {right}{order}")
    }

    pub(super) fn recursive(&mut self) -> String {
        self.has("recursive");
        let table = self.table();
        match self.random.below(3) {
            0 => {
                let end = 2 + self.random.below(6);
                format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {end}) SELECT i, i * 2 FROM n ORDER BY i")
            }
            1 => format!(
                "WITH RECURSIVE tree(id, depth) AS (SELECT id, 0 FROM {0} WHERE id = 1 UNION SELECT {0}.id, depth + 1 FROM {0} JOIN tree ON {0}.ref = tree.id WHERE depth < 4) SELECT id, depth FROM tree ORDER BY id, depth",
                table.name
            ),
            _ => "WITH RECURSIVE s(i, t) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, t || i FROM s WHERE i < 5) SELECT i, t FROM s ORDER BY i".to_owned(),
        }
    }
}
