//! The schema of a target that the migrations of the application create.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::SchemaPlan;
use crate::plan::version::version_finding;
use crate::target::Target;
use crate::target::state::Definition;
use databases::catalog::{self, Catalog};
use databases::hint::Hint;
use databases::migrations::{self, Extent, MigrationState, Migrations};

/// What is to happen to the schema.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Whether all tables are dropped and created again. A run that is continued has done that already.
    pub(super) recreates: bool,
    /// Whether both sides are only compared.
    pub(super) compares_only: bool,
}

/// Checks the schema of the target, and decides what happens to it.
pub(super) fn migrated_schema(
    target: &mut Target,
    migrations: &Migrations,
    expected: &Catalog,
    wanted: Wanted,
    findings: &mut Vec<Finding>,
) -> Result<SchemaPlan, TransferError> {
    let failed = |what| move |source| TransferError::UseTarget { what, source };
    if let Some(schema) = target.ledger_elsewhere().map_err(failed("look for the migrations"))? {
        findings.push(Finding::blocker(
            format!("the schema searched first has none of this program's tables, but schema {schema:?} of search_path has"),
            "let search_path name one schema only (options=-csearch_path=NAME in the URL)",
        ));
        return Ok(SchemaPlan::Ready);
    }
    let of_target =
        |what| move |source| TransferError::Migrations { what, side: "target", source: Box::new(source) };
    let entries =
        migrations::status(target.postgres(), migrations).map_err(of_target("read the migrations"))?;
    let none_applied = entries.iter().all(|entry| entry.state == MigrationState::Pending);
    let actual = catalog::read_postgres(target.postgres())
        .map_err(|source| TransferError::Catalog { side: "target", source })?;
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
        if wanted.compares_only {
            findings.push(Finding::blocker("the target has no tables yet", Hint::CopyFirst));
        }
        return Ok(SchemaPlan::Create);
    }
    if wanted.recreates {
        let (_, losses) = migrations::plan_revert(target.postgres(), migrations, &Extent::All)
            .map_err(of_target("plan to create the schema again"))?;
        return Ok(SchemaPlan::Recreate { losses });
    }
    if let Some(finding) = version_finding("target", &entries, &Hint::UpdateTarget) {
        findings.push(finding);
        return Ok(SchemaPlan::Ready);
    }
    if wanted.compares_only {
        // Verification itself reports where the structure differs.
        return Ok(SchemaPlan::Ready);
    }
    let (mut expected, mut actual) = (expected.clone(), actual);
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    for definition in Definition::load(target).map_err(failed("read the dropped definitions"))? {
        definition.hide(&mut expected);
        definition.hide(&mut actual);
    }
    findings.extend(catalog::differences(&expected, &actual).into_iter().map(|difference| {
        Finding::blocker(
            format!("the target's tables are not those of this program: {difference}"),
            Hint::RevertOrRecreateTables,
        )
    }));
    Ok(SchemaPlan::Ready)
}
