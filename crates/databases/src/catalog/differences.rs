//! Differences between two catalogs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::neutral::{Catalog, CatalogColumn, CatalogTable};

/// The differences, one sentence each; empty when the catalogs are equal. The scale of a decimal is compared if
/// both sides know it.
pub fn differences(left: &Catalog, right: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    for name in keys(&left.tables, &right.tables) {
        match (left.tables.get(name), right.tables.get(name)) {
            (Some(left), Some(right)) => compare_tables(name, left, right, &mut found),
            (left, _) => found.push(only(&format!("table `{name}`"), left.is_some())),
        }
    }
    found
}

fn compare_tables(table: &str, left: &CatalogTable, right: &CatalogTable, found: &mut Vec<String>) {
    let (left_columns, right_columns) = (columns(left), columns(right));
    for name in keys(&left_columns, &right_columns) {
        match (left_columns.get(name), right_columns.get(name)) {
            (Some(left), Some(right)) => {
                compare_columns(&format!("column `{table}.{name}`"), left, right, found)
            }
            (left, _) => found.push(only(&format!("column `{table}.{name}`"), left.is_some())),
        }
    }
    if left_columns.keys().eq(right_columns.keys()) {
        let order = |table: &CatalogTable| list(table.columns.iter().map(|column| &column.name));
        compare(&format!("order of the columns of table `{table}`"), order(left), order(right), found);
    }
    let key = |table: &CatalogTable| list(&table.primary_key);
    compare(&format!("primary key of table `{table}`"), key(left), key(right), found);

    let foreign_keys =
        |table: &CatalogTable| group(table.foreign_keys.iter().map(|key| (key.columns.join(", "), key)));
    compare_groups(
        &format!("foreign key of table `{table}` on"),
        foreign_keys(left),
        foreign_keys(right),
        found,
    );
    let indexes = |table: &CatalogTable| group(table.indexes.iter().map(|index| (index.name.clone(), index)));
    compare_groups(&format!("index of table `{table}` named"), indexes(left), indexes(right), found);
    let checks = |table: &CatalogTable| group(table.checks.iter().map(|check| (check.clone(), check)));
    compare_groups(&format!("check of table `{table}`"), checks(left), checks(right), found);
}

fn compare_columns(subject: &str, left: &CatalogColumn, right: &CatalogColumn, found: &mut Vec<String>) {
    if !left.kind.agrees_with(&right.kind) {
        compare(&format!("kind of {subject}"), left.kind.to_string(), right.kind.to_string(), found);
    }
    let null = |column: &CatalogColumn| if column.nullable { "nullable" } else { "not null" };
    compare(&format!("nullability of {subject}"), null(left), null(right), found);
    let default = |column: &CatalogColumn| {
        column.default.as_ref().map_or("none".to_owned(), |text| format!("`{text}`"))
    };
    compare(&format!("default of {subject}"), default(left), default(right), found);
    let identity = |column: &CatalogColumn| if column.identity { "identity" } else { "plain" };
    compare(&format!("identity of {subject}"), identity(left), identity(right), found);
}

fn compare_groups(
    subject: &str,
    left: BTreeMap<String, String>,
    right: BTreeMap<String, String>,
    found: &mut Vec<String>,
) {
    for name in keys(&left, &right) {
        let subject = format!("{subject} `{name}`");
        match (left.get(name), right.get(name)) {
            (Some(left), Some(right)) => compare(&subject, left, right, found),
            (left, _) => found.push(only(&subject, left.is_some())),
        }
    }
}

fn compare<T: Display + PartialEq>(subject: &str, left: T, right: T, found: &mut Vec<String>) {
    if left != right {
        found.push(format!("{subject}: {left} expected, {right} found"));
    }
}

fn only(subject: &str, expected: bool) -> String {
    format!("{subject}: {}", if expected { "missing" } else { "not expected" })
}

fn columns(table: &CatalogTable) -> BTreeMap<&String, &CatalogColumn> {
    table.columns.iter().map(|column| (&column.name, column)).collect()
}

fn keys<'a, K: Ord, V>(left: &'a BTreeMap<K, V>, right: &'a BTreeMap<K, V>) -> BTreeSet<&'a K> {
    left.keys().chain(right.keys()).collect()
}

/// The texts by name: a table may have two foreign keys on the same columns.
fn group<T: Display>(items: impl Iterator<Item = (String, T)>) -> BTreeMap<String, String> {
    let mut groups = BTreeMap::<String, String>::new();
    for (name, item) in items {
        let texts = groups.entry(name).or_default();
        let separator = if texts.is_empty() { "" } else { " and " };
        *texts = format!("{texts}{separator}{item}");
    }
    groups
}

fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    format!("({})", names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
