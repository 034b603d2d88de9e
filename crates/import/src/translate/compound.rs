//! UNION, INTERSECT and EXCEPT.

use sqlite3_parser::ast::{CompoundOperator, SelectBody};

use super::error::Untranslatable;
use super::order::distinct_by_bytes;
use super::query::{Common, Query, QueryNames};
use super::select::{Selected, core};
use super::typed::{Collating, Detail, Family, Nature, Typed};

/// The SELECTs of a body with UNION, INTERSECT and EXCEPT between them.
pub(super) struct Compound {
    /// The query. Its columns have the collations of the first SELECT, as those of a subquery have in SQLite.
    pub(super) all: Selected,
    /// For each column the first collation of any SELECT, by which the operators compare and ORDER BY sorts.
    pub(super) collations: Vec<Collating>,
}

/// Translates the SELECTs of a body.
pub(super) fn compound(
    query: &Query<'_>,
    body: &SelectBody,
    commons: &[Common],
    outer: Option<&QueryNames<'_>>,
    depth: usize,
) -> Result<Compound, Untranslatable> {
    let mut all = core(query, &body.select, &[], commons, outer, depth)?;
    let mut collations: Vec<Collating> = all.columns.iter().map(|(_, typed)| typed.collating).collect();
    let mut last = None;
    for compound in body.compounds.iter().flatten() {
        let arm = core(query, &compound.select, &[], commons, outer, depth)?;
        for (collating, (_, typed)) in collations.iter_mut().zip(&arm.columns) {
            *collating = first_collation(*collating, typed.collating);
        }
        same_columns(&all, &arm, compound.operator, &collations)?;
        // INTERSECT binds more tightly in PostgreSQL; in SQLite all compound operators bind equally.
        let left = match (last, compound.operator) {
            (
                Some(CompoundOperator::Union | CompoundOperator::UnionAll | CompoundOperator::Except),
                CompoundOperator::Intersect,
            ) => {
                format!("({})", all.sql)
            }
            _ => all.sql,
        };
        let word = match compound.operator {
            CompoundOperator::Union => "UNION",
            CompoundOperator::UnionAll => "UNION ALL",
            CompoundOperator::Except => "EXCEPT",
            CompoundOperator::Intersect => "INTERSECT",
        };
        all.sql = format!("{left} {word} {}", arm.sql);
        for (column, other) in all.columns.iter_mut().zip(&arm.columns) {
            if column.1.family == Family::Null {
                column.1.family = other.1.family;
            }
            let is_affine = column.1.has_affinity() && other.1.has_affinity();
            column.1.nature = if is_affine { Nature::Affine } else { Nature::Other };
            column.1.detail = both(&column.1, &other.1);
        }
        last = Some(compound.operator);
        let all_columns = || vec![(0..all.columns.len()).collect()];
        all.unique = if compound.operator == CompoundOperator::UnionAll { Vec::new() } else { all_columns() };
    }
    Ok(Compound { all, collations })
}

/// The collation of an operator whose left side has the first one.
pub(super) fn first_collation(first: Collating, second: Collating) -> Collating {
    if first == Collating::None { second } else { first }
}

/// What holds of the values of both.
fn both(one: &Typed, other: &Typed) -> Detail {
    let is_several = |typed: &Typed| matches!(typed.detail, Detail::Several);
    match (one.written(), other.written()) {
        _ if is_several(one) || is_several(other) => Detail::Several,
        (Some(one), Some(other)) if one == other => Detail::Written(one),
        (Some(_), Some(_)) => Detail::Several,
        _ => Detail::None,
    }
}

/// The parts of a compound must have the same types, because PostgreSQL would convert them.
fn same_columns(
    left: &Selected,
    right: &Selected,
    operator: CompoundOperator,
    collations: &[Collating],
) -> Result<(), Untranslatable> {
    if !left.is_known || !right.is_known {
        return Ok(());
    }
    if left.columns.len() != right.columns.len() {
        return Err(Untranslatable::construct(
            "a compound query with different numbers of columns",
            "SQLite rejects it too",
        ));
    }
    for (((_, one), (_, other)), collating) in left.columns.iter().zip(&right.columns).zip(collations) {
        let is_same = one.family == other.family
            || (one.family.is_integer() && other.family.is_integer())
            || one.family == Family::Null
            || other.family == Family::Null
            || one.family.is_open()
            || other.family.is_open();
        if !is_same {
            return Err(Untranslatable::construct(
                "a compound query with different types",
                "PostgreSQL would convert them",
            ));
        }
        if operator != CompoundOperator::UnionAll {
            for typed in [one, other] {
                distinct_by_bytes(&Typed { collating: *collating, ..typed.clone() })?;
            }
        }
    }
    Ok(())
}
