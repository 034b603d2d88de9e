//! What every request handler has: the pool and the clock.

use crate::db::connection::AnyConnection;
use crate::db::failure::Failure;
use crate::db::pool::Pool;
use crate::db::retry::with_retries;
use crate::values::Instant;

use super::error::ApiError;

/// Where the time comes from.
pub type Clock = fn() -> Instant;

/// What handlers share.
#[derive(Clone)]
pub struct AppState {
    pub(super) pool: Pool,
    pub(super) clock: Clock,
}

impl AppState {
    /// Handlers will use this pool and this clock.
    pub fn new(pool: Pool, clock: Clock) -> Self {
        Self { pool, clock }
    }

    /// Runs `query` on a connection of the pool, on a thread that may block.
    ///
    /// It is run again when the database was busy or a transaction met another one: `query` is one statement or
    /// one transaction, so nothing of it remains then.
    pub(super) async fn query<T: Send + 'static>(
        &self,
        mut query: impl FnMut(&mut AnyConnection) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let pool = self.pool.clone();
        let work = tokio::task::spawn_blocking(move || {
            let mut connection = pool.get().map_err(|error| ApiError::unavailable(&error))?;
            let is_transient = |error: &diesel::result::Error| {
                matches!(Failure::of_query(error), Failure::Busy | Failure::Conflict)
            };
            with_retries(|| query(&mut connection), is_transient).map_err(ApiError::of_query)
        });
        work.await.unwrap_or_else(|panic| Err(ApiError::internal(&panic)))
    }
}
