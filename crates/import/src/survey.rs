//! Finding out everything about a source before anything is written: what it declares, what it holds, what becomes of
//! it, and what does not.

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

/// What was found out.
pub struct Survey {
    /// What the source declares.
    pub schema: Schema,
    /// What its tables hold, in the order of the schema.
    pub profiles: Vec<TableProfile>,
    /// What becomes of it.
    pub conversion: Conversion,
    /// What makes that in PostgreSQL.
    pub statements: Vec<Statement>,
    /// What is worth knowing, or not carried as it stands.
    pub findings: Vec<Finding>,
    /// The foreign keys that rows are against: the place of the table in the schema, and of the key in the table.
    pub orphaned: Vec<(usize, usize)>,
}

impl Survey {
    /// Whether something of the source is not carried, whatever becomes of its rows.
    pub fn is_partial(&self) -> bool {
        self.findings.iter().any(|finding| finding.rule.weight >= Weight::Decision)
    }
}

/// Why nothing could be found out.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// The schema cannot be read.
    #[error("read the schema of the source")]
    Schema(#[from] SchemaError),
    /// The decisions are not about this source.
    #[error("apply the decisions")]
    Decisions(#[from] DecisionsError),
    /// The rows of a table cannot be read.
    #[error("read the rows of `{table}`")]
    Rows {
        /// The table.
        table: String,
        /// What SQLite says.
        #[source]
        source: diesel::result::Error,
    },
    /// The file is damaged: rows may be missing or doubled.
    #[error("the file is damaged: {damage}")]
    Damaged {
        /// What SQLite says.
        damage: String,
    },
    /// A thread that reads has died.
    #[error("a thread that reads the source has died: this is a bug")]
    ReaderLost,
    /// The user stopped it.
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
                "restore a backup; or mend a copy of the file with `sqlite3 FILE .recover | sqlite3 NEW`, and look at what it lost"
            }
            Self::Decisions(_) => {
                "correct the file, or write one anew with `app db convert FILE --write-config PATH`"
            }
            Self::Interrupted => "run the same command again",
            Self::ReaderLost => return None,
        };
        Some(hint.to_owned())
    }
}

/// Reads the schema and every value of the source, with all connections to it at once. With `existing`, the tables of the
/// target, rows alone are to go into these.
///
/// # Errors
/// When it cannot be read, the decisions name what it does not have, or the user interrupts.
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
    // A table that cannot be read is left out; it was named above.
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
    // What PostgreSQL cannot have is named by now, and stops nothing else.
    conversion.tables.retain(|table| table.columns.len() <= ddl::MAX_COLUMNS);
    Ok(Survey { schema, profiles, conversion, statements, findings, orphaned })
}

/// The foreign keys that rows are against, by the names of their tables.
fn not_valid(schema: &Schema, orphaned: &[(usize, usize)]) -> Vec<(String, usize)> {
    let named = orphaned.iter().filter_map(|(table, key)| Some((schema.tables.get(*table)?, *key)));
    named.map(|(table, key)| (table.name.clone(), key)).collect()
}

/// An entry of a B-tree has at most 2,704 bytes.
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
    Finding::new(rule, name, Some(&columns), format!("rows refer to rows of {parent} that do not exist"))
}

/// How far a survey is.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// Rows are read now; there are no more than so many in tables with rowids.
    Begin {
        /// As the rowids tell.
        most_rows: i64,
    },
    /// So many more rows are read.
    Rows(i64),
}

/// Something to be read on one connection.
#[derive(Clone, Copy)]
struct Task {
    table: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// The values of all rows, or of those with these rowids.
    Values(Option<(i64, i64)>),
    /// The rows that foreign keys are against.
    Orphans,
    /// Whether the pages of the file hold together.
    Pages,
}

impl What {
    /// No more rows than there are rowids; 0 where these are not known.
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
    /// It could not be done, and the rest can.
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

/// Tables with more rowids than this are read in pieces.
const PIECE_ROWIDS: u64 = 200_000;
/// But in no more pieces than this.
const MOST_PIECES: u64 = 64;

/// What is to be read, the rows of each table in their order.
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
        // What is wrong shows when its rows are read.
        Err(error) if Failure::of_query(&error).is_refusal() => Ok(None),
        Err(source) => Err(SurveyError::Rows { table: table.name.clone(), source }),
    }
}

/// Does the tasks with every connection there is, and gives the results in the order of the tasks.
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
                    // The others need not go on.
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
        // SQLite understands what it is asked and cannot do it: as without an application's own function.
        Err(error) if Failure::of_query(&error).is_refusal() => Ok(Found::Failed(error.to_string())),
        Err(source) => Err(SurveyError::Rows { table: table.name.clone(), source }),
    }
}
