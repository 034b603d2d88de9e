//! The last statement that failed on a connection without a known SQLSTATE: the server is asked for the code with it.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::observe::QueryText;
use crate::sqlstate::is_hidden;

/// A longer statement is not kept.
const KEPT_BYTES: usize = 64 * 1024;

/// Keeps the last statement of a connection whose SQLSTATE is hidden, without its parameters; for
/// `set_instrumentation`.
#[derive(Clone, Debug, Default)]
pub struct FailedStatement(Arc<Mutex<Option<Failed>>>);

#[derive(Debug)]
struct Failed {
    sql: String,
    message: String,
}

impl FailedStatement {
    /// The statement that failed with this message, if it is the last one.
    pub fn sql_of(&self, message: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|failed| failed.message == message).map(|failed| failed.sql.clone())
    }
}

impl Instrumentation for FailedStatement {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::FinishQuery { query, error: Some(error), .. } = event else { return };
        if !is_hidden(error) {
            return;
        }
        let sql = QueryText::of(query, KEPT_BYTES);
        let kept = (sql.len() < KEPT_BYTES).then(|| Failed { sql, message: error.to_string() });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}
