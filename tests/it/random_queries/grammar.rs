//! Random statements over random tables, in SQLite's SQL.

use super::database::{Column, KINDS, Kind, Table};
use super::random::Random;

/// A statement, and the constructs that it has.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) features: Vec<&'static str>,
}

/// The constructs that a run must have translated.
pub(super) const FEATURES: &[&str] = &[
    "->>",
    "BETWEEN",
    "DISTINCT",
    "FULL JOIN",
    "GLOB",
    "GROUP BY",
    "IN",
    "INSERT OR IGNORE",
    "INSERT OR REPLACE",
    "LIKE",
    "NOCASE",
    "WITH",
    "WITH before a change",
    "affinity",
    "arithmetic",
    "avg",
    "bare boolean",
    "boolean = 1",
    "case",
    "cast to integer",
    "cast to real",
    "cast to text",
    "comparison",
    "compound",
    "concatenation",
    "date comparison",
    "date function",
    "datetime function",
    "delete",
    "division",
    "epoch function",
    "filter",
    "group_concat",
    "insert",
    "json comparison",
    "json number",
    "json_extract",
    "julianday",
    "min and max",
    "modulo",
    "order of a column",
    "order of an expression",
    "recursive",
    "round",
    "row value",
    "strftime",
    "strftime %s",
    "subquery",
    "sum",
    "sum of booleans",
    "unixepoch",
    "update",
    "upsert",
    "window",
];

/// Writes statements.
pub(super) struct Grammar<'a> {
    random: &'a mut Random,
    tables: &'a [Table],
    /// The tables that an expression can use, by alias.
    scope: Vec<(String, Table)>,
    features: Vec<&'static str>,
}

/// A random statement.
pub(super) fn statement(random: &mut Random, tables: &[Table]) -> Statement {
    let mut grammar = Grammar { random, tables, scope: Vec::new(), features: Vec::new() };
    let sql = match grammar.random.below(20) {
        0..=12 => grammar.select(),
        13 => grammar.recursive(),
        14 | 15 => grammar.insert(),
        16 | 17 => grammar.update(),
        18 => grammar.delete(),
        _ => grammar.compound(),
    };
    Statement { sql, features: grammar.features }
}

impl Grammar<'_> {
    fn has(&mut self, feature: &'static str) {
        self.features.push(feature);
    }

    fn table(&mut self) -> Table {
        self.random.one(self.tables).clone()
    }

    /// A column of this kind, or of any kind.
    fn column(&mut self, kind: Option<Kind>) -> Option<(String, Column)> {
        let all: Vec<(String, Column)> = self
            .scope
            .iter()
            .flat_map(|(alias, table)| {
                table.columns.iter().map(move |column| (alias.clone(), column.clone()))
            })
            .filter(|(_, column)| kind.is_none_or(|kind| column.kind == kind))
            .collect();
        if all.is_empty() {
            return None;
        }
        let (alias, column) = self.random.one(&all).clone();
        let is_qualified = self.scope.len() > 1 || self.random.chance(30);
        let sql = if is_qualified { format!("{alias}.{}", column.name) } else { column.name.clone() };
        Some((sql, column))
    }

    /// A column of one of these kinds, or a literal.
    fn value(&mut self, kinds: &[Kind]) -> String {
        let kind = *self.random.one(kinds);
        match self.random.chance(75).then(|| self.column(Some(kind))).flatten() {
            Some((column, _)) => column,
            None => kind.literal(self.random),
        }
    }

    fn kind(&mut self) -> Kind {
        *self.random.one(&KINDS)
    }

    /// Any expression.
    fn any(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0..=2 => self.column(None).map_or_else(|| "1".to_owned(), |(sql, _)| sql),
            3 | 4 => self.number(depth),
            5 | 6 => self.text(depth),
            7 => self.moment(),
            8 => self.json(),
            _ => self.condition(depth),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.value(&[Kind::Integer, Kind::Real, Kind::Decimal, Kind::Boolean, Kind::Seconds]);
        }
        let depth = depth - 1;
        match self.random.below(16) {
            0 | 1 => {
                let operator = self.random.pick(&["+", "-", "*"]);
                self.has("arithmetic");
                format!("({} {operator} {})", self.number(depth), self.number(depth))
            }
            2 => {
                self.has("division");
                format!("({} / {})", self.number(depth), self.number(depth))
            }
            3 => {
                self.has("modulo");
                format!(
                    "({} % {})",
                    self.value(&[Kind::Integer, Kind::Seconds]),
                    self.random.pick(&["3", "7", "-2", "0"])
                )
            }
            4 => format!("length({})", self.text(depth)),
            5 => {
                self.has("round");
                let digits = self.random.pick(&["", ", 1", ", 2"]);
                format!("round({}{digits})", self.value(&[Kind::Real, Kind::Decimal, Kind::Integer]))
            }
            6 => {
                self.has("cast to integer");
                let operand = self.value(&[Kind::Real, Kind::Numeral, Kind::Text, Kind::Boolean]);
                format!("CAST({operand} AS INTEGER)")
            }
            7 => {
                self.has("cast to real");
                format!("CAST({} AS REAL)", self.value(&[Kind::Integer, Kind::Numeral, Kind::Decimal]))
            }
            8 => {
                self.has("case");
                format!(
                    "CASE WHEN {} THEN {} ELSE {} END",
                    self.condition(depth),
                    self.number(0),
                    self.number(0)
                )
            }
            9 => format!("coalesce({}, {})", self.number(0), self.number(0)),
            10 => {
                self.has("unixepoch");
                format!("unixepoch({})", self.value(&[Kind::Stamp, Kind::Date, Kind::StampT]))
            }
            11 => {
                self.has("julianday");
                format!("julianday({})", self.value(&[Kind::Stamp, Kind::Date]))
            }
            12 => format!("abs({})", self.number(0)),
            13 => format!("-{}", self.value(&[Kind::Integer, Kind::Real])),
            14 => {
                self.has("json number");
                let json = self.value(&[Kind::Json]);
                format!("({json} ->> '$.a') + 1")
            }
            _ => self.value(&[Kind::Integer, Kind::Real, Kind::Decimal]),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.value(&[Kind::Text, Kind::NoCase, Kind::Numeral, Kind::TextDate]);
        }
        let depth = depth - 1;
        match self.random.below(13) {
            0 | 1 => {
                self.has("concatenation");
                let other = match self.random.below(5) {
                    0 => self.value(&[Kind::Integer]),
                    1 => self.value(&[Kind::Real]),
                    2 => self.value(&[Kind::Decimal, Kind::Boolean]),
                    3 => self.value(&[Kind::Stamp, Kind::Date, Kind::StampT]),
                    _ => self.text(depth),
                };
                format!("({} || '-' || {other})", self.text(depth))
            }
            2 => format!("upper({})", self.text(depth)),
            3 => format!("lower({})", self.text(depth)),
            4 => format!("substr({}, {}, 2)", self.text(depth), self.random.pick(&["1", "2", "-2", "0"])),
            5 => format!("trim({})", self.text(0)),
            6 => format!("replace({}, 'a', 'b')", self.text(0)),
            7 => {
                self.has("cast to text");
                format!(
                    "CAST({} AS TEXT)",
                    self.value(&[Kind::Integer, Kind::Real, Kind::Decimal, Kind::Date])
                )
            }
            8 => format!("coalesce({}, 'none')", self.text(0)),
            9 => {
                self.has("strftime");
                let format = self
                    .random
                    .pick(&["%Y-%m", "%Y", "%H:%M", "%d.%m.%Y", "%W", "%j", "%s", "%w", "%Y-%m-%d"]);
                format!(
                    "strftime('{format}', {})",
                    self.value(&[Kind::Stamp, Kind::Date, Kind::StampT, Kind::TextDate])
                )
            }
            10 => format!("ifnull({}, '')", self.value(&[Kind::Text, Kind::Stamp, Kind::Date])),
            11 => {
                self.has("case");
                format!(
                    "CASE {} WHEN 1 THEN 'on' ELSE 'off' END",
                    self.value(&[Kind::Boolean, Kind::Integer])
                )
            }
            _ => self.value(&[Kind::Text, Kind::NoCase]),
        }
    }

    /// A date or instant.
    fn moment(&mut self) -> String {
        let modifier = self.random.pick(&[
            "",
            ", '-10 days'",
            ", '+1 month'",
            ", 'start of month'",
            ", 'start of year', '+5 hours'",
            ", 'weekday 1'",
            ", '-30 minutes'",
            ", 'start of day'",
        ]);
        match self.random.below(8) {
            0 => {
                self.has("epoch function");
                format!("datetime({}, 'unixepoch'{modifier})", self.value(&[Kind::Seconds, Kind::Epoch]))
            }
            1 => format!("date({}{modifier})", self.value(&[Kind::Seconds]) + ", 'unixepoch'"),
            2 | 3 => {
                self.has("date function");
                format!(
                    "date({}{modifier})",
                    self.value(&[Kind::Stamp, Kind::Date, Kind::StampT, Kind::TextDate])
                )
            }
            4 | 5 => {
                self.has("datetime function");
                format!("datetime({}{modifier})", self.value(&[Kind::Stamp, Kind::Date, Kind::StampT]))
            }
            _ => self.value(&[Kind::Stamp, Kind::Date, Kind::StampT, Kind::Epoch]),
        }
    }

    fn json(&mut self) -> String {
        let json = self.value(&[Kind::Json]);
        match self.random.below(6) {
            0 => {
                self.has("json_extract");
                format!(
                    "json_extract({json}, '$.{}')",
                    self.random.pick(&["a", "b", "d.e", "c[0]", "c[#-1]", "zz"])
                )
            }
            1 | 2 => {
                self.has("->>");
                format!("{json} ->> '{}'", self.random.pick(&["a", "b", "$.d.e", "$.a"]))
            }
            3 => format!("json_array_length({json}, '$.c')"),
            4 => format!("json_type({json}, '$.{}')", self.random.pick(&["a", "b", "c", "d"])),
            _ => format!("{json} ->> '$.b'"),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let operator = self.random.pick(&["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"]);
        match self.random.below(if depth == 0 { 18 } else { 22 }) {
            0 | 1 => {
                self.has("comparison");
                let kind = self.kind();
                format!("{} {operator} {}", self.value(&[kind]), self.value(&[kind]))
            }
            2 => {
                self.has("comparison of kinds");
                let (one, other) = (self.kind(), self.kind());
                format!("{} {operator} {}", self.value(&[one]), self.value(&[other]))
            }
            3 => {
                self.has("boolean = 1");
                format!("{} = {}", self.value(&[Kind::Boolean]), self.random.pick(&["0", "1"]))
            }
            4 => {
                self.has("bare boolean");
                self.value(&[Kind::Boolean])
            }
            5 => {
                self.has("LIKE");
                let pattern =
                    self.random.pick(&["'a%'", "'%A'", "'_'", "'%x!_y%' ESCAPE '!'", "'2024-0%'", "'%1%'"]);
                let operand = match self.random.chance(60) {
                    true => self.text(0),
                    false => self.value(&[Kind::Date, Kind::Stamp, Kind::Integer, Kind::Decimal]),
                };
                format!("{operand} LIKE {pattern}")
            }
            6 => {
                self.has("GLOB");
                format!(
                    "{} GLOB {}",
                    self.text(0),
                    self.random.pick(&["'a*'", "'[A-Z]*'", "'?'", "'*[0-9]'"])
                )
            }
            7 => {
                self.has("IN");
                let kind = self.kind();
                format!(
                    "{} IN ({}, {})",
                    self.value(&[kind]),
                    kind.literal(self.random),
                    kind.literal(self.random)
                )
            }
            8 => {
                self.has("BETWEEN");
                let kind = self.kind();
                format!(
                    "{} BETWEEN {} AND {}",
                    self.value(&[kind]),
                    kind.literal(self.random),
                    kind.literal(self.random)
                )
            }
            9 => {
                let kind = self.kind();
                format!("{} IS {}NULL", self.value(&[kind]), self.random.pick(&["", "NOT "]))
            }
            10 | 11 => {
                self.has("date comparison");
                format!(
                    "{} {operator} {}",
                    self.value(&[Kind::Stamp, Kind::Date, Kind::StampT]),
                    self.moment()
                )
            }
            12 => {
                self.has("strftime %s");
                format!(
                    "{} {operator} strftime('%s', {})",
                    self.value(&[Kind::Seconds, Kind::Epoch]),
                    self.value(&[Kind::Stamp])
                )
            }
            13 => {
                self.has("json comparison");
                let literal = self.random.pick(&["1", "'1'", "'x'", "2.5", "'y'", "0"]);
                format!("{} {operator} {literal}", self.json())
            }
            14 => {
                self.has("affinity");
                let number = self.random.pick(&["1", "10", "2.5", "'1'", "'10'", "'abc'"]);
                format!(
                    "{} {operator} {number}",
                    self.value(&[Kind::Numeral, Kind::Integer, Kind::Real, Kind::Decimal])
                )
            }
            15 => {
                self.has("NOCASE");
                format!("{} {operator} {} COLLATE NOCASE", self.text(0), self.text(0))
            }
            16 => {
                self.has("row value");
                let (one, other) = (self.kind(), self.kind());
                let operator = self.random.pick(&["=", "<", ">="]);
                format!(
                    "({}, {}) {operator} ({}, {})",
                    self.value(&[one]),
                    self.value(&[other]),
                    one.literal(self.random),
                    other.literal(self.random)
                )
            }
            17 => {
                self.has("subquery");
                let table = self.table();
                format!("{} IN (SELECT ref FROM {})", self.value(&[Kind::Integer]), table.name)
            }
            18 => format!("NOT ({})", self.condition(depth - 1)),
            19 | 20 => {
                format!(
                    "({} {} {})",
                    self.condition(depth - 1),
                    self.random.pick(&["AND", "OR"]),
                    self.condition(depth - 1)
                )
            }
            _ => format!("{} {operator} {}", self.number(depth - 1), self.number(depth - 1)),
        }
    }

    /// FROM, whose tables are in the scope then.
    fn from(&mut self) -> String {
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

    fn filter(&mut self) -> String {
        if self.random.chance(70) { format!(" WHERE {}", self.condition(2)) } else { String::new() }
    }

    fn direction(&mut self) -> &'static str {
        self.random.pick(&["", " DESC", " ASC NULLS LAST"])
    }

    fn select(&mut self) -> String {
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
                        let limit = if self.random.chance(30) { " LIMIT 5 OFFSET 1" } else { "" };
                        format!(" ORDER BY {keys}{limit}")
                    }
                };
                format!("SELECT {} FROM {from}{filter}{order}", results.join(", "))
            }
        }
    }

    /// The keys of all tables of the scope, which determine a row.
    fn keys(&self) -> String {
        self.scope.iter().map(|(alias, _)| format!("{alias}.id")).collect::<Vec<_>>().join(", ")
    }

    fn grouped(&mut self, from: &str) -> String {
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

    fn compound(&mut self) -> String {
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

    fn recursive(&mut self) -> String {
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

    /// The columns of INSERT with their values; all that are NOT NULL, and some of the others.
    fn assigned(&mut self, table: &Table) -> (Vec<String>, Vec<String>) {
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

    fn insert(&mut self) -> String {
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
        match self.random.below(6) {
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

    fn set(&mut self, table: &Table, is_upsert: bool) -> String {
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

    fn update(&mut self) -> String {
        self.has("update");
        let table = self.table();
        self.scope = vec![(table.name.clone(), table.clone())];
        let set = self.set(&table, false);
        let filter = self.filter();
        if self.random.chance(20) {
            self.has("WITH before a change");
            return format!(
                "WITH n AS (SELECT 1 AS i UNION SELECT 2) UPDATE {} SET {set} WHERE id IN (SELECT i FROM n)",
                table.name
            );
        }
        format!("UPDATE {} SET {set}{filter}", table.name)
    }

    fn delete(&mut self) -> String {
        self.has("delete");
        let table = self.table();
        self.scope = vec![(table.name.clone(), table.clone())];
        let filter = self.filter();
        format!("DELETE FROM {}{filter}", table.name)
    }
}
