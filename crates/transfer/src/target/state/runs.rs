//! Runs and their stages: the audit trail.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use serde::Serialize;

use crate::target::Target;

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It is running, or it was killed without a record.
    Running,
    /// It ended, whatever it found.
    Completed,
    /// An error ended it.
    Failed,
    /// The user interrupted it.
    Interrupted,
}

impl RunState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    fn parse(text: &str) -> QueryResult<Self> {
        let all = [Self::Running, Self::Completed, Self::Failed, Self::Interrupted];
        all.into_iter().find(|state| state.as_str() == text).ok_or_else(|| {
            diesel::result::Error::DeserializationError(format!("{text:?} is no state of a run").into())
        })
    }
}

/// One execution of a command that writes to the target.
#[derive(Clone, Debug, Serialize)]
pub struct RunRecord {
    /// Its id.
    pub id: String,
    /// The run that it continues.
    pub continues: Option<String>,
    /// `copy-from-sqlite`, say.
    pub command: String,
    /// The version of the program.
    pub program_version: String,
    /// Where rows were read.
    pub source: String,
    /// The identity of the source database.
    pub source_id: String,
    /// The run settings that a continued run must agree on.
    pub agreement: String,
    /// Its state.
    pub state: RunState,
    /// When it began, in UTC.
    pub began_at: String,
    /// When it ended, in UTC.
    pub ended_at: Option<String>,
    /// The code the process exited with.
    pub exit_code: Option<i32>,
    /// What ended it early.
    pub error: Option<String>,
}

/// A stage of a run.
#[derive(Clone, Debug, Serialize, QueryableByName)]
pub struct StageRecord {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub stage: String,
    /// The rows it was to go through.
    #[diesel(sql_type = BigInt)]
    pub row_count: i64,
    /// When it began, in UTC.
    #[diesel(sql_type = Text)]
    pub began_at: String,
    /// When it ended, in UTC.
    #[diesel(sql_type = Nullable<Text>)]
    pub ended_at: Option<String>,
}

#[derive(QueryableByName)]
struct RunRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    continues: Option<String>,
    #[diesel(sql_type = Text)]
    command: String,
    #[diesel(sql_type = Text)]
    program_version: String,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    source_id: String,
    #[diesel(sql_type = Text)]
    agreement: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    began_at: String,
    #[diesel(sql_type = Nullable<Text>)]
    ended_at: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    exit_code: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    error: Option<String>,
}

#[derive(QueryableByName)]
struct ReportRow {
    #[diesel(sql_type = Nullable<Text>)]
    report: Option<String>,
}

/// Instants as the program writes them.
const FORM: &str = r#"'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"#;

impl RunRecord {
    /// The runs of the target, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(target: &mut Target) -> QueryResult<Vec<Self>> {
        if !target.has_records()? {
            return Ok(Vec::new());
        }
        let query = format!(
            "SELECT id, continues, command, program_version, source, source_id, agreement, state,
                to_char(began_at AT TIME ZONE 'UTC', {FORM}) AS began_at,
                to_char(ended_at AT TIME ZONE 'UTC', {FORM}) AS ended_at, exit_code, error
            FROM {{records}}runs r ORDER BY r.began_at DESC, id DESC LIMIT 1000"
        );
        let rows: Vec<RunRow> = target.on_records(&query)?.load(target.postgres())?;
        rows.into_iter().map(RunRow::into_record).collect()
    }

    /// The newest run, unless it is completed: what it began can be continued.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn unfinished(target: &mut Target) -> QueryResult<Option<Self>> {
        let newest = Self::load(target)?.into_iter().next();
        Ok(newest.filter(|run| run.state != RunState::Completed))
    }

    /// Records the beginning of the run. Runs that are still recorded as running were killed: one runs at a time.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn begin(&self, target: &mut Target) -> QueryResult<()> {
        let ended = "UPDATE {records}runs SET state = 'interrupted', ended_at = now(),
                error = 'ended without a word: killed, or its connection was lost' WHERE state = 'running'";
        target.on_records(ended)?.execute(target.postgres())?;
        let query = "INSERT INTO {records}runs
                (id, continues, command, program_version, source, source_id, agreement, state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'running')";
        target
            .on_records(query)?
            .bind::<Text, _>(&self.id)
            .bind::<Nullable<Text>, _>(&self.continues)
            .bind::<Text, _>(&self.command)
            .bind::<Text, _>(&self.program_version)
            .bind::<Text, _>(&self.source)
            .bind::<Text, _>(&self.source_id)
            .bind::<Text, _>(&self.agreement)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Records the end of the run `id`.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn end(
        target: &mut Target,
        id: &str,
        state: RunState,
        exit_code: u8,
        error: Option<&str>,
        report: &str,
    ) -> QueryResult<()> {
        let query = "UPDATE {records}runs
            SET state = $2, ended_at = clock_timestamp(), exit_code = $3, error = $4, report = $5 WHERE id = $1";
        target
            .on_records(query)?
            .bind::<Text, _>(id)
            .bind::<Text, _>(state.as_str())
            .bind::<Integer, _>(i32::from(exit_code))
            .bind::<Nullable<Text>, _>(error)
            .bind::<Text, _>(report)
            .execute(target.postgres())?;
        Ok(())
    }

    /// The report of the run, a JSON object; `None` when it ended before there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn report(&self, target: &mut Target) -> QueryResult<Option<String>> {
        let query = target.on_records("SELECT report FROM {records}runs WHERE id = $1")?;
        Ok(query.bind::<Text, _>(&self.id).get_result::<ReportRow>(target.postgres())?.report)
    }

    /// The stages of the run, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stages(&self, target: &mut Target) -> QueryResult<Vec<StageRecord>> {
        let query = format!(
            "SELECT stage, row_count, to_char(began_at AT TIME ZONE 'UTC', {FORM}) AS began_at,
                to_char(ended_at AT TIME ZONE 'UTC', {FORM}) AS ended_at
            FROM {{records}}stages WHERE run_id = $1 ORDER BY number"
        );
        target.on_records(&query)?.bind::<Text, _>(&self.id).load(target.postgres())
    }
}

impl StageRecord {
    /// Records the beginning of a stage of `run`, and the end of the one before it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn begin(target: &mut Target, run: &str, stage: &str, row_count: i64) -> QueryResult<()> {
        Self::end(target, run)?;
        let query = "INSERT INTO {records}stages (run_id, number, stage, row_count, began_at)
            SELECT $1, coalesce(max(number), 0) + 1, $2, $3, clock_timestamp()
            FROM {records}stages WHERE run_id = $1";
        target
            .on_records(query)?
            .bind::<Text, _>(run)
            .bind::<Text, _>(stage)
            .bind::<BigInt, _>(row_count)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Records a stage of `run` that ended just now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn add_ended(target: &mut Target, run: &str, stage: &str, elapsed_ms: i64) -> QueryResult<()> {
        Self::begin(target, run, stage, 0)?;
        let query = "UPDATE {records}stages SET began_at = clock_timestamp() - $2 * interval '1 millisecond'
            WHERE run_id = $1 AND ended_at IS NULL";
        target
            .on_records(query)?
            .bind::<Text, _>(run)
            .bind::<BigInt, _>(elapsed_ms)
            .execute(target.postgres())?;
        Self::end(target, run)
    }

    /// Records the end of the current stage.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn end(target: &mut Target, run: &str) -> QueryResult<()> {
        let query = "UPDATE {records}stages SET ended_at = clock_timestamp()
            WHERE run_id = $1 AND ended_at IS NULL";
        target.on_records(query)?.bind::<Text, _>(run).execute(target.postgres())?;
        Ok(())
    }
}

impl RunRow {
    fn into_record(self) -> QueryResult<RunRecord> {
        Ok(RunRecord {
            state: RunState::parse(&self.state)?,
            id: self.id,
            continues: self.continues,
            command: self.command,
            program_version: self.program_version,
            source: self.source,
            source_id: self.source_id,
            agreement: self.agreement,
            began_at: self.began_at,
            ended_at: self.ended_at,
            exit_code: self.exit_code,
            error: self.error,
        })
    }
}
