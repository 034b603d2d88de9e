//! Recursive common table expressions. PostgreSQL requires one type for each column in all terms, so integers are
//! `bigint` and numbers with a fraction `double precision` in all of them.

use sqlite3_parser::ast::{CompoundOperator, Select};

use super::compound::{compound, first_collation};
use super::error::Untranslatable;
use super::group;
use super::order::distinct_by_bytes;
use super::query::{Common, Query, QueryNames};
use super::quoting::quote_name;
use super::select::{Selected, core};
use super::typed::{Detail, Family, Nature, Typed};

/// The query of a recursive common table expression, with its columns.
pub(super) fn recursive(
    query: &Query<'_>,
    inner: &Select,
    name: &str,
    given: Option<&[String]>,
    commons: &[Common],
    outer: Option<&QueryNames<'_>>,
    depth: usize,
) -> Result<(String, Vec<(String, Typed)>), Untranslatable> {
    let refused = |why| Untranslatable::construct("this recursive query", why);
    if inner.order_by.is_some() || inner.limit.is_some() || inner.with.is_some() {
        return Err(refused("PostgreSQL does not support ORDER BY, LIMIT or WITH in it"));
    }
    let mut body = inner.body.clone();
    let last = body.compounds.as_mut().and_then(Vec::pop).ok_or_else(|| refused("it has no first term"))?;
    let word = match last.operator {
        CompoundOperator::Union => "UNION",
        CompoundOperator::UnionAll => "UNION ALL",
        CompoundOperator::Except | CompoundOperator::Intersect => {
            return Err(refused("its terms are not combined by UNION"));
        }
    };
    let first = Select { with: None, body, order_by: None, limit: None };
    if group::reads(&first, name) {
        return Err(refused("PostgreSQL supports one recursive term, which is the last"));
    }
    let initial = compound(query, &first.body, commons, outer, depth + 1)?.all;
    if !initial.is_known {
        return Err(refused("the columns of its tables are not known"));
    }
    let mut columns = named(&initial, given)?;
    // A NULL of the first term has the type of the other one.
    for _ in 0..2 {
        let mut inside = commons.to_vec();
        inside.push(Common { name: name.to_owned(), columns: columns.clone(), unique: Vec::new() });
        let step = core(query, &last.select, &[], &inside, outer, depth + 1)?;
        if step.columns.len() != columns.len() {
            return Err(refused("its terms have different numbers of columns"));
        }
        let is_settled = columns.iter().all(|(_, typed)| typed.family != Family::Null);
        for ((_, column), (_, other)) in columns.iter_mut().zip(&step.columns) {
            if word == "UNION" {
                let collating = first_collation(column.collating, other.collating);
                distinct_by_bytes(&Typed { collating, ..other.clone() })?;
            }
            let other = fixed(other);
            if column.family == Family::Null {
                *column = other;
            } else if other.family != column.family && other.family != Family::Null {
                return Err(refused("its terms have different types"));
            }
        }
        if is_settled {
            let types: Vec<&str> = columns.iter().map(|(_, typed)| cast(typed)).collect();
            let sql = format!("{} {word} {}", converted(&initial, &types), converted(&step, &types));
            return Ok((sql, columns));
        }
    }
    Err(refused("the type of a column is not known"))
}

fn named(initial: &Selected, given: Option<&[String]>) -> Result<Vec<(String, Typed)>, Untranslatable> {
    if given.is_some_and(|given| given.len() != initial.columns.len()) {
        return Err(Untranslatable::construct("WITH", "its number of columns differs"));
    }
    let columns = initial.columns.iter().enumerate().map(|(at, (name, typed))| {
        let name = given.and_then(|given| given.get(at)).unwrap_or(name);
        (name.clone(), fixed(typed))
    });
    Ok(columns.collect())
}

/// A column with the type that it has in all terms.
fn fixed(typed: &Typed) -> Typed {
    let family = match typed.family {
        Family::SmallInteger | Family::Boolean => Family::Integer,
        Family::Double | Family::Numeric => Family::Loose,
        family => family,
    };
    let fixed = Typed { nature: Nature::Other, family, ..typed.clone() };
    if family == typed.family { fixed.with_detail_of(typed) } else { Typed { detail: Detail::None, ..fixed } }
}

fn cast(typed: &Typed) -> &'static str {
    match typed.family {
        Family::Integer => "::bigint",
        Family::Loose => "::double precision",
        Family::Text => "::text COLLATE \"default\"",
        Family::Mixed => "::text",
        _ => "",
    }
}

/// The query with its results in these types.
fn converted(selected: &Selected, types: &[&str]) -> String {
    let names: Vec<String> = (1..=types.len()).map(|at| quote_name(&format!("c{at}"))).collect();
    let list: Vec<String> = names.iter().zip(types).map(|(name, cast)| format!("{name}{cast}")).collect();
    format!("SELECT {} FROM ({}) AS \"term\" ({})", list.join(", "), selected.sql, names.join(", "))
}
