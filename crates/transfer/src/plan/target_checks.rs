//! Checks of the server, and of the privileges of the role.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::SchemaPlan;
use crate::target::Target;
use databases::hint::Hint;
use databases::name::quote_name;

/// The oldest PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 130_000;

/// Checks what does not depend on the source: the server, the encoding of the database, and the privileges of the role in
/// `schema`, which may not exist yet, and on its tables `names`. For a caller that reads the whole source before it plans.
///
/// # Errors
/// When the target cannot be read.
pub fn check_target(
    target: &mut Target,
    schema: &str,
    names: &[&str],
) -> Result<Vec<Finding>, TransferError> {
    let failed = |source| TransferError::UseTarget { what: "read the rights of the role", source };
    target.in_snapshot(|target| {
        let mut findings = Vec::new();
        check_server(target, &mut findings)?;
        if !findings.is_empty() {
            return Ok(findings);
        }
        if !target.may_create_in(schema).map_err(failed)? {
            let text = format!("the role may not create tables in the schema `{schema}` of the target");
            findings.push(Finding::blocker(text, Hint::GrantPrivileges));
        }
        if !names.is_empty() {
            check_tables(target, names, &mut findings)?;
        }
        Ok(findings)
    })
}

/// Checks the server, its version, and the encoding of the database.
pub(super) fn check_server(target: &mut Target, findings: &mut Vec<Finding>) -> Result<(), TransferError> {
    let failed = |what| move |source| TransferError::UseTarget { what, source };
    let engine = target.engine().map_err(failed("ask which server this is"))?;
    if let Some(engine) = engine {
        findings.push(Finding::blocker(
            format!("the server is {engine}, and not PostgreSQL"),
            "use a PostgreSQL server",
        ));
        return Ok(());
    }
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
            "create it again: `createdb --encoding=UTF8 --template=template0 NAME`",
        ));
    }
    Ok(())
}

/// Checks the privileges of the role before they are needed.
pub(super) fn check_rights(
    target: &mut Target,
    schema: &SchemaPlan,
    names: &[&str],
    findings: &mut Vec<Finding>,
) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "read the rights of the role", source };
    if !target.may_create().map_err(failed)? {
        let text = "the role may not create tables in the target's schema";
        findings.push(Finding::blocker(text, Hint::GrantPrivileges));
    }
    match schema {
        SchemaPlan::Ready => check_tables(target, names, findings),
        SchemaPlan::Create | SchemaPlan::Recreate { .. } | SchemaPlan::Make { .. } => Ok(()),
    }
}

/// Checks the privileges of the role on existing tables and on the sequences of their defaults.
fn check_tables(
    target: &mut Target,
    names: &[&str],
    findings: &mut Vec<Finding>,
) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "read the rights of the role", source };
    let not_owned = target.tables_of_others(names).map_err(failed)?;
    if !not_owned.is_empty() {
        let text = format!("the role does not own {} of the target", not_owned.join(", "));
        findings.push(Finding::blocker(text, Hint::GrantPrivileges));
    }
    let sequences = target.sequences_of_others(names).map_err(failed)?;
    if !sequences.is_empty() {
        let text = format!("the role may not set the sequences {}", sequences.join(", "));
        findings.push(Finding::blocker(text, Hint::GrantPrivileges));
    }
    Ok(())
}

/// Warns if the records of the run will be beside the tables of the application.
pub(super) fn check_records(target: &mut Target, findings: &mut Vec<Finding>) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "look for the records of runs", source };
    if target.keeps_records_beside().map_err(failed)? {
        let schema = quote_name(&target.schema_of_records().map_err(failed)?);
        findings.push(Finding::warning(
            format!("the role may not create the schema {schema}: the records of the run are beside the tables of the application"),
            format!("to keep them apart, run `CREATE SCHEMA {schema} AUTHORIZATION` with the name of the role, as a role that may"),
        ));
    }
    Ok(())
}
