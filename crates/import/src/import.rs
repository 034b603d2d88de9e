//! Builds the request that the engine needs to import a source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::QueryResult;
use sha2::{Digest as _, Sha256};

use super::conversion::{Statement, StatementKind, TableConversion};
use super::decisions::OrphanPolicy;
use super::finding::Weight;
use super::orphans;
use super::schema;
use super::survey::Survey;
use super::table::{Columns, ForeignTable, Hashed, OrphanColumns};
use databases::hint::Hint;
use transfer::finding::Finding;
use transfer::plan::{Given, MAKES_TABLES, Make, OnError, Request};
use transfer::source::Source;
use transfer::table::Table;
use transfer::target::state::Reject;

/// An import, ready to be planned.
pub struct Import {
    /// The tables, as they are copied.
    pub given: Vec<Given>,
    /// The same tables, as they are verified.
    pub compared: Vec<Arc<dyn Table>>,
    /// The request to the engine.
    pub request: Request,
}

/// The options of an import.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions {
    /// How to handle orphans: rows whose referenced row does not exist.
    pub orphans: OrphanPolicy,
    /// Whether the tables already exist in the target.
    pub data_only: bool,
    /// Whether an unfinished run is started again from the beginning.
    pub restart: bool,
    /// Whether existing tables with rows are emptied first.
    pub clear: bool,
    /// Whether the materialized views of the target are refreshed at the end.
    pub refresh_views: bool,
    /// Whether both sides are only compared.
    pub compares_only: bool,
}

/// Builds the import of a survey.
pub fn import(survey: &Survey, options: ImportOptions) -> Import {
    let mut given = Vec::new();
    let mut compared: Vec<Arc<dyn Table>> = Vec::new();
    let tables: BTreeMap<&str, (usize, &schema::SqliteTable)> = survey
        .schema
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.as_str(), (place, table)))
        .collect();
    for conversion in &survey.conversion.tables {
        let Some((place, table)) = tables.get(conversion.source.as_str()) else { continue };
        let orphans = match options.orphans {
            OrphanPolicy::Null => orphan_columns(survey, *place, table),
            OrphanPolicy::NotValid | OrphanPolicy::Quarantine | OrphanPolicy::Stop => {
                OrphanColumns::default()
            }
        };
        // One table to copy, and one to verify, which includes generated columns.
        let foreign = |which| {
            let (schema, encoding) = (&survey.conversion.schema, survey.schema.encoding);
            ForeignTable::new(table, conversion, schema, encoding, &orphans, which)
        };
        let copied = foreign(Columns::Sent);
        compared.push(match copied.is_keyed() {
            true => Arc::new(foreign(Columns::All)),
            false => Arc::new(Hashed::new(foreign(Columns::All))),
        });
        given.push(Given {
            table: Arc::new(copied),
            total: conversion.row_count,
            set_aside: BTreeSet::new(),
        });
    }
    let statements = survey.statements.iter().map(make).collect();
    Import {
        given,
        compared,
        request: Request {
            source_id: source_id(&survey.schema),
            agreement: agreement(survey, options),
            statements: (!options.data_only && !options.compares_only).then_some(statements),
            compares_only: options.compares_only,
            restart: options.restart,
            clear: options.clear,
            refreshes_views: options.refresh_views,
            on_error: OnError::Skip,
            sets_orphans_aside: options.orphans == OrphanPolicy::Quarantine,
            blockers: blockers(survey, options),
        },
    }
}

/// The columns of violated foreign keys, with the condition that a row is an orphan.
fn orphan_columns(survey: &Survey, place: usize, table: &schema::SqliteTable) -> OrphanColumns {
    let mut conditions = Vec::new();
    let keys = survey.orphaned.iter().filter(|(of, _)| *of == place);
    for key in keys.filter_map(|(_, key)| table.foreign_keys.get(*key)) {
        let dangling = orphans::dangling(&survey.schema, table, key);
        conditions.extend(key.columns.iter().map(|column| (column.clone(), dangling.clone())));
    }
    OrphanColumns { conditions }
}

/// Every value that becomes NULL because its referenced row does not exist, as text for the file of rejects.
///
/// # Errors
/// When the source fails.
pub fn cleared(survey: &Survey, source: &mut Source) -> QueryResult<Vec<Reject>> {
    let mut cleared = Vec::new();
    for (table, key) in &survey.orphaned {
        let Some(table) = survey.schema.tables.get(*table) else { continue };
        let Some(key) = table.foreign_keys.get(*key) else { continue };
        let target = survey.conversion.tables.iter().find(|conversion| conversion.source == table.name);
        let Some(target) = target else { continue };
        let found = orphans::values(source.sqlite(), &survey.schema, table, key)?;
        cleared.extend(found.into_iter().map(|found| Reject {
            table_name: target.target.clone(),
            key: found.key.map(|key| key.0).unwrap_or_default(),
            column_name: Some(found.column),
            storage_class: Some(found.class),
            value: found.value.map(|value| value.0),
            reason: format!("became NULL: it references a row of {} that does not exist", key.parent_table),
        }));
    }
    Ok(cleared)
}

fn make(statement: &Statement) -> Make {
    let kind = match statement.kind {
        StatementKind::Schema => "schema",
        StatementKind::Extension => "extension",
        StatementKind::Table => "table",
        StatementKind::Key => "key",
        StatementKind::Check => "check",
        StatementKind::Index => "index",
        StatementKind::ForeignKey => "foreign key",
        StatementKind::Comment => "comment",
        StatementKind::View => "view",
    };
    let is_needed =
        matches!(statement.kind, StatementKind::Schema | StatementKind::Extension | StatementKind::Table);
    Make {
        kind,
        table: statement.table.clone(),
        name: statement.name.clone(),
        // The constraint is created on empty tables; rows that violate it are detected when it is recreated after the
        // copy.
        sql: match statement.kind {
            StatementKind::ForeignKey => {
                statement.sql.strip_suffix(" NOT VALID").unwrap_or(&statement.sql).to_owned()
            }
            _ => statement.sql.clone(),
        },
        is_needed,
    }
}

fn blockers(survey: &Survey, options: ImportOptions) -> Vec<Finding> {
    // In existing tables, an object that does not fit is skipped and reported, and the run continues.
    let impossible = survey
        .findings
        .iter()
        .filter(|finding| finding.rule.weight == Weight::Impossible && !options.data_only);
    let mut blockers: Vec<Finding> = impossible
        .map(|finding| {
            let place = [finding.table.as_deref(), finding.object.as_deref()];
            let place: Vec<&str> = place.into_iter().flatten().collect();
            Finding::blocker(
                format!("{}: {} ({})", place.join("."), finding.text, finding.rule.id),
                finding.rule.change,
            )
        })
        .collect();
    if options.orphans == OrphanPolicy::Stop && !survey.orphaned.is_empty() {
        blockers.push(Finding::blocker("rows reference rows that do not exist", Hint::ChooseOrphanPolicy));
    }
    blockers
}

/// The identity of this source: a hash of its schema. A file has no identity of its own, and may be moved.
pub fn source_id(schema: &schema::Schema) -> String {
    let mut hash = Sha256::new();
    for table in &schema.tables {
        for part in std::iter::once(&table.name).chain(table.columns.iter().map(|column| &column.name)) {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update([0xff]);
    }
    format!("sqlite-{}", short(hash))
}

/// The run settings that a continued run must have in common with the first one: the same tables, types and policies.
fn agreement(survey: &Survey, options: ImportOptions) -> String {
    let mut hash = Sha256::new();
    for TableConversion { source, target, columns, .. } in &survey.conversion.tables {
        hash.update(format!("{source:?} {target:?}"));
        for column in columns {
            hash.update(format!(
                "{:?} {:?} {:?} {:?}",
                column.source, column.target, column.target_type, column.on_incompatible
            ));
        }
    }
    let how = if options.data_only { "rows only" } else { MAKES_TABLES };
    format!(
        "version {} of the program, {how} into schema {:?}, types {}, orphans {:?}",
        env!("CARGO_PKG_VERSION"),
        survey.conversion.schema,
        short(hash),
        options.orphans
    )
}

fn short(hash: Sha256) -> String {
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
