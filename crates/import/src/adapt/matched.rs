//! UPDATE with FROM: whether each row of the changed table is matched by one row at most. Of several, SQLite and PostgreSQL
//! take an arbitrary one, and not the same.

use sqlite3_parser::ast::{Expr, FromClause, JoinConstraint, JoinOperator, JoinType, Operator, Set};

use crate::translate::{QueryNames, Translator, Untranslatable, children, is_by_bytes, unquoted};

/// Refuses a change whose values depend on a row of FROM that is not the only one that matches.
pub(super) fn by_one_row(
    names: &QueryNames<'_>,
    translator: &Translator<'_>,
    target: &str,
    (from, condition): (&FromClause, Option<&Expr>),
    sets: &[Set],
) -> Result<(), Untranslatable> {
    if names.query.relations.is_none() {
        names.query.notes.add(
            "UPDATE with FROM: of several rows of FROM that match one row, PostgreSQL may take another one than SQLite",
        );
        return Ok(());
    }
    let mut equalities = Vec::new();
    condition.into_iter().for_each(|condition| collect(condition, &mut equalities));
    join_conditions(from, &mut equalities);
    let matches = Matches { names, translator, equalities };
    let mut determined = vec![target.to_ascii_lowercase()];
    loop {
        let further = names.sources.iter().find(|source| {
            let alias = source.alias.to_ascii_lowercase();
            !determined.contains(&alias)
                && source.unique.iter().any(|key| matches.has_key(&alias, key, &determined))
        });
        match further {
            Some(source) => determined.push(source.alias.to_ascii_lowercase()),
            None => break,
        }
    }
    let is_certain = |set: &Set| {
        matches
            .tables_of(&set.expr)
            .is_some_and(|tables| tables.iter().all(|table| determined.contains(table)))
    };
    if sets.iter().all(is_certain) {
        return Ok(());
    }
    Err(Untranslatable::construct(
        "UPDATE with FROM, of which several rows may match one row",
        "an arbitrary one of them is taken; match the rows by a unique key, or group them by what they are matched with",
    ))
}

/// The two sides of each equality that must hold.
fn collect<'e>(condition: &'e Expr, equalities: &mut Vec<(&'e Expr, &'e Expr)>) {
    match condition {
        Expr::Binary(left, Operator::And, right) => {
            collect(left, equalities);
            collect(right, equalities);
        }
        Expr::Binary(left, Operator::Equals | Operator::Is, right) => equalities.push((left, right)),
        Expr::Parenthesized(inner) => {
            if let [one] = inner.as_slice() {
                collect(one, equalities);
            }
        }
        _ => {}
    }
}

/// Those of ON of inner and left joins: the rows of the right side match by them, or it has none.
fn join_conditions<'e>(from: &'e FromClause, equalities: &mut Vec<(&'e Expr, &'e Expr)>) {
    for join in from.joins.iter().flatten() {
        let is_outer =
            matches!(join.operator, JoinOperator::TypedJoin(Some(kind)) if kind.contains(JoinType::RIGHT));
        if let (Some(JoinConstraint::On(condition)), false) = (&join.constraint, is_outer) {
            collect(condition, equalities);
        }
    }
}

struct Matches<'a> {
    names: &'a QueryNames<'a>,
    translator: &'a Translator<'a>,
    equalities: Vec<(&'a Expr, &'a Expr)>,
}

impl Matches<'_> {
    /// Whether every column of a key equals an expression on these tables.
    fn has_key(&self, alias: &str, key: &[String], determined: &[String]) -> bool {
        key.iter().all(|name| {
            self.equalities.iter().flat_map(|(left, right)| [(left, right), (right, left)]).any(
                |(column, value)| {
                    self.column(column)
                        .is_some_and(|(table, column)| table == alias && column.eq_ignore_ascii_case(name))
                        && self
                            .tables_of(value)
                            .is_some_and(|tables| tables.iter().all(|table| determined.contains(table)))
                        && self.is_by_bytes(column, value)
                },
            )
        })
    }

    /// Under another collation than BINARY one value equals several.
    fn is_by_bytes(&self, one: &Expr, other: &Expr) -> bool {
        match (self.translator.translate(one), self.translator.translate(other)) {
            (Ok(one), Ok(other)) => is_by_bytes(&one) && is_by_bytes(&other),
            _ => false,
        }
    }

    /// The table and the name of a column.
    fn column(&self, expression: &Expr) -> Option<(String, String)> {
        match expression {
            Expr::Qualified(table, name) | Expr::DoublyQualified(_, table, name) => {
                Some((unquoted(&table.0).to_ascii_lowercase(), unquoted(&name.0)))
            }
            Expr::Id(id) => {
                let name = unquoted(&id.0);
                let has = |columns: &[crate::translate::SourceColumn]| {
                    columns.iter().any(|column| column.name.eq_ignore_ascii_case(&name))
                };
                let source =
                    self.names.sources.iter().find(|source| source.columns.as_deref().is_some_and(has))?;
                Some((source.alias.to_ascii_lowercase(), name))
            }
            Expr::Parenthesized(inner) => match inner.as_slice() {
                [one] => self.column(one),
                _ => None,
            },
            _ => None,
        }
    }

    /// The tables that an expression uses; `None` if that is not certain.
    fn tables_of(&self, expression: &Expr) -> Option<Vec<String>> {
        match expression {
            Expr::Literal(_) | Expr::Variable(_) => Some(Vec::new()),
            Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) | Expr::DoublyQualified(..) => {
                let (table, name) = self.column(expression)?;
                let is_rowid = ["rowid", "_rowid_", "oid"].contains(&name.to_ascii_lowercase().as_str());
                (!is_rowid || !matches!(expression, Expr::Id(_))).then(|| vec![table])
            }
            Expr::Exists(_)
            | Expr::Subquery(_)
            | Expr::InSelect { .. }
            | Expr::InTable { .. }
            | Expr::FunctionCallStar { .. }
            | Expr::Raise(..) => None,
            _ => {
                let mut all = Vec::new();
                for child in children(expression) {
                    all.extend(self.tables_of(child)?);
                }
                Some(all)
            }
        }
    }
}
