//! Checks of the server, and of the privileges of the role.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::SchemaPlan;
use crate::target::Target;
use databases::hint::Hint;
use databases::name::quote_name;

/// The oldest PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 130_000;

/// Checks the version of the server and the encoding of the database.
pub(super) fn check_server(target: &mut Target, findings: &mut Vec<Finding>) -> Result<(), TransferError> {
    let failed = |what| move |source| TransferError::UseTarget { what, source };
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
    if *schema == SchemaPlan::Ready {
        let not_owned = target.tables_of_others(names).map_err(failed)?;
        if !not_owned.is_empty() {
            let text = format!("the role does not own {} of the target", not_owned.join(", "));
            findings.push(Finding::blocker(text, Hint::GrantPrivileges));
        }
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
