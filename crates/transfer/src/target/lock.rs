//! The lock of runs: one run at a time writes to a target.

use diesel::connection::AnsiTransactionManager;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::error::TransferError;
use crate::finding::Finding;
use crate::target::Target;

/// The number is "backof" and a 1 in ASCII. The lock belongs to a transaction: one of a session does not hold behind
/// PgBouncer in transaction mode.
const TAKE: &str = "SELECT pg_try_advisory_xact_lock(27691471563185) AS yes";

/// Who holds it: the number of an advisory lock is in two halves.
const HOLDER: &str = "SELECT format('process %s of %s, connected since %s%s', a.pid, coalesce(nullif(a.application_name, ''), 'a program'),
            to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC'),
            coalesce(' from ' || host(a.client_addr), '')) AS words
    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = (27691471563185 >> 32)::oid
      AND l.objid = (27691471563185 & 4294967295)::oid
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = Text)]
    words: String,
}

/// The lock of runs, held by a connection of its own in a transaction that does nothing else: it sees and writes no
/// row, so it does not hold back VACUUM. It is released when this is dropped.
pub struct RunLock {
    target: Target,
}

impl RunLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// When another run holds it, which is named.
    pub fn take(target: &Target) -> Result<Self, TransferError> {
        let failed = |source| TransferError::UseTarget { what: "take the lock of runs", source };
        let mut target = target.another()?;
        let begin =
            "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0";
        AnsiTransactionManager::begin_transaction_sql(target.postgres(), begin).map_err(failed)?;
        if target.is_true(TAKE).map_err(failed)? {
            return Ok(Self { target });
        }
        let holder: Vec<Holder> = diesel::sql_query(HOLDER).load(target.postgres()).map_err(failed)?;
        let holder = holder.first().map_or_else(String::new, |holder| format!(": {}", holder.words));
        let text = format!("another run is writing to this target{holder}");
        Err(TransferError::Blocked { blockers: vec![Finding::blocker(text, "wait until it has ended")] })
    }

    /// Takes the lock again when its connection was lost.
    ///
    /// # Errors
    /// When another run holds it now.
    pub(crate) fn keep(&mut self) -> Result<(), TransferError> {
        if self.target.is_true("SELECT true AS yes").is_ok() {
            return Ok(());
        }
        *self = Self::take(&self.target).map_err(|error| match error {
            // This run has written rows already.
            TransferError::Blocked { .. } => TransferError::TakenOver,
            error => error,
        })?;
        Ok(())
    }
}
