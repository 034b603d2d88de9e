//! The columns of a query that identify its rows. Where rows of a query change other rows, it decides whether two of them may
//! change the same one.

use super::group;
use super::query::FromItem;
use super::typed::{Level, Typed};

/// The positions of results of which each list identifies a row; an empty list, if there is one row at most. `grouped` are
/// the terms of GROUP BY, of which an aggregate without it has none.
pub(super) fn keys(
    sources: &[FromItem],
    results: &[(String, Typed)],
    is_distinct: bool,
    grouped: Option<&[String]>,
) -> Vec<Vec<usize>> {
    let mut keys: Vec<Vec<usize>> = Vec::new();
    if is_distinct {
        keys.push((0..results.len()).collect());
    }
    if let Some(grouped) = grouped {
        let of_results: Vec<Option<String>> =
            results.iter().map(|(_, typed)| group::key(typed).ok()).collect();
        keys.extend(positions(grouped.iter(), |term| {
            of_results.iter().position(|key| key.as_ref() == Some(term))
        }));
        return keys;
    }
    let column = |sql: String| results.iter().position(|(_, typed)| typed.at(Level::Atom) == sql);
    let mut of_all = vec![Vec::new()];
    for source in sources {
        let columns = source.columns.as_deref().unwrap_or_default();
        let position = |name: &String| {
            let found = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
            column(found.typed.at(Level::Atom))
        };
        let of_source: Vec<Vec<usize>> =
            source.unique.iter().filter_map(|key| positions(key.iter(), position)).collect();
        // A row of a join is identified by a key of each table.
        of_all = of_all
            .iter()
            .flat_map(|before: &Vec<usize>| {
                of_source.iter().take(MOST).map(move |key| before.iter().chain(key).copied().collect())
            })
            .take(MOST)
            .collect();
    }
    keys.extend(of_all);
    keys
}

/// So many keys of a query are known at most.
const MOST: usize = 8;

/// The positions of all of these; `None` if one has none.
fn positions<'a>(
    names: impl Iterator<Item = &'a String>,
    position: impl Fn(&'a String) -> Option<usize>,
) -> Option<Vec<usize>> {
    names.map(position).collect()
}
