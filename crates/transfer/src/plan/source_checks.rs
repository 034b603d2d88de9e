//! Checks of a source that must be a database of the application.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::version::version_finding;
use crate::source::Source;
use databases::catalog::{self, Catalog};
use databases::hint::Hint;
use databases::migrations::{self, MigrationState, Migrations};

/// Checks that the source is a database of the application at its version, with its tables, and returns its identity.
pub(super) fn check_source(
    source: &mut Source,
    migrations: &Migrations,
    expected: &Catalog,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, TransferError> {
    let failed = |what| move |source| TransferError::ReadSource { what, source };
    let path = source.path().as_str().to_owned();
    let encoding = source.encoding().map_err(failed("read the encoding"))?;
    if encoding != "UTF-8" {
        findings.push(Finding::blocker(
            format!("`{path}` stores text as {encoding}, in which invalid characters cannot be detected"),
            "convert it to UTF-8: `sqlite3 OLD .dump | sqlite3 -bail NEW`",
        ));
    }
    let entries = migrations::status(source.sqlite(), migrations).map_err(|source| {
        TransferError::Migrations { what: "read the migrations", side: "source", source: Box::new(source) }
    })?;
    let identity = migrations::identity(source.sqlite()).map_err(failed("read the identity"))?;
    if entries.iter().all(|entry| entry.state == MigrationState::Pending) {
        findings.push(Finding::blocker(
            format!("`{path}` is not a database of this application: no migration is applied to it"),
            Hint::NameSourceOrCreate { path: path.into() },
        ));
        return Ok(None);
    }
    if let Some(finding) =
        version_finding("source", &entries, &Hint::UpdateSource { path: path.clone().into() })
    {
        findings.push(finding);
        return Ok(identity);
    }
    if identity.is_none() {
        let text = format!("`{path}` has no identity yet");
        findings.push(Finding::blocker(text, Hint::UpdateSource { path: path.into() }));
    }
    let mut actual = catalog::read_sqlite(source.sqlite())
        .map_err(|source| TransferError::Catalog { side: "source", source })?;
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
