//! Expressions and conditions.

use super::super::database::Kind;
use super::Grammar;

impl Grammar<'_> {
    /// Any expression.
    pub(super) fn any(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0..=2 => self.column(None).map_or_else(|| "1".to_owned(), |(sql, _)| sql),
            3 | 4 => self.number(depth),
            5 | 6 => self.text(depth),
            7 => self.moment(),
            8 => self.json(),
            _ => self.condition(depth),
        }
    }

    pub(super) fn number(&mut self, depth: usize) -> String {
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
            9 => {
                // Of an integer and a real PostgreSQL makes doubles, which have fewer digits than an integer.
                let kind = *self.random.one(&[Kind::Integer, Kind::Real, Kind::Decimal]);
                format!("coalesce({}, {})", self.value(&[kind]), self.value(&[kind]))
            }
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

    pub(super) fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.value(&[Kind::Text, Kind::NoCase, Kind::Numeral, Kind::TextDate]);
        }
        let depth = depth - 1;
        match self.random.below(15) {
            13 | 14 => {
                self.has("printf");
                let (format, value) = match self.random.below(4) {
                    0 => ("%d", self.number(0)),
                    1 => ("<%05d>", self.number(0)),
                    2 => ("%.2f", self.number(0)),
                    _ => ("%s %%", self.text(0)),
                };
                format!("printf('{format}', {value})")
            }
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
    pub(super) fn moment(&mut self) -> String {
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

    pub(super) fn json(&mut self) -> String {
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

    pub(super) fn condition(&mut self, depth: usize) -> String {
        let operator = self.random.pick(&["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"]);
        match self.random.below(if depth == 0 { 19 } else { 23 }) {
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
            18 => {
                self.has("IN of texts");
                let table = self.table();
                let kinds = [Kind::Text, Kind::NoCase, Kind::Numeral];
                let operand = self.text(usize::from(depth > 0));
                let Some(column) = self.column_of(&table, &kinds) else { return "1 = 1".to_owned() };
                let not = self.random.pick(&["", "NOT "]);
                match self.column_of(&table, &kinds).filter(|_| self.random.chance(25)) {
                    Some(other) => format!(
                        "{operand} {not}IN (SELECT {column} FROM {0} UNION ALL SELECT {other} FROM {0})",
                        table.name
                    ),
                    None => format!("{operand} {not}IN (SELECT {column} FROM {})", table.name),
                }
            }
            19 => format!("NOT ({})", self.condition(depth - 1)),
            20 | 21 => {
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
}
