//! Surveys a source before anything is written: its schema, its values, their conversion, and what cannot be
//! converted.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::choose::choose;
use super::computed::carry_what_is_not_computed;
use super::conversion::{Conversion, Statement};
use super::damage;
use super::data_only;
use super::ddl::{self, DdlOptions};
use super::decisions::{Decisions, DecisionsError, NoCase, Orphans};
use super::existing::ExistingTable;
use super::finding::{Finding, Weight};
use super::orphans;
use super::profile::{TableProfile, profile_table};
use super::rules::import::{
    ORPHAN_NOT_CHECKED, ORPHAN_NOT_VALID, ORPHAN_QUARANTINED, ORPHAN_SET_NULL, TABLE_FAILED,
};
use super::rules::schema::NOT_CHECKED;
use super::schema::{self, Schema, SchemaError, Table};
use databases::error::{ExitStatus, Explain};
use databases::failure::Failure;
use databases::name::quote_name;
use transfer::copy::Source;

/// The result of a survey.
pub struct Survey {
    /// The schema of the source.
    pub schema: Schema,
    /// The profiles of its tables, in the order of the schema.
    pub profiles: Vec<TableProfile>,
    /// Its conversion.
    pub conversion: Conversion,
    /// The statements that create it in PostgreSQL.
    pub statements: Vec<Statement>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// The violated foreign keys: the index of the table in the schema, and of the key in the table.
    pub orphaned: Vec<(usize, usize)>,
}

impl Survey {
    /// Whether objects of the source are not converted, independent of rejected rows.
    pub fn is_partial(&self) -> bool {
        self.findings.iter().any(|finding| finding.rule.weight >= Weight::Decision)
    }
}

/// Why a survey failed.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// Reading the schema failed.
    #[error("read the schema of the source")]
    Schema(#[from] SchemaError),
    /// The configuration file does not match this source.
    #[error("apply the configuration file")]
    Decisions(#[from] DecisionsError),
    /// Reading the rows of a table failed.
    #[error("read the rows of `{table}`")]
    Rows {
        /// The table.
        table: String,
        /// The error of SQLite.
        #[source]
        source: diesel::result::Error,
    },
    /// The file is corrupt: rows may be missing or duplicated.
    #[error("the file is corrupt: {damage}")]
    Damaged {
        /// The message of SQLite.
        damage: String,
    },
    /// A reader thread panicked.
    #[error("a reader thread panicked: this is a bug")]
    ReaderLost,
    /// The user interrupted it.
    #[error("interrupted")]
    Interrupted,
}

impl Explain for SurveyError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Schema(_) | Self::Rows { .. } | Self::Damaged { .. } => ExitStatus::SourceFailed,
            Self::Decisions(_) => ExitStatus::Configuration,
            Self::ReaderLost => ExitStatus::Unexpected,
            Self::Interrupted => ExitStatus::Interrupted,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Schema(_) | Self::Rows { .. } | Self::Damaged { .. } => {
                "restore a backup, or repair a copy of the file with `sqlite3 FILE .recover | sqlite3 NEW` and check what is missing"
            }
            Self::Decisions(_) => {
                "correct the configuration file, or write a new one with `app db convert FILE --write-config PATH`"
            }
            Self::Interrupted => "run the same command again",
            Self::ReaderLost => return None,
        };
        Some(hint.to_owned())
    }
}

/// Reads the schema and every value of the source, using all of its connections. With `existing`, the tables of the
/// target, only rows are converted, for these tables.
///
/// # Errors
/// When reading fails, the configuration names objects that do not exist, or the user interrupts.
pub fn survey(
    source: &mut Source,
    decisions: &Decisions,
    existing: Option<&[ExistingTable]>,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Survey, SurveyError> {
    let (schema, mut findings) = schema::read(source.sqlite())?;
    decisions.check(&schema)?;
    let decided = existing.map(|existing| data_only::decide(&schema, existing, decisions));
    let (decisions, matched) = match &decided {
        Some((decided, matched)) => (decided, matched.clone()),
        None => (decisions, Vec::new()),
    };
    findings.extend(matched);
    let tasks = cut(source.sqlite(), &schema)?;
    let most_rows = tasks.iter().fold(0_i64, |sum, task| sum.saturating_add(task.what.most_rows()));
    progress(Progress::Begin { most_rows });
    let results = work(source, &schema, decisions, tasks, stop, progress)?;
    let mut profiles: Vec<TableProfile> =
        schema.tables.iter().map(|table| TableProfile::new(table, decisions)).collect();
    let mut orphaned = Vec::new();
    let mut failed = BTreeSet::new();
    for (task, result) in results {
        match result {
            Found::Profile(profile) => {
                if let Some(place) = profiles.get_mut(task.table) {
                    *place = std::mem::take(place).merge(*profile);
                }
            }
            Found::Damage(damage) if damage.is_empty() => {}
            Found::Damage(damage) => return Err(SurveyError::Damaged { damage: damage.join("; ") }),
            Found::Failed(reason) => match (task.what, schema.tables.get(task.table)) {
                (What::Pages, _) => findings.push(Finding::new(&NOT_CHECKED, None, None, reason)),
                (What::Values(_), Some(table)) => {
                    failed.insert(table.name.clone());
                    findings.push(Finding::new(&TABLE_FAILED, Some(&table.name), None, reason));
                }
                (_, table) => {
                    let name = table.map(|table| table.name.as_str());
                    findings.push(Finding::new(&ORPHAN_NOT_CHECKED, name, None, reason));
                }
            },
            Found::Orphans(found) => {
                for (key, orphans::Orphans { count, first_keys }) in found {
                    orphaned.push((task.table, key));
                    findings.push(
                        orphan_finding(&schema, task.table, key, decisions.orphans)
                            .with_rows(count, first_keys),
                    );
                }
            }
        }
    }
    // A table that cannot be read is skipped; it was reported above.
    let mut decisions = decisions.clone();
    for table in &failed {
        decisions.tables.entry(table.clone()).or_default().skip = true;
    }
    let (mut conversion, mut chosen) = choose(&schema, &profiles, &decisions);
    chosen.retain(|finding| !finding.table.as_ref().is_some_and(|table| failed.contains(table)));
    if existing.is_some() {
        data_only::keep_what_fits(&mut conversion, &mut chosen);
        findings.extend(chosen);
        let statements = Vec::new();
        return Ok(Survey { schema, profiles, conversion, statements, findings, orphaned });
    }
    findings.extend(chosen);
    carry_what_is_not_computed(&schema, &mut conversion);
    let options = DdlOptions {
        nocase: match decisions.nocase {
            NoCase::Index => ddl::NoCase::Index,
            NoCase::Citext => ddl::NoCase::Citext,
        },
        orphans_not_valid: match decisions.orphans {
            Orphans::NotValid | Orphans::Stop => not_valid(&schema, &orphaned),
            Orphans::Quarantine | Orphans::Null => Vec::new(),
        },
        full_text: decisions.full_text,
        long_values: long_values(&schema, &profiles),
    };
    let (statements, of_statements) = ddl::statements(&schema, &conversion, &options);
    findings.extend(of_statements);
    // An object that PostgreSQL cannot create is reported by now, and does not stop the rest.
    conversion.tables.retain(|table| table.columns.len() <= ddl::MAX_COLUMNS);
    Ok(Survey { schema, profiles, conversion, statements, findings, orphaned })
}

/// The violated foreign keys, by the names of their tables.
fn not_valid(schema: &Schema, orphaned: &[(usize, usize)]) -> Vec<(String, usize)> {
    let named = orphaned.iter().filter_map(|(table, key)| Some((schema.tables.get(*table)?, *key)));
    named.map(|(table, key)| (table.name.clone(), key)).collect()
}

/// A B-tree entry has at most 2,704 bytes.
const LONG_VALUE_BYTES: usize = 2_600;

fn long_values(schema: &Schema, profiles: &[TableProfile]) -> Vec<(String, String)> {
    let tables = schema.tables.iter().zip(profiles);
    let mut long = Vec::new();
    for (table, profile) in tables {
        let columns = table.columns.iter().zip(&profile.columns);
        let of_table = columns.filter(|(_, profile)| profile.longest_bytes > LONG_VALUE_BYTES);
        long.extend(of_table.map(|(column, _)| (table.name.clone(), column.name.clone())));
    }
    long
}

fn orphan_finding(schema: &Schema, table: usize, key: usize, decided: Orphans) -> Finding {
    let rule = match decided {
        Orphans::Quarantine => &ORPHAN_QUARANTINED,
        Orphans::Null => &ORPHAN_SET_NULL,
        Orphans::NotValid | Orphans::Stop => &ORPHAN_NOT_VALID,
    };
    let table = schema.tables.get(table);
    let key = table.and_then(|table| table.foreign_keys.get(key));
    let columns = key.map(|key| key.columns.join(", ")).unwrap_or_default();
    let parent = key.map(|key| key.parent_table.as_str()).unwrap_or_default();
    let name = table.map(|table| table.name.as_str());
    Finding::new(rule, name, Some(&columns), format!("Rows reference rows of {parent} that do not exist"))
}

/// The progress of a survey.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// Reading rows has started; this is the maximum number of rows in tables with rowids.
    Begin {
        /// Estimated from the rowids.
        most_rows: i64,
    },
    /// The number of rows read since the last report.
    Rows(i64),
}

/// A task for one connection.
#[derive(Clone, Copy)]
struct Task {
    table: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// The values of all rows, or of those with these rowids.
    Values(Option<(i64, i64)>),
    /// The orphans of foreign keys.
    Orphans,
    /// The integrity check of the file.
    Pages,
}

impl What {
    /// The maximum number of rows, from the rowids; 0 if these are not known.
    fn most_rows(self) -> i64 {
        match self {
            Self::Values(Some((first, last))) => last.saturating_sub(first).saturating_add(1),
            Self::Values(None) | Self::Orphans | Self::Pages => 0,
        }
    }
}

pub(super) enum Found {
    Profile(Box<TableProfile>),
    Damage(Vec<String>),
    /// The task failed, and the others can continue.
    Failed(String),
    Orphans(Vec<(usize, orphans::Orphans)>),
}

#[derive(QueryableByName)]
struct Bounds {
    #[diesel(sql_type = Nullable<BigInt>)]
    lowest: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    highest: Option<i64>,
}

/// Tables with more rowids than this are split into parts.
const PIECE_ROWIDS: u64 = 200_000;
/// The maximum number of parts.
const MOST_PIECES: u64 = 64;

/// The tasks, those of each table in row order.
fn cut(source: &mut SqliteConnection, schema: &Schema) -> Result<VecDeque<Task>, SurveyError> {
    // The longest first.
    let mut tasks = VecDeque::from([Task { table: 0, what: What::Pages }]);
    for (place, table) in schema.tables.iter().enumerate() {
        let bounds = table.rowid.map(|rowid| rowid_bounds(source, table, rowid)).transpose()?.flatten();
        match bounds {
            Some((lowest, highest)) => {
                let span = highest.abs_diff(lowest);
                let width = (span / MOST_PIECES).max(PIECE_ROWIDS);
                let mut first = Some(lowest);
                while let Some(from) = first {
                    let upto = from.saturating_add_unsigned(width).min(highest);
                    tasks.push_back(Task { table: place, what: What::Values(Some((from, upto))) });
                    first = upto.checked_add(1).filter(|next| *next <= highest);
                }
            }
            None => tasks.push_back(Task { table: place, what: What::Values(None) }),
        }
        if !table.foreign_keys.is_empty() {
            tasks.push_back(Task { table: place, what: What::Orphans });
        }
    }
    Ok(tasks)
}

fn rowid_bounds(
    source: &mut SqliteConnection,
    table: &Table,
    rowid: &str,
) -> Result<Option<(i64, i64)>, SurveyError> {
    let name = quote_name(&table.name);
    let query = format!(
        "SELECT (SELECT min({rowid}) FROM {name} NOT INDEXED) AS lowest, (SELECT max({rowid}) FROM {name} NOT INDEXED) AS highest"
    );
    let bounds: QueryResult<Bounds> = diesel::sql_query(query).get_result(source);
    match bounds {
        Ok(bounds) => Ok(bounds.lowest.zip(bounds.highest)),
        // The error is reported when the rows are read.
        Err(error) if Failure::of_query(&error).is_refusal() => Ok(None),
        Err(source) => Err(SurveyError::Rows { table: table.name.clone(), source }),
    }
}

/// Runs the tasks on all connections, and returns the results in the order of the tasks.
fn work(
    source: &mut Source,
    schema: &Schema,
    decisions: &Decisions,
    tasks: VecDeque<Task>,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<(Task, Found)>, SurveyError> {
    let mut readers: Vec<SqliteConnection> = std::iter::from_fn(|| source.take_reader()).collect();
    let waiting = Mutex::new(tasks.into_iter().enumerate().collect::<VecDeque<_>>());
    let work_off = |connection: &mut SqliteConnection| {
        let mut done = Vec::new();
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some((number, task)) = next else { return Ok(done) };
            match do_task(connection, schema, decisions, task, stop) {
                Ok(found) => {
                    if let Found::Profile(profile) = &found {
                        progress(Progress::Rows(profile.row_count));
                    }
                    done.push((number, task, found));
                }
                Err(error) => {
                    // The others can stop.
                    waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    return Err(error);
                }
            }
        }
    };
    let outcomes = std::thread::scope(|scope| {
        let others: Vec<_> = readers.iter_mut().map(|reader| scope.spawn(|| work_off(reader))).collect();
        let own = work_off(source.sqlite());
        let joined = others.into_iter().map(|other| other.join().unwrap_or(Err(SurveyError::ReaderLost)));
        std::iter::once(own).chain(joined).collect::<Vec<_>>()
    });
    readers.into_iter().for_each(|reader| source.give_reader(reader));
    let mut found = Vec::new();
    for outcome in outcomes {
        found.extend(outcome?);
    }
    found.sort_by_key(|(number, _, _)| *number);
    Ok(found.into_iter().map(|(_, task, found)| (task, found)).collect())
}

fn do_task(
    connection: &mut SqliteConnection,
    schema: &Schema,
    decisions: &Decisions,
    task: Task,
    stop: &AtomicBool,
) -> Result<Found, SurveyError> {
    let stopped = || stop.load(Ordering::Relaxed);
    let table = match (task.what, schema.tables.get(task.table)) {
        (What::Pages, _) => {
            let damage = damage::damage(connection);
            return if stopped() { Err(SurveyError::Interrupted) } else { Ok(damage) };
        }
        (_, Some(table)) => table,
        (_, None) => return Err(SurveyError::ReaderLost),
    };
    let found = match task.what {
        What::Pages => Ok(Found::Damage(Vec::new())),
        What::Values(range) => profile_table(connection, schema, table, range, decisions, &stopped)
            .map(|profile| Found::Profile(Box::new(profile))),
        What::Orphans => {
            let found = orphans::find(connection, table).into_iter();
            found
                .map(|(key, found)| found.map(|found| (key, found)))
                .collect::<Result<_, _>>()
                .map(Found::Orphans)
                .map_err(|error| error.source)
        }
    };
    match found {
        _ if stopped() => Err(SurveyError::Interrupted),
        Ok(found) => Ok(found),
        // SQLite parses the statement but cannot run it, for instance because an application-defined function is
        // missing.
        Err(error) if Failure::of_query(&error).is_refusal() => Ok(Found::Failed(error.to_string())),
        Err(source) => Err(SurveyError::Rows { table: table.name.clone(), source }),
    }
}
