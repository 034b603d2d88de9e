//! Runs a statement on both sides and compares: the rows that it returns, and the table that it changes. Both sides are
//! rolled back.
//!
//! The values of SQLite are encoded in the types of the columns that PostgreSQL returns, as in an import, so equal bytes are
//! equal values. Where a statement adds up numbers with a fraction, these are equal if they agree in 15 digits, or in 12 where
//! digits cancel out.

mod rows;
mod value;

use std::ops::ControlFlow;

use diesel::connection::{LoadConnection, SimpleConnection as _};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::row::{Field as _, Row as _};

use self::rows::{ResultRows, RowHashes, RowText, described};
use self::value::{Precision, field_text, form_of, source_row, type_of_oid};
use super::source_tables::SourceTables;
use crate::adapt::Adapted;
use crate::rows::read_rows;
use crate::schema::Encoding;
use crate::translate::{Relation, Relations as _};
use crate::types::TargetType;
use databases::failure::Failure;
use databases::name::quote_name;
use transfer::error::TransferError;
use transfer::target::Target;

/// Why a statement cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// SQLite failed for another reason than the statement.
    #[error("run the statement on a copy of the source")]
    Source(#[source] diesel::result::Error),
    /// PostgreSQL failed for another reason than the statement.
    #[error("run the statement on the target")]
    Target(#[source] diesel::result::Error),
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Both sides gave the same.
    Same,
    /// They differ, as described.
    Different(String),
    /// The statement was not run, for this reason.
    NotChecked(&'static str),
}

/// A copy of the source and the target.
pub struct Checker<'a> {
    /// A connection to a private copy of the source, which may write.
    pub source: SqliteConnection,
    /// The encoding of the source.
    pub encoding: Encoding,
    /// The target, which has the rows of the source.
    pub target: &'a mut Target,
    /// The tables of both.
    pub tables: &'a SourceTables<'a>,
}

impl Checker<'_> {
    /// Runs the statement and its translation, and compares.
    ///
    /// # Errors
    /// When a database fails for another reason than the statement.
    pub fn check(&mut self, statement: &str, adapted: &Adapted) -> Result<Checked, CheckError> {
        if !adapted.parameters.is_empty() {
            return Ok(Checked::NotChecked("it has placeholders, whose values are not known"));
        }
        if adapted.results.is_control {
            return Ok(Checked::NotChecked("it controls a transaction"));
        }
        if adapted.results.is_random {
            return Ok(Checked::NotChecked("its result is random"));
        }
        let (precision, again) = match adapted.results.is_approximate {
            true => (Precision::Digits(15), Precision::Digits(12)),
            false => (Precision::Exact, Precision::Exact),
        };
        let first = self.compare(statement, adapted, precision)?;
        // The current time of the two may have differed, or numbers that cancel out in a sum have lost digits.
        if first == Checked::Same { Ok(first) } else { self.compare(statement, adapted, again) }
    }

    fn compare(
        &mut self,
        statement: &str,
        adapted: &Adapted,
        precision: Precision,
    ) -> Result<Checked, CheckError> {
        let digest = RowHashes::default();
        let changed = adapted.results.changed.as_deref().and_then(|name| {
            let mut relation = self.tables.relation(name)?;
            // A generated key is another one after rows that were rolled back.
            let generated = adapted.results.generated.as_deref();
            relation.columns.retain(|column| Some(column.source.as_str()) != generated);
            Some((name.to_owned(), relation))
        });
        let target =
            self.on_target(&adapted.sql, changed.as_ref().map(|(_, relation)| relation), precision)?;
        let columns = match &target {
            Ok(rows) => rows.types.clone(),
            Err(_) => Vec::new(),
        };
        let forms: Vec<Option<TargetType>> = columns
            .iter()
            .enumerate()
            .map(|(at, of_value)| {
                let known = adapted.results.columns.get(at).copied().flatten();
                of_value.map(|of_value| form_of(of_value, known))
            })
            .collect();
        let source = self.on_source(statement, &forms, changed.as_ref(), (&digest, precision))?;
        let (source, target) = match (source, target) {
            (Ok(source), Ok(target)) => (source, target),
            (Err(source), Err(target)) if source.is_constraint && target.is_constraint => {
                return Ok(Checked::Same);
            }
            (Err(_), Err(_)) => return Ok(Checked::NotChecked("both sides refuse it")),
            (Err(error), Ok(_)) => {
                return Ok(Checked::Different(format!("SQLite refuses it: {}", error.text)));
            }
            (Ok(_), Err(error)) => {
                return Ok(Checked::Different(format!("PostgreSQL refuses it: {}", error.text)));
            }
        };
        let target_rows = digest.rows(&target.rows);
        let target_table = digest.rows(&target.table);
        if source.rows.sum != target_rows.sum {
            return Ok(Checked::Different(described("returns", &source.rows, &target_rows)));
        }
        if source.table.sum != target_table.sum {
            return Ok(Checked::Different(described("leaves in the table", &source.table, &target_table)));
        }
        if adapted.results.is_ordered && source.rows.chain != target_rows.chain {
            // ResultRows that are equal in ORDER BY have any order: SQLite is asked for another one.
            self.sqlite("PRAGMA reverse_unordered_selects = ON")?;
            let again = self.on_source(statement, &forms, None, (&digest, precision));
            self.sqlite("PRAGMA reverse_unordered_selects = OFF")?;
            let is_defined = again?.is_ok_and(|again| again.rows.chain == source.rows.chain);
            if is_defined {
                return Ok(Checked::Different(
                    "the order of the rows differs; rows that ORDER BY does not tell apart may have any order"
                        .to_owned(),
                ));
            }
        }
        Ok(Checked::Same)
    }

    fn sqlite(&mut self, sql: &str) -> Result<(), CheckError> {
        self.source.batch_execute(sql).map_err(CheckError::Source)
    }

    /// The rows of the statement, and those of the table after it; rolled back.
    fn on_source(
        &mut self,
        statement: &str,
        forms: &[Option<TargetType>],
        changed: Option<&(String, Relation)>,
        (digest, precision): (&RowHashes, Precision),
    ) -> Result<Result<SourceResult, Refused>, CheckError> {
        self.sqlite("BEGIN")?;
        let result = self.run_on_source(statement, forms, changed, (digest, precision));
        // SQLite has rolled back after some errors.
        let _ = self.source.batch_execute("ROLLBACK");
        match result {
            Ok(result) => Ok(Ok(result)),
            Err(error) if Failure::of_query(&error).is_refusal() => Ok(Err(Refused::new(&error))),
            Err(error) => Err(CheckError::Source(error)),
        }
    }

    fn run_on_source(
        &mut self,
        statement: &str,
        forms: &[Option<TargetType>],
        changed: Option<&(String, Relation)>,
        (digest, precision): (&RowHashes, Precision),
    ) -> QueryResult<SourceResult> {
        let mut result = SourceResult::default();
        read_rows(&mut self.source, statement, &[], self.encoding, &mut |row| {
            result.rows.add(digest, source_row(row, forms, precision));
            ControlFlow::Continue(())
        })?;
        if let Some((name, relation)) = changed {
            let columns: Vec<String> =
                relation.columns.iter().map(|column| quote_name(&column.source)).collect();
            let types: Vec<Option<TargetType>> =
                relation.columns.iter().map(|column| Some(column.target_type)).collect();
            let query = format!("SELECT {} FROM {}", columns.join(", "), quote_name(name));
            read_rows(&mut self.source, &query, &[], self.encoding, &mut |row| {
                result.table.add(digest, source_row(row, &types, precision));
                ControlFlow::Continue(())
            })?;
        }
        Ok(result)
    }

    fn on_target(
        &mut self,
        sql: &str,
        changed: Option<&Relation>,
        precision: Precision,
    ) -> Result<Result<TargetResult, Refused>, CheckError> {
        let mut result = TargetResult::default();
        let schema = self.tables.schema().to_owned();
        let outcome = self.target.in_transaction(|target| -> Result<(), CheckEnd> {
            let types = read_target(target.postgres(), sql, None, precision, &mut result.rows)?;
            result.types = types;
            if let Some(relation) = changed {
                let columns: Vec<String> =
                    relation.columns.iter().map(|column| quote_name(&column.target)).collect();
                let types: Vec<TargetType> =
                    relation.columns.iter().map(|column| column.target_type).collect();
                let query = format!(
                    "SELECT {} FROM {}.{}",
                    columns.join(", "),
                    quote_name(&schema),
                    quote_name(&relation.target)
                );
                read_target(target.postgres(), &query, Some(&types), precision, &mut result.table)?;
            }
            Err(CheckEnd(None))
        });
        match outcome {
            Ok(()) | Err(CheckEnd(None)) => Ok(Ok(result)),
            Err(CheckEnd(Some(error))) if Failure::of_query(&error).is_refusal() => {
                Ok(Err(Refused::new(&error)))
            }
            Err(CheckEnd(Some(error))) => Err(CheckError::Target(error)),
        }
    }
}

/// Why a database refuses a statement.
struct Refused {
    text: String,
    /// Whether it violates a constraint: then both sides mean the same.
    is_constraint: bool,
}

impl Refused {
    fn new(error: &diesel::result::Error) -> Self {
        let is_constraint = matches!(
            error,
            diesel::result::Error::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::NotNullViolation
                    | DatabaseErrorKind::CheckViolation,
                _
            )
        );
        Self { text: error.to_string(), is_constraint }
    }
}

/// Ends a transaction without a commit: without an error, or with that of the database.
struct CheckEnd(Option<diesel::result::Error>);

impl From<diesel::result::Error> for CheckEnd {
    fn from(error: diesel::result::Error) -> Self {
        Self(Some(error))
    }
}

impl From<TransferError> for CheckError {
    fn from(error: TransferError) -> Self {
        Self::Target(diesel::result::Error::QueryBuilderError(Box::new(error)))
    }
}

#[derive(Default)]
struct SourceResult {
    rows: ResultRows,
    table: ResultRows,
}

#[derive(Default)]
struct TargetResult {
    /// For each column, the type of its first value that is not NULL.
    types: Vec<Option<TargetType>>,
    rows: Vec<RowText>,
    table: Vec<RowText>,
}

/// Reads the rows of a query, and the types of its columns.
fn read_target(
    target: &mut PgConnection,
    sql: &str,
    known: Option<&[TargetType]>,
    precision: Precision,
    all: &mut Vec<RowText>,
) -> QueryResult<Vec<Option<TargetType>>> {
    let mut types: Vec<Option<TargetType>> = Vec::new();
    for row in LoadConnection::<PgRowByRowLoadingMode>::load(target, diesel::sql_query(sql))? {
        let row = row?;
        types.resize(row.field_count().max(types.len()), None);
        let mut values = Vec::new();
        for at in 0..row.field_count() {
            let field = row.get(at);
            let Some(value) = field.as_ref().and_then(|field| field.value()) else {
                values.push("NULL".to_owned());
                continue;
            };
            let form = match known {
                Some(known) => known.get(at).copied(),
                None => type_of_oid(value.get_oid().get()),
            };
            if let (Some(slot @ None), Some(form)) = (types.get_mut(at), form) {
                *slot = Some(form);
            }
            values.push(match form {
                Some(form) => field_text(value.as_bytes(), form, precision),
                None => format!("a value of the type with OID {}", value.get_oid()),
            });
        }
        all.push(values.join(", "));
    }
    Ok(types)
}
