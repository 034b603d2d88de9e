//! FROM: tables, views, subqueries and joins.

use sqlite3_parser::ast::{
    As, Expr, FromClause, JoinConstraint, JoinOperator, JoinType, JoinedSelectTable, Operator, QualifiedName,
    SelectTable,
};

use super::convert::common_detail;
use super::error::Untranslatable;
use super::json_build;
use super::order::is_collated;
use super::query::{Common, FromItem, QueryNames, SourceColumn, open_name};
use super::quoting::{quote_name, unquoted};
use super::select::select;
use super::translator::{DEEPEST, Translator};
use super::typed::{Family, Level, Typed};

/// Adds the sources of a FROM to the names, and returns its SQL.
pub(crate) fn from_clause(
    names: &mut QueryNames<'_>,
    from: &FromClause,
    depth: usize,
) -> Result<String, Untranslatable> {
    if depth >= DEEPEST {
        return Err(Untranslatable::TooDeep { limit: DEEPEST });
    }
    let Some(first) = &from.select else {
        return Err(Untranslatable::construct("an empty FROM", "there is nothing to read"));
    };
    let mut sql = table(names, first, depth)?;
    let joins = from.joins.as_deref().unwrap_or_default();
    // In PostgreSQL a comma binds less tightly than JOIN, in SQLite equally.
    let only_commas =
        joins.iter().all(|join| join.operator == JoinOperator::Comma && join.constraint.is_none());
    for join in joins {
        let before = names.sources.len();
        let right = table(names, &join.table, depth)?;
        if only_commas {
            sql.push_str(&format!(", {right}"));
            continue;
        }
        sql.push_str(&joined(names, join, &right, before, depth)?);
    }
    Ok(sql)
}

/// A join with the table `right`, which is already among the sources, after `before` others.
fn joined(
    names: &mut QueryNames<'_>,
    join: &JoinedSelectTable,
    right: &str,
    before: usize,
    depth: usize,
) -> Result<String, Untranslatable> {
    let kind = match join.operator {
        JoinOperator::Comma | JoinOperator::TypedJoin(None) => JoinType::INNER,
        JoinOperator::TypedJoin(Some(kind)) => kind,
    };
    let word = match (kind.contains(JoinType::LEFT), kind.contains(JoinType::RIGHT)) {
        (true, true) => "FULL JOIN",
        (true, false) => "LEFT JOIN",
        (false, true) => "RIGHT JOIN",
        (false, false) => "JOIN",
    };
    let shared = if kind.contains(JoinType::NATURAL) {
        natural(names, before)?
    } else {
        match &join.constraint {
            Some(JoinConstraint::Using(columns)) => columns.iter().map(|name| unquoted(&name.0)).collect(),
            _ => Vec::new(),
        }
    };
    if !shared.is_empty() {
        return Ok(format!(" {word} {right} {}", using(names, before, &shared, kind)?));
    }
    if word == "FULL JOIN" && !equates_columns(names, before, join.constraint.as_ref()) {
        return Err(Untranslatable::construct(
            "FULL JOIN with this condition",
            "PostgreSQL requires the equality of a column of each side in it",
        ));
    }
    match &join.constraint {
        Some(JoinConstraint::On(condition)) => {
            let translator = Translator::for_query(names, names.query.like, depth + 1);
            let condition = translator.translate(condition)?;
            Ok(format!(" {word} {right} ON {}", translator.truth(&condition)?.sql))
        }
        _ if word == "JOIN" => Ok(format!(" CROSS JOIN {right}")),
        _ => Ok(format!(" {word} {right} ON TRUE")),
    }
}

/// Whether a join has ON with the equality of a column before it and one of its right side, among other conditions.
fn equates_columns(names: &QueryNames<'_>, before: usize, constraint: Option<&JoinConstraint>) -> bool {
    let is_right = |side: &Expr| -> Option<bool> {
        let (table, name) = match side {
            Expr::Id(id) => (None, unquoted(&id.0)),
            Expr::Qualified(table, name) => (Some(unquoted(&table.0)), unquoted(&name.0)),
            _ => return None,
        };
        let found = names.sources.iter().position(|source| match (&table, &source.columns) {
            (Some(table), _) => table.eq_ignore_ascii_case(&source.alias),
            (None, Some(columns)) => columns.iter().any(|column| column.name.eq_ignore_ascii_case(&name)),
            (None, None) => false,
        });
        Some(found? >= before)
    };
    fn has_equality(condition: &Expr, is_right: &dyn Fn(&Expr) -> Option<bool>) -> bool {
        match condition {
            Expr::Binary(left, Operator::And, right) => {
                has_equality(left, is_right) || has_equality(right, is_right)
            }
            Expr::Binary(left, Operator::Equals, right) => match (is_right(left), is_right(right)) {
                (Some(left), Some(right)) => left != right,
                _ => false,
            },
            Expr::Parenthesized(inner) => matches!(inner.as_slice(), [one] if has_equality(one, is_right)),
            _ => false,
        }
    }
    matches!(constraint, Some(JoinConstraint::On(condition)) if has_equality(condition, &is_right))
}

/// The common columns of a NATURAL join.
fn natural(names: &QueryNames<'_>, before: usize) -> Result<Vec<String>, Untranslatable> {
    let unknown = || Untranslatable::construct("NATURAL JOIN", "the columns of its tables are not known");
    let mut left = Vec::new();
    let mut shared = Vec::new();
    for (at, source) in names.sources.iter().enumerate() {
        let columns = source.columns.as_ref().filter(|_| !source.is_partial);
        for column in columns.ok_or_else(unknown)? {
            if at < before {
                left.push(column.name.to_ascii_lowercase());
            } else if left.contains(&column.name.to_ascii_lowercase()) {
                shared.push(column.name.clone());
            }
        }
    }
    Ok(shared)
}

/// USING as ON: the two columns may have different names in the target, and text is compared with its collation.
fn using(
    names: &mut QueryNames<'_>,
    before: usize,
    shared: &[String],
    kind: JoinType,
) -> Result<String, Untranslatable> {
    let is_open = names.sources.iter().any(|source| source.columns.is_none());
    if is_open {
        let columns: Vec<String> = shared.iter().map(|name| open_name(name)).collect();
        return Ok(format!("USING ({})", columns.join(", ")));
    }
    let mut conditions = Vec::new();
    for name in shared {
        let find = |sources: &[FromItem]| -> Option<Typed> {
            sources
                .iter()
                .flat_map(|source| source.columns.iter().flatten())
                .find(|column| column.name.eq_ignore_ascii_case(name) && !column.is_joined)
                .map(|column| column.merged.as_ref().unwrap_or(&column.typed).clone())
        };
        let (left, right) = names.sources.split_at(before);
        let (Some(left), Some(right)) = (find(left), find(right)) else {
            return Err(Untranslatable::unknown_column(name));
        };
        conditions.push(super::comparison::equal(&left, &right)?.at(Level::And));
        let merged = merged(left, right, kind)?;
        for (at, source) in names.sources.iter_mut().enumerate() {
            for column in source.columns.iter_mut().flatten() {
                if column.name.eq_ignore_ascii_case(name) {
                    column.is_joined |= at >= before;
                    column.merged = merged.clone().or(column.merged.take());
                }
            }
        }
    }
    Ok(format!("ON {}", conditions.join(" AND ")))
}

/// What the name of a column of USING stands for where it has no table, if that is not the column of the left side.
fn merged(left: Typed, right: Typed, kind: JoinType) -> Result<Option<Typed>, Untranslatable> {
    match (kind.contains(JoinType::LEFT), kind.contains(JoinType::RIGHT)) {
        (true, true) => {
            let is_same = left.family == right.family
                || (left.family.is_integer() && right.family.is_integer())
                || left.family.is_open();
            if !is_same {
                return Err(Untranslatable::construct(
                    "FULL JOIN with USING of columns of different types",
                    "a result has the value of either",
                ));
            }
            if is_collated(&left) || is_collated(&right) {
                return Err(Untranslatable::construct(
                    "FULL JOIN with USING of a column with a collation",
                    "SQLite compares the result by it, and sorts the result by its bytes",
                ));
            }
            let sql = format!("coalesce({}, {})", left.sql, right.sql);
            let family = if left.family.is_integer() { Family::Integer } else { left.family };
            let (nature, detail) = (left.nature_of_result(), common_detail(&[left, right]));
            Ok(Some(Typed { nature, detail, ..Typed::atom(sql, family) }))
        }
        (false, true) => Ok(Some(right)),
        (_, false) => Ok(None),
    }
}

fn table(names: &mut QueryNames<'_>, table: &SelectTable, depth: usize) -> Result<String, Untranslatable> {
    let written =
        |alias: &Option<As>| alias.as_ref().map(|(As::As(name) | As::Elided(name))| unquoted(&name.0));
    match table {
        SelectTable::Table(name, alias, _) => named(names, name, written(alias)),
        SelectTable::TableCall(name, arguments, alias)
            if unquoted(&name.name.0).eq_ignore_ascii_case("json_each") =>
        {
            let alias = written(alias).unwrap_or_else(|| "json_each".to_owned());
            json_build::each(names, arguments.as_deref().unwrap_or_default(), alias, depth)
        }
        SelectTable::TableCall(name, ..) => {
            Err(Untranslatable::function(&unquoted(&name.name.0), "table-valued functions are not supported"))
        }
        SelectTable::Select(inner, alias) => {
            let selected = select(names.query, inner, &names.commons, names.outer, depth + 1)?;
            let alias = written(alias).unwrap_or_else(|| format!("subquery_{}", names.sources.len() + 1));
            let quoted = if names.query.relations.is_some() { quote_name(&alias) } else { open_name(&alias) };
            let columns = selected.is_known.then(|| columns_of(&quoted, &selected.columns));
            let unique = Common::unique_names(&selected.columns, &selected.unique);
            names.sources.push(FromItem { unique, ..FromItem::without_keys(alias, columns) });
            Ok(format!("({}) AS {quoted}", selected.sql))
        }
        SelectTable::Sub(inner, None) => {
            let sql = from_clause(names, inner, depth + 1)?;
            let is_join = inner.joins.is_some();
            Ok(if is_join { format!("({sql})") } else { sql })
        }
        SelectTable::Sub(_, Some(_)) => Err(Untranslatable::construct(
            "a join in parentheses with a name",
            "its columns lose their table names",
        )),
    }
}

fn columns_of(prefix: &str, columns: &[(String, Typed)]) -> Vec<SourceColumn> {
    columns
        .iter()
        .map(|(name, typed)| SourceColumn {
            name: name.clone(),
            // PostgreSQL takes a placeholder for text there.
            typed: Typed {
                family: if typed.is_parameter() { Family::Opaque } else { typed.family },
                ..typed.as_result(&format!("{prefix}.{}", quote_name(name)))
            },
            is_joined: false,
            merged: None,
        })
        .collect()
}

fn named(
    names: &mut QueryNames<'_>,
    name: &QualifiedName,
    alias: Option<String>,
) -> Result<String, Untranslatable> {
    let table = unquoted(&name.name.0);
    let given = alias.as_deref().unwrap_or(&table).to_owned();
    let in_main =
        name.db_name.as_ref().is_none_or(|database| unquoted(&database.0).eq_ignore_ascii_case("main"));
    let lower = table.to_ascii_lowercase();
    if !in_main || lower.starts_with("sqlite_") || lower.starts_with("pragma_") {
        return Err(Untranslatable::unknown_table(&table));
    }
    let common = names.commons.iter().rev().find(|common| common.name.eq_ignore_ascii_case(&table));
    if let (Some(common), None) = (common, &name.db_name) {
        let quoted = quote_name(&given);
        let columns = columns_of(&quoted, &common.columns);
        let sql = format!("{} AS {quoted}", quote_name(&common.name));
        let unique = Common::unique_names(&common.columns, &common.unique);
        names.sources.push(FromItem { unique, ..FromItem::without_keys(given, Some(columns)) });
        return Ok(sql);
    }
    let Some(relations) = names.query.relations else {
        let sql = match &alias {
            Some(alias) => format!("{} AS {}", open_name(&table), open_name(alias)),
            None => open_name(&table),
        };
        names.sources.push(FromItem::without_keys(given, None));
        return Ok(sql);
    };
    let relation = relations.relation(&table).ok_or_else(|| Untranslatable::unknown_table(&table))?;
    let quoted = quote_name(&given);
    let columns = relation.columns.iter().map(|column| SourceColumn {
        name: column.source.clone(),
        typed: column.expression(&format!("{quoted}.")),
        is_joined: false,
        merged: None,
    });
    if relation.facts.is_none() {
        // What a view computes is not known.
        names.query.notes.adds_fractions();
    }
    let facts = relation.facts.unwrap_or_default();
    let unique = facts.unique.iter().filter_map(|key| key.columns.clone()).collect();
    let (rowid, key) = (facts.rowid, facts.primary_key);
    let columns = Some(columns.collect());
    let is_partial = relation.is_partial;
    names.sources.push(FromItem { alias: given, columns, rowid, key, unique, is_partial });
    Ok(format!("{}.{} AS {quoted}", quote_name(relations.schema()), quote_name(&relation.target)))
}
