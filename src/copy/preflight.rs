//! Looking for everything that stands in the way, and planning. Writes nothing on either side.

use std::collections::BTreeMap;

use super::clear;
use super::error::CopyError;
use super::expected::{expected_catalog, expected_checks};
use super::keys::compare_keys;
use super::plan::{Existing, Finding, FindingKind, Options, Plan, SchemaPlan, TablePlan, rows};
use super::source::Source;
use super::target::Target;
use crate::db::catalog::{self, Catalog};
use crate::db::migrations::{self, Extent, State};
use crate::error::mask;
use crate::registry::TABLES;
use crate::table::Table;

/// The oldest PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 130_000;

/// The tables named, in the registry's order; all when none is named.
///
/// # Errors
/// When there is no table of a name.
pub fn select_tables(names: &[String]) -> Result<Vec<&'static dyn Table>, CopyError> {
    let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
    if let Some(name) = names.iter().find(|name| !TABLES.iter().any(|table| table.name() == **name)) {
        return Err(CopyError::NoSuchTable { name: mask(name).to_owned() });
    }
    let wanted = |table: &&&dyn Table| names.is_empty() || names.contains(&table.name());
    Ok(TABLES.iter().filter(wanted).copied().collect())
}

/// Plans a run and finds everything that stands in its way.
///
/// # Errors
/// When either side cannot be read at all. What merely stands in the way is a finding of the plan.
pub fn preflight(source: &mut Source, target: &mut Target, options: &Options) -> Result<Plan, CopyError> {
    let selected = select_tables(&options.tables)?;
    let names: Vec<&str> = selected.iter().map(|table| table.name()).collect();
    let expected = expected_catalog()?;
    let mut findings = Vec::new();

    let source_id = check_source(source, &expected, &mut findings)?;
    let schema = check_target(target, &expected, options, &mut findings)?;
    if !options.verify_only {
        check_rights(target, &schema, &names, &mut findings)?;
    }
    // With the wrong tables on either side nothing further can be asked of them.
    if findings.iter().any(|finding| finding.kind == FindingKind::Blocker) {
        return Ok(Plan {
            source_id: source_id.unwrap_or_default(),
            schema,
            existing: options.existing,
            tables: Vec::new(),
            findings,
        });
    }
    let source_id = source_id.unwrap_or_default();
    let checks = expected_checks()?;
    let mut tables = Vec::with_capacity(selected.len());
    for table in &selected {
        // Also before comparing: what a typed read would not show is looked for here.
        check_rows(source, *table, &checks, &mut findings)?;
        if options.verify_only {
            tables.push(plan_table(source, target, *table, &SchemaPlan::Create)?);
            continue;
        }
        let mut plan = plan_table(source, target, *table, &schema)?;
        let keys = expected.tables.get(table.name()).map(|table| table.foreign_keys.as_slice());
        plan.refers_to_itself = keys.unwrap_or_default().iter().any(|key| key.parent_table == table.name());
        if options.existing == Existing::Clear {
            plan.already_there = 0;
            plan.only_in_target = 0;
        } else if let Some(finding) = check_existing(target, &source_id, &plan, options.existing)? {
            findings.push(finding);
        }
        tables.push(plan);
    }
    if options.existing == Existing::Clear && schema == SchemaPlan::Ready {
        findings.extend(clear::obstacles(target, &names)?);
    }
    if !options.verify_only {
        check_parents(source, target, &expected, &schema, &tables, &mut findings)?;
    }
    Ok(Plan { source_id, schema, existing: options.existing, tables, findings })
}

fn check_source(
    source: &mut Source,
    expected: &Catalog,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, CopyError> {
    let failed = |what| move |source| CopyError::ReadSource { what, source };
    let path = source.path().as_str().to_owned();
    let damage = source.damage().map_err(failed("check the file"))?;
    if !damage.is_empty() {
        findings.push(Finding::blocker(
            format!("`{path}` is damaged or holds values its tables do not allow: {}", damage.join("; ")),
            "correct the named rows, or restore a backup",
        ));
    }
    let encoding = source.encoding().map_err(failed("read the encoding"))?;
    if encoding != "UTF-8" {
        findings.push(Finding::blocker(
            format!(
                "`{path}` keeps text as {encoding}, where broken characters cannot be told from whole ones"
            ),
            "write it anew as UTF-8: `sqlite3 OLD .dump | sqlite3 -bail NEW`",
        ));
    }
    let entries = migrations::status(source.any()).map_err(|source| CopyError::Migrations {
        what: "read the migrations",
        side: "source",
        source,
    })?;
    let identity = migrations::identity(source.any()).map_err(failed("read the identity"))?;
    let setup = format!("bring it up to date: `app db setup --database-url sqlite:{path}`");
    if entries.iter().all(|entry| entry.state == State::Pending) {
        findings.push(Finding::blocker(
            format!("`{path}` is not a database of this application: no migration is applied to it"),
            format!("name the right file with --sqlite; for a new one: `app db setup --database-url sqlite:{path}`"),
        ));
        return Ok(None);
    }
    if let Some(finding) = version_finding("source", &entries, &setup) {
        findings.push(finding);
        return Ok(identity);
    }
    if identity.is_none() {
        findings.push(Finding::blocker(format!("`{path}` has no identity yet"), setup));
    }
    let mut actual =
        catalog::read(source.any()).map_err(|source| CopyError::Catalog { side: "source", source })?;
    for name in actual.tables.keys().filter(|name| !expected.tables.contains_key(*name)) {
        findings.push(Finding::warning(
            format!("table {name:?} of the source is not one of this program, and is not copied"),
            "bring its rows over by other means",
        ));
    }
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    findings.extend(catalog::differences(expected, &actual).into_iter().map(|difference| {
        Finding::blocker(
            format!("the source's tables are not those of this program: {difference}"),
            "undo what changed the schema beside the migrations",
        )
    }));
    Ok(identity)
}

fn check_target(
    target: &mut Target,
    expected: &Catalog,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<SchemaPlan, CopyError> {
    let failed = |what| move |source| CopyError::UseTarget { what, source };
    let version = target.version().map_err(failed("read the version"))?;
    if version < OLDEST_POSTGRES {
        findings.push(Finding::blocker(
            format!("the server is PostgreSQL {}", version / 10_000),
            "use PostgreSQL 13 or newer",
        ));
    }
    let encoding = target.encoding().map_err(failed("read the encoding"))?;
    if encoding != "UTF8" {
        findings.push(Finding::blocker(
            format!("the target database keeps text as {encoding}"),
            "make it anew: `createdb --encoding=UTF8 --template=template0 NAME`",
        ));
    }
    let of_target = |what| move |source| CopyError::Migrations { what, side: "target", source };
    let entries = migrations::status(target.any()).map_err(of_target("read the migrations"))?;
    let none_applied = entries.iter().all(|entry| entry.state == State::Pending);
    let actual =
        catalog::read(target.any()).map_err(|source| CopyError::Catalog { side: "target", source })?;
    if none_applied {
        let foreign: Vec<&str> = expected
            .tables
            .keys()
            .filter(|name| actual.tables.contains_key(*name))
            .map(String::as_str)
            .collect();
        if !foreign.is_empty() {
            findings.push(Finding::blocker(
                format!("the target has tables of the same names from elsewhere: {}", foreign.join(", ")),
                "use an empty database, or a schema of its own (options=-csearch_path=NAME in the URL)",
            ));
        }
        if options.verify_only {
            findings.push(Finding::blocker(
                "the target has no tables yet",
                "copy first: `app db copy-from-sqlite`",
            ));
        }
        return Ok(SchemaPlan::Create);
    }
    if options.recreate {
        let (_, losses) = migrations::plan_revert(target.any(), &Extent::All)
            .map_err(of_target("plan to make the schema anew"))?;
        return Ok(SchemaPlan::Recreate { losses });
    }
    let setup = "bring it up to date: `app db migrate` with DATABASE_URL naming the target";
    if let Some(finding) = version_finding("target", &entries, setup) {
        findings.push(finding);
        return Ok(SchemaPlan::Ready);
    }
    if options.verify_only {
        // Verification itself tells where the structure differs.
        return Ok(SchemaPlan::Ready);
    }
    let mut actual = actual;
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    findings.extend(catalog::differences(expected, &actual).into_iter().map(|difference| {
        Finding::blocker(
            format!("the target's tables are not those of this program: {difference}"),
            "undo the change, or make them anew with --force-recreate",
        )
    }));
    Ok(SchemaPlan::Ready)
}

/// What the role must be allowed to do in the target, asked before it is needed.
fn check_rights(
    target: &mut Target,
    schema: &SchemaPlan,
    names: &[&str],
    findings: &mut Vec<Finding>,
) -> Result<(), CopyError> {
    let failed = |source| CopyError::UseTarget { what: "read the rights of the role", source };
    let hint = "let the owner grant it; README lists the rights of the copying role";
    if !target.may_create().map_err(failed)? {
        findings.push(Finding::blocker("the role may not create tables in the target's schema", hint));
    }
    if *schema == SchemaPlan::Ready {
        let not_owned = target.tables_of_others(names).map_err(failed)?;
        if !not_owned.is_empty() {
            let text = format!("the role does not own {} of the target", not_owned.join(", "));
            findings.push(Finding::blocker(text, hint));
        }
    }
    Ok(())
}

/// Both sides must be at the version this program is written for.
fn version_finding(side: &str, entries: &[migrations::Entry], setup: &str) -> Option<Finding> {
    let of = |state| {
        let these = entries.iter().filter(|entry| entry.state == state);
        these.map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (pending, unknown, changed) = (of(State::Pending), of(State::Unknown), of(State::Changed));
    if !unknown.is_empty() {
        let text = format!("the {side} has migrations that this program does not know: {unknown}");
        return Some(Finding::blocker(text, "use the version of the program that applied them"));
    }
    if !changed.is_empty() {
        let text = format!("migrations of the {side} changed after they were applied: {changed}");
        return Some(Finding::blocker(
            text,
            "see `app db status`; accept them with `app db migrate --accept-changed`",
        ));
    }
    if !pending.is_empty() {
        let text = format!("the {side} lacks migrations: {pending}");
        return Some(Finding::blocker(text, setup));
    }
    None
}

/// Rows that the source's own constraints forbid: written while they were switched off.
///
/// The conditions are asked as queries: `PRAGMA quick_check` would ask them, but SQLite drops the checks of a
/// database that is opened for reading only (`sqlite3AddCheckConstraint`), and reports nothing.
fn check_rows(
    source: &mut Source,
    table: &dyn Table,
    checks: &BTreeMap<String, Vec<String>>,
    findings: &mut Vec<Finding>,
) -> Result<(), CopyError> {
    let name = table.name();
    let conditions = checks.get(name).map(Vec::as_slice).unwrap_or_default();
    let (row_count, keys) = source
        .violations(name, conditions)
        .map_err(|source| CopyError::ReadSource { what: "check the rows", source })?;
    if row_count > 0 {
        findings.push(Finding::blocker(
            format!(
                "{} of `{name}` in the source against its checks: key {}",
                rows(row_count),
                keys.join(", ")
            ),
            "correct these rows; somebody wrote them with the checks switched off",
        ));
    }
    let orphans = source
        .orphans(name)
        .map_err(|source| CopyError::ReadSource { what: "check the foreign keys", source })?;
    for (parent, row_count) in orphans {
        findings.push(Finding::blocker(
            format!("{} of `{name}` in the source with no row of `{parent}` to refer to", rows(row_count)),
            format!("correct or delete them; `PRAGMA foreign_key_check({name})` lists them"),
        ));
    }
    Ok(())
}

fn plan_table(
    source: &mut Source,
    target: &mut Target,
    table: &'static dyn Table,
    schema: &SchemaPlan,
) -> Result<TablePlan, CopyError> {
    let total =
        source.count(table.name()).map_err(|source| CopyError::ReadSource { what: "count rows", source })?;
    let mut plan =
        TablePlan { table, total, held: 0, already_there: 0, only_in_target: 0, refers_to_itself: false };
    if *schema == SchemaPlan::Ready {
        plan.held = target
            .count(&format!("\"{}\"", table.name()))
            .map_err(|source| CopyError::UseTarget { what: "count rows", source })?;
        if plan.held > 0 {
            let counts = compare_keys(table, source, target)?;
            plan.already_there = counts.both;
            plan.only_in_target = counts.only_in_target;
        }
    }
    Ok(plan)
}

/// Rows of the target that are not an earlier run's are a reason to ask.
fn check_existing(
    target: &mut Target,
    source_id: &str,
    plan: &TablePlan,
    existing: Existing,
) -> Result<Option<Finding>, CopyError> {
    if plan.held == 0 || existing == Existing::Append {
        return Ok(None);
    }
    let name = plan.table.name();
    let choice = "keep them with --append, or empty the tables first with --clear";
    let ours = target
        .remembers(source_id, name)
        .map_err(|source| CopyError::UseTarget { what: "read what earlier runs wrote", source })?;
    if !ours {
        let text =
            format!("`{name}` of the target holds {} that no run from this source wrote", rows(plan.held));
        return Ok(Some(Finding::blocker(text, choice)));
    }
    if plan.only_in_target > 0 {
        let text = format!(
            "`{name}` of the target holds {} that the source does not have",
            rows(plan.only_in_target)
        );
        return Ok(Some(Finding::blocker(text, choice)));
    }
    Ok(None)
}

/// With --tables, the tables referred to must be selected too, or have rows in the target.
fn check_parents(
    source: &mut Source,
    target: &mut Target,
    expected: &Catalog,
    schema: &SchemaPlan,
    tables: &[TablePlan],
    findings: &mut Vec<Finding>,
) -> Result<(), CopyError> {
    let selected: Vec<&str> = tables.iter().map(|plan| plan.table.name()).collect();
    for plan in tables.iter().filter(|plan| plan.missing() > 0) {
        let Some(table) = expected.tables.get(plan.table.name()) else {
            continue;
        };
        for key in &table.foreign_keys {
            let parent = key.parent_table.as_str();
            if selected.contains(&parent) {
                continue;
            }
            let held = match schema {
                SchemaPlan::Ready => target
                    .count(&format!("\"{parent}\""))
                    .map_err(|source| CopyError::UseTarget { what: "count rows", source })?,
                SchemaPlan::Create | SchemaPlan::Recreate { .. } => 0,
            };
            let there = source
                .count(parent)
                .map_err(|source| CopyError::ReadSource { what: "count rows", source })?;
            if held == 0 && there > 0 {
                let name = plan.table.name();
                findings.push(Finding::blocker(
                    format!("`{name}` refers to `{parent}`, which is empty in the target and not selected"),
                    format!("add `{parent}` to --tables"),
                ));
            }
        }
    }
    Ok(())
}
