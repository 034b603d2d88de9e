//! Random statements over random tables, in SQLite's SQL.

mod change;
mod expression;
mod select;

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
    "IN of texts",
    "INSERT OR IGNORE",
    "INSERT OR REPLACE",
    "JOIN USING",
    "LIKE",
    "LIMIT",
    "NOCASE",
    "UPDATE FROM",
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
    "GROUP BY NOCASE",
    "group_concat",
    "insert",
    "insert of a query",
    "insert of rows",
    "json comparison",
    "json number",
    "json_extract",
    "julianday",
    "min and max",
    "modulo",
    "order of a column",
    "order of an expression",
    "printf",
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

    /// The name of a column of a table with one of these kinds.
    fn column_of(&mut self, table: &Table, kinds: &[Kind]) -> Option<String> {
        let is_meant = |column: &&Column| kinds.contains(&column.kind) && column.name != "ref";
        let names: Vec<&String> = table.columns.iter().filter(is_meant).map(|column| &column.name).collect();
        if names.is_empty() { None } else { Some((*self.random.one(&names)).clone()) }
    }

    fn kind(&mut self) -> Kind {
        *self.random.one(&KINDS)
    }
}
