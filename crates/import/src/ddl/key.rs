//! Primary keys and UNIQUE constraints.

use std::collections::HashSet;

use super::comparing::{Compared, MAX_KEY_COLUMNS, is_coarser};
use super::naming::{Naming, Slot};
use super::part::{ConvertedColumn, ConvertedTable, folded, listed};
use super::unique::Uniques;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Rule;
use crate::rules::ddl as rules;
use crate::schema::KeyColumn;
use crate::translate::{quote_name, shortened};

/// A column of a key, and its comparison.
pub(super) type Term<'p, 'a> = (&'p ConvertedColumn<'a>, Compared);

/// Writes the keys of a table.
pub(super) fn write(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    naming: &mut Naming,
    uniques: &mut Uniques,
) {
    if let Some(key) = &part.table.primary_key {
        let label = key.name.as_deref().unwrap_or("PRIMARY KEY");
        if let Some(terms) = terms(writer, part, &key.columns, label) {
            write_primary(writer, part, &terms, label, naming, uniques);
        }
    }
    for (place, unique) in part.table.uniques.iter().enumerate() {
        let columns = listed(unique.columns.iter().map(|column| column.name.as_str()));
        let label = unique.name.clone().unwrap_or_else(|| format!("UNIQUE ({columns})"));
        if let Some(terms) = terms(writer, part, &unique.columns, &label) {
            write_unique(writer, part, &terms, &label, Slot::Unique(place), naming, uniques);
        }
    }
}

fn write_primary(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    terms: &[Term<'_, '_>],
    label: &str,
    naming: &mut Naming,
    uniques: &mut Uniques,
) {
    // SQLite manual, "CREATE TABLE", section 3.5: the rowid is never NULL, other keys may be.
    let is_rowid = part.table.primary_key.as_ref().is_some_and(|key| key.is_rowid);
    let nullable: Vec<&str> = terms
        .iter()
        .filter(|(column, _)| column.may_be_null() && !is_rowid)
        .map(|(column, _)| column.source.name.as_str())
        .collect();
    let is_long = terms.iter().any(|(column, _)| column.is_long);
    let has_json = terms.iter().any(|(_, compared)| *compared == Compared::AsText);
    let cannot_be_primary = has_json || (is_long && terms.len() == 1);
    if !nullable.is_empty() {
        writer.add_finding(
            &rules::KEY_NULL,
            part,
            Some(label),
            format!("NULL occurs in: {}", listed(nullable)),
        );
        write_unique(writer, part, terms, label, Slot::PrimaryKey, naming, uniques);
    } else if cannot_be_primary {
        write_unique(writer, part, terms, label, Slot::PrimaryKey, naming, uniques);
    } else {
        let columns = columns(terms);
        let name = naming.key(part, Slot::PrimaryKey, &[], "pkey");
        let definition = format!("PRIMARY KEY ({})", quoted(&columns));
        writer.constraint(StatementKind::Key, part, &name, &definition);
        report_comparison(writer, part, terms, label);
        if is_long {
            report_long_values(writer, part, label);
        }
        uniques.make(part, &columns, true);
        if terms.iter().any(|(_, compared)| !compared.is_plain()) {
            let name = naming.own_key(part, &columns, "key");
            write_expression_index(writer, part, terms, &name);
        }
    }
}

fn write_unique(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    terms: &[Term<'_, '_>],
    label: &str,
    slot: Slot,
    naming: &mut Naming,
    uniques: &mut Uniques,
) {
    let columns = columns(terms);
    let is_plain = terms.iter().all(|(_, compared)| compared.is_plain());
    let is_long = terms.iter().any(|(column, _)| column.is_long);
    if is_plain && !is_long && uniques.is_indexed(part, &columns) {
        writer.add_finding(&rules::KEY_DUPLICATE, part, Some(label), "Another key has the same columns");
        return;
    }
    let name = naming.key(part, slot, &columns, "key");
    report_comparison(writer, part, terms, label);
    if is_long {
        report_long_values(writer, part, label);
    }
    match terms {
        [(column, compared)] if is_long => {
            // PostgreSQL manual, "CREATE TABLE", EXCLUDE: a hash index stores hashes and compares the values of the
            // rows.
            let definition = format!("EXCLUDE USING hash ({} WITH =)", compared.term(column));
            writer.constraint(StatementKind::Key, part, &name, &definition);
        }
        _ if is_plain => {
            let definition = format!("UNIQUE ({})", quoted(&columns));
            writer.constraint(StatementKind::Key, part, &name, &definition);
            uniques.make(part, &columns, true);
        }
        _ => {
            write_expression_index(writer, part, terms, &name);
            let is_comparable = terms.iter().all(|(_, compared)| *compared != Compared::AsText);
            if is_comparable && uniques.is_needed(part, &columns) && !uniques.is_made(part, &columns) {
                let name = naming.own_key(part, &columns, "key");
                let definition = format!("UNIQUE ({})", quoted(&columns));
                writer.constraint(StatementKind::Key, part, &name, &definition);
                uniques.make(part, &columns, true);
            }
        }
    }
}

fn report_long_values(writer: &mut Writer<'_>, part: &ConvertedTable<'_>, label: &str) {
    writer.add_finding(
        &rules::KEY_LONG_VALUES,
        part,
        Some(label),
        "Values of more than 2,600 bytes were found",
    );
}

fn write_expression_index(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    terms: &[Term<'_, '_>],
    name: &str,
) {
    let list: Vec<String> = terms.iter().map(|(column, compared)| compared.term(column)).collect();
    let table = writer.qualified(part.target());
    let sql = format!("CREATE UNIQUE INDEX {} ON {table} ({})", quote_name(name), list.join(", "));
    writer.statement(StatementKind::Index, part.target(), name, sql);
}

/// The columns of a key without duplicates; `None`, with a finding, if PostgreSQL cannot create it.
fn terms<'p, 'a>(
    writer: &mut Writer<'_>,
    part: &'p ConvertedTable<'a>,
    columns: &[KeyColumn],
    label: &str,
) -> Option<Vec<Term<'p, 'a>>> {
    let mut terms: Vec<Term<'p, 'a>> = Vec::new();
    let mut seen = HashSet::new();
    for key_column in columns {
        let Some(column) = part.column(&key_column.name) else {
            let text = format!("The column {} is skipped", shortened(&key_column.name));
            writer.add_finding(&rules::KEY_NOT_CARRIED, part, Some(label), text);
            return None;
        };
        let compared = Compared::new(column, &key_column.collation);
        if seen.insert((folded(&key_column.name), compared.is_plain())) {
            terms.push((column, compared));
        }
    }
    if terms.is_empty() || terms.len() > MAX_KEY_COLUMNS {
        let text = format!("It has {} columns; PostgreSQL supports 1 to {MAX_KEY_COLUMNS}", terms.len());
        writer.add_finding(&rules::KEY_NOT_CARRIED, part, Some(label), text);
        return None;
    }
    Some(terms)
}

/// Adds findings for a key that is not compared as its columns are in PostgreSQL.
pub(super) fn report_comparison(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    terms: &[Term<'_, '_>],
    label: &str,
) {
    for (column, compared) in terms {
        let rule: Option<&'static Rule> = match compared {
            Compared::Nocase => Some(&rules::KEY_NOCASE),
            Compared::Rtrim => Some(&rules::KEY_RTRIM),
            Compared::Unknown => Some(&rules::KEY_UNKNOWN_COLLATION),
            Compared::AsText => Some(&rules::KEY_JSON),
            Compared::Plainly if is_coarser(column) => Some(&rules::KEY_COARSER),
            Compared::Plainly | Compared::Exactly => None,
        };
        if let Some(rule) = rule {
            writer.add_finding(
                rule,
                part,
                Some(label),
                format!("The column is {}", shortened(&column.source.name)),
            );
        }
    }
}

/// The columns of terms.
pub(super) fn columns<'p, 'a>(terms: &[Term<'p, 'a>]) -> Vec<&'p ConvertedColumn<'a>> {
    terms.iter().map(|(column, _)| *column).collect()
}

/// Quoted columns, as a list.
pub(super) fn quoted(columns: &[&ConvertedColumn<'_>]) -> String {
    columns.iter().map(|column| column.quoted()).collect::<Vec<_>>().join(", ")
}
