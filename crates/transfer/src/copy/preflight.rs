//! Looking for everything that stands in the way, and planning. Writes nothing on either side.

use std::sync::atomic::{AtomicBool, Ordering};

use super::application::Application;
use super::clear;
use super::error::CopyError;
use super::keys::compare_keys;
use super::plan::{
    Existing, Finding, FindingKind, Mode, OnError, OnRefused, Options, Plan, SchemaPlan, TablePlan, rows,
};
use super::server;
use super::source::{Source, damage};
use super::state::{self, Definition, Part, rejected_keys};
use super::target::Target;
use super::unfinished::{self, Unfinished};
use super::violations::{Strictness, check_rows};
use crate::table::Table;
use databases::catalog::{self, Catalog};
use databases::error::{ExitStatus, Explain as _};
use databases::migrations::{self, Extent, Migrations, State};
use databases::name::quote_name;

/// The oldest PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 130_000;

/// Plans a run and finds everything that stands in its way.
///
/// # Errors
/// When either side cannot be read at all. What merely stands in the way is a finding of the plan.
pub fn preflight(
    source: &mut Source,
    target: &mut Target,
    application: &Application,
    options: &Options,
    stop: &AtomicBool,
) -> Result<Plan, CopyError> {
    let failed = |source| CopyError::ReadSource { what: "check the file", source };
    // One state of the target for all questions, and nothing that a role which may only read could not ask.
    let mut ask = |source: &mut Source| {
        target.in_snapshot(|target| {
            plan(source, target, application, options, &|| stop.load(Ordering::Relaxed))
        })
    };
    let (damage, planned) = match source.take_reader() {
        None => (source.damage().map_err(failed)?, ask(source)),
        // The whole file is read for this: at the same time as the rest.
        Some(mut reader) => std::thread::scope(|scope| {
            let checker = scope.spawn(move || (damage(&mut reader), reader));
            let planned = ask(source);
            let (damage, reader) = checker.join().map_err(|_panic| CopyError::ReaderLost)?;
            source.give_reader(reader);
            Ok::<_, CopyError>((damage.map_err(failed)?, planned))
        })?,
    };
    if damage.is_empty() {
        return planned;
    }
    let path = source.path().as_str();
    let finding = Finding::blocker(
        format!("`{path}` is damaged or holds values its tables do not allow: {}", damage.join("; ")),
        "correct the named rows, or restore a backup",
    );
    match planned {
        // What else was found, or failed, may come of the damage.
        Ok(mut plan) => {
            plan.findings.insert(0, finding);
            plan.tables.clear();
            Ok(plan)
        }
        Err(error) if error.exit_status() == ExitStatus::SourceFailed => {
            Err(CopyError::Blocked { blockers: vec![finding] })
        }
        Err(error) => Err(error),
    }
}

fn plan(
    source: &mut Source,
    target: &mut Target,
    application: &Application,
    options: &Options,
    stop: &dyn Fn() -> bool,
) -> Result<Plan, CopyError> {
    let selected = application.select(&options.tables)?;
    let names: Vec<&str> = selected.iter().map(|table| table.name()).collect();
    let expected = application.catalog()?;
    let mut findings = Vec::new();

    let source_id = check_source(source, application.migrations, &expected, &mut findings)?;
    let go_on = || if stop() { Err(CopyError::Interrupted) } else { Ok(()) };
    go_on()?;
    let agreement = unfinished::agreement(options, &selected, options.tables.is_empty());
    let unfinished = match options.verify_only {
        true => None,
        false => Unfinished::load(target)?,
    };
    let id = source_id.as_deref().unwrap_or_default();
    let continued = unfinished.as_ref().filter(|_| !options.restart);
    if let Some(finding) = continued.and_then(|unfinished| unfinished.obstacle(id, &agreement)) {
        findings.push(finding);
    }
    let begun = unfinished.iter().flat_map(|unfinished| unfinished.parts.keys());
    let left_out: Vec<&str> = begun.map(String::as_str).filter(|table| !names.contains(table)).collect();
    if options.restart && !left_out.is_empty() {
        findings.push(Finding::blocker(
            format!(
                "the run that is begun anew began {} too, which --tables leaves out",
                left_out.join(", ")
            ),
            "leave out --tables, or name these as well",
        ));
    }
    let schema =
        check_target(target, application.migrations, &expected, options, continued.is_some(), &mut findings)?;
    let structural = findings.iter().any(|finding| finding.kind == FindingKind::Blocker);
    if !options.verify_only {
        check_rights(target, &schema, &names, &mut findings)?;
        server::check(target, &names, &mut findings)?;
    }
    let mut plan = Plan {
        application: *application,
        source_id: source_id.unwrap_or_default(),
        schema,
        existing: options.existing,
        continues: continued.map(|unfinished| unfinished.run.id.clone()),
        agreement,
        on_error: options.on_error,
        sets_orphans_aside: options.on_error == OnError::Skip,
        on_refused: OnRefused::Stop,
        command: "copy-from-sqlite",
        tables: Vec::new(),
        findings,
    };
    // With the wrong tables on either side nothing further can be asked of them.
    if structural {
        return Ok(plan);
    }
    let checks = application.checks()?;
    let rejected = rejected_keys(target, &plan.source_id)?;
    for table in &selected {
        go_on()?;
        // Also before comparing: what a typed read would not show is looked for here.
        let strict = Strictness::of(options, rejected.get(table.name()));
        let violating = check_rows(source, *table, &checks, strict, &mut plan.findings)?;
        if options.verify_only {
            let row_count = count(source, *table)?;
            plan.tables.push(TablePlan::nothing(*table, row_count));
            continue;
        }
        let mut of_table = plan_table(source, target, *table, &plan.schema, options, unfinished.as_ref())?;
        of_table.violating = violating;
        let keys = expected.tables.get(table.name()).map(|table| table.foreign_keys.as_slice());
        of_table.refers_to_itself =
            keys.unwrap_or_default().iter().any(|key| key.parent_table == table.name());
        if let (Mode::Continue(_), Some(unfinished)) = (&of_table.mode, continued)
            && let Some(finding) = unfinished.prove(source, *table, &of_table.violating, stop)?
        {
            plan.findings.push(finding);
        }
        if let Some(finding) = check_existing(target, &plan.source_id, &of_table, options.existing)? {
            plan.findings.push(finding);
        }
        plan.tables.push(of_table);
    }
    if plan.schema == SchemaPlan::Ready {
        let cleared: Vec<&str> =
            plan.tables.iter().filter(|plan| plan.cleared).map(|plan| plan.table.name()).collect();
        plan.findings.extend(clear::obstacles(target, &cleared)?);
    }
    if !options.verify_only {
        check_parents(source, target, &expected, &plan.schema, &plan.tables, &mut plan.findings)?;
    }
    Ok(plan)
}

fn count(source: &mut Source, table: &dyn Table) -> Result<i64, CopyError> {
    source
        .count(&table.source_sql().name)
        .map_err(|source| CopyError::ReadSource { what: "count rows", source })
}

fn check_source(
    source: &mut Source,
    migrations: &Migrations,
    expected: &Catalog,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, CopyError> {
    let failed = |what| move |source| CopyError::ReadSource { what, source };
    let path = source.path().as_str().to_owned();
    let encoding = source.encoding().map_err(failed("read the encoding"))?;
    if encoding != "UTF-8" {
        findings.push(Finding::blocker(
            format!(
                "`{path}` keeps text as {encoding}, where broken characters cannot be told from whole ones"
            ),
            "write it anew as UTF-8: `sqlite3 OLD .dump | sqlite3 -bail NEW`",
        ));
    }
    let entries = migrations::status(source.any(), migrations).map_err(|source| CopyError::Migrations {
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
    migrations: &Migrations,
    expected: &Catalog,
    options: &Options,
    continues: bool,
    findings: &mut Vec<Finding>,
) -> Result<SchemaPlan, CopyError> {
    let failed = |what| move |source| CopyError::UseTarget { what, source };
    check_server(target, findings)?;
    if let Some(schema) = target.ledger_elsewhere().map_err(failed("look for the migrations"))? {
        findings.push(Finding::blocker(
            format!("the schema searched first has none of this program's tables, but schema {schema:?} of search_path has"),
            "let search_path name one schema only (options=-csearch_path=NAME in the URL)",
        ));
        return Ok(SchemaPlan::Ready);
    }
    let of_target = |what| move |source| CopyError::Migrations { what, side: "target", source };
    let entries = migrations::status(target.any(), migrations).map_err(of_target("read the migrations"))?;
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
    // A run that is continued has made them anew already.
    if options.recreate && !continues {
        let (_, losses) = migrations::plan_revert(target.any(), migrations, &Extent::All)
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
    let (mut expected, mut actual) = (expected.clone(), actual);
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    for definition in Definition::load(target).map_err(failed("read what is taken down"))? {
        definition.hide(&mut expected);
        definition.hide(&mut actual);
    }
    findings.extend(catalog::differences(&expected, &actual).into_iter().map(|difference| {
        Finding::blocker(
            format!("the target's tables are not those of this program: {difference}"),
            "undo the change, or make them anew with --force-recreate",
        )
    }));
    Ok(SchemaPlan::Ready)
}

/// Whether the server can take what is copied.
pub(super) fn check_server(target: &mut Target, findings: &mut Vec<Finding>) -> Result<(), CopyError> {
    let failed = |what| move |source| CopyError::UseTarget { what, source };
    let version = target.version();
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
    Ok(())
}

/// What the role must be allowed to do in the target, asked before it is needed.
pub(super) fn check_rights(
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

fn plan_table(
    source: &mut Source,
    target: &mut Target,
    table: &'static dyn Table,
    schema: &SchemaPlan,
    options: &Options,
    unfinished: Option<&Unfinished>,
) -> Result<TablePlan, CopyError> {
    let mut plan = TablePlan::nothing(table, count(source, table)?);
    if *schema == SchemaPlan::Ready {
        plan.held = target
            .count(&target.full_name(table.name()))
            .map_err(|source| CopyError::UseTarget { what: "count rows", source })?;
    }
    let begun = unfinished.and_then(|unfinished| unfinished.parts.get(table.name()));
    match begun {
        // Begun rows are this program's, unless somebody wrote to the table as well.
        Some(parts)
            if !options.restart && plan.held == parts.iter().map(|part| part.row_count).sum::<i64>() =>
        {
            plan.already_there = plan.held;
            plan.rejected = parts.iter().map(|part| part.rejected_count).sum();
            plan.mode = Mode::Continue(parts.clone());
            return Ok(plan);
        }
        Some(_) if options.restart => plan.cleared = true,
        _ => plan.cleared = options.existing == Existing::Clear && unfinished_elsewhere(unfinished, options),
    }
    if plan.held > 0 && !plan.cleared {
        let counts = compare_keys(table, source, target)?;
        plan.already_there = counts.both;
        plan.only_in_target = counts.only_in_target;
        plan.mode = if plan.missing() > 0 { Mode::Merge } else { Mode::Nothing };
    } else if plan.total > 0 {
        plan.mode = Mode::Fresh;
    }
    Ok(plan)
}

/// Whether tables that an unfinished run did not begin are to be emptied: it has emptied them already, unless it is
/// begun anew.
fn unfinished_elsewhere(unfinished: Option<&Unfinished>, options: &Options) -> bool {
    unfinished.is_none() || options.restart
}

/// Rows of the target that are not an earlier run's are a reason to ask.
fn check_existing(
    target: &mut Target,
    source_id: &str,
    plan: &TablePlan,
    existing: Existing,
) -> Result<Option<Finding>, CopyError> {
    let continued = matches!(plan.mode, Mode::Continue(_));
    if plan.held == 0 || plan.cleared || continued || existing == Existing::Append {
        return Ok(None);
    }
    let name = plan.table.name();
    let choice = "keep them with --append, or empty the tables first with --clear";
    let known = |target: &mut Target| {
        Ok::<_, diesel::result::Error>(state::is_prepared(target)? && Part::exist(target, source_id, name)?)
    };
    let ours = known(target)
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
                    .count(&quote_name(parent))
                    .map_err(|source| CopyError::UseTarget { what: "count rows", source })?,
                SchemaPlan::Create | SchemaPlan::Recreate { .. } | SchemaPlan::Make { .. } => 0,
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
