//! Indexes of CREATE INDEX statements.

use super::comparing::{Compared, MAX_KEY_COLUMNS};
use super::key::{self, Term};
use super::naming::{Naming, Slot};
use super::part::{ConvertedColumn, ConvertedTable};
use super::unique::Uniques;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Rule;
use crate::rules::ddl as rules;
use crate::schema::{Index, IndexOn, IndexTerm};
use crate::translate::{ExpressionPurpose, TableScope, expression, quote_name, shortened};
use crate::types::TargetType;

/// Writes the indexes of a table.
pub(super) fn write(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    naming: &mut Naming,
    uniques: &mut Uniques,
) {
    for (place, index) in part.table.indexes.iter().enumerate() {
        match plan(part, index) {
            Ok(planned) => {
                let name = naming.key(part, Slot::Index(place), &[], "idx");
                write_planned(writer, part, index, &planned, &name, uniques);
            }
            Err((rule, reason)) => writer.add_finding(rule, part, Some(&index.name), reason),
        }
    }
}

/// The number of indexes on nullable columns.
pub(super) fn count_over_nullable(part: &ConvertedTable<'_>) -> usize {
    let may_be_null = |term: &IndexTerm| match &term.on {
        IndexOn::Column(name) => part.column(name).is_some_and(ConvertedColumn::may_be_null),
        IndexOn::Expression(_) => false,
    };
    part.table.indexes.iter().filter(|index| index.terms.iter().any(may_be_null)).count()
}

/// An index for PostgreSQL.
struct PlannedIndex<'p, 'a> {
    /// Its terms, with directions.
    terms: Vec<String>,
    /// Its columns, if it has no expressions.
    columns: Option<Vec<Term<'p, 'a>>>,
    predicate: Option<String>,
}

fn write_planned(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    index: &Index,
    planned: &PlannedIndex<'_, '_>,
    name: &str,
    uniques: &mut Uniques,
) {
    let label = Some(index.name.as_str());
    let compared = planned.columns.as_deref().unwrap_or_default();
    let is_long = compared.iter().any(|(column, _)| column.is_long);
    let is_whole = planned.predicate.is_none();
    let plain = planned
        .columns
        .as_deref()
        .filter(|terms| is_whole && !is_long && terms.iter().all(|(_, compared)| compared.is_plain()))
        .map(key::columns);
    if let Some(columns) = &plain {
        // An index can also be scanned backwards.
        let mut directions = index.terms.iter().map(|term| term.is_descending);
        let first = directions.next();
        let is_one_way = directions.all(|direction| Some(direction) == first);
        if is_one_way && uniques.is_indexed(part, columns) {
            writer.add_finding(&rules::INDEX_DUPLICATE, part, label, "A key has the same columns");
            return;
        }
        if index.is_unique {
            uniques.make(part, columns, is_one_way);
        }
    }
    if index.is_unique {
        key::report_comparison(writer, part, compared, &index.name);
    } else {
        report_collations(writer, part, index, compared);
    }
    if is_long {
        let rule = if index.is_unique { &rules::KEY_LONG_VALUES } else { &rules::INDEX_LONG_VALUES };
        writer.add_finding(rule, part, label, "Values of more than 2,600 bytes were found");
    }
    create(writer, part, index, planned, name);
}

/// The statement: with values too long for a B-tree, a hash index.
fn create(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    index: &Index,
    planned: &PlannedIndex<'_, '_>,
    name: &str,
) {
    let table = writer.qualified(part.target());
    let condition = planned.predicate.as_ref().map(|sql| format!(" WHERE ({sql})")).unwrap_or_default();
    let one = match planned.columns.as_deref() {
        Some([(column, compared)]) if column.is_long => Some(compared.term(column)),
        _ => None,
    };
    match one {
        Some(term) if index.is_unique => {
            let definition = format!("EXCLUDE USING hash ({term} WITH =){condition}");
            writer.constraint(StatementKind::Key, part, name, &definition);
        }
        Some(term) => {
            let sql = format!("CREATE INDEX {} ON {table} USING hash ({term}){condition}", quote_name(name));
            writer.statement(StatementKind::Index, part.target(), name, sql);
        }
        None => {
            let unique = if index.is_unique { "UNIQUE " } else { "" };
            let terms = planned.terms.join(", ");
            let sql = format!("CREATE {unique}INDEX {} ON {table} ({terms}){condition}", quote_name(name));
            writer.statement(StatementKind::Index, part.target(), name, sql);
        }
    }
}

fn report_collations(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    index: &Index,
    terms: &[Term<'_, '_>],
) {
    for (term, (column, compared)) in index.terms.iter().zip(terms) {
        if matches!(compared, Compared::Nocase | Compared::Rtrim | Compared::Unknown) {
            let text = format!(
                "The column {} has the collation {}",
                shortened(&column.source.name),
                shortened(&term.collation)
            );
            writer.add_finding(&rules::INDEX_COLLATION, part, Some(&index.name), text);
        }
    }
}

/// The parts of the index for PostgreSQL, or why it cannot be created.
fn plan<'p, 'a>(
    part: &'p ConvertedTable<'a>,
    index: &Index,
) -> Result<PlannedIndex<'p, 'a>, (&'static Rule, String)> {
    let refused = |reason: String| (&rules::INDEX_NOT_CARRIED, reason);
    if index.terms.is_empty() || index.terms.len() > MAX_KEY_COLUMNS {
        let count = index.terms.len();
        return Err(refused(format!("It has {count} columns; PostgreSQL supports 1 to {MAX_KEY_COLUMNS}")));
    }
    let scope = TableScope::new(part.table, &part.conversion);
    let mut terms = Vec::new();
    let mut columns = Some(Vec::new());
    for term in &index.terms {
        let sql = match &term.on {
            IndexOn::Column(name) => {
                let column = part
                    .column(name)
                    .ok_or_else(|| refused(format!("The column {} is skipped", shortened(name))))?;
                if column.target.target_type == TargetType::Json && !index.is_unique {
                    return Err((&rules::INDEX_NO_ORDER, format!("The column is {}", shortened(name))));
                }
                let compared = Compared::new(column, &term.collation);
                if let Some(columns) = &mut columns {
                    columns.push((column, compared));
                }
                compared.term(column)
            }
            IndexOn::Expression(tree) => {
                columns = None;
                let sql = expression(tree, &scope, ExpressionPurpose::Index)
                    .map_err(|error| refused(error.to_string()))?;
                format!("({sql})")
            }
        };
        terms.push(if term.is_descending { format!("{sql} DESC") } else { sql });
    }
    let predicate = index
        .predicate
        .as_ref()
        .map(|tree| expression(tree, &scope, ExpressionPurpose::Predicate))
        .transpose();
    let predicate = predicate.map_err(|error| refused(error.to_string()))?;
    Ok(PlannedIndex { terms, columns, predicate })
}
