//! Gives the referencing and referenced columns of a foreign key the same type.
//!
//! Columns that refer to each other, over any number of keys and in cycles, are one group; its type is the widest. A
//! column without values has no influence if others have values. An identity column stays an integer: if the others
//! cannot be integers, the types differ, and the foreign key is skipped with a finding.

use std::collections::{BTreeMap, HashMap};

use super::column::Choice;
use crate::decisions::{Integers, type_name};
use crate::finding::ImportFinding;
use crate::rules::types as rules;
use crate::schema::Schema;
use crate::translate::shortened;
use crate::types::{TargetType, UuidForm};

/// A column, by the index of its table and its own.
type ColumnPlace = (usize, usize);

/// Unifies the types of each group. `choices` are by table and column.
pub(super) fn join(
    schema: &Schema,
    integers: Integers,
    choices: &mut [Vec<Option<Choice>>],
    findings: &mut Vec<ImportFinding>,
) {
    for group in groups(schema) {
        let chosen = |place: &ColumnPlace| -> Option<Choice> { *choices.get(place.0)?.get(place.1)? };
        let members: Vec<(ColumnPlace, Choice)> =
            group.iter().filter_map(|place| Some((*place, chosen(place)?))).collect();
        let all: Vec<Choice> = members.iter().map(|(_, choice)| *choice).collect();
        // PostgreSQL can compare integers of any width.
        if integers == Integers::Declared && all.iter().all(|choice| is_integer(choice.target)) {
            continue;
        }
        let Some(joined) = join_types(&all) else { continue };
        let cause = cause(schema, joined, &members);
        for (place, choice) in members {
            if choice.is_forced || type_name(choice.target) == type_name(joined) {
                continue;
            }
            let (Some(table), Some(choices)) = (schema.tables.get(place.0), choices.get_mut(place.0)) else {
                continue;
            };
            let (Some(column), Some(slot)) = (table.columns.get(place.1), choices.get_mut(place.1)) else {
                continue;
            };
            *slot = Some(Choice { target: joined, ..choice });
            let text = format!(
                "The type by its values is {}; it becomes {} because of a foreign key{}",
                type_name(choice.target),
                type_name(joined),
                cause.as_deref().unwrap_or_default()
            );
            findings.push(ImportFinding::new(&rules::JOINED, Some(&table.name), Some(&column.name), text));
        }
    }
}

/// The first column whose values force the wider type, for the text of a finding.
fn cause(schema: &Schema, joined: TargetType, members: &[(ColumnPlace, Choice)]) -> Option<String> {
    let is_cause = |choice: &Choice| choice.has_values && type_name(choice.target) == type_name(joined);
    let ((table, column), _) = members.iter().find(|(_, choice)| is_cause(choice))?;
    let table = schema.tables.get(*table)?;
    let column = table.columns.get(*column)?;
    let (table, column) = (shortened(&table.name), shortened(&column.name));
    Some(format!(": the values of {table}.{column} have that type"))
}

/// The common type of a group; `None` if there is none, or nothing to change.
fn join_types(members: &[Choice]) -> Option<TargetType> {
    let (first, rest) = members.split_first()?;
    if rest.iter().all(|choice| type_name(choice.target) == type_name(first.target)) {
        return None;
    }
    let of_all = widest(members);
    let has_say = |choice: &&Choice| choice.has_values || choice.is_forced || choice.is_identity;
    let with_say: Vec<Choice> = members.iter().filter(has_say).copied().collect();
    // Among numbers and among text types, the wider declaration counts even without values.
    let is_near =
        |target| is_integer(target) || matches!(target, TargetType::Varchar(_) | TargetType::AnyNumeric);
    let of_those = if with_say.is_empty() { of_all? } else { widest(&with_say)? };
    let is_possible = |joined: &TargetType| {
        members.iter().all(|choice| {
            (!choice.is_forced || type_name(choice.target) == type_name(*joined))
                && (!choice.is_identity || is_integer(*joined))
        })
    };
    let joined = of_all.into_iter().chain([of_those]);
    joined.filter(|joined| *joined == of_those || is_near(*joined)).find(is_possible)
}

/// The type that fits the values of all; `None` if there is none.
fn widest(members: &[Choice]) -> Option<TargetType> {
    let all_numeric = members.iter().all(|choice| choice.is_numeric);
    let mut targets = members.iter().map(|choice| choice.target);
    let first = targets.next()?;
    targets.try_fold(first, |widest, target| match wider(widest, target)? {
        TargetType::AnyNumeric if !all_numeric => Some(TargetType::Text),
        joined => Some(joined),
    })
}

fn is_integer(target: TargetType) -> bool {
    matches!(target, TargetType::SmallInt | TargetType::Integer | TargetType::BigInt)
}

fn is_number(target: TargetType) -> bool {
    use TargetType::{AnyNumeric, Double, Numeric, Real};
    is_integer(target) || matches!(target, Real | Double | Numeric { .. } | AnyNumeric)
}

/// The type that fits the values of both. Text and numbers would be unreadable as bytes.
fn wider(one: TargetType, other: TargetType) -> Option<TargetType> {
    use TargetType::{AnyNumeric, BigInt, Bytea, SmallInt, Text, Uuid, Varchar};
    if type_name(one) == type_name(other) {
        return Some(one);
    }
    Some(match (one, other) {
        (Varchar(one), Varchar(other)) => Varchar(one.max(other)),
        (Bytea, Uuid(UuidForm::Bytes)) | (Uuid(UuidForm::Bytes), Bytea) => Bytea,
        (Bytea | Uuid(UuidForm::Bytes), _) | (_, Bytea | Uuid(UuidForm::Bytes)) => return None,
        _ if is_integer(one) && is_integer(other) => match (one, other) {
            (BigInt, _) | (_, BigInt) => BigInt,
            (SmallInt, wide) | (wide, _) => wide,
        },
        _ if is_number(one) && is_number(other) => AnyNumeric,
        _ => Text,
    })
}

/// The groups of more than one column, in the order of their first column.
fn groups(schema: &Schema) -> Vec<Vec<ColumnPlace>> {
    let mut tables: HashMap<String, usize> = HashMap::new();
    let mut columns: HashMap<(usize, String), usize> = HashMap::new();
    for (index, table) in schema.tables.iter().enumerate() {
        // SQLite compares names without the case of ASCII letters.
        tables.entry(table.name.to_ascii_lowercase()).or_insert(index);
        for (place, column) in table.columns.iter().enumerate() {
            columns.entry((index, column.name.to_ascii_lowercase())).or_insert(place);
        }
    }
    let place = |table: usize, column: &str| -> Option<ColumnPlace> {
        Some((table, *columns.get(&(table, column.to_ascii_lowercase()))?))
    };
    let mut leaders: BTreeMap<ColumnPlace, ColumnPlace> = BTreeMap::new();
    for (child, table) in schema.tables.iter().enumerate() {
        for key in table.foreign_keys.iter().filter(|key| key.columns.len() == key.parent_columns.len()) {
            let Some(parent) = tables.get(&key.parent_table.to_ascii_lowercase()) else { continue };
            for (own, referred) in key.columns.iter().zip(&key.parent_columns) {
                let (Some(own), Some(referred)) = (place(child, own), place(*parent, referred)) else {
                    continue;
                };
                let (one, other) = (leader(&mut leaders, own), leader(&mut leaders, referred));
                leaders.insert(one.max(other), one.min(other));
            }
        }
    }
    let members: Vec<ColumnPlace> = leaders.keys().copied().collect();
    let mut groups: BTreeMap<ColumnPlace, Vec<ColumnPlace>> = BTreeMap::new();
    for member in members {
        let leader = leader(&mut leaders, member);
        groups.entry(leader).or_default().push(member);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The representative of a column's group. Paths are compressed, so that chains are not followed repeatedly.
fn leader(leaders: &mut BTreeMap<ColumnPlace, ColumnPlace>, place: ColumnPlace) -> ColumnPlace {
    let mut way = Vec::new();
    let mut current = place;
    loop {
        let next = *leaders.entry(current).or_insert(current);
        if next == current {
            break;
        }
        way.push(current);
        current = next;
    }
    for passed in way {
        leaders.insert(passed, current);
    }
    current
}
