//! Checks of the server and its tables, beyond the privileges of the role.

use diesel::QueryResult;
use diesel::sql_types::{Array, Text};

use crate::error::TransferError;
use crate::finding::Finding;
use crate::target::Target;

/// Tables whose triggers would act on each row that is copied.
const TRIGGERS: &str = "SELECT format('%s on %s', t.tgname, c.relname) AS words
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
      AND c.oid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(n)) FROM unnest($1) n) ORDER BY 1";

/// Tables of which the role may not see every row.
const HIDDEN: &str = "SELECT c.relname::text AS words FROM pg_catalog.pg_class c
    WHERE c.oid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(n)) FROM unnest($1) n)
      AND row_security_active(c.oid) ORDER BY 1";

/// Prepared transactions that hold locks on the tables.
const PREPARED: &str = "SELECT DISTINCT p.gid AS words
    FROM pg_catalog.pg_prepared_xacts p
    JOIN pg_catalog.pg_locks l ON l.virtualtransaction = '-1/' || p.transaction::text
    WHERE p.database = current_database()
      AND l.relation = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(n))::oid FROM unnest($1) n) ORDER BY 1";

/// Finds what would change, hide or block rows.
pub(crate) fn check(
    target: &mut Target,
    names: &[&str],
    findings: &mut Vec<Finding>,
) -> Result<(), TransferError> {
    let mut ask = |what, query: &str| {
        let found: QueryResult<Vec<String>> =
            target.words(diesel::sql_query(query).bind::<Array<Text>, _>(names));
        found.map_err(|source| TransferError::UseTarget { what, source })
    };
    let triggers = ask("look for triggers", TRIGGERS)?;
    if !triggers.is_empty() {
        findings.push(Finding::warning(
            format!("triggers of the target will act on each row: {}", triggers.join(", ")),
            "switch them off for the copy (`ALTER TABLE ... DISABLE TRIGGER USER`) if they change rows; verification shows whether they did",
        ));
    }
    let hidden = ask("look for row security", HIDDEN)?;
    if !hidden.is_empty() {
        findings.push(Finding::blocker(
            format!("row security hides rows of {} from this role", hidden.join(", ")),
            "use the tables' owner without FORCE ROW LEVEL SECURITY, or a role with BYPASSRLS",
        ));
    }
    let prepared = ask("look for prepared transactions", PREPARED)?;
    if !prepared.is_empty() {
        findings.push(Finding::blocker(
            format!("prepared transactions hold locks on the tables: {}", prepared.join(", ")),
            "COMMIT PREPARED or ROLLBACK PREPARED them first",
        ));
    }
    Ok(())
}
